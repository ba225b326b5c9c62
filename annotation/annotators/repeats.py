"""What hidden repeats say: the same person, the same outputs, the other way round.

Each answer comes from one of three sources: a view of the outputs (the same output both times), the place on the
screen (the same place both times), or chance (each side equally often). Of pairs asked again the other way round:

    same output:          view + chance / 2
    both times the first: first + chance / 4        both times the last: last + chance / 4

Three shares that sum to one cannot tell `first`, `last` and `chance` apart, so of the two habits only the stronger
is allowed, and what both have in common is chance: the estimate by maximum likelihood with the fewest sources.
Where the order was the same again, `same output` also holds who follows the place; those repeats are counted in the
self-agreement alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from annotation.annotators.base import Floats, Interval, beta_interval
from annotation.questions import Question, ordering

LEAST = 30  # repeats of a project before shares are read
LEAST_OWN = 10
REPLICATES = 1000
SEED = 20_260_103
TAILS = (2.5, 97.5)
SIDES = (0, 1)


@dataclass(frozen=True, slots=True)
class Repeat:
    """Two answers of one person about one pair: the sides chosen, 0 or 1 by import; anything else decides nothing.

    first_shown and second_shown: the side that stood first, -1 unknown. `group` numbers the judgment: pairs of
    one ranking belong together.
    """

    group: int
    annotator: str
    chosen: Hashable
    again: Hashable
    first_shown: int
    second_shown: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Decided repeats the other way round: the same output, the first place twice, the last place twice."""

    same: float
    first: float
    last: float

    @property
    def total(self) -> float:
        """All of them."""
        return self.same + self.first + self.last


def shares(counts: Floats) -> Floats:
    """Return (view, position, chance) by maximum likelihood from (same, first, last): (..., 3) -> (..., 3).

    position is signed: above 0 towards the first place, below it towards the last. 20 repeats of which 16 are the
    same, 3 first and 1 last: chance 4 x 1/20, position 2/20, view 14/20.

    >>> shares(np.array([16.0, 3.0, 1.0])).round(2).tolist()
    [0.7, 0.1, 0.2]
    """
    total = counts.sum(axis=-1)
    same, first, last = (counts[..., k] / total for k in range(3))
    low, gap = np.minimum(first, last), np.abs(first - last)
    view = same - 2 * low
    # At the boundary view = 0 the likelihood same*log(c/2) + high*log(1 - 3c/4) + low*log(c/4) has its top where
    # position + chance = 1: c = 4/3 (1 - high).
    high = np.maximum(first, last)
    edge = np.minimum(4 / 3 * (1 - high), 1.0)
    inside = view >= 0
    chance = np.where(inside, 4 * low, edge)
    position = np.where(inside, gap, 1 - edge)
    return np.stack([np.maximum(view, 0.0), position * np.where(first >= last, 1, -1), chance], axis=-1)


def repeats_report(repeats: Sequence[Repeat], agreement_with_others: dict[str, Any] | None) -> dict[str, Any]:
    """Return what the repeats of one question say, all together and by annotator.

    self_agreement: share of repeats with the same answer. With the agreement between different people it gives
    taste (what people firmly see differently) and noise (what they do not see the same twice).
    """
    names = sorted({one.annotator for one in repeats})
    everybody = _report(repeats, LEAST)
    others = agreement_with_others
    taste: dict[str, Any] = {"value": None, "interval": None, "reason": "not_enough"}
    if others is not None and others["value"] is not None and everybody["reason"] is None:
        own = everybody["self_agreement"]
        value = own["value"] - others["value"]
        error = float(np.hypot(_half(own["interval"]), _half(others["interval"])))
        taste = {"value": value, "interval": [value - error, value + error], "reason": None}
    return {
        **everybody,
        "agreement_with_others": others,
        "taste": taste,
        "annotators": [
            {"name": name, **_report([one for one in repeats if one.annotator == name], LEAST_OWN)}
            for name in names
        ],
    }


def _half(interval: Sequence[float]) -> float:
    return (interval[1] - interval[0]) / 2


def _report(repeats: Sequence[Repeat], least: int) -> dict[str, Any]:
    groups = len({one.group for one in repeats})
    entry: dict[str, Any] = {
        "repeats": groups,
        "needed": least,
        "reason": None if groups >= least else "not_enough",
        "self_agreement": None,
        "shares": None,
        "reading": "not_enough",
    }
    if groups < least:
        return entry
    same = _weighted_share([one.chosen == one.again for one in repeats], repeats)
    hits = same * groups
    entry["self_agreement"] = {"value": same, "interval": list(beta_interval(hits, groups)), "n": groups}
    table = count_table(repeats)
    counts = table.sum(axis=0)
    if counts.sum() == 0:
        return {**entry, "reading": "no_swapped"}
    value = shares(counts)
    ends = _bootstrap(table)
    entry["counts"] = dict(zip(("same", "first", "last"), counts.tolist(), strict=True))
    entry["shares"] = {
        name: {"value": float(value[k]), "interval": list(ends[k])}
        for k, name in enumerate(("view", "position", "chance"))
    }
    entry["reading"] = _reading(value, ends)
    return entry


