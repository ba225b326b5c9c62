"""Whether reward differences mean what they say: sigmoid(difference) as the chance of winning.

All figures are over decided pairs, averaged over prompts, and folded: each pair is seen from the side
with the higher reward, since which output comes first is arbitrary.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from training.rewards.intervals import ClusterBootstrap, Figure, divide, undefined_figure
from training.rewards.metrics import NO_DECIDED, credit, macro_weights
from training.rewards.targets import Pairs

FEWEST_FOR_ECE: Final = 1000
BINS: Final = 10


def calibration(pairs: Pairs, rewards: NDArray[np.float64], bootstrap: ClusterBootstrap) -> dict[str, Figure]:
    """Figures "slope", "brier" and "ece" of the test pairs."""
    decided = pairs.decided
    prompts = pairs.prompt[decided]
    if len(prompts) == 0:
        return {name: undefined_figure(NO_DECIDED) for name in ("slope", "brier", "ece")}
    weights = macro_weights(prompts)
    towards_winner = pairs.margins(rewards)[decided] * pairs.outcome[decided]
    brier = bootstrap.mean(prompts, expit(-towards_winner) ** 2, weights, undefined=NO_DECIDED, bounded=False)
    return {
        "slope": _slope_figure(prompts, towards_winner, weights, bootstrap),
        "brier": brier,
        "ece": _ece_figure(prompts, towards_winner, weights, bootstrap),
    }


def slope(towards_winner: NDArray[np.float64], weights: NDArray[np.float64]) -> float | None:
    """Logistic regression coefficient, without intercept, of winning on the reward difference.

    1 is calibrated, below 1 overconfident. The maximum of sum w log sigmoid(slope m) is where
    sum w m sigmoid(-slope m), which falls in the slope, is 0. None where no finite maximum exists:
    all differences 0, or the rewards order every pair rightly, or every pair wrongly.
    """
    if not ((towards_winner > 0).any() and (towards_winner < 0).any()):
        return None
    unit = float(np.abs(towards_winner).max())
    scaled = towards_winner / unit

    def gradient(candidate: float) -> float:
        return float(np.sum(weights * scaled * expit(-candidate * scaled)))

    low, high = -1.0, 1.0
    while gradient(low) < 0:
        low *= 2
    while gradient(high) > 0:
        high *= 2
    return float(brentq(gradient, low, high, xtol=1e-12, rtol=1e-12)) / unit


def _slope_figure(
    prompts: NDArray[np.int64],
    towards_winner: NDArray[np.float64],
    weights: NDArray[np.float64],
    bootstrap: ClusterBootstrap,
) -> Figure:
    value = slope(towards_winner, weights)
    if value is None:
        return undefined_figure("the rewards order all held-out pairs alike: no finite slope fits")
    samples = slope_samples(value, prompts, towards_winner, weights, bootstrap)
    clusters = len(np.unique(bootstrap.clusters_of(prompts)))
    return bootstrap.summary(value, samples, n=len(prompts), clusters=clusters)


def slope_samples(
    value: float,
    prompts: NDArray[np.int64],
    towards_winner: NDArray[np.float64],
    weights: NDArray[np.float64],
    bootstrap: ClusterBootstrap,
) -> NDArray[np.float64]:
    """Slopes of the resamples: one Newton step from the whole sample's, to first order the refitted one."""
    upset = expit(-value * towards_winner)
    steps = np.stack(
        [weights * towards_winner * upset, weights * towards_winner**2 * upset * (1 - upset)], axis=1
    )
    sums = bootstrap.resampled(bootstrap.cluster_sums(prompts, steps))
    return value + divide(sums[:, 0], sums[:, 1])


def _ece_figure(
    prompts: NDArray[np.int64],
    towards_winner: NDArray[np.float64],
    weights: NDArray[np.float64],
    bootstrap: ClusterBootstrap,
) -> Figure:
    """Mean over bins of |observed - predicted|, weighted by the bins' pairs (Naeini et al. 2015).

    An absolute value is never below 0, so noise alone makes it positive: the resamples lie somewhat
    higher than the value, and below a thousand pairs the figure would be mostly noise.
    """
    if len(prompts) < FEWEST_FOR_ECE:
        return undefined_figure(f"needs {FEWEST_FOR_ECE} decided held-out pairs, there are {len(prompts)}")
    confidence, right, bins = _folded(towards_winner)
    cells = np.eye(BINS)[bins]
    surplus = (weights * (right - confidence))[:, None] * cells
    values = np.concatenate([surplus, weights[:, None]], axis=1)
    return bootstrap.figure(
        prompts,
        values,
        lambda sums: divide(np.abs(sums[..., :-1]).sum(axis=-1), sums[..., -1]),
        n=len(prompts),
        undefined=NO_DECIDED,
    )


def reliability(pairs: Pairs, rewards: NDArray[np.float64]) -> list[dict[str, float | int]]:
    """Folded bins of equal width over [0.5, 1]: mean predicted and observed share, and pairs; no empty bin."""
    decided = pairs.decided
    weights = macro_weights(pairs.prompt[decided])
    confidence, right, bins = _folded(pairs.margins(rewards)[decided] * pairs.outcome[decided])
    result: list[dict[str, float | int]] = []
    for bin_ in np.unique(bins):
        inside = bins == bin_
        total = weights[inside].sum()
        result.append(
            {
                "predicted": float(weights[inside] @ confidence[inside] / total),
                "observed": float(weights[inside] @ right[inside] / total),
                "n": int(inside.sum()),
            }
        )
    return result


def _folded(
    towards_winner: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Confidence in the favourite, whether it won (half for no favourite), and the confidence's bin."""
    confidence = expit(np.abs(towards_winner))
    bins = np.minimum(((confidence - 0.5) * 2 * BINS).astype(np.int64), BINS - 1)
    return confidence, credit(towards_winner, np.ones(len(towards_winner), dtype=np.int64)), bins
