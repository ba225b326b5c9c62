"""Truncated Newton for smooth convex functions, stopping only at a proven small gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Multiply = Callable[[Vector, Vector], Vector]
Objective = Callable[[Vector, Vector], tuple[float, Vector, Multiply]]

MOST_STEPS: Final = 100
MOST_INNER_STEPS: Final = 500


class ConvergenceError(ArithmeticError):
    """The gradient did not become small enough: no answer is better than a wrong one."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Where the minimum is, and the gradient norm there that proves it."""

    point: Vector
    value: float
    gradient_norm: float
    steps: int


def minimise(
    objective: Objective,
    start: Vector,
    *,
    metric: Callable[[Vector], Vector] = lambda vector: vector,
    precondition: Callable[[Vector], Vector] | None = None,
    scale: float | None = None,
    rounding: float = 1e-12,
    tolerance: float = 1e-6,
) -> Solution:
    """Minimises a convex function by Newton's method with conjugate gradients inside.

    Vectors may be coefficients of a longer vector that is never written out: ``metric`` maps coefficients
    to their image under the Gram matrix, and lengths are those of the longer vector. ``objective``
    gets the point's coefficients and image and answers value, gradient coefficients (n,) and a product of
    the Hessian with (coefficients, image). Done when the gradient's norm is at most ``tolerance * max(1,
    norm of the gradient at zero)``, which ``scale`` gives where it is known. Steps are cut until they lower
    the value enough (Armijo). ``precondition``, a rough inverse of the Hessian, spares inner steps;
    ``rounding`` is the relative error of values. Source: Nocedal & Wright 2006, algorithms 7.1, 5.3 and 3.1.

    Raises ConvergenceError when that is not reached.
    """
    point = start.astype(np.float64, copy=True)
    image = metric(point)
    value, gradient, multiply = objective(point, image)
    if scale is None:
        zero = np.zeros_like(point)
        first = objective(zero, zero)[1] if point.any() else gradient
        scale = _norm(first, metric(first))
    scale = max(1.0, scale)
    goal = tolerance * scale
    for step in range(MOST_STEPS + 1):
        gradient_image = metric(gradient)
        norm = _norm(gradient, gradient_image)
        if norm <= goal:
            return Solution(point, value, norm, step)
        if step == MOST_STEPS:
            break
        forcing = min(0.1, float(np.sqrt(norm / scale)))
        direction, along = _conjugate_gradients(
            multiply, -gradient, -gradient_image, metric, precondition, max(forcing * norm, 0.5 * goal)
        )
        slope = float(gradient @ along)
        if slope >= 0:
            raise ConvergenceError(f"no direction downwards at gradient norm {norm:.3g}")
        length = 1.0
        while True:
            candidate = point + length * direction
            reached = image + length * along
            new_value, new_gradient, new_multiply = objective(candidate, reached)
            if new_value <= value + 1e-4 * length * slope or (
                # At the very bottom values differ by rounding only: a smaller gradient is progress too.
                abs(new_value - value) <= rounding * max(1.0, abs(value))
                and _norm(new_gradient, metric(new_gradient)) < norm
            ):
                break
            length /= 2
            if length < 1e-10:
                raise ConvergenceError(f"no step lowers the loss at gradient norm {norm:.3g} > {goal:.3g}")
        point, image = candidate, reached
        value, gradient, multiply = new_value, new_gradient, new_multiply
    raise ConvergenceError(f"gradient norm {norm:.3g} > {goal:.3g} after {MOST_STEPS} steps")


def _norm(vector: Vector, image: Vector) -> float:
    """Length of what the coefficients ``vector`` stand for; rounding may turn a zero negative."""
    return float(np.sqrt(max(float(vector @ image), 0.0)))


def _conjugate_gradients(
    multiply: Multiply,
    target: Vector,
    target_image: Vector,
    metric: Callable[[Vector], Vector],
    precondition: Callable[[Vector], Vector] | None,
    goal: float,
) -> tuple[Vector, Vector]:
    """Solves Hessian x = target until the residual's norm is at most ``goal``; x and its image.

    Any iterate is a descent direction, so running out of steps costs speed only.
    """

    def towards(residual: Vector, image: Vector) -> tuple[Vector, Vector]:
        if precondition is None:
            return residual, image
        found = precondition(residual)
        return found, metric(found)

    solution, solution_image = np.zeros_like(target), np.zeros_like(target)
    residual, residual_image = target.copy(), target_image
    direction, direction_image = towards(residual.copy(), residual_image)
    product_along = max(float(residual @ direction_image), 0.0)
    for _ in range(MOST_INNER_STEPS):
        if _norm(residual, residual_image) <= goal:
            break
        product = multiply(direction, direction_image)
        curvature = float(direction_image @ product)
        if curvature <= 0:
            break
        step = product_along / curvature
        solution = solution + step * direction
        solution_image = solution_image + step * direction_image
        residual = residual - step * product
        residual_image = metric(residual)
        next_direction, next_image = towards(residual, residual_image)
        fresh = max(float(residual @ next_image), 0.0)
        direction = next_direction + (fresh / product_along) * direction
        direction_image = next_image + (fresh / product_along) * direction_image
        product_along = fresh
    if not solution.any():
        return towards(target, target_image)
    return solution, solution_image
