"""Highlight: marked passages of completions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotation.orderings import Ordering
from annotation.questions.base import (
    Answer,
    Options,
    Problems,
    Rename,
    is_integer,
    read_completion,
    read_text,
    read_words,
    refuse_unknown,
)

OPTIONS = frozenset({"labels"})
SPANS_LIMIT = 10_000
OFFSET_LIMIT = 2**31 - 1


def options_clean(raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `labels`, the names a passage can be marked with."""
    return {"labels": read_words(raw.get("labels"), "labels", problems, least=1)}


def answer_empty(raw: Mapping[str, Any]) -> bool:
    """Tell whether nothing was marked."""
    return raw.get("spans") in (None, [])


def answer_clean(
    options: Options, raw: Mapping[str, Any], completions: Sequence[str], problems: Problems
) -> Answer:
    """Read `{"spans": [...]}`, sorted by completion and offset (in code points); an empty list is an answer."""
    refuse_unknown(raw, frozenset({"spans"}), problems)
    raw_spans = raw.get("spans")
    if not isinstance(raw_spans, list):
        problems.add("spans", "This must be a list of marked passages.")
        return {"spans": []}
    if len(raw_spans) > SPANS_LIMIT:
        problems.add("spans", f"Mark at most {SPANS_LIMIT:,} passages.")
        return {"spans": []}
    spans = [
        _span_clean(options, span, f"spans.{index}", completions, problems)
        for index, span in enumerate(raw_spans)
    ]
    if not problems:
        spans.sort(key=lambda span: (completions.index(span["completion"]), span["start"], span["end"]))
    return {"spans": spans}


def _span_clean(
    options: Options, raw: object, path: str, completions: Sequence[str], problems: Problems
) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        problems.add(path, "This must say completion, start, end and label.")
        return {}
    start, end, label = raw.get("start"), raw.get("end"), raw.get("label")
    if not is_integer(start) or not is_integer(end) or not 0 <= start < end <= OFFSET_LIMIT:  # type: ignore[operator]
        problems.add(path, "A passage starts at 0 or later and ends after it starts.")
    if label not in options["labels"]:
        problems.add(f"{path}.label", f"“{str(label)[:100]}” is not one of the labels.")
    return {
        "completion": read_completion(raw.get("completion"), f"{path}.completion", completions, problems),
        "start": start,
        "end": end,
        "label": label,
        "comment": read_text(raw.get("comment", ""), f"{path}.comment", problems),
    }


def answer_map(answer: Answer, rename: Rename) -> Answer:
    """Rename the completions that passages were marked in."""
    return {
        "spans": [
            {**span, "completion": rename(f"spans.{index}.completion", span["completion"])}
            for index, span in enumerate(answer["spans"])
        ]
    }


def ordering(options: Options, answer: Answer, completions: Sequence[str]) -> Ordering | None:
    """Say nothing about the order."""
    return None
