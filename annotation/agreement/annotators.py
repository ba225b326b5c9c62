"""Figures of annotators: pair by pair, each beside the others, and habits that have nothing to do with quality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from annotation.agreement.intervals import mean_evaluator, percentile_intervals, share_intervals
from annotation.agreement.rows import Judgments, Ratings
from annotation.agreement.sample import Floats, Integers, pairs_within


def annotator_pairs(ratings: Ratings, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return Cohen's kappa, quadratic weighted kappa and percent agreement of annotators with common units."""
    matches = pairs_within(ratings.unit)
    if not matches:
        return []
    one = np.concatenate([match[0] for match in matches])
    two = np.concatenate([match[1] for match in matches])
    keys, pair = np.unique(ratings.annotator[one] * len(names) + ratings.annotator[two], return_inverse=True)
    number = np.bincount(pair)
    agreeing = np.bincount(pair, ratings.category[one] == ratings.category[two])
    chance = _chance(pair, ratings.category[one], ratings.category[two])
    kappa = _kappa(number * (number - agreeing), (number * number - chance).astype(np.float64))
    if ratings.value is None:
        weighted = np.full(len(keys), np.nan)
    else:
        weighted = _weighted_kappa(pair, len(keys), ratings.value[one], ratings.value[two])
    return [
        {
            "annotators": [names[key // len(names)], names[key % len(names)]],
            "units": units,
            "cohen_kappa": _figure(kappa[index]),
            "weighted_kappa": _figure(weighted[index]),
            "percent_agreement": float(agreeing[index] / units),
        }
        for index, (key, units) in enumerate(zip(keys.tolist(), number.tolist(), strict=True))
    ]


def _figure(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _kappa(observed: Floats, expected: Floats) -> Floats:
    """Return 1 - observed / expected disagreement, NaN where none is expected."""
    shares: Floats = np.divide(observed, expected, out=np.full(len(observed), np.nan), where=expected > 0)
    return 1 - shares


def _chance(pair: Integers, first: Integers, second: Integers) -> Integers:
    """Return for each pair the sum over categories of both annotators' counts multiplied."""
    width = int(max(first.max(), second.max())) + 1
    first_keys, first_counts = np.unique(pair * width + first, return_counts=True)
    second_keys, second_counts = np.unique(pair * width + second, return_counts=True)
    common, at_first, at_second = np.intersect1d(
        first_keys, second_keys, assume_unique=True, return_indices=True
    )
    products = first_counts[at_first] * second_counts[at_second]
    sums = np.bincount(common // width, products, minlength=int(pair.max()) + 1)
    return sums.astype(np.int64)


def _weighted_kappa(pair: Integers, pairs: int, first: Floats, second: Floats) -> Floats:
    """Return kappa with squared differences as weights, over the units where both are on the scale."""
    kept = ~(np.isnan(first) | np.isnan(second))
    if not kept.any():
        return np.full(pairs, np.nan)
    pair, first, second = pair[kept], first[kept], second[kept]
    lowest = min(first.min(), second.min())
    first, second = first - lowest, second - lowest

    def total(values: Floats) -> Floats:
        return np.bincount(pair, values, minlength=pairs).astype(np.float64, copy=False)

    number = np.bincount(pair, minlength=pairs)
    observed = number * total((first - second) ** 2)
    expected = number * (total(first**2) + total(second**2)) - 2 * total(first) * total(second)
    lows, highs = np.full(pairs, np.inf), np.full(pairs, -np.inf)
    for values in (first, second):
        np.minimum.at(lows, pair, values)
        np.maximum.at(highs, pair, values)
    return _kappa(observed, np.where(highs > lows, expected, 0.0))


def annotator_figures(judgments: Judgments, questions: Sequence[Ratings]) -> list[dict[str, Any]]:
    """Return each annotator's figures, ordered by name.

    agreement_with_others: share of the other ratings of a unit that equal one's own, averaged over the units
    of all questions. first_position_rate: share of judgments with one winner where it was shown first.
    longer_rate: share of preferred completions that are the longer of the two. tie_rate: share of compared
    pairs called a tie (best-worst, where nobody calls one, left out).
    """
    count = len(judgments.annotators)
    agreement = _agreement_with_others(questions, count)
    orderings = [ratings for ratings in questions if ratings.pairs is not None]
    rates = {
        "first_position": _first_position(judgments, orderings),
        "longer": _longer(judgments, orderings),
        "tie": _ties(judgments, [ratings for ratings in orderings if ratings.kind != "best_worst"]),
    }
    intervals = {name: share_intervals(hits, numbers) for name, (hits, numbers) in rates.items()}
    judged = np.bincount(judgments.annotator, minlength=count)
    medians = _median_active(judgments, count)
    figures: list[dict[str, Any]] = []
    for index, (name, kind) in enumerate(judgments.annotators):
        entry: dict[str, Any] = {
            "name": name,
            "kind": kind,
            "judgments": int(judged[index]),
            **agreement[index],
            "competence": None,
        }
        for rate, (hits, numbers) in rates.items():
            n = int(numbers[index])
            entry[f"{rate}_rate"] = int(hits[index]) / n if n else None
            interval = intervals[rate][index]
            entry[f"{rate}_interval"] = None if interval is None else list(interval)
            entry[f"{rate}_n"] = n
        entry["median_active_ms"] = medians[index]
        figures.append(entry)
    return figures


def _counts(annotator: Integers, hit: Any, count: int) -> tuple[Integers, Integers]:
    hits = np.bincount(annotator[hit], minlength=count)
    return hits.astype(np.int64), np.bincount(annotator, minlength=count).astype(np.int64)


def _sum(parts: Sequence[tuple[Integers, Integers]], count: int) -> tuple[Integers, Integers]:
    zero = np.zeros(count, dtype=np.int64)
    return sum((part[0] for part in parts), zero), sum((part[1] for part in parts), zero)


def _first_position(judgments: Judgments, questions: Sequence[Ratings]) -> tuple[Integers, Integers]:
    parts, count = [], len(judgments.annotators)
    for ratings in questions:
        if ratings.winner_row is None or ratings.winner is None:
            continue
        shown = judgments.first_shown[ratings.winner_row]
        known = shown >= 0
        row, winner = ratings.winner_row[known], ratings.winner[known]
        parts.append(_counts(judgments.annotator[row], winner == shown[known], count))
    return _sum(parts, count)


def _longer(judgments: Judgments, questions: Sequence[Ratings]) -> tuple[Integers, Integers]:
    parts, count = [], len(judgments.annotators)
    for ratings in questions:
        pairs = ratings.pairs
        if pairs is None or not len(pairs.judgment):
            continue
        start = judgments.length_start[pairs.judgment]
        gap = judgments.lengths[start + pairs.first] - judgments.lengths[start + pairs.second]
        told = (gap != 0) & (pairs.sign != 0)
        annotator = judgments.annotator[pairs.judgment[told]]
        parts.append(_counts(annotator, (gap[told] > 0) == (pairs.sign[told] > 0), count))
    return _sum(parts, count)


def _ties(judgments: Judgments, questions: Sequence[Ratings]) -> tuple[Integers, Integers]:
    count = len(judgments.annotators)
    return _sum([_counts(ratings.annotator, ratings.category == 1, count) for ratings in questions], count)


def _median_active(judgments: Judgments, count: int) -> list[float | None]:
    times = np.array(
        [np.nan if row.active_ms is None else row.active_ms for row in judgments.rows], dtype=np.float64
    )
    known = ~np.isnan(times)
    annotator, times = judgments.annotator[known], times[known]
    order = np.argsort(annotator, kind="stable")
    edges = np.searchsorted(annotator[order], np.arange(count + 1))
    parts = [times[order[edges[index] : edges[index + 1]]] for index in range(count)]
    return [float(np.median(part)) if len(part) else None for part in parts]


def shares_with_others(ratings: Ratings) -> tuple[Integers, Floats]:
    """Return the ratings on shared units, and of each the share of the unit's other ratings that equal it."""
    if not len(ratings.unit):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    size = np.bincount(ratings.unit)[ratings.unit]
    width = int(ratings.category.max()) + 1
    _, at, same = np.unique(ratings.unit * width + ratings.category, return_inverse=True, return_counts=True)
    shared = np.flatnonzero(size > 1)
    return shared, (same[at][shared] - 1) / (size[shared] - 1)


def _agreement_with_others(questions: Sequence[Ratings], count: int) -> list[dict[str, Any]]:
    annotators, shares = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for ratings in questions:
        shared, share = shares_with_others(ratings)
        annotators.append(ratings.annotator[shared])
        shares.append(share)
    annotator, share = np.concatenate(annotators), np.concatenate(shares)
    order = np.argsort(annotator, kind="stable")
    edges = np.searchsorted(annotator[order], np.arange(count + 1))
    entries = []
    for index in range(count):
        own = share[order[edges[index] : edges[index + 1]]]
        entry: dict[str, Any] = {
            "agreement_with_others": None,
            "agreement_with_others_interval": None,
            "agreement_with_others_n": len(own),
        }
        if len(own):
            values, multiplicity = np.unique(own, return_counts=True)
            entry["agreement_with_others"] = float(values @ multiplicity / len(own))
            interval = percentile_intervals({"mean": mean_evaluator(values)}, multiplicity)["mean"]
            entry["agreement_with_others_interval"] = None if interval is None else list(interval)
        entries.append(entry)
    return entries
