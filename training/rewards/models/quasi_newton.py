"""Limited-memory quasi-Newton: one gradient a step, where Newton's method takes several Hessian products."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.models.solver import ConvergenceError, Solution

Vector = NDArray[np.float64]

MEMORY: Final = 20  # steps whose curvature is remembered
MOST_STEPS: Final = 200
SHORTEST: Final = 1e-6  # share of a step


def descend(
    objective: Callable[[Vector], tuple[float, Vector]],
    start: Vector,
    *,
    precondition: Callable[[Vector], Vector],
    goal: float,
    enough: float | None = None,
    rounding: float = 1e-12,
) -> Solution:
    """Minimises a convex function until its gradient's norm is at most ``goal``.

    ``objective`` answers value and gradient (n,) at a point (n,). ``precondition``, a rough inverse of the
    Hessian, is what the remembered steps correct. Steps are cut until they lower the value enough (Armijo)
    or, where values differ by no more than ``rounding``, the gradient. Where no step does, a norm of at most
    ``enough`` is accepted: rounding may leave nothing between it and ``goal``. Source: Nocedal & Wright 2006,
    algorithms 7.4 and 7.5, with the preconditioner as the initial matrix.

    Raises ConvergenceError when that is not reached.
    """
    point = start.astype(np.float64, copy=True)
    value, gradient = objective(point)
    steps: deque[tuple[Vector, Vector]] = deque(maxlen=MEMORY)
    enough = goal if enough is None else enough
    for count in range(MOST_STEPS + 1):
        norm = float(np.linalg.norm(gradient))
        if norm <= goal or (count == MOST_STEPS and norm <= enough):
            return Solution(point, value, norm, count)
        if count == MOST_STEPS:
            break
        direction = -_two_loops(steps, gradient, precondition)
        slope = float(gradient @ direction)
        if slope >= 0:
            raise ConvergenceError(f"no direction downwards at gradient norm {norm:.3g}")
        length = 1.0
        while True:
            candidate = point + length * direction
            new_value, new_gradient = objective(candidate)
            if new_value <= value + 1e-4 * length * slope or (
                abs(new_value - value) <= rounding * max(1.0, abs(value))
                and float(np.linalg.norm(new_gradient)) < norm
            ):
                break
            if norm <= enough:
                return Solution(point, value, norm, count)
            length /= 2
            if length < SHORTEST:
                raise ConvergenceError(f"no step lowers the loss at gradient norm {norm:.3g} > {goal:.3g}")
        step, change = candidate - point, new_gradient - gradient
        if float(step @ change) > 0:  # what rounding turned round says nothing of curvature
            steps.append((step, change))
        point, value, gradient = candidate, new_value, new_gradient
    raise ConvergenceError(f"gradient norm {norm:.3g} > {goal:.3g} after {MOST_STEPS} steps")


def _two_loops(
    steps: deque[tuple[Vector, Vector]], gradient: Vector, precondition: Callable[[Vector], Vector]
) -> Vector:
    """The remembered inverse of the Hessian times the gradient, (n,): algorithm 7.4."""
    rest = gradient.copy()
    shares = []
    for step, change in reversed(steps):
        share = float(step @ rest) / float(step @ change)
        rest -= share * change
        shares.append(share)
    result = precondition(rest)
    for (step, change), share in zip(steps, reversed(shares), strict=True):
        result = result + (share - float(change @ result) / float(step @ change)) * step
    return result
