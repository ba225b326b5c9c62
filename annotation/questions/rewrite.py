"""Rewrite: a better version of one completion, in the annotator's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotation.orderings import Ordering
from annotation.questions.base import (
    Answer,
    Figures,
    ItemKind,
    Options,
    Problems,
    Rename,
    WireOptions,
    read_completion,
    read_text,
    refuse_unknown,
)

ORDER = 80
ITEM: ItemKind = "prompt"
FIGURES: Figures = None
OPTIONS: WireOptions = {}


def options_clean(raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read no options: there are none."""
    return {}


def answer_empty(raw: Mapping[str, Any]) -> bool:
    """Tell whether nothing but white space was written."""
    text = raw.get("text")
    return text is None or (isinstance(text, str) and not text.strip())


def answer_clean(
    options: Options, raw: Mapping[str, Any], completions: Sequence[str], problems: Problems
) -> Answer:
    """Read `{"completion": id, "text": "..."}`."""
    refuse_unknown(raw, frozenset({"completion", "text"}), problems)
    if answer_empty(raw):
        problems.add("text", "Write the better version.")
    else:
        read_text(raw.get("text"), "text", problems)
    completion = read_completion(raw.get("completion"), "completion", completions, problems)
    return {"completion": completion, "text": raw.get("text")}


def answer_map(answer: Answer, rename: Rename) -> Answer:
    """Rename the completion that was rewritten."""
    return {**answer, "completion": rename("completion", answer["completion"])}


def ordering(options: Options, answer: Answer, completions: Sequence[str]) -> Ordering | None:
    """Say nothing about the order of the completions that were shown."""
    return None
