"""What the models of annotators share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Interval = tuple[float, float]

Z95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""


class ConvergenceError(RuntimeError):
    """A fit did not reach its tolerance, so that it has no result."""


def normal_interval(value: float, deviation: float) -> Interval:
    """Return the central 95 % of a normal distribution."""
    return float(value - Z95 * deviation), float(value + Z95 * deviation)


def beta_interval(hits: float, number: float) -> Interval:
    """Return the central 95 % of the Jeffreys posterior of a share; `hits` may be expected counts.

    >>> beta_interval(8, 10)
    (0.4977..., 0.9560...)
    """
    low, high = special.betaincinv(hits + 0.5, number - hits + 0.5, [0.025, 0.975])
    return float(low), float(high)


def grouped(values: Floats, group: Integers, groups: int) -> Floats:
    """Return the sum of `values` over each group: (n,), (n,) -> (groups,)."""
    return np.bincount(group, values, minlength=groups).astype(np.float64, copy=False)
