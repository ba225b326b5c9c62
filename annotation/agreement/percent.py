"""Shares of agreeing rater pairs per unit, averaged over the units."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.intervals import mean_evaluator, point_estimate
from annotation.agreement.sample import Evaluate, Floats, Sample, sample_from_matrix


def percent_agreement(ratings: ArrayLike) -> float | None:
    """Return the agreement of units x raters (NaN missing), None where no unit has two ratings.

    >>> percent_agreement([[1, 1, 2], [3, 3, 3]])
    0.6666666666666666
    """
    sample = sample_from_matrix(ratings)
    return point_estimate(percent_evaluator(sample), sample.multiplicity) if sample.units else None


def within_one(ratings: ArrayLike) -> float | None:
    """Return the share of rater pairs at most 1 apart, in the shape of `percent_agreement`."""
    sample = sample_from_matrix(ratings)
    return point_estimate(within_one_evaluator(sample), sample.multiplicity) if sample.units else None


def percent_evaluator(sample: Sample) -> Evaluate:
    """Return percent agreement as a function of unit weights."""
    return mean_evaluator(sample.agreeing / (sample.size * (sample.size - 1)))


def within_one_evaluator(sample: Sample) -> Evaluate:
    """Return the share of rater pairs at most 1 apart as a function of unit weights."""

    def near(first: Floats, second: Floats) -> Floats:
        return (np.abs(first - second) <= 1).astype(np.float64)

    return mean_evaluator(2 * sample.pair_sums(near) / (sample.size * (sample.size - 1)))
