"""Fitting a linear reward model by epochs of Adam, with a live curve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.rewards.metrics import credit
from training.rewards.models.adam import AdamSettings, Loss, falling_note, fit_adam, unit_factors
from training.rewards.models.base import FitInput, FitOutput, Scores
from training.rewards.models.linear_fit import Fitter, LinearOptions, rows_of_prompts
from training.rewards.models.linear_reward import linear_model
from training.rewards.models.strictness import Strictness
from training.rewards.models.weights import Weights
from training.rewards.targets import consensus, pair_votes


def fit_by_epochs(task: FitInput, options: LinearOptions) -> FitOutput:
    """Fits by Adam: once on the training prompts, which shows how the validation prompts fare, then on both.

    Without validation prompts there is the second fit alone.
    """
    settings = AdamSettings(
        **{name: task.options[name] for name in ("learning_rate", "epochs", "batch_size")}, seed=task.seed
    )
    learning = np.sort(np.concatenate([task.split.train, task.split.validation]))
    validation = np.full(task.dataset.row_count, np.nan)
    judged = len(task.split.validation) > 0 and len(task.split.train) > 0
    if judged:
        fitter, weights, curve, _ = _epochs(task, options, settings, task.split.train, (0.0, 0.5))
        rows = rows_of_prompts(task.dataset, task.split.validation)
        validation[rows] = fitter.rewards(fitter.in_units(weights))[task.raw.index[rows]]
    fitter, weights, own, losses = _epochs(
        task, options, settings, learning, (0.5, 1.0) if judged else (0.0, 1.0), told=not judged
    )
    factors, factor = unit_factors(fitter.space), 2.0 if fitter.targets is not None else 1.0
    parts = []
    for part in task.parts:
        task.check()
        fitted = fit_adam(fitter.design, factors, Loss(fitter.objective(part), factor), settings)
        parts.append(fitter.rewards(fitter.in_units(fitted)))
    model = linear_model(task, fitter, weights, Strictness())
    scores = Scores(fitter.rewards(model.weights))
    notes = (*fitter.objective(learning).notes, *falling_note(losses))
    return FitOutput(model, scores, validation, tuple(curve if judged else own), notes, tuple(parts))


def _epochs(
    task: FitInput,
    options: LinearOptions,
    settings: AdamSettings,
    prompts: NDArray[np.int64],
    share: tuple[float, float],
    *,
    told: bool = True,
) -> tuple[Fitter, Weights, list[dict[str, Any]], list[float | None]]:
    """A fit on ``prompts`` with its live curve, in the ratings' units where there are any, and losses."""
    fitter = Fitter(task.dataset, task.raw, prompts, task.groups, options)
    targets = fitter.targets
    factor, unit = (1.0, 1.0) if targets is None else (2.0, targets.spread**2)
    loss = Loss(fitter.objective(prompts), factor)
    held_out = Loss(fitter.objective(np.setdiff1d(task.split.validation, prompts)), factor)
    pairs = consensus(pair_votes(task.dataset).on(np.setdiff1d(task.split.validation, prompts)))
    curve: list[dict[str, Any]] = []
    losses: list[float | None] = []

    def follow(epoch: int, rewards: NDArray[np.float64], tie: float) -> None:
        task.check()
        found = [each.at(rewards, tie) for each in (loss, held_out)]
        losses.append(found[0])
        margin = pairs.margins(rewards[task.raw.index])[pairs.decided]
        right = credit(margin, pairs.outcome[pairs.decided])
        curve.append(
            {
                "step": epoch,
                "train_loss": None if found[0] is None else found[0] * unit,
                "validation_loss": None if found[1] is None else found[1] * unit,
                "validation_accuracy": float(right.mean()) if len(right) else None,
            }
        )
        progress = share[0] + (share[1] - share[0]) * epoch / settings.epochs
        task.report(progress, f"epoch {epoch} of {settings.epochs}", curve[-1] if told else None)

    weights = fit_adam(fitter.design, unit_factors(fitter.space), loss, settings, told=follow)
    return fitter, weights, curve, losses
