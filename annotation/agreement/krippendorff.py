"""Krippendorff's alpha (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability).

alpha = 1 - D_o / D_e, over the pairable ratings. All levels but ratio take memory in the order of the ratings:

- nominal: counts per unit and in all;
- interval: the pairwise squared differences of m values sum to 2 m times their squared deviations from the mean;
- ordinal: the metric (sum of n_g from c to k, minus half of n_c and n_k) is the difference of the midranks of c
  and k, so that it is the interval form on midranks.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.intervals import point_estimate
from annotation.agreement.sample import Evaluate, Floats, Sample, sample_from_matrix

Level = Literal["nominal", "ordinal", "interval", "ratio"]
COINCIDENCE_CELLS = 4_000_000


def krippendorff_alpha(ratings: ArrayLike, level: Level) -> float | None:
    """Return alpha of units x raters with NaN for missing ratings, None where no disagreement is expected.

    Raises ValueError for an unknown level, or negative values on the ratio level.

    >>> krippendorff_alpha([[1, 1], [2, 2], [3, 4]], "nominal")
    0.6153846153846154
    """
    sample = sample_from_matrix(ratings)
    return point_estimate(alpha_evaluator(sample, level), sample.multiplicity) if sample.units else None


def alpha_evaluator(sample: Sample, level: Level) -> Evaluate:
    """Return alpha as a function of unit weights."""
    if level not in get_args(Level):
        raise ValueError(f"no level of measurement is called {level!r}")
    if level == "nominal":
        return _nominal(sample)
    if level == "ratio":
        return _ratio(sample)
    return _interval(sample) if level == "interval" else _ordinal(sample)


def _alpha(observed: Floats, expected: Floats, totals: Floats) -> Floats:
    """Return 1 - observed / expected, NaN where fewer than two levels occur."""
    defined = (totals > 0).sum(axis=1) > 1
    shares: Floats = np.divide(observed, expected, out=np.full(len(observed), np.nan), where=defined)
    return 1 - shares


def _nominal(sample: Sample) -> Evaluate:
    size = sample.size
    disagreeing = (size * (size - 1) - sample.agreeing) / (size - 1)

    def evaluate(weights: Floats) -> Floats:
        totals = sample.totals(weights)
        number = totals.sum(axis=1)
        expected = (number * number - (totals * totals).sum(axis=1)) / (number - 1)
        return _alpha(weights @ disagreeing, expected, totals)

    return evaluate


def _spread(totals: Floats, values: Floats) -> Floats:
    """Return n/(n-1) times the squared deviations: totals (replicates, levels), values the same or (levels,)."""
    number = totals.sum(axis=1)
    means = (totals * values).sum(axis=1) / number
    squares: Floats = (totals * (values - means[:, None]) ** 2).sum(axis=1) * number / (number - 1)
    return squares


def _interval(sample: Sample) -> Evaluate:
    values = sample.levels - sample.levels[0]
    within = sample.squared_deviations(values[sample.code]) * sample.size / (sample.size - 1)

    def evaluate(weights: Floats) -> Floats:
        totals = sample.totals(weights)
        return _alpha(weights @ within, _spread(totals, values), totals)

    return evaluate


def _ordinal(sample: Sample) -> Evaluate:
    levels = len(sample.levels)
    factor = sample.size / (sample.size - 1)
    tabulated = len(sample.multiplicity) * levels * levels <= COINCIDENCE_CELLS
    if tabulated:
        lower, upper = np.triu_indices(levels, k=1)
        counts = sample.counts.toarray()
        coincidences = counts[:, lower] * counts[:, upper] / (sample.size - 1)[:, None]

    def evaluate(weights: Floats) -> Floats:
        totals = sample.totals(weights)
        ranks = np.cumsum(totals, axis=1) - totals / 2
        if tabulated:
            differences = ranks[:, lower] - ranks[:, upper]
            observed = ((weights @ coincidences) * differences * differences).sum(axis=1)
        else:
            observed = np.array(
                [
                    weight @ (sample.squared_deviations(rank[sample.code]) * factor)
                    for weight, rank in zip(weights, ranks, strict=True)
                ]
            )
        return _alpha(observed, _spread(totals, ranks), totals)

    return evaluate


def _ratio_metric(first: Floats, second: Floats) -> Floats:
    total = first + second
    share = np.divide(first - second, total, out=np.zeros_like(total), where=total > 0)
    squares: Floats = share * share
    return squares


def _ratio(sample: Sample) -> Evaluate:
    if (sample.levels < 0).any():
        raise ValueError("values of the ratio level are not negative")
    within = 2 * sample.pair_sums(_ratio_metric) / (sample.size - 1)
    metric = _ratio_metric(sample.levels[:, None], sample.levels[None, :])

    def evaluate(weights: Floats) -> Floats:
        totals = sample.totals(weights)
        expected = ((totals @ metric) * totals).sum(axis=1) / (totals.sum(axis=1) - 1)
        return _alpha(weights @ within, expected, totals)

    return evaluate
