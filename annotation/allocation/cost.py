"""What more labels per item buy: how often an item's answer is wrong, and how wide the project's intervals are.

Votes are taken as draws from the item's crowd, whose shares vary between items by a Dirichlet distribution
(the beta-binomial model where there are two answers; Skellam 1948, Mosimann 1962). Its two facts, how often
each answer is given and how often two people agree, are measured on the project's own votes.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from annotation.agreement.intervals import mean_evaluator, percentile_intervals
from annotation.allocation.adaptive import FEWEST_VOTES, leading

FEWEST_ITEMS: Final = 20  # with two votes or more, from which agreement is measured
CATEGORIES_MOST: Final = 4  # rarer answers are counted together, so that all outcomes can be gone through
NORMAL_95: Final = 1.959963984540054

BY_CHANCE: Final = "by_chance"
TOO_FEW: Final = "too_few"


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people agree on an item, with its 95 % interval, over the items that tell."""

    value: float
    interval: tuple[float, float] | None
    items: int


@dataclass(frozen=True, slots=True)
class Crowd:
    """How answers vary: `shares` of the answers over all items, and `mass` of the Dirichlet distribution.

    A mass of 0 means that people always agree; with a growing mass items differ less and less, and votes on
    each are drawn from the same shares.
    """

    shares: tuple[float, ...]
    mass: float

    @property
    def within(self) -> float:
        """Correlation of two people's answers on one item: 1 / (mass + 1)."""
        return 1 / (self.mass + 1)


def agreement_of(votes: Sequence[Sequence[int]]) -> Agreement | None:
    """The share of agreeing pairs of people, averaged over the items with two votes or more.

    None with fewer than `FEWEST_ITEMS` of these.
    """
    told = [counts for counts in votes if sum(counts) >= 2]
    if len(told) < FEWEST_ITEMS:
        return None
    values = np.array(
        [sum(n * (n - 1) for n in counts) / (sum(counts) * (sum(counts) - 1)) for counts in told]
    )
    intervals = percentile_intervals({"mean": mean_evaluator(values)}, np.ones(len(values), dtype=np.int64))
    return Agreement(float(values.mean()), intervals["mean"], len(values))


def shares_of(votes: Sequence[Sequence[int]], *, mirrored: bool = False) -> tuple[float, ...]:
    """How often each answer is given, averaged over items; the `CATEGORIES_MOST` - 1 commonest and the rest.

    `mirrored` says that the first category and the third (or last) are the two sides of a pair, which only
    the order of import tells apart: they get the same share.
    """
    given = np.array([counts for counts in votes if sum(counts)], dtype=np.float64)
    shares = (given / given.sum(axis=1, keepdims=True)).mean(axis=0)
    if mirrored:
        second = 1 if len(shares) == 2 else 2
        shares[0] = shares[second] = (shares[0] + shares[second]) / 2
    ordered = sorted((float(share) for share in shares if share > 0), reverse=True)
    rare = ordered[CATEGORIES_MOST - 1 :]
    return tuple(ordered[: CATEGORIES_MOST - 1] + ([sum(rare)] if rare else []))


def crowd_fit(shares: Sequence[float], agree: float) -> Crowd | None:
    """The crowd in which two people agree with this probability; None where that is no more than by chance.

    Two draws from one item agree with probability (mass * chance + 1) / (mass + 1), where chance is the sum of
    the squared shares, which is solved for the mass.

    >>> crowd_fit([0.5, 0.5], 0.75)
    Crowd(shares=(0.5, 0.5), mass=1.0)
    """
    chance = sum(share**2 for share in shares)
    if agree <= chance and len(shares) > 1:
        return None
    return Crowd(tuple(shares), (1 - agree) / (agree - chance) if len(shares) > 1 else 0.0)


def label_error(crowd: Crowd, overlap: int) -> float:
    """Probability that the answer with most of `overlap` votes is not what the crowd says most often.

    Summed over all outcomes of the vote; where answers tie, the more common one is taken.

    >>> round(label_error(Crowd((0.5, 0.5), 2.0), 1), 4)  # one draw p of a uniform share: 1 - E max(p, 1 - p)
    0.25
    """
    return sum(
        chance * _wrong(crowd, counts)
        for counts, chance in _outcomes(crowd, overlap, lambda _: False).items()
    )


@dataclass(frozen=True, slots=True)
class AdaptiveCost:
    """Mean labels an item gets, the probability that its answer is wrong, and how many items settle early."""

    labels: float
    error: float
    settled: float


