"""The score interval of a share (Wilson 1927), which also holds for few observations and shares near 0 or 1."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""


def wilson_interval(hits: float, number: int, *, z: float = Z95) -> tuple[float, float]:
    """The interval of the share hits / number; 95 % unless another `z` is given.

    Source: E. B. Wilson (1927), JASA 22; checked against Newcombe (1998), Statistics in Medicine 17, table I:
    81 of 263 gives .2553 to .3662.

    Raises:
        ValueError: there are no observations, or more hits than observations.

    >>> [round(end, 4) for end in wilson_interval(81, 263)]
    [0.2553, 0.3662]
    """
    if not 0 <= hits <= number or not number:
        raise ValueError("a share needs observations, and has at most as many hits")
    share, weight = hits / number, z * z / number
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * sqrt(share * (1 - share) / number + weight / (4 * number))
    # The ends of an extreme share are exact; the root is only nearly so.
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == number else middle + half
    return low, high
