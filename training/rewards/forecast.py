"""What more labels would bring: the learning curve, carried on by a power law.

Held-out error falls as a power of the number of labels (Hestness et al. 2017, arXiv 1712.00409, section 3):
error(n) = b * n^-c. The exponent is the least-squares slope of log error on log labels; the curve goes on
from its last point. Both are taken anew in every resample of the groups, which gives the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.intervals import ClusterBootstrap, Figure, divide, undefined_figure
from training.rewards.metrics import credit, macro_weights
from training.rewards.targets import Pairs

MORE: Final = (100, 200, 500, 1_000, 2_000, 5_000, 10_000)
FEWEST_POINTS: Final = 3
FARTHEST: Final = 8  # times the labels there are, beyond which nothing is said
NO_POINTS: Final = "needs a learning curve of at least three points"
NO_ERROR: Final = "no errors are left to fall"


def forecast(
    pairs: Pairs, labels: Sequence[float], rewards: Sequence[NDArray[np.float64]], bootstrap: ClusterBootstrap
) -> dict[str, Any]:
    """``{"exponent": Figure, "gains": [{"labels": more, "gain": Figure}]}`` of accuracy on ``pairs``.

    ``rewards`` are arrays (rows,) of models fitted on ``labels`` labels, ascending; the last is the model.
    """
    decided = pairs.decided
    prompts, outcome = pairs.prompt[decided], pairs.outcome[decided]
    weights = macro_weights(prompts)
    if len(labels) < FEWEST_POINTS or len(set(labels)) < len(labels) or not len(prompts):
        return {"exponent": undefined_figure(NO_POINTS), "gains": []}
    right = [credit(pairs.margins(each)[decided], outcome) for each in rewards]
    sums = bootstrap.cluster_sums(
        prompts, np.stack([*(weights * (1 - each) for each in right), weights], axis=1)
    )
    counts = np.log(np.array(labels, dtype=np.float64))
    whole, resampled = _errors(sums.sum(axis=0)), _errors(bootstrap.resampled(sums))
    clusters = int(np.count_nonzero(sums[:, -1]))

    def figure(value: float, samples: NDArray[np.float64]) -> Figure:
        if np.isnan(value):
            return undefined_figure(NO_ERROR)
        return bootstrap.summary(value, samples, n=len(prompts), clusters=clusters)

    slope, slopes = exponent(counts, whole), exponent(counts, resampled)
    gains = [
        {
            "labels": more,
            "gain": figure(
                float(gain(whole[-1], slope, labels[-1], more)),
                gain(resampled[:, -1], slopes, labels[-1], more),
            ),
        }
        for more in MORE
        if more <= FARTHEST * labels[-1]
    ]
    return {"exponent": figure(float(slope), slopes), "gains": gains}


def exponent(counts: NDArray[np.float64], errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """C of error = b * n^-c from log counts (points,) and errors (..., points), NaN where an error is 0.

    >>> float(exponent(np.log(np.array([1.0, 4.0, 16.0])), np.array([0.4, 0.2, 0.1])))
    0.5
    """
    centred = counts - counts.mean()
    logs = np.log(errors, out=np.full(errors.shape, np.nan), where=errors > 0)
    slope: NDArray[np.float64] = -(logs @ centred) / float(centred @ centred)
    return slope


def gain(
    error: NDArray[np.float64], slope: NDArray[np.float64], labels: float, more: float
) -> NDArray[np.float64]:
    """How much accuracy rises when ``more`` labels are added to ``labels``."""
    result: NDArray[np.float64] = error * (1 - ((labels + more) / labels) ** -slope)
    return result


def _errors(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Errors (..., points) from weighted errors and, last, the weight (..., points + 1)."""
    return divide(sums[..., :-1], sums[..., -1:])
