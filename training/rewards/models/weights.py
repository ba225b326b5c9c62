"""Fitting w in R(x) = w.x + b to an objective at a given strictness, to a proven gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.features.space import Design
from training.rewards.models.approach import Approach, approach
from training.rewards.models.differences import Differences
from training.rewards.models.objective import Objective
from training.rewards.models.solver import Multiply, minimise

Vector = NDArray[np.float64]
EXACT: Final = 1e-7  # of the gradient at zero: what a fit that is kept must reach


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of every column of the space (width,), the intercept, the tie level and what they cost."""

    columns: Vector
    intercept: float
    tie_level: float | None
    gradient_norm: float


def fit_weights(
    design: Design,
    objective: Objective,
    scales: Vector,
    l2: float,
    *,
    start: Weights | None = None,
    tolerance: float = EXACT,
    differences: Differences | None = None,
) -> Weights:
    """Minimises the objective plus ``l2 / 2 * |v|^2`` where the weights are ``scales * v``.

    ``design`` holds the items that the objective's terms number. The intercept and the tie level are
    not held back. ``differences`` are the objective's comparisons, for a quicker way to the same end.
    Raises ConvergenceError when the gradient stays large.
    """
    width = design.width
    fits = np.array([objective.fits_level, objective.fits_ties], dtype=np.float64)
    # A term that ties alone feed would be flat in the intercept: a fixed parameter is pinned at its start.
    pinned = 1.0 - fits
    near: Approach | None = None

    def loss(point: Vector, _: Vector) -> tuple[float, Vector, Multiply]:
        v, level, tie = point[:width], float(point[width]), float(point[width + 1])
        rewards = design.forward(scales * v) + level
        parts = [term.at(rewards, tie) for term in objective.terms]
        value = (
            sum(part.loss for part in parts) + l2 / 2 * float(v @ v) + float(pinned @ point[width:] ** 2) / 2
        )
        on_rewards = sum((part.gradient for part in parts), np.zeros(len(rewards)))
        gradient = np.empty_like(point)
        gradient[:width] = scales * design.backward(on_rewards) + l2 * v
        gradient[width:] = fits * [on_rewards.sum(), sum(part.tie_gradient for part in parts)]
        gradient[width:] += pinned * point[width:]

        def multiply(direction: Vector, image: Vector) -> Vector:
            if near is not None:
                return near.loss(point, point)[2](direction, image)
            along = design.forward(scales * direction[:width]) + fits[0] * direction[width]
            images = [part.hessian(along, float(fits[1] * direction[width + 1])) for part in parts]
            on_items = sum((image for image, _ in images), np.zeros(len(rewards)))
            result = np.empty_like(direction)
            result[:width] = scales * design.backward(on_items) + l2 * direction[:width]
            result[width:] = (
                fits * [on_items.sum(), sum(tie for _, tie in images)] + pinned * direction[width:]
            )
            return result

        return value, gradient, multiply

    initial = np.zeros(width + 2)
    if start is not None:
        initial[:width] = np.divide(start.columns, scales, out=np.zeros(width), where=scales > 0)
        initial[width], initial[width + 1] = start.intercept, start.tie_level or 0.0
    if differences is not None:
        near = approach(differences, scales, l2, initial, tolerance)
        if tolerance > EXACT:
            return _weights(near.point, scales, near.gradient_norm, fits_ties=objective.fits_ties)
        initial = near.point
    solution = minimise(
        loss,
        initial,
        precondition=None if near is None else near.precondition,
        scale=None if near is None else near.scale,
        tolerance=tolerance,
    )
    return _weights(solution.point, scales, solution.gradient_norm, fits_ties=objective.fits_ties)


def _weights(point: Vector, scales: Vector, gradient_norm: float, *, fits_ties: bool) -> Weights:
    """The weights of (v, level, tie level)."""
    width = len(scales)
    tie_level = float(point[width + 1]) if fits_ties else None
    return Weights(scales * point[:width], float(point[width]), tie_level, gradient_norm)
