"""The calculation of a project's settings: labels, hours, errors and intervals by overlap, for each question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from annotation.allocation.ballots import Ballot
from annotation.allocation.cost import (
    BY_CHANCE,
    NORMAL_95,
    TOO_FEW,
    Crowd,
    Scale,
    adaptive_cost,
    agreement_of,
    crowd_fit,
    label_error,
    scale_fit,
    share_halfwidth,
    shares_of,
)

OVERLAPS: Final = range(1, 11)
MOST_WORKED_OUT: Final = 15  # of adaptive overlap; beyond, there are too many outcomes to go through
PAIRED: Final = frozenset({"comparison", "ranking", "best_worst"})


@dataclass(frozen=True)
class Measured:
    """What a project's votes on one question say: everything the table is worked out from."""

    name: str
    kind: str
    categories: int
    items: int
    agreement: tuple[float, tuple[float, float] | None] | None
    crowd: Crowd | None
    scale: Scale | None
    step: float
    reason: str


def measure(
    ballots: Iterable[Ballot], kinds: Mapping[str, str], steps: Mapping[str, float]
) -> list[Measured]:
    """Measure each question on the ballots of many items.

    `kinds` has the kind of each question that can be voted on, `steps` how many points a step of its scale is.
    """
    votes: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for ballot in ballots:
        votes[ballot.question].append(ballot.votes)
    return [_measured(name, kind, votes[name], steps.get(name, 1.0)) for name, kind in kinds.items()]


def _measured(name: str, kind: str, votes: Sequence[tuple[int, ...]], step: float) -> Measured:
    agreement = agreement_of(votes)
    if agreement is None:
        several = sum(sum(counts) >= 2 for counts in votes)
        return Measured(name, kind, 0, several, None, None, None, step, TOO_FEW)
    found = agreement.value, agreement.interval
    if kind == "rating":
        return Measured(name, kind, len(votes[0]), agreement.items, found, None, scale_fit(votes), step, "")
    crowd = crowd_fit(shares_of(votes, mirrored=kind in PAIRED), agreement.value)
    reason = "" if crowd else BY_CHANCE
    return Measured(name, kind, len(votes[0]), agreement.items, found, crowd, None, step, reason)


def cost_table(
    measured: Measured, *, items: int, seconds: float | None, most: int | None, confidence: float | None
) -> dict[str, Any]:
    """What each overlap costs and buys for a project of so many items.

    `seconds` are those of one judgment, None where nobody knows. `item_error` is the probability that an
    item's answer is not the crowd's; on a scale `item_halfwidth` is half the 95 % interval of an item's mean
    score, in points. `mean_halfwidth` is half the interval of a mean over all items: of a win rate, of the
    share of the commonest answer, or of a score in points. `adaptive` is worked out for `most` and `confidence`.
    """
    crowd, scale = measured.crowd, measured.scale
    rows: list[dict[str, Any]] = []
    if scale is not None:
        rows = [_scale_row(scale, measured.step, items, overlap) for overlap in OVERLAPS]
    elif crowd is not None:
        variance = _variance(crowd, paired=measured.kind in PAIRED)
        rows = [
            {
                "item_error": label_error(crowd, overlap),
                "item_halfwidth": None,
                "mean_halfwidth": share_halfwidth(variance, crowd.within, items=items, overlap=overlap),
            }
            for overlap in OVERLAPS
        ]
    adaptive = None
    if crowd is not None and most is not None and confidence is not None and most <= MOST_WORKED_OUT:
        cost = adaptive_cost(crowd, most=most, confidence=confidence, categories=measured.categories)
        adaptive = {
            "overlap_most": most,
            "confidence": confidence,
            "labels_per_item": cost.labels,
            "item_error": cost.error,
            "settled": cost.settled,
            **_work(cost.labels * items, seconds),
        }
    value, interval = measured.agreement or (None, None)
    return {
        "name": measured.name,
        "kind": measured.kind,
        "agreement": {"value": value, "interval": interval, "n": measured.items},
        "reason": measured.reason,
        "rows": [
            {"overlap": overlap, **_work(overlap * items, seconds), **row}
            for overlap, row in zip(OVERLAPS, rows, strict=False)
        ],
        "adaptive": adaptive,
    }


def _scale_row(scale: Scale, step: float, items: int, overlap: int) -> dict[str, float | None]:
    total = scale.people + scale.items
    return {
        "item_error": None,
        "item_halfwidth": NORMAL_95 * (scale.people / overlap) ** 0.5 * step,
        "mean_halfwidth": share_halfwidth(total, scale.within, items=items, overlap=overlap) * step,
    }


def _variance(crowd: Crowd, *, paired: bool) -> float:
    """Of one answer: of a win rate near one half, ties counting half, or of the share of the commonest answer.

    The two sides of a pair have one share; everything else is a tie.
    """
    if not paired:
        return crowd.shares[0] * (1 - crowd.shares[0])
    sides = max(
        (2 * share for share in crowd.shares if crowd.shares.count(share) > 1), default=crowd.shares[0]
    )
    return min(sides, 1.0) / 4


def _work(labels: float, seconds: float | None) -> dict[str, float | None]:
    return {"labels": labels, "hours": None if seconds is None else labels * seconds / 3600}
