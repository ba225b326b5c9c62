"""Highlight: marked passages of completions."""

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
    is_integer,
    read_completion,
    read_flag,
    read_number,
    read_text,
    read_words,
    refuse_unknown,
)

ORDER = 70
ITEM: ItemKind = "prompt"
FIGURES: Figures = None
OPTIONS: WireOptions = {"labels": "json"}
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


def tolerance_clean(options: Options, raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `f1`, the least overlap in characters (.5 unless said), and `labels`: whether the labels must agree."""
    refuse_unknown(raw, frozenset({"f1", "labels"}), problems)
    return {
        "f1": read_number(raw.get("f1", 0.5), "f1", problems, low=0, high=1),
        "labels": read_flag(raw, "labels", problems, default=True),
    }


def gold_match(options: Options, gold: Answer, answer: Answer, tolerance: Mapping[str, Any]) -> bool:
    """Tell whether the marked characters overlap enough: F1 over characters, by label where labels count."""
    known = _marked(gold, labels=tolerance["labels"])
    given = _marked(answer, labels=tolerance["labels"])
    total = _length(known) + _length(given)
    if total == 0:
        return True
    both = sum(_common(passages, given.get(where, [])) for where, passages in known.items())
    return bool(2 * both / total >= tolerance["f1"])


Passages = list[tuple[int, int]]


def _marked(answer: Answer, *, labels: bool) -> dict[tuple[str, str], Passages]:
    """By completion (and label): the marked passages without overlaps, in order."""
    marked: dict[tuple[str, str], Passages] = {}
    for span in sorted(answer["spans"], key=lambda span: (span["start"], span["end"])):
        passages = marked.setdefault((span["completion"], span["label"] if labels else ""), [])
        if passages and span["start"] <= passages[-1][1]:
            passages[-1] = (passages[-1][0], max(passages[-1][1], span["end"]))
        else:
            passages.append((span["start"], span["end"]))
    return marked


def _length(marked: Mapping[tuple[str, str], Passages]) -> int:
    return sum(end - start for passages in marked.values() for start, end in passages)


def _common(one: Passages, other: Passages) -> int:
    """Count the characters in both; each list is in order and free of overlaps."""
    common = first = second = 0
    while first < len(one) and second < len(other):
        start = max(one[first][0], other[second][0])
        end = min(one[first][1], other[second][1])
        common += max(0, end - start)
        if one[first][1] < other[second][1]:
            first += 1
        else:
            second += 1
    return common