def _reading(value: Floats, ends: Sequence[Interval]) -> str:
    """Say which source stands out: a place, chance, or neither."""
    if ends[1][0] > 0.02:
        return "first_place"
    if ends[1][1] < -0.02:
        return "last_place"
    if value[2] > 0.5:
        return "mostly_chance"
    return "steady" if value[0] > 0.8 else "mixed"


def _weighted_share(same: Sequence[bool], repeats: Sequence[Repeat]) -> float:
    """Each judgment counts once, however many pairs it has."""
    group = np.unique([one.group for one in repeats], return_inverse=True)[1]
    number = np.bincount(group)
    return float((np.bincount(group, np.array(same, dtype=np.float64)) / number).mean())


def count_table(repeats: Sequence[Repeat]) -> Floats:
    """Return (judgments, 3): weights of same, first and last of the decided pairs that were turned around."""
    groups = {group: index for index, group in enumerate(sorted({one.group for one in repeats}))}
    table = np.zeros((len(groups), 3))
    for one in repeats:
        turned = {one.first_shown, one.second_shown} == {0, 1}
        if one.chosen not in SIDES or one.again not in SIDES or not turned:
            continue
        place = 0 if one.chosen == one.again else 1 if one.chosen == one.first_shown else 2
        table[groups[one.group], place] += 1
    number = table.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(table, number, out=np.zeros_like(table), where=number > 0))


def _bootstrap(table: Floats) -> list[Interval]:
    """Percentile intervals of the shares over resampled judgments."""
    generator = np.random.default_rng(SEED)
    count = len(table)
    weights = generator.multinomial(count, np.full(count, 1 / count), size=REPLICATES)
    drawn = weights @ table
    values = shares(drawn[drawn.sum(axis=1) > 0])
    low, high = np.percentile(values, TAILS, axis=0)
    return [(float(low[k]), float(high[k])) for k in range(3)]


@dataclass(frozen=True, slots=True)
class Twice:
    """One person's answers to an item and to its repeat, by question name, with the orders shown."""

    annotator: str
    answers: Mapping[str, Any]
    again: Mapping[str, Any]
    shown: Sequence[str]
    shown_again: Sequence[str]


def repeats_read(question: Question, pairs: Sequence[Twice]) -> list[Repeat]:
    """Return what the answers to one question say twice: pairs of outputs where it orders them, else each value."""
    repeats: list[Repeat] = []
    for group, twice in enumerate(pairs):
        one, two = twice.answers.get(question.name), twice.again.get(question.name)
        if not one or not two:
            continue
        if question.kind in ("comparison", "ranking", "best_worst"):
            repeats += _pairs(question, group, twice, one, two)
        elif question.kind in ("rating", "choice"):
            repeats += _values(question.kind, group, twice, one, two)
    return repeats


def _pairs(question: Question, group: int, twice: Twice, one: Any, two: Any) -> list[Repeat]:
    completions = sorted(twice.shown)
    if sorted(twice.shown_again) != completions:
        return []
    orders = [ordering(question, answer, completions) for answer in (one, two)]
    found = []
    for left, right in combinations(completions, 2):
        said = [None if order is None else order.pair_outcome(left, right) for order in orders]
        if said[0] is None or said[1] is None:
            continue
        # A tie and “both bad” are answers, but no side.
        sides = [
            (0 if value > 0 else 1) if value else ("both_bad" if order and order.both_bad else "tie")
            for value, order in zip(said, orders, strict=True)
            if value is not None
        ]
        first, second = (
            0 if shown.index(left) < shown.index(right) else 1
            for shown in (list(twice.shown), list(twice.shown_again))
        )
        found.append(Repeat(group, twice.annotator, sides[0], sides[1], first, second))
    return found


def _values(kind: str, group: int, twice: Twice, one: Any, two: Any) -> list[Repeat]:
    field = "scores" if kind == "rating" else "values"
    first, second = one.get(field), two.get(field)
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        shared = sorted(first.keys() & second.keys())
        said = [(_hashable(first[key]), _hashable(second[key])) for key in shared]
    else:
        said = [(_hashable(first), _hashable(second))]
    return [Repeat(group, twice.annotator, left, right, -1, -1) for left, right in said]


def _hashable(value: Any) -> Hashable:
    return tuple(sorted(value)) if isinstance(value, list) else value
