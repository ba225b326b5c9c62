"""One head for each rated criterion, and what each counts towards the one reward.

A head is a ridge regression on the criterion's ratings (as in ArmoRM, Wang et al. 2024, arXiv 2406.12845),
as strict as its own inner folds say. What the heads count is fitted on comparisons, by rewards that the
inner folds held out; without comparisons they count alike, each in standard deviations of its ratings.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.rewards.features.space import Design
from training.rewards.models.base import FitInput, FitOutput, Scores
from training.rewards.models.choice import choose_strictness
from training.rewards.models.head import Head
from training.rewards.models.linear_fit import (
    Fitter,
    LinearOptions,
    objective_of,
    rows_of_prompts,
)
from training.rewards.models.linear_reward import linear_model
from training.rewards.models.strictness import Strictness
from training.rewards.models.weights import Weights, fit_weights

Vector = NDArray[np.float64]
Places = NDArray[np.int64]
COMMON: Final = 10.0  # prior deviation of what all heads count together, beside 1 for each one's own part
ALIKE: Final = "There are no comparisons to fit what each criterion counts: they count alike."


def fit_heads(task: FitInput, options: LinearOptions) -> FitOutput:
    """Fits the heads and what they count on train and validation prompts together.

    Validation prompts get their rewards from the same fit without them.
    """
    learning = np.sort(np.concatenate([task.split.train, task.split.validation]))
    validation = np.full(task.dataset.row_count, np.nan)
    if len(task.split.validation) and len(task.split.train):
        narrow = Fitter(task.dataset, task.raw, task.split.train, task.groups, options, task.span)
        found = _heads(task, narrow, task.split.train, {})
        rows = rows_of_prompts(task.dataset, task.split.validation)
        validation[rows] = narrow.rewards(_summed(narrow, found))[task.raw.index[rows]]
    task.report(0.5, "fitting a head for each criterion", None)
    fitter = Fitter(task.dataset, task.raw, learning, task.groups, options, task.span)
    heads = _heads(task, fitter, learning, {})
    known = {head.criterion: head.strictness for head in heads}
    parts = tuple(fitter.rewards(_summed(fitter, _heads(task, fitter, part, known))) for part in task.parts)
    model = linear_model(task, fitter, _summed(fitter, heads), Strictness())
    model.heads = tuple(heads)
    notes = [
        f"What each criterion counts: {', '.join(f'{each.criterion} {each.share:.2f}' for each in heads)}."
    ]
    if not task.dataset.preferences:
        notes.append(ALIKE)
    task.report(1.0, "fitted", None)
    scores = Scores(fitter.rewards(model.weights))
    return FitOutput(model, scores, validation, (), tuple(notes), parts)


def _heads(task: FitInput, fitter: Fitter, prompts: Places, known: Mapping[str, Strictness]) -> list[Head]:
    """Heads by the judgments on ``prompts``; a criterion that is not ``known`` chooses its strictness."""
    dataset, index = task.dataset, task.raw.index
    inside = np.isin(np.arange(len(dataset.prompts)), prompts)
    rows = rows_of_prompts(dataset, prompts)
    heads: list[Head] = []
    honest: list[Vector] = []
    for criterion in sorted({rating.question for rating in dataset.ratings if inside[rating.prompt]}):
        task.check()
        own = copy(fitter)
        ratings = tuple(rating for rating in dataset.ratings if rating.question == criterion)
        own.dataset = replace(dataset, preferences=(), verdicts=(), ratings=ratings)
        objective = own.objective(prompts)
        if not objective.terms:  # every rating is the same
            continue
        held_out = None
        strictness = known.get(criterion)
        if strictness is None:
            choice = choose_strictness(own, should_stop=task.check)
            strictness, held_out = choice.strictness, choice.held_out
        weights = own.solver(prompts).fit(objective, strictness)
        values = own.design.forward(weights.columns)
        heads.append(Head(criterion, weights.columns, 0.0, float(values[index[rows]].mean()), strictness))
        if held_out is not None:
            seen = np.flatnonzero(np.isfinite(held_out))
            values[index[seen]] = held_out[seen] - weights.intercept
        honest.append(values)
    if not heads:
        return []
    shares = mixing(fitter, prompts, np.stack(honest))
    return [replace(head, share=float(share)) for head, share in zip(heads, shares, strict=True)]


def mixing(fitter: Fitter, prompts: Places, values: Vector) -> Vector:
    """What each head counts, (heads,), by the comparisons on ``prompts``; ``values`` (heads, items).

    Their common weight is free but for a wide prior, and each one's own part is drawn to it, so that few
    comparisons leave the heads alike. Without comparisons each counts the same.
    """
    count = len(values)
    plain = replace(fitter.dataset, ratings=(), verdicts=())
    options = replace(fitter.options, strengths="scale")
    objective = objective_of(plain, prompts, fitter.raw.index, options)
    if not objective.terms:
        return np.full(count, 1.0 / count)
    columns = np.vstack([values.mean(axis=0), values]).T
    design = Design(np.ascontiguousarray(columns), sparse.csr_array((columns.shape[0], 0)))
    scales = np.concatenate([[COMMON], np.ones(count)])
    found = fit_weights(design, objective, scales, 1.0).columns
    shares: Vector = found[0] / count + found[1:]
    return shares


def _summed(fitter: Fitter, heads: list[Head]) -> Weights:
    """The heads as one vector of weights, centred in training."""
    columns = np.zeros(fitter.space.width)
    for head in heads:
        columns = columns + head.share * head.columns
    return Weights(columns, -sum(head.share * head.centre for head in heads), None, 0.0)