def adaptive_cost(crowd: Crowd, *, most: int, confidence: float, categories: int = 2) -> AdaptiveCost:
    """What adaptive overlap costs when people come one after the other.

    An item takes votes until its leading answer has the probability `confidence` (as `adaptive.places_extra`
    tells it, which knows nothing of the crowd but that there are `categories` answers), at least two and at
    most `most`. The probabilities of all courses of the vote are followed, so nothing is simulated.
    """

    def enough(counts: tuple[int, ...]) -> bool:
        padded = (*counts, *(0,) * (categories - len(counts)))
        voted = sum(counts) >= FEWEST_VOTES
        return voted and (len(padded) < 2 or leading(padded).probability >= confidence)

    labels = error = settled = 0.0
    for counts, chance in _outcomes(crowd, most, enough).items():
        labels += chance * sum(counts)
        error += chance * _wrong(crowd, counts)
        settled += chance * (sum(counts) < most)
    return AdaptiveCost(labels, error, settled)


def share_halfwidth(variance: float, within: float, *, items: int, overlap: int) -> float:
    """Half the 95 % interval of a mean over `items` with `overlap` labels each.

    `variance` is one answer's, `within` the correlation of two answers on one item: the variance of the mean
    is variance (1 + (overlap - 1) within) / (items overlap) (Kish 1965, the design effect).

    >>> round(share_halfwidth(0.25, 0.0, items=100, overlap=1), 3)
    0.098
    """
    return NORMAL_95 * math.sqrt(variance * (1 + (overlap - 1) * within) / (items * overlap))


@dataclass(frozen=True, slots=True)
class Scale:
    """Variance of scores between people on one item, and between items, in squared steps of the scale."""

    people: float
    items: float

    @property
    def within(self) -> float:
        """Correlation of two people's scores of one item; 0 where nothing varies."""
        total = self.people + self.items
        return self.items / total if total else 0.0


def scale_fit(votes: Sequence[Sequence[int]]) -> Scale | None:
    """One-way analysis of variance of scores, given as counts by step, with a component of at least 0.

    None with fewer than `FEWEST_ITEMS` items of two scores or more (Searle, Casella & McCulloch 1992, 3.6).
    """
    table = np.array([counts for counts in votes if sum(counts) >= 2], dtype=np.float64)
    if len(table) < FEWEST_ITEMS:
        return None
    steps = np.arange(table.shape[1])
    number = table.sum(axis=1)
    means = table @ steps / number
    inside = float((table @ steps**2 - number * means**2).sum() / (number - 1).sum())
    total = number.sum()
    grand = float(number @ means / total)
    between = float(number @ (means - grand) ** 2 / (len(table) - 1))
    size = float((total - (number**2).sum() / total) / (len(table) - 1))
    return Scale(inside, max((between - inside) / size, 0.0))


def _outcomes(
    crowd: Crowd, most: int, enough: Callable[[tuple[int, ...]], bool]
) -> dict[tuple[int, ...], float]:
    """By vote counts, the probability that voting ends with them: where they are enough, or at `most` votes."""
    ended: dict[tuple[int, ...], float] = {}
    open_: dict[tuple[int, ...], float] = {(0,) * len(crowd.shares): 1.0}
    for cast in range(most):
        following: dict[tuple[int, ...], float] = defaultdict(float)
        for counts, chance in open_.items():
            for place, share in enumerate(_next(crowd, counts, cast)):
                if share > 0:
                    after = (*counts[:place], counts[place] + 1, *counts[place + 1 :])
                    following[after] += chance * share
        settled = {counts for counts in following if cast + 1 < most and enough(counts)}
        ended |= {counts: following[counts] for counts in settled}
        open_ = {counts: chance for counts, chance in following.items() if counts not in settled}
    return ended | open_


def _next(crowd: Crowd, counts: tuple[int, ...], cast: int) -> Iterator[float]:
    """Probability of each answer as the next vote (Blackwell & MacQueen 1973); the first has the shares."""
    for share, count in zip(crowd.shares, counts, strict=True):
        yield (crowd.mass * share + count) / (crowd.mass + cast) if cast else share


def _wrong(crowd: Crowd, counts: tuple[int, ...]) -> float:
    """Probability that the leading answer is not the crowd's."""
    if crowd.mass == 0 or len(counts) < 2:
        return 0.0
    return 1 - leading(counts, [crowd.mass * share for share in crowd.shares]).probability
