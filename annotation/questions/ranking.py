"""Ranking: completions from best to worst, with ties and with some left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotation.orderings import Ordering
from annotation.questions.base import (
    Answer,
    Options,
    Problems,
    Rename,
    read_completion,
    read_flag,
    refuse_unknown,
)

OPTIONS = frozenset({"ties"})


def options_clean(raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `ties`."""
    return {"ties": read_flag(raw, "ties", problems, default=True)}


def answer_empty(raw: Mapping[str, Any]) -> bool:
    """Tell whether nothing was ranked."""
    return raw.get("tiers") in (None, [])


def answer_clean(
    options: Options, raw: Mapping[str, Any], completions: Sequence[str], problems: Problems
) -> Answer:
    """Read `{"tiers": [[id], [id, id]]}`; tied completions are put into the order of `completions`."""
    refuse_unknown(raw, frozenset({"tiers"}), problems)
    raw_tiers = raw.get("tiers")
    if not isinstance(raw_tiers, list):
        problems.add("tiers", "This must be a list of lists of completions, the best first.")
        return {"tiers": []}
    seen: set[str] = set()
    tiers: list[list[str]] = []
    for index, raw_tier in enumerate(raw_tiers):
        path = f"tiers.{index}"
        if not isinstance(raw_tier, list) or not raw_tier:
            problems.add(path, "This must be a list of at least one completion.")
            continue
        if len(raw_tier) > 1 and not options["ties"]:
            problems.add(path, "This question does not allow ties.")
        tier = [
            read_completion(completion, f"{path}.{place}", completions, problems)
            for place, completion in enumerate(raw_tier)
        ]
        for place, completion in enumerate(tier):
            if completion in seen:
                problems.add(f"{path}.{place}", "This completion is ranked twice.")
            seen.add(completion)
        tiers.append([completion for completion in completions if completion in tier])
    if len(seen) < min(2, len(completions)) or not seen:
        problems.add("tiers", "Rank at least two completions.")
    return {"tiers": tiers}


def answer_map(answer: Answer, rename: Rename) -> Answer:
    """Rename the ranked completions."""
    return {
        "tiers": [
            [rename(f"tiers.{index}.{place}", completion) for place, completion in enumerate(tier)]
            for index, tier in enumerate(answer["tiers"])
        ]
    }


def ordering(options: Options, answer: Answer, completions: Sequence[str]) -> Ordering | None:
    """Give the tiers as they are."""
    tiers = tuple(tuple(tier) for tier in answer["tiers"])
    return Ordering(tiers) if sum(map(len, tiers)) > 1 else None
