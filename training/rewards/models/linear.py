"""Fitting R(x) = w.x + b: the linear reward model, in log-odds of being preferred or in a rating's units."""

from __future__ import annotations

import numpy as np

from training.rewards.models.base import FitInput, FitOutput, Scores
from training.rewards.models.criteria import fit_heads
from training.rewards.models.epochs import fit_by_epochs
from training.rewards.models.likelihood_choice import choose_likelihood
from training.rewards.models.linear_fit import Fitter, LinearOptions
from training.rewards.models.linear_reward import LinearModel, linear_model
from training.rewards.models.warm import STARTED, carried

__all__ = ["LinearModel", "fit"]


def fit(task: FitInput) -> FitOutput:
    """Fits on train and validation prompts together.

    Strictness is chosen by cross-validation inside them; the same inner folds give every validation
    prompt a reward from a fit without its group, on which thresholds can be set honestly.
    """
    learning = np.sort(np.concatenate([task.split.train, task.split.validation]))
    options = LinearOptions(**task.options)
    if options.optimizer == "adam":
        return fit_by_epochs(task, options)
    if options.criteria == "heads":
        return fit_heads(task, options)
    task.report(0.0, "choosing how strict to be", None)
    fitter = Fitter(task.dataset, task.raw, learning, task.groups, options, task.span)
    likelihood = choose_likelihood(fitter, should_stop=task.check)
    fitter, choice = likelihood.fitter, likelihood.choice
    task.report(0.7, "fitting", None)
    solver = fitter.solver(learning)
    parts = []
    for part in task.parts:
        task.check()
        fitted = solver.fit(fitter.objective(part), choice.strictness)
        parts.append(fitter.rewards(fitter.in_units(fitted)))
    objective = fitter.objective(learning)
    older = task.start if isinstance(task.start, LinearModel) and not fitter.in_span else None
    start = None if older is None else carried(older.space, older.weights, fitter)
    weights = (solver if start is None else fitter.solver(learning, start)).fit(objective, choice.strictness)
    model = linear_model(task, fitter, weights, choice.strictness)
    rewards = choice.held_out
    if rewards is None:
        # Too few groups for inner folds: the validation prompts are scored by a fit without them.
        rewards = np.full(task.dataset.row_count, np.nan)
        if len(task.split.validation) and len(task.split.train):
            narrow = fitter.solver(task.split.train).fit(
                fitter.objective(task.split.train), choice.strictness
            )
            rewards = fitter.rewards(fitter.in_units(narrow))[task.raw.index]
    elif fitter.targets is not None:
        rewards = fitter.targets.in_units(rewards)
    task.report(1.0, "fitted", None)
    scores = Scores(fitter.rewards(model.weights))
    notes = (*objective.notes, *likelihood.notes, *([STARTED] if start is not None else []))
    return FitOutput(model, scores, rewards, (), notes, tuple(parts), likelihood.report)
