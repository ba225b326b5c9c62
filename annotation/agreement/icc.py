"""Intraclass correlations of mean ratings (Shrout & Fleiss 1979; McGraw & Wong 1996)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.intervals import point_estimate
from annotation.agreement.sample import Evaluate, Floats, Integers, Sample, code_levels, sample_from_matrix


def icc_1k(ratings: ArrayLike) -> float | None:
    """Return ICC(1,k) of a complete matrix of units x raters, None where the units' means do not differ.

    The raters of each unit may be other people. Raises ValueError where their number differs.
    """
    sample = sample_from_matrix(ratings)
    if sample.units and sample.equal_size is None:
        raise ValueError("every unit needs the same number of ratings")
    return point_estimate(icc_1k_evaluator(sample), sample.multiplicity) if sample.units else None


def icc_2k(ratings: ArrayLike) -> float | None:
    """Return ICC(2,k), absolute agreement, of units x raters where every rater rated every unit.

    None where it is undefined. Raises ValueError for missing ratings.
    """
    matrix = np.asarray(ratings, dtype=np.float64)
    if not np.isfinite(matrix).all():
        raise ValueError("every rater must have rated every unit")
    rows, multiplicity = merged_rows(matrix)
    return point_estimate(icc_2k_evaluator(rows), multiplicity)


def merged_rows(matrix: Floats) -> tuple[Floats, Integers]:
    """Return the distinct rows, sorted, and how often each occurs."""
    rows, multiplicity = np.unique(matrix, axis=0, return_counts=True)
    return rows, multiplicity.astype(np.int64)


def _between(means: Floats) -> Evaluate:
    """Return the mean square of the units' means, per rating, NaN where all means are equal."""
    levels, code = code_levels(means)
    member = np.zeros((len(means), len(levels))) if len(levels) <= 64 else None
    if member is not None:
        member[np.arange(len(means)), code] = 1

    def evaluate(weights: Floats) -> Floats:
        if member is not None:
            totals = weights @ member
        else:
            totals = np.stack([np.bincount(code, weight, minlength=len(levels)) for weight in weights])
        units = totals.sum(axis=1)
        centre = (totals @ levels) / units
        squares = (totals * (levels - centre[:, None]) ** 2).sum(axis=1)
        differ = ((totals > 0).sum(axis=1) > 1) & (units > 1)
        mean: Floats = np.divide(squares, units - 1, out=np.full(len(weights), np.nan), where=differ)
        return mean

    return evaluate


def icc_1k_evaluator(sample: Sample) -> Evaluate:
    """Return ICC(1,k) = (MSB - MSW) / MSB as a function of unit weights; all units have k ratings."""
    k = sample.equal_size
    if k is None:
        raise ValueError("every unit needs the same number of ratings")
    values = sample.levels[sample.code] - sample.levels[0]
    between = _between(sample.row_sums(values) / k)
    within = sample.squared_deviations(values) / (k - 1)

    def evaluate(weights: Floats) -> Floats:
        error: Floats = (weights @ within) / weights.sum(axis=1)
        return 1 - error / (k * between(weights))

    return evaluate


def icc_2k_evaluator(matrix: Floats) -> Evaluate:
    """Return ICC(2,k) = (MSR - MSE) / (MSR + (MSC - MSE) / n) as a function of the weights of the rows."""
    k = matrix.shape[1]
    if k < 2:
        raise ValueError("two raters are needed")
    differences = matrix - matrix[:, :1]
    shift = differences.mean(axis=1, keepdims=True)
    between = _between(matrix[:, 0] + shift[:, 0])
    residuals = differences - shift
    within = (residuals * residuals).sum(axis=1)

    def evaluate(weights: Floats) -> Floats:
        units = weights.sum(axis=1)
        rows = k * between(weights)
        columns = units * (((weights @ residuals) / units[:, None]) ** 2).sum(axis=1)
        columns_mean = columns / (k - 1)
        freedom = (units - 1) * (k - 1)
        squares = weights @ within - columns
        error = np.divide(squares, freedom, out=np.full(len(units), np.nan), where=freedom > 0)
        denominator = rows + (columns_mean - error) / units
        out = np.full(len(units), np.nan)
        shares: Floats = np.divide(rows - error, denominator, out=out, where=denominator != 0)
        return shares

    return evaluate
