"""A linear model by the textbook: batches in random order, a number of epochs, Adam.

Written out on the design, so that sparse columns stay sparse. Inputs have variance 1: numbers are
standardised, the columns of an embedding are so on average, n-grams are vectors of length 1. Weights
start at zero. Source: Kingma & Ba 2015, algorithm 1, with its defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.explain import number_unit
from training.rewards.features.space import SPARSE_BLOCKS, Design, FeatureSpace
from training.rewards.likelihoods import Term
from training.rewards.models.objective import Objective
from training.rewards.models.weights import Weights

Vector = NDArray[np.float64]
Places = NDArray[np.int64]
BETAS: Final = (0.9, 0.999)
EPSILON: Final = 1e-8
ITEM_FIELDS: Final = ("first", "second", "row", "items")  # of a term: numbers of items
STILL_FALLING: Final = 0.01  # share of the loss that the last epoch still took off


@dataclass(frozen=True, slots=True)
class AdamSettings:
    """Step, passes over all judgments, judgments in a step, and what the order is drawn by."""

    learning_rate: float = 0.01
    epochs: int = 10
    batch_size: int = 32
    seed: int = 0


@dataclass(frozen=True)
class Loss:
    """The mean loss of an objective's judgments: of squared errors or of negative log-likelihoods.

    ``factor`` 2 makes the halved squares of `Scores` a mean squared error.
    """

    objective: Objective
    factor: float = 1.0

    def at(self, rewards: Vector, tie: float) -> float | None:
        """The loss of rewards (items,); None without judgments."""
        mass = sum(float(_weight(term).sum()) for term in self.objective.terms)
        if not mass:
            return None
        return self.factor * sum(term.at(rewards, tie).loss for term in self.objective.terms) / mass

    def gradient(self, design: Design, factors: Vector, point: Vector, places: Places) -> Vector:
        """Gradient of the mean loss of the judgments at ``places``, in weights, level and tie level."""
        width = design.width
        terms, items = _batch(self.objective.terms, places)
        part = design.take(items)
        level, tie = float(point[width]), float(point[width + 1])
        rewards = part.forward(factors * point[:width]) + level
        found = [term.at(rewards, tie) for term in terms]
        on_rewards = sum((each.gradient for each in found), np.zeros(len(items)))
        gradient = np.empty_like(point)
        gradient[:width] = factors * part.backward(on_rewards)
        gradient[width] = on_rewards.sum() if self.objective.fits_level else 0.0
        gradient[width + 1] = sum(each.tie_gradient for each in found) if self.objective.fits_ties else 0.0
        mass = sum(float(_weight(term).sum()) for term in terms)
        return gradient * (self.factor / mass) if mass else np.zeros_like(point)


def fit_adam(
    design: Design,
    factors: Vector,
    loss: Loss,
    settings: AdamSettings,
    *,
    told: Callable[[int, Vector, float], None] = lambda *_: None,
) -> Weights:
    """Weights after the last epoch, ``factors`` (width,) times what Adam moved.

    ``told(epoch, rewards of every item, tie level)`` is called before the first epoch and after each, and may
    raise to stop. The same settings give the same bytes.
    """
    width = design.width
    point, mean, square = (np.zeros(width + 2) for _ in range(3))
    count = sum(len(_weight(term)) for term in loss.objective.terms)
    rng = np.random.default_rng(settings.seed)
    step = 0

    def rewards() -> Vector:
        found: Vector = design.forward(factors * point[:width]) + point[width]
        return found

    told(0, rewards(), float(point[width + 1]))
    for epoch in range(1, settings.epochs + 1):
        order = rng.permutation(count)
        for start in range(0, count, settings.batch_size):
            gradient = loss.gradient(design, factors, point, order[start : start + settings.batch_size])
            step += 1
            mean += (1 - BETAS[0]) * (gradient - mean)
            square += (1 - BETAS[1]) * (gradient**2 - square)
            unbiased = np.sqrt(square / (1 - BETAS[1] ** step)) + EPSILON
            point -= settings.learning_rate / (1 - BETAS[0] ** step) * mean / unbiased
        told(epoch, rewards(), float(point[width + 1]))
    norm = float(np.linalg.norm(loss.gradient(design, factors, point, np.arange(count)))) if count else 0.0
    tie = float(point[width + 1]) if loss.objective.fits_ties else None
    return Weights(factors * point[:width], float(point[width]), tie, norm)


def unit_factors(space: FeatureSpace) -> Vector:
    """What makes each column of a design an input of the textbook, (width,)."""
    factors = np.zeros(space.width)
    for name, (start, end) in space.columns.items():
        if name in SPARSE_BLOCKS:
            scale = float(space.arrays[f"{name}.scale"][0])
            factors[start:end] = 1 / scale if scale else 0.0
        else:
            factors[start:end] = number_unit(space, name)
    return factors


def falling_note(losses: Sequence[float | None]) -> tuple[str, ...]:
    """A sentence where the training loss was still falling at the end."""
    if len(losses) < 2 or losses[-1] is None or losses[-2] is None:
        return ()
    if losses[-2] - losses[-1] <= STILL_FALLING * abs(losses[-2]):
        return ()
    share = 100 * (losses[-2] - losses[-1]) / abs(losses[-2])
    wish = "more epochs or a larger learning rate would fit the labels better"
    return (f"The loss still fell by {share:.0f} % in the last epoch: {wish}.",)


def _weight(term: Term) -> Vector:
    weight: Vector = term.weight  # type: ignore[attr-defined]  # every term has one weight for each judgment
    return weight


def _batch(terms: Sequence[Term], places: Places) -> tuple[list[Term], Places]:
    """The judgments at ``places`` of all terms laid end to end, over the items they name."""
    cut: list[Any] = []
    start = 0
    for term in terms:
        length = len(_weight(term))
        inside = places[(places >= start) & (places < start + length)] - start
        start += length
        if len(inside):
            cut.append(_taken(term, inside))
    named = [
        getattr(term, name)
        for term in cut
        for name in ITEM_FIELDS
        if name in {field.name for field in fields(term)}
    ]
    items = np.unique(np.concatenate([each.ravel() for each in named]))
    return [_renumbered(term, items) for term in cut], items


def _taken(term: Any, places: Places) -> Any:
    values = {field.name: getattr(term, field.name) for field in fields(term)}
    return replace(
        term, **{name: value[places] for name, value in values.items() if isinstance(value, np.ndarray)}
    )


def _renumbered(term: Any, items: Places) -> Any:
    present = {field.name for field in fields(term)}.intersection(ITEM_FIELDS)
    return replace(term, **{name: np.searchsorted(items, getattr(term, name)) for name in present})
