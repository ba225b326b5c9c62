"""A map from the usual column names, so that nobody has to write one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

PROMPTS = ("prompt", "question", "query", "instruction", "source_text", "source_sentence", "src", "article",
           "document", "user_prompt", "input", "text")  # fmt: skip
CONTEXTS = ("input", "context")
OUTPUTS = (
    "completion",
    "response",
    "answer",
    "output",
    "reply",
    "generation",
    "summary",
    "translation",
    "text",
)
LETTERS = (("a", "b", "c", "d", "e", "f", "g", "h"), ("1", "2", "3", "4", "5", "6", "7", "8"))
LABELS = ("winner", "preference", "preferred", "choice", "better", "label", "overall", "verdict")
ANNOTATORS = ("annotator", "annotator_id", "evaluator", "rater", "rater_id", "worker", "worker_id", "judge",
              "user", "username")  # fmt: skip
IDS = ("id", "idx", "uid", "prompt_id", "question_id", "item_id")
GROUPS = ("group", "topic", "split_group")
SOURCES = ("model", "source", "system", "model_name", "generator")
TIE_WORDS = ("tie", "tied", "equal", "same", "draw", "both", "neither")


def guess_map(columns: Iterable[str]) -> dict[str, Any] | None:
    """Return a map for a table with these columns, None where no prompt and outputs can be made out.

    Letter case, spaces and hyphens do not matter. A column of ids is used only where no column names the
    annotator: in a table with a row per judgment it would number the judgments, not the prompts.

    >>> guess_map(["prompt", "chosen", "rejected"])["completions"]
    [{'text': '{chosen}'}, {'text': '{rejected}'}]
    """
    names = {_plain(column): column for column in columns if not set(column) & set("{}")}
    outputs = _outputs(names)
    taken = {output for output, _ in outputs}
    prompt = next((name for name in PROMPTS if name in names and name not in taken), None)
    if prompt is None or not outputs:
        return None
    guessed: dict[str, Any] = {}
    annotator = next((name for name in ANNOTATORS if name in names), None)
    identity = next((name for name in IDS if name in names), None)
    if identity is not None and annotator is None:
        guessed["id"] = _column(names[identity])
    guessed["prompt"] = _column(names[prompt])
    context = next((name for name in CONTEXTS if name in names and name != prompt), None)
    if context is not None:
        first, second = (prompt, context) if prompt == "instruction" else (context, prompt)
        guessed["prompt"] = f"{_column(names[first])}\n\n{_column(names[second])}"
    group = next((name for name in GROUPS if name in names), None)
    if group is not None:
        guessed["group"] = _column(names[group])
    guessed["completions"] = [
        {
            "text": _column(names[output]),
            **({"source": _column(names[source])} if source is not None else {}),
            **({"optional": True} if place > 1 else {}),
        }
        for place, (output, source) in enumerate(outputs)
    ]
    judgments = _judgments(names, [output for output, _ in outputs], annotator)
    if judgments:
        guessed["judgments"] = judgments
    return guessed


def _outputs(names: dict[str, str]) -> list[tuple[str, str | None]]:
    """Return the columns of the outputs, each with the column of its source if there is one."""
    if "chosen" in names and "rejected" in names:
        sources = [
            next((s for s in SOURCES if f"{side}_{s}" in names), None) for side in ("chosen", "rejected")
        ]
        return [
            (side, f"{side}_{source}" if source is not None else None)
            for side, source in zip(("chosen", "rejected"), sources, strict=True)
        ]
    for output in OUTPUTS:
        for letters in LETTERS:
            for shape in _SHAPES:
                if all(shape(output, letter) in names for letter in letters[:2]):
                    present = [letter for letter in letters if shape(output, letter) in names]
                    return [(shape(output, letter), _source(names, letter)) for letter in present]
    single = next((name for name in OUTPUTS if name in names), None)
    if single is None or (single == "text" and len(names) < 2):
        return []
    return [(single, next((name for name in SOURCES if name in names), None))]


def _source(names: dict[str, str], letter: str) -> str | None:
    shapes = (shape(source, letter) for source in SOURCES for shape in _SHAPES)
    return next((name for name in shapes if name in names), None)


def _judgments(names: dict[str, str], outputs: list[str], annotator: str | None) -> list[dict[str, Any]]:
    who = _column(names[annotator]) if annotator is not None else "dataset"
    if outputs[0] == "chosen":
        return [{"annotator": who, "question": "overall", "answer": {"choice": 0}}]
    label = next((name for name in LABELS if name in names and name not in outputs), None)
    if label is None or len(outputs) != 2:
        return []
    values: dict[str, Any] = {word: {"choice": "tie"} for word in TIE_WORDS}
    values |= {"tie (bothbad)": {"choice": "both_bad"}, "both_bad": {"choice": "both_bad"}}
    for place, letters in enumerate((("a", "1", "first", "left"), ("b", "2", "second", "right"))):
        words = [*letters, *(f"{name}{gap}{letter}" for name in (*SOURCES, *OUTPUTS)
                             for letter in letters[:2] for gap in ("_", " ", ""))]  # fmt: skip
        values |= {word: {"choice": place} for word in [*words, outputs[place]]}
    return [{"annotator": who, "question": "overall", "value": _column(names[label]), "values": values}]


def _underscored(output: str, letter: str) -> str:
    return f"{output}_{letter}"


def _joined(output: str, letter: str) -> str:
    return f"{output}{letter}"


def _reversed(output: str, letter: str) -> str:
    return f"{letter}_{output}"


_SHAPES: tuple[Callable[[str, str], str], ...] = (_underscored, _joined, _reversed)


def _plain(column: str) -> str:
    return re.sub(r"[\s\-]+", "_", column.strip()).casefold()


def _column(name: str) -> str:
    return "{" + name + "}"
