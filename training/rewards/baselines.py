"""What can be had without a model: rewards by length, by style and by the source's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.splits import Split


@dataclass(frozen=True, slots=True)
class Baseline:
    """Rewards of shape (rows,), NaN where a row was not held out; or the reason why there are none."""

    rewards: NDArray[np.float64] | None
    reason: str = ""


def fit_baselines(dataset: Dataset, train_prompts: NDArray[np.int64]) -> dict[str, Baseline]:
    """Baselines "length", "style" and "source", fitted on ``train_prompts`` alone, for every row."""
    return {}


def held_out_baselines(dataset: Dataset, splits: Sequence[Split]) -> dict[str, Baseline]:
    """Each baseline's rewards of every test prompt, by the fit of that prompt's own fold."""
    return {}
