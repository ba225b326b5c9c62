"""The way to the minimum of many comparisons in single precision, to where double precision proves it.

Steps are preconditioned by the Hessian of a sample of the comparisons, which leaves a few where there were
hundreds, and each reads the differences once. The gradient that ends a fit is in double precision, over
the features themselves: single precision only decides which way to go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.models.differences import Differences
from training.rewards.models.quasi_newton import descend
from training.rewards.models.solver import ConvergenceError, Multiply, minimise

Vector = NDArray[np.float64]
ROUGH: Final = 1e-2  # of the gradient at zero, for a sample
ROUNDING: Final = 1e-8  # of a loss in single precision
SINGLE: Final = 2e-7  # of the gradient at zero; what single precision tells apart at the worst
AIM: Final = 0.6  # of the tolerance: what rounding adds then seldom asks for another step in double precision


@dataclass(frozen=True)
class Approach:
    """A point near the minimum, how large the gradient is at zero, and what helps on the way from there."""

    point: Vector
    scale: float
    gradient_norm: float
    precondition: Callable[[Vector], Vector]
    loss: Callable[[Vector, Vector], tuple[float, Vector, Multiply]]


def approach(
    differences: Differences, scales: Vector, l2: float, start: Vector, tolerance: float
) -> Approach:
    """Minimises the comparisons' loss plus ``l2 / 2 |v|^2`` as far as single precision goes.

    Points are (v, level, tie level), the weights being ``scales * v``; a level says nothing of comparisons
    and stays 0, as does the tie level where it is not fitted. Without a start a sample of the comparisons
    finds one. Raises ConvergenceError.
    """
    width, fits_ties = len(scales), differences.objective.fits_ties
    sample = differences.sample()
    loss = _penalised(differences, scales, l2)
    at_zero, tie_at_zero = differences.at_zero
    scale = float(np.linalg.norm(np.append(scales * at_zero, tie_at_zero if fits_ties else 0.0)))

    def preconditioner(point: Vector) -> Callable[[Vector], Vector]:
        rough = sample.preconditioner(scales * point[:width], float(point[width + 1]), scales, l2)

        def apply(vector: Vector) -> Vector:
            found = rough(np.delete(vector, width))
            return np.append(found[:-1], [vector[width], found[-1] if fits_ties else vector[width + 1]])

        return apply

    if not start.any():
        some = _penalised(sample, scales, l2)
        start = minimise(
            some, start, precondition=preconditioner(start), rounding=ROUNDING, tolerance=ROUGH
        ).point
    precondition = preconditioner(start)
    enough = max(AIM * tolerance, SINGLE)
    try:
        solution = descend(
            lambda point: loss(point, point)[:2],
            start,
            precondition=precondition,
            goal=AIM * tolerance * max(1.0, scale),
            enough=enough * max(1.0, scale),
            rounding=ROUNDING,
        )
    except ConvergenceError:  # products with the Hessian itself go where the remembered steps did not
        solution = minimise(
            loss, start, precondition=precondition, scale=scale, rounding=ROUNDING, tolerance=enough
        )
    return Approach(solution.point, scale, solution.gradient_norm, precondition, loss)


def _penalised(
    differences: Differences, scales: Vector, l2: float
) -> Callable[[Vector, Vector], tuple[float, Vector, Multiply]]:
    """The comparisons' loss and the penalty as a function of (v, level, tie level)."""
    width, fits_ties = len(scales), differences.objective.fits_ties

    def loss(point: Vector, _: Vector) -> tuple[float, Vector, Multiply]:
        v, level, tie = point[:width], float(point[width]), float(point[width + 1])
        value, gradient, tie_gradient, product = differences.at(scales * v, tie)
        value += l2 / 2 * float(v @ v) + level**2 / 2 + (0.0 if fits_ties else tie**2 / 2)
        gradient = np.append(scales * gradient + l2 * v, [level, tie_gradient if fits_ties else tie])

        def multiply(direction: Vector, image: Vector) -> Vector:
            step = float(direction[width + 1])
            found = product(np.append(scales * direction[:width], step if fits_ties else 0.0), image)
            own = scales * found[:-1] + l2 * direction[:width]
            return np.append(own, [direction[width], found[-1] if fits_ties else step])

        return value, gradient, multiply

    return loss
