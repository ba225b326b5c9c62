"""What can be had without a model: rewards by length, by style and by the source's name.

A reward model that does not beat these has learned nothing that they do not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from training.rewards.data import Dataset
from training.rewards.features.style import style_matrix
from training.rewards.splits import Split
from training.rewards.targets import Pairs, consensus, pair_votes

PENALTY: Final = 1.0
MOST_STEPS: Final = 100
TOLERANCE: Final = 1e-8
ROUNDING: Final = 1e-12  # by so much, relative, a sum of logarithms may seem to fall where it does not
BASELINES: Final = ("length", "style", "source")


@dataclass(frozen=True, slots=True)
class Baseline:
    """Rewards of shape (rows,), NaN where a row was not held out; or the reason why there are none."""

    rewards: NDArray[np.float64] | None
    reason: str = ""


def fit_baselines(
    dataset: Dataset, train_prompts: NDArray[np.int64], *, style: NDArray[np.float64] | None = None
) -> dict[str, Baseline]:
    """Baselines "length", "style" and "source", fitted on ``train_prompts`` alone, for every row.

    Each is a logistic Bradley-Terry model of the decided consensus pairs (the chance that one output
    wins is the sigmoid of the reward difference) with a standard normal prior on its weights,
    features being scaled to unit deviation on the training rows:

    - length: logarithm of one plus the code points, and its square, so that the training part decides
      whether longer or shorter wins and whether there can be too much of it;
    - style: the columns of ``style_matrix`` (pass ``style`` if it is at hand);
    - source: one strength for each source's name; 0 for a source that training never saw.
    """
    return _Fitter(dataset, style).fit(train_prompts)


def held_out_baselines(
    dataset: Dataset, splits: Sequence[Split], *, style: NDArray[np.float64] | None = None
) -> dict[str, Baseline]:
    """Each baseline's rewards of every test prompt by the fit of that prompt's own fold, NaN elsewhere.

    A baseline that could not be fitted in one of the folds has none, with the first such reason.
    """
    fitter = _Fitter(dataset, style)
    held_out = {name: np.full(dataset.row_count, np.nan) for name in BASELINES}
    reasons: dict[str, str] = {}
    for split in splits:
        rows = np.isin(fitter.prompt_of_row, split.test)
        for name, baseline in fitter.fit(split.train).items():
            if baseline.rewards is None:
                reasons.setdefault(name, baseline.reason)
            else:
                held_out[name][rows] = baseline.rewards[rows]
    return {
        name: Baseline(None, reasons[name]) if name in reasons else Baseline(rewards)
        for name, rewards in held_out.items()
    }


class _Fitter:
    """Features and consensus of a dataset, prepared once for fits on several training parts."""

    def __init__(self, dataset: Dataset, style: NDArray[np.float64] | None) -> None:
        lengths = np.log1p([len(completion.text) for _, completion in dataset.rows])
        self.prompt_of_row = np.repeat(np.arange(len(dataset.prompts)), np.diff(dataset.offsets))
        self._length = np.stack([lengths, lengths**2], axis=1)
        self._style = style_matrix(dataset.rows) if style is None else style
        self._sources = np.array([completion.source for _, completion in dataset.rows], dtype=str)
        self._pairs = consensus(pair_votes(dataset))

    def fit(self, train: NDArray[np.int64]) -> dict[str, Baseline]:
        kept = self._pairs.decided & np.isin(self._pairs.prompt, train)
        if not kept.any():
            return {name: Baseline(None, "no decided pair in the training part") for name in BASELINES}
        inside = np.isin(self.prompt_of_row, train)
        winner, loser = _winners(self._pairs, kept)
        return {
            "length": Baseline(_linear(self._length, inside, winner, loser)),
            "style": Baseline(_linear(self._style, inside, winner, loser)),
            "source": self._by_source(winner, loser),
        }

    def _by_source(self, winner: NDArray[np.int64], loser: NDArray[np.int64]) -> Baseline:
        named = (self._sources[winner] != "") & (self._sources[loser] != "")
        seen = np.unique(np.concatenate([self._sources[winner[named]], self._sources[loser[named]]]))
        if len(seen) < 2:
            return Baseline(None, "fewer than two named sources in the training part")
        games = np.stack(
            [np.searchsorted(seen, self._sources[side[named]]) for side in (winner, loser)], axis=1
        )
        games, counts = np.unique(games[games[:, 0] != games[:, 1]], axis=0, return_counts=True)
        if len(games) == 0:
            return Baseline(None, "no pair of different sources in the training part")
        identity = np.eye(len(seen))
        strengths = bradley_terry(identity[games[:, 0]] - identity[games[:, 1]], counts.astype(np.float64))
        position = np.minimum(np.searchsorted(seen, self._sources), len(seen) - 1)
        return Baseline(np.where(seen[position] == self._sources, strengths[position], 0.0))


def bradley_terry(
    differences: NDArray[np.float64], counts: NDArray[np.float64], penalty: float = PENALTY
) -> NDArray[np.float64]:
    """Weights w that maximise sum counts log sigmoid(differences w) - penalty / 2 |w|^2, shape (features,).

    ``differences`` (games, features) are winner less loser (Bradley & Terry 1952, with a Gaussian
    prior). Newton's method with step halving; the objective is strictly concave, so the maximum is
    unique. Raises ArithmeticError if the gradient does not vanish within ``MOST_STEPS`` steps.
    """
    weights = np.zeros(differences.shape[1])
    objective = _objective(differences, counts, penalty, weights)
    for _ in range(MOST_STEPS):
        upset = expit(-differences @ weights)
        gradient = differences.T @ (counts * upset) - penalty * weights
        if np.abs(gradient).max(initial=0.0) <= TOLERANCE * (1 + counts.sum()):
            return weights
        curvature = (differences * (counts * upset * (1 - upset))[:, None]).T @ differences
        step = np.linalg.solve(curvature + penalty * np.eye(len(weights)), gradient)
        size = 1.0
        least = objective - ROUNDING * (1 + abs(objective))
        while (new := _objective(differences, counts, penalty, weights + size * step)) < least:
            size /= 2
            if size < np.finfo(float).eps:
                break
        weights, objective = weights + size * step, new
    raise ArithmeticError("the Bradley-Terry fit did not converge")


def _objective(
    differences: NDArray[np.float64],
    counts: NDArray[np.float64],
    penalty: float,
    weights: NDArray[np.float64],
) -> float:
    likelihood = -counts @ np.logaddexp(0, -differences @ weights)
    return float(likelihood - penalty / 2 * weights @ weights)


def _linear(
    features: NDArray[np.float64],
    inside: NDArray[np.bool_],
    winner: NDArray[np.int64],
    loser: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Rewards (rows,) linear in features of unit deviation on the training rows; constant columns are left out."""
    spread = features[inside].std(axis=0)
    scaled = features[:, spread > 0] / spread[spread > 0]
    weights = bradley_terry(scaled[winner] - scaled[loser], np.ones(len(winner)))
    rewards: NDArray[np.float64] = scaled @ weights
    return rewards


def _winners(pairs: Pairs, kept: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    won_first = pairs.outcome[kept] > 0
    first, second = pairs.first[kept], pairs.second[kept]
    return np.where(won_first, first, second), np.where(won_first, second, first)
