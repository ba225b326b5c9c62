"""Simulated annotators: votes and answers whose truth is known."""

from __future__ import annotations

import numpy as np

from annotation.annotators.votes import Votes

GOOD = 2.0


def votes_simulated(
    units: int = 1500,
    annotators: int = 12,
    overlap: int = 3,
    *,
    seed: int = 0,
    beta: dict[int, float] | None = None,
    position: dict[int, float] | None = None,
    longer: dict[int, float] | None = None,
    ties: bool = False,
) -> tuple[Votes, np.ndarray]:
    """Votes by careful annotators but for those named, and which side of each pair is better (1 or -1)."""
    random = np.random.default_rng(seed)
    careful = np.full(annotators, GOOD)
    places, lengths = np.zeros(annotators), np.zeros(annotators)
    for values, special in ((careful, beta), (places, position), (lengths, longer)):
        for index, value in (special or {}).items():
            values[index] = value
    difference = random.normal(size=units)
    unit_longer = random.choice([-1, 1], units)
    unit = np.repeat(np.arange(units), overlap)
    annotator = np.concatenate([random.permutation(annotators)[:overlap] for _ in range(units)])
    shown = random.choice([-1, 1], len(unit))
    x = (
        careful[annotator] * difference[unit]
        + places[annotator] * shown
        + lengths[annotator] * unit_longer[unit]
    )
    weights = np.stack([np.exp(-x / 2), np.full(len(x), 0.4 if ties else 0.0), np.exp(x / 2)], axis=1)
    shares = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    outcome = (random.random((len(x), 1)) > shares).sum(axis=1) - 1
    votes = Votes(
        unit=unit,
        annotator=annotator,
        outcome=outcome,
        shown=shown,
        longer=unit_longer[unit],
        weight=np.ones(len(unit)),
        row=np.arange(len(unit)),
        units=units,
        annotators=annotators,
    )
    return votes, np.where(difference > 0, 1, -1)


def labels_simulated(
    units: int, accuracies: list[float], overlap: int, *, categories: int = 3, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Unit, annotator and category of labels, and the true categories; wrong answers are equally likely."""
    random = np.random.default_rng(seed)
    true = random.integers(0, categories, units)
    unit = np.repeat(np.arange(units), overlap)
    annotator = np.concatenate([random.permutation(len(accuracies))[:overlap] for _ in range(units)])
    right = random.random(len(unit)) < np.array(accuracies)[annotator]
    wrong = (true[unit] + random.integers(1, categories, len(unit))) % categories
    return unit, annotator, np.where(right, true[unit], wrong), true
