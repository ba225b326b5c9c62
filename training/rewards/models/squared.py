"""Ratings as they are: one target for each rated output, for a plain mean squared error.

The target is the mean over criteria of the output's mean rating, in the raters' own units. While a fit
runs it is standardised, so that neither Adam's step nor the prior's strictness depends on the scale.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.likelihoods import Scores
from training.rewards.models.objective import Objective

Vector = NDArray[np.float64]
CONSTANT: Final = "Every rating is the same: there is nothing to learn from them."
SHARES: Final = "The ratings are on different scales: each was taken as its share of its own, 0 to 1."


@dataclass(frozen=True)
class RatingTargets:
    """Targets of the rated rows, (rated rows,), and where a fit centres and scales them to."""

    row: NDArray[np.int64]
    prompt: NDArray[np.int64]
    value: Vector
    mean: float
    spread: float
    notes: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Dataset, learning: NDArray[np.int64]) -> RatingTargets:
        """Targets of every rated row; mean and spread are those of the ``learning`` prompts' alone."""
        shares = len({(rating.minimum, rating.maximum) for rating in dataset.ratings}) > 1
        given: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        prompt_of: dict[int, int] = {}
        for rating in dataset.ratings:
            row = dataset.row(rating.prompt, rating.completion)
            value = rating.value
            if shares:
                value = (value - rating.minimum) / (rating.maximum - rating.minimum)
            given[row][rating.question].append(value)
            prompt_of[row] = rating.prompt
        rows = np.array(sorted(given), dtype=np.int64)
        values = np.array([np.mean([np.mean(each) for each in given[row].values()]) for row in rows.tolist()])
        prompts = np.array([prompt_of[row] for row in rows.tolist()], dtype=np.int64)
        learned = values[np.isin(prompts, learning)]
        mean = float(learned.mean()) if len(learned) else 0.0
        spread = float(learned.std()) if len(learned) else 0.0
        constant = spread <= 1e-9 * max(1.0, abs(mean))  # beyond rounding
        notes = ((SHARES,) if shares else ()) + ((CONSTANT,) if constant and len(learned) else ())
        return cls(rows, prompts, values.astype(np.float64), mean, 1.0 if constant else spread, notes)

    def objective(
        self, prompts: NDArray[np.int64], index: NDArray[np.int64], counts: Vector | None = None
    ) -> Objective:
        """Squared errors of the prompts' standardised targets, every output alike; ``index`` maps rows to items.

        ``counts`` (prompts of the dataset,) says how often each prompt enters; else once.
        """
        kept = np.isin(self.prompt, prompts)
        if not kept.any():
            return Objective((), fits_ties=False, fits_level=False, labels=0, notes=self.notes)
        weight = np.ones(int(kept.sum())) if counts is None else counts[self.prompt[kept]]
        term = Scores(index[self.row[kept]], (self.value[kept] - self.mean) / self.spread, weight)
        return Objective((term,), fits_ties=False, fits_level=True, labels=len(weight), notes=self.notes)

    def in_units(self, rewards: Vector) -> Vector:
        """Standardised predictions in the ratings' own units."""
        result: Vector = self.mean + self.spread * rewards
        return result
