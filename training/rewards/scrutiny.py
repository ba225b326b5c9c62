"""What an experiment's further fits are made of: without a source, and against doubtful labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.models.base import FitInput, Fitted
from training.rewards.models.choice import choose_strictness
from training.rewards.models.linear import LinearModel
from training.rewards.models.linear_fit import Fitter, LinearOptions
from training.rewards.recipe import Recipe, Scheme
from training.rewards.refits import Refits
from training.rewards.second_look import (
    FEWEST_PAIRS,
    KIND,
    cross_fitted,
    nothing,
    second_look,
    unanimous,
)
from training.rewards.sources import Fit
from training.rewards.splits import Split

Vector = NDArray[np.float64]


def like_each_fold(task: FitInput, recipe: Recipe, models: Sequence[Fitted]) -> Fit | None:
    """Fits on fewer judgments, as strict as the split's own of ``models``; None for kinds that take too long."""
    own = [model for model in models if isinstance(model, LinearModel)]
    if len(own) < len(models) or not own[0].options.plain:
        return None
    refits = Refits(task.raw, recipe.features, own[0].options, task.span, task.check)

    def fit(number: int, dataset: Dataset, learning: NDArray[np.int64]) -> Vector:
        return refits.rewards(dataset, learning, own[number].strictness)

    return fit


def labels_doubted(
    task: FitInput, recipe: Recipe, scheme: Scheme, splits: Sequence[Split], rewards: Vector, *, salt: str
) -> dict[str, Any]:
    """Labels to look at again (see ``second_look``), by linear fits on the same features.

    Of a cross-validation, ``rewards`` (rows,) of the model's own folds must be against a label too. A holdout's
    test part is left alone: were its labels changed where a model says otherwise, the figures of the next
    model would be too good.
    """
    if not any(recipe.features.values()):
        return nothing(KIND)
    learning = np.sort(np.concatenate([splits[0].train, splits[0].validation]))
    prompts = learning if scheme == "holdout" else np.sort(np.concatenate([learning, splits[0].test]))
    if len(unanimous(task.dataset, prompts)) < FEWEST_PAIRS:
        return second_look(task.dataset, prompts, [])
    options = LinearOptions()
    fitter = Fitter(task.dataset, task.raw, learning, recipe.features, options, task.span)
    strictness = choose_strictness(fitter, should_stop=task.check).strictness
    refits = Refits(task.raw, recipe.features, options, task.span, task.check)
    found = cross_fitted(task.dataset, prompts, refits, strictness, salt=salt)
    return second_look(task.dataset, prompts, found if scheme == "holdout" else [rewards, *found])
