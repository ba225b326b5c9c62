"""TRL's preference and unpaired rows, standard (text) or conversational (messages).

Preference: `prompt`, `chosen`, `rejected`, or without `prompt` where both sides begin with it. Unpaired:
`prompt`, `completion`, `label`. Other columns are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import IO, Any

from annotation.formats.base import NativeLine, Row, RowError
from annotation.formats.native import line_from
from annotation.formats.rows import row_from
from annotation.formats.tabular import TABLES
from annotation.formats.transcripts import ASSISTANT, HUMAN, pair_from, shared_start
from annotation.formats.values import described, kept_text

ANNOTATOR = "dataset"
OVERALL = {
    "name": "overall", "kind": "comparison", "title": "Which answer is better?", "strengths": 1, "ties": True
}  # fmt: skip
ACCEPTABLE = {
    "name": "acceptable", "kind": "choice", "title": "Is the answer acceptable?", "options": ["yes", "no"],
    "multiple": False, "per_completion": True,
}  # fmt: skip
QUESTIONS = [{**OVERALL, "required": False}, {**ACCEPTABLE, "required": False}]


def looks_trl(row: Mapping[str, Any]) -> bool:
    """Tell whether an object is a row of TRL's."""
    sides = "chosen" in row and "rejected" in row
    if sides and not {"id", "idx", "annotator"} & row.keys():
        return isinstance(row["chosen"], str | list) and isinstance(row["rejected"], str | list)
    return "completion" in row and "prompt" in row and isinstance(row.get("label"), bool)


def read_trl(stream: IO[bytes], options: Mapping[str, str], table: str = "jsonl") -> Iterator[Row]:
    """Read TRL rows out of a table; option `annotator` names who preferred (`dataset`)."""
    annotator = options.get("annotator") or ANNOTATOR
    for number, value in TABLES[table](stream, options):
        yield row_from(number, value, lambda row: trl_line(row, annotator))


def trl_line(row: Mapping[str, Any], annotator: str = ANNOTATOR) -> tuple[NativeLine, tuple[str, ...]]:
    """Return the native line of one TRL row; RowError where it is none."""
    notes: list[str] = []
    if "chosen" in row and "rejected" in row:
        messages, texts = _preference(row, notes)
        answers: dict[str, Any] = {"overall": {"choice": "0"}}
    elif "completion" in row and "prompt" in row:
        label = row.get("label")
        if type(label) is not bool:
            raise RowError(f"label must be true or false, got {described(label)}")
        messages = _conversation(row["prompt"], "prompt")
        texts = [_side(row["completion"], "completion", notes)]
        answers = {"acceptable": {"values": {"0": ["yes" if label else "no"]}}}
    else:
        raise RowError("the row needs chosen and rejected, or prompt, completion and label")
    line, more = line_from(
        {
            "messages": messages,
            "completions": [{"text": text} for text in texts],
            "judgments": [{"annotator": annotator, "answers": answers}],
        },
        positions=True,
    )
    return line, (*notes, *more)


def _preference(row: Mapping[str, Any], notes: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    chosen, rejected, prompt = row["chosen"], row["rejected"], row.get("prompt")
    if isinstance(chosen, list) != isinstance(rejected, list):
        raise RowError("chosen and rejected must both be texts or both be lists of messages")
    if prompt is not None and prompt != []:
        messages = _conversation(prompt, "prompt")
        if isinstance(chosen, list) and chosen[: len(messages)] == messages == rejected[: len(messages)]:
            chosen, rejected = chosen[len(messages) :], rejected[len(messages) :]
        return messages, [_side(chosen, "chosen", notes), _side(rejected, "rejected", notes)]
    if isinstance(chosen, list):
        pairs = zip(chosen[:-1], rejected[:-1], strict=False)
        shared = chosen[: sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))]
        if not shared:
            raise RowError("chosen and rejected share no message that could be the prompt")
        rest = (chosen[len(shared) :], rejected[len(shared) :])
        sides = [_side(side, name, notes) for side, name in zip(rest, ("chosen", "rejected"), strict=True)]
        return _conversation(shared, "prompt"), sides
    chosen, rejected = (_side(row[name], name, notes) for name in ("chosen", "rejected"))
    if chosen.startswith((HUMAN, ASSISTANT)):
        return pair_from(chosen, rejected, notes)
    shared_text = shared_start(chosen, rejected)
    if shared_text not in (chosen, rejected):
        shared_text = shared_text[: max(shared_text.rfind(" "), shared_text.rfind("\n")) + 1]
    if not shared_text.strip():
        raise RowError("chosen and rejected share no beginning that could be the prompt")
    sides = [side[len(shared_text) :] for side in (chosen, rejected)]
    return [{"role": "user", "content": shared_text.strip()}], sides


def _conversation(value: object, path: str) -> list[dict[str, Any]]:
    if isinstance(value, str):
        return [{"role": "user", "content": value}]
    if not isinstance(value, list):
        raise RowError(f"{path} must be text or a list of messages, got {described(value)}")
    for index, message in enumerate(value):
        if not isinstance(message, dict):
            raise RowError(f"{path}[{index}] must be a message, got {described(message)}")
    return [{"role": message.get("role"), "content": message.get("content")} for message in value]


def _side(value: object, path: str, notes: list[str]) -> str:
    """Return one output as text: itself, or the content of its only message."""
    if not isinstance(value, list):
        return kept_text(value, path, notes)
    messages: Sequence[dict[str, Any]] = _conversation(value, path)
    if len(messages) != 1 or messages[0]["role"] != "assistant":
        raise RowError(f"{path} must end the conversation with exactly one message of the assistant")
    return kept_text(messages[0]["content"], f"{path}[0].content", notes)
