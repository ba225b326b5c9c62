"""Comment: free text about the item."""

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
    read_text,
    refuse_unknown,
)

ORDER = 60
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
    """Read `{"text": "..."}` as it was written."""
    refuse_unknown(raw, frozenset({"text"}), problems)
    if answer_empty(raw):
        problems.add("text", "Write a comment.")
        return {"text": ""}
    return {"text": read_text(raw.get("text"), "text", problems)}


def answer_map(answer: Answer, rename: Rename) -> Answer:
    """Name no completions."""
    return dict(answer)


def ordering(options: Options, answer: Answer, completions: Sequence[str]) -> Ordering | None:
    """Say nothing about the order."""
    return None
