"""What reading ratings and verdicts through their annotators' leniency is worth on prompts not fitted on."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.metrics import macro_weights
from training.rewards.models.leniency import (
    CONSTANT,
    FEWEST,
    FEWEST_PEOPLE,
    PRIOR,
    Given,
    Places,
    Vector,
    given_ratings,
    given_verdicts,
    logistic_loss,
    logistic_weights,
    rating_offsets,
    rating_stretches,
    verdict_offsets,
)
from training.rewards.splits import folds

FOLDS: Final = 3


def held_out_loss(dataset: Dataset, prompts: Places, rewards: Vector, *, apart: bool) -> float | None:
    """Mean negative log-likelihood of ratings plus that of verdicts, every prompt counting once; None without any.

    Level, slope, noise and, where ``apart``, annotators are fitted on the other groups of prompts. ``rewards`` (rows,) must
    come from fits that did not see the row's prompt.
    """
    names = [dataset.prompts[prompt].group for prompt in prompts]
    if len(set(names)) < FOLDS:
        return None
    total, found = 0.0, False
    for reader, loss in ((given_ratings, _rating_loss), (given_verdicts, _verdict_loss)):
        given = reader(dataset, prompts, rewards)
        if not len(given.value):
            continue
        found = True
        weight, costs = macro_weights(given.prompt), np.zeros(len(given.value))
        for part in folds(names, salt="leniency", folds=FOLDS, validation_fraction=0.0):
            judged = np.isin(given.prompt, prompts[part.test])
            if judged.any() and not judged.all():
                costs[judged] = loss(_take(given, ~judged, FEWEST), _take(given, judged, 0), apart=apart)
        total += float(weight @ costs / weight.sum())
    return total if found else None


def _take(given: Given, which: NDArray[np.bool_], fewest: int) -> Given:
    """Some judgments; who has fewer than ``fewest`` of them is read as the average."""
    who = given.who[which]
    count = np.bincount(who[who >= 0], minlength=len(given.names))
    enough = np.flatnonzero(count >= fewest)
    place = np.full(len(given.names) + 1, -1)
    place[enough] = np.arange(len(enough))
    return Given(
        given.value[which],
        given.reward[which],
        place[who],
        given.prompt[which],
        tuple(given.names[each] for each in enough),
    )


def _rating_loss(learned: Given, judged: Given, *, apart: bool) -> Vector:
    """Negative log density of each judged rating."""
    offsets, stretches = np.zeros(len(learned.names)), np.zeros(len(learned.names))
    if apart and len(learned.names) >= FEWEST_PEOPLE:
        stretches = rating_stretches(learned)
        offsets = rating_offsets(learned, np.exp(-learned.of(stretches)) * learned.value)
    there = _numbered(judged, learned.names)

    def read(given: Given) -> Vector:
        return np.exp(-given.of(stretches)) * given.value - given.of(offsets)

    design = np.column_stack([np.ones(len(learned.value)), learned.reward])
    line = np.linalg.lstsq(design, read(learned))[0]
    variance = float(np.mean((read(learned) - design @ line) ** 2)) + CONSTANT
    rest = read(there) - line[0] - line[1] * there.reward
    density: Vector = np.log(2 * np.pi * variance) / 2 + rest**2 / (2 * variance) + there.of(stretches)
    return density


def _verdict_loss(learned: Given, judged: Given, *, apart: bool) -> Vector:
    """Log loss of each judged verdict."""
    logits = np.zeros(len(learned.names))
    if apart and len(learned.names) >= FEWEST_PEOPLE and 0 < learned.value.mean() < 1:
        logits = verdict_offsets(learned)
    there = _numbered(judged, learned.names)
    design = np.column_stack([np.ones(len(learned.value)), learned.reward])
    line = logistic_weights(design, learned.value, learned.of(logits), np.array([PRIOR, PRIOR]))
    return logistic_loss(line[0] + line[1] * there.reward + there.of(logits), judged.value)


def _numbered(given: Given, names: tuple[str, ...]) -> Given:
    """The judgments with annotators numbered by ``names``."""
    place = {name: number for number, name in enumerate(names)}
    who = np.array([*(place.get(name, -1) for name in given.names), -1], dtype=np.int64)[given.who]
    return Given(given.value, given.reward, who, given.prompt, names)
