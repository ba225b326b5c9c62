"""Truncated Newton for smooth convex functions, stopping only at a proven small gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Multiply = Callable[[Vector], Vector]
Objective = Callable[[Vector], tuple[float, Vector, Multiply]]

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


def minimise(objective: Objective, start: Vector, *, tolerance: float = 1e-6) -> Solution:
    """Minimises a convex function by Newton's method with conjugate gradients inside.

    ``objective(x)`` answers value, gradient (n,) and a Hessian-vector product. Done when the gradient's
    norm is at most ``tolerance * max(1, norm of the gradient at zero)``. Steps are cut until they lower
    the value enough (Armijo). Source: Nocedal & Wright 2006, algorithms 7.1 and 3.1.

    Raises ConvergenceError when that is not reached.
    """
    point = start.astype(np.float64, copy=True)
    value, gradient, multiply = objective(point)
    reference = objective(np.zeros_like(point))[1] if point.any() else gradient
    goal = tolerance * max(1.0, float(np.linalg.norm(reference)))
    for step in range(MOST_STEPS):
        norm = float(np.linalg.norm(gradient))
        if norm <= goal:
            return Solution(point, value, norm, step)
        forcing = min(0.1, float(np.sqrt(norm / max(1.0, float(np.linalg.norm(reference))))))
        direction = _conjugate_gradients(multiply, -gradient, max(forcing * norm, 0.5 * goal))
        slope = float(gradient @ direction)
        if slope >= 0:
            raise ConvergenceError(f"no direction downwards at gradient norm {norm:.3g}")
        length = 1.0
        while True:
            candidate = point + length * direction
            new_value, new_gradient, new_multiply = objective(candidate)
            # At the very bottom values differ by rounding only: a smaller gradient is progress too.
            if new_value <= value + 1e-4 * length * slope or (
                abs(new_value - value) <= 1e-12 * max(1.0, abs(value)) and np.linalg.norm(new_gradient) < norm
            ):
                break
            length /= 2
            if length < 1e-10:
                raise ConvergenceError(f"no step lowers the loss at gradient norm {norm:.3g} > {goal:.3g}")
        point, value, gradient, multiply = candidate, new_value, new_gradient, new_multiply
    norm = float(np.linalg.norm(gradient))
    if norm <= goal:
        return Solution(point, value, norm, MOST_STEPS)
    raise ConvergenceError(f"gradient norm {norm:.3g} > {goal:.3g} after {MOST_STEPS} steps")


def _conjugate_gradients(multiply: Multiply, target: Vector, goal: float) -> Vector:
    """Solves Hessian x = target until the residual's norm is at most ``goal``.

    Any iterate is a descent direction, so running out of steps costs speed only.
    """
    solution = np.zeros_like(target)
    residual = target.copy()
    direction = residual.copy()
    squared = float(residual @ residual)
    for _ in range(MOST_INNER_STEPS):
        if np.sqrt(squared) <= goal:
            break
        image = multiply(direction)
        curvature = float(direction @ image)
        if curvature <= 0:
            break
        step = squared / curvature
        solution += step * direction
        residual -= step * image
        fresh = float(residual @ residual)
        direction = residual + (fresh / squared) * direction
        squared = fresh
    return solution if solution.any() else target
