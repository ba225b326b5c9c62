"""Best-worst: the best and the worst of several completions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotation.orderings import Ordering, ordering_from_best_worst
from annotation.questions.base import (
    Answer,
    Figures,
    ItemKind,
    Options,
    Problems,
    Rename,
    WireOptions,
    read_completion,
    refuse_unknown,
)

ORDER = 40
ITEM: ItemKind = "prompt"
FIGURES: Figures = "ranks"
OPTIONS: WireOptions = {}


def options_clean(raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read no options: there are none."""
    return {}


def answer_empty(raw: Mapping[str, Any]) -> bool:
    """Tell whether neither was chosen."""
    return raw.get("best") in (None, "") and raw.get("worst") in (None, "")


def answer_clean(
    options: Options, raw: Mapping[str, Any], completions: Sequence[str], problems: Problems
) -> Answer:
    """Read `{"best": id, "worst": id}`, two different completions."""
    refuse_unknown(raw, frozenset({"best", "worst"}), problems)
    answer = {}
    for end in ("best", "worst"):
        if raw.get(end) in (None, ""):
            problems.add(end, f"Choose the {end} completion.")
        else:
            answer[end] = read_completion(raw[end], end, completions, problems)
    if not problems and answer["best"] == answer["worst"]:
        problems.add("worst", "The best and the worst completion must differ.")
    return answer


def answer_map(answer: Answer, rename: Rename) -> Answer:
    """Rename both completions."""
    return {end: rename(end, answer[end]) for end in ("best", "worst")}


def ordering(options: Options, answer: Answer, completions: Sequence[str]) -> Ordering | None:
    """Order best > the others > worst."""
    return ordering_from_best_worst(answer["best"], answer["worst"], completions)


def tolerance_clean(options: Options, raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `ends`, what must be right: "both" unless said, "best" or "worst"."""
    refuse_unknown(raw, frozenset({"ends"}), problems)
    ends = raw.get("ends", "both")
    if ends not in ("both", "best", "worst"):
        problems.add("ends", "This must be “both”, “best” or “worst”.")
    return {"ends": ends}


def gold_match(options: Options, gold: Answer, answer: Answer, tolerance: Mapping[str, Any]) -> bool:
    """Tell whether the ends that count are the known ones."""
    ends = ("best", "worst") if tolerance["ends"] == "both" else (tolerance["ends"],)
    return all(answer[end] == gold[end] for end in ends)
