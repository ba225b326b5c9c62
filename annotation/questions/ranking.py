"""Ranking: completions from best to worst, with ties and with some left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
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
    read_flag,
    read_integer,
    refuse_unknown,
)

ORDER = 20
ITEM: ItemKind = "prompt"
FIGURES: Figures = "ranks"
OPTIONS: WireOptions = {"ties": "flag"}
PAIRS_LIMIT = 10_000


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


def tolerance_clean(options: Options, raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Read `pairs`, how many pairs may stand in another order (none unless said), or `best`: only the best counts."""
    refuse_unknown(raw, frozenset({"pairs", "best"}), problems)
    return {
        "pairs": read_integer(raw, "pairs", problems, default=0, low=0, high=PAIRS_LIMIT),
        "best": read_flag(raw, "best", problems, default=False),
    }


def gold_match(options: Options, gold: Answer, answer: Answer, tolerance: Mapping[str, Any]) -> bool:
    """Tell whether the best one is right, or whether few enough pairs stand in another order.

    Kendall's distance with a half for a pair that is tied on one side only (Fagin et al. 2006, K^(1/2)). A pair
    that the answer leaves out counts whole; one that the known ranking leaves open does not count.
    """
    known = {completion: tier for tier, tied in enumerate(gold["tiers"]) for completion in tied}
    given = {completion: tier for tier, tied in enumerate(answer["tiers"]) for completion in tied}
    if tolerance["best"]:
        best = [completion for completion, tier in given.items() if tier == 0]
        return bool(best) and all(known.get(completion) == 0 for completion in best)
    halves = 0
    for one, other in combinations(known, 2):
        if one not in given or other not in given:
            halves += 2
            continue
        halves += abs(_sign(known[one] - known[other]) - _sign(given[one] - given[other]))
    return bool(halves <= 2 * tolerance["pairs"])


def _sign(difference: int) -> int:
    return (difference > 0) - (difference < 0)
