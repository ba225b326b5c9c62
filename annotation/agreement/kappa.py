"""Kappa of Cohen (1960), weighted (Cohen 1968), and of Fleiss (1971), in whole numbers as far as they go."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.intervals import point_estimate
from annotation.agreement.sample import Evaluate, Floats, Sample, sample_from_matrix

Weights = Literal["none", "linear", "quadratic"]


def cohen_kappa(first: ArrayLike, second: ArrayLike, weights: Weights = "none") -> float | None:
    """Return kappa of two raters' values of the same units, (n,) and (n,); None where no disagreement is expected.

    The weights are 0 or 1, |difference| or its square, of the values.

    >>> cohen_kappa([1, 1, 2, 2], [1, 1, 2, 1])
    0.5
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    levels, inverse = np.unique(np.concatenate((one, two)), return_inverse=True)
    table = np.zeros((len(levels), len(levels)), dtype=np.int64)
    np.add.at(table, (inverse[: len(one)], inverse[len(one) :]), 1)
    return kappa_from_table(table, weights, levels)


def kappa_from_table(
    table: ArrayLike, weights: Weights = "none", levels: ArrayLike | None = None
) -> float | None:
    """Return kappa of a contingency table of two raters, (categories, categories).

    `levels` are the categories' values for the weights, by default 0, 1, 2, ...
    """
    counts = np.asarray(table, dtype=np.float64)
    values = (
        np.arange(len(counts), dtype=np.float64) if levels is None else np.asarray(levels, dtype=np.float64)
    )
    distance = np.abs(values[:, None] - values[None, :])
    if weights == "none":
        distance = (distance > 0).astype(np.float64)
    elif weights == "quadratic":
        distance = distance * distance
    number = counts.sum()
    expected = float((distance * np.outer(counts.sum(axis=1), counts.sum(axis=0))).sum())
    if expected == 0:
        return None
    return 1 - float(number * (distance * counts).sum()) / expected


def fleiss_kappa(counts: ArrayLike) -> float | None:
    """Return Fleiss' kappa of units x categories counts; None where only one category occurs.

    Raises ValueError where the units differ in their number of ratings.
    """
    table = np.asarray(counts, dtype=np.int64)
    raters = table.sum(axis=1)
    if not len(table) or (raters != raters[0]).any():
        raise ValueError("every unit needs the same number of ratings")
    codes = np.repeat(np.tile(np.arange(table.shape[1]), len(table)), table.ravel())
    sample = sample_from_matrix(codes.reshape(len(table), raters[0]))
    return point_estimate(fleiss_evaluator(sample), sample.multiplicity) if sample.units else None


def fleiss_evaluator(sample: Sample) -> Evaluate:
    """Return Fleiss' kappa as a function of unit weights; all units have the same number of ratings."""
    size = sample.equal_size
    if size is None:
        raise ValueError("every unit needs the same number of ratings")
    disagreeing = (size * (size - 1) - sample.agreeing) / (size * (size - 1))

    def evaluate(weights: Floats) -> Floats:
        totals = sample.totals(weights)
        number = totals.sum(axis=1)
        expected = 1 - ((totals / number[:, None]) ** 2).sum(axis=1)
        observed = (weights @ disagreeing) / weights.sum(axis=1)
        defined = (totals > 0).sum(axis=1) > 1
        shares: Floats = np.divide(observed, expected, out=np.full(len(observed), np.nan), where=defined)
        return 1 - shares

    return evaluate
