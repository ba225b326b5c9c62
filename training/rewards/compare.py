"""Whether a candidate replaces the champion: a paired test on the same held-out pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.intervals import LEVEL
from training.rewards.metrics import credit, macro_weights
from training.rewards.targets import consensus, pair_votes

MOST_RESAMPLES: Final = 9_999
FEWEST_RESAMPLES: Final = 1_999
_DRAWS: Final = 20_000_000
_DRAWS_AT_ONCE: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """Candidate's pair accuracy less the champion's, on ``n`` decided pairs both were scored on.

    ``value`` is None where there is no such pair, ``interval`` (95 %) where they are of fewer than two
    groups. ``p_better`` is small where "not better" is hard to believe, ``p_worse`` where "not worse"
    is; both are 1 where there is no interval.
    """

    value: float | None
    interval: tuple[float, float] | None
    n: int
    p_better: float
    p_worse: float


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the candidate is promoted, and why."""

    promoted: bool
    code: Literal["first", "better", "not_worse", "within_noise", "worse"]
    message: str


def paired_difference(
    dataset: Dataset,
    candidate: NDArray[np.float64],
    champion: NDArray[np.float64],
    prompts: NDArray[np.int64],
) -> Difference:
    """Difference in pair accuracy (macro-averaged per prompt) on ``prompts``, candidate less champion.

    Rewards have shape (rows,); pairs with a NaN on either side are left out, so that both are judged on
    the same ones. Groups are resampled with a fixed seed, both models together; a p value is the share
    of resampled differences on the other side of 0 or on it, (1 + count) / (1 + resamples) (Davison &
    Hinkley 1997, section 4.4). Few groups that happen to agree would make it far too small, so it is
    never below 1/2 to the power of the groups that differ, the exact sign test's smallest value.
    """
    pairs = consensus(pair_votes(dataset).on(prompts))
    margins = np.stack([pairs.margins(candidate), pairs.margins(champion)])
    kept = pairs.decided & ~np.isnan(margins).any(axis=0)
    if not kept.any():
        return Difference(None, None, 0, 1.0, 1.0)
    outcome, prompt = pairs.outcome[kept], pairs.prompt[kept]
    gains = credit(margins[0, kept], outcome) - credit(margins[1, kept], outcome)
    weights = macro_weights(prompt)
    names = np.array([dataset.prompts[position].group for position in prompt], dtype=object)
    _, group = np.unique(names, return_inverse=True)
    gain, size = (np.bincount(group, weights=each).astype(np.float64) for each in (gains * weights, weights))
    value, n = float(gain.sum() / size.sum()), len(outcome)
    if len(size) < 2:
        return Difference(value, None, n, 1.0, 1.0)
    samples = _resampled(gain, size)
    low, high = np.quantile(samples, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    surest = 0.5 ** int(np.count_nonzero(gain))
    p_better, p_worse = (
        max(surest, (1 + int(np.count_nonzero(against))) / (1 + len(samples)))
        for against in (samples <= 0, samples >= 0)
    )
    return Difference(value, (float(low), float(high)), n, p_better, p_worse)


def _resampled(gain: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    """Resampled ratios of sums of ``gain`` and ``size`` (groups,); fewer where groups are very many."""
    rng = np.random.default_rng(0)
    groups = len(size)
    resamples = min(MOST_RESAMPLES, max(FEWEST_RESAMPLES, _DRAWS // groups))
    step = max(1, _DRAWS_AT_ONCE // groups)
    parts = []
    for start in range(0, resamples, step):
        drawn = rng.integers(0, groups, size=(min(step, resamples - start), groups))
        parts.append(gain[drawn].sum(axis=1) / size[drawn].sum(axis=1))
    return np.concatenate(parts)


def error_share(tries: int, alpha: float) -> float:
    """Error allowed to the ``tries``-th attempt: alpha / (tries (tries + 1)).

    The shares 1/2, 1/6, 1/12, ... of alpha sum to alpha, so however often new recipes are tried against
    a champion, the chance of ever promoting one that is no better stays under alpha (alpha spending
    over an open number of looks; Foster & Stine 2008).

    >>> round(error_share(2, 0.06), 12)
    0.01
    """
    if tries < 1:
        raise ValueError("tries counts this attempt too, so it is at least 1")
    return alpha / (tries * (tries + 1))


def decide(difference: Difference | None, *, same_recipe: bool, tries: int, alpha: float = 0.05) -> Decision:
    """Promote or not; ``difference`` is None where the project has no champion yet.

    The same recipe with more labels is promoted unless it is significantly worse (one-sided, at
    ``alpha``). A new recipe must be significantly better at ``error_share(tries, alpha)``, where
    ``tries`` counts the new recipes held against this champion, this one included.
    """
    if difference is None:
        return Decision(True, "first", "The project's first reward model.")
    if difference.value is None:
        measured = "No held-out pair was scored by both models, so they could not be compared"
    else:
        measured = f"Pair accuracy {100 * difference.value:+.1f} points on {difference.n} held-out pairs"
        if difference.interval is not None:
            low, high = difference.interval
            measured += f" (95 % interval {100 * low:+.1f} to {100 * high:+.1f})"
    if difference.p_worse <= alpha:
        return Decision(False, "worse", f"{measured}: worse than the champion.")
    if difference.p_better <= (alpha if same_recipe else error_share(tries, alpha)):
        return Decision(True, "better", f"{measured}: better than the champion.")
    if same_recipe:
        return Decision(True, "not_worse", f"{measured}: not worse, and it has learned from more labels.")
    message = f"{measured}: not clearly better; a new recipe has to be."
    return Decision(False, "within_noise", message)
