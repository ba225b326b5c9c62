"""Fits of many comparisons: differences of outputs in single precision, read a block at a time.

Comparisons say something of differences alone, which are half the numbers, and single precision halves
them again. A block stays in the processor's cache from its margins to its share of the gradient, so that
an evaluation reads the features once. Conjugate gradients are preconditioned by the Hessian of a sample
of the comparisons, which leaves a few steps where there were hundreds. The gradient that ends a fit is
in double precision, over the features themselves: single precision only decides which way to go.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve

from training.rewards.features.space import Design
from training.rewards.likelihoods import DavidsonPairs, Derivatives, Pairs
from training.rewards.models.objective import Objective
from training.rewards.models.solver import Multiply, minimise

Vector = NDArray[np.float64]
Found = TypeVar("Found")
BLOCK: Final = 1024  # differences; with 384 columns a block has 1.5 MB
SAMPLE: Final = 16  # blocks that the preconditioner is made of
THREADS: Final = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)
ROUGH: Final = 1e-2  # of the gradient at zero, for a sample
ROUNDING: Final = 1e-8  # of a loss in single precision
SINGLE: Final = 2e-7  # of the gradient at zero; what single precision tells apart
FEWEST: Final = 8 * BLOCK  # comparisons from which this is quicker


@dataclass(frozen=True)
class _Block:
    """Some comparisons: their differences (pairs, columns), and their likelihood over those alone."""

    dense: NDArray[np.float32]
    thin: sparse.csr_array | None
    term: Any

    def forward(self, dense: NDArray[np.float32], thin: Vector) -> Vector:
        """Differences of rewards, and the reward 0 that they are taken against, (pairs + 1,)."""
        result = np.zeros(len(self.dense) + 1)
        result[:-1] = self.dense @ dense
        if self.thin is not None:
            result[:-1] += self.thin @ thin
        return result


class Differences:
    """The comparisons of an objective as blocks of differences of ``design``, which holds every item."""

    def __init__(self, design: Design, objective: Objective, blocks: tuple[_Block, ...]) -> None:
        self.design, self.objective = design, objective
        self._blocks, self._split = blocks, design.dense.shape[1]

    @classmethod
    def of(cls, design: Design, objective: Objective) -> Differences:
        """All comparisons of the objective."""
        parts = [
            (term, slice(start, start + BLOCK))
            for term in objective.terms
            if isinstance(term, Pairs | DavidsonPairs)
            for start in range(0, len(term.first), BLOCK)
        ]
        found = _halves(lambda places: [_block(design, *parts[place]) for place in places], len(parts))
        return cls(design, objective, tuple(found[0] + found[1]))

    def sample(self) -> Differences:
        """Some of the comparisons, each counting for several, so that the sums are nearly the same."""
        places = np.unique(np.linspace(0, len(self._blocks) - 1, SAMPLE).round().astype(int))
        taken = [self._blocks[place] for place in places]
        share = sum(len(each.dense) for each in self._blocks) / sum(len(each.dense) for each in taken)
        blocks = [replace(each, term=replace(each.term, weight=share * each.term.weight)) for each in taken]
        return Differences(self.design, self.objective, tuple(blocks))

    @staticmethod
    def fits(objective: Objective) -> bool:
        """Whether an objective consists of comparisons, and of enough of them."""
        pairs = [term for term in objective.terms if isinstance(term, Pairs | DavidsonPairs)]
        return len(pairs) == len(objective.terms) and sum(len(term.first) for term in pairs) >= FEWEST

    def at(self, weights: Vector, tie: float) -> tuple[float, Vector, float, Multiply]:
        """Loss, gradient in the weights (width,) and in the tie level, and a product with the Hessian.

        The product takes (direction in weights and tie level, anything) and gives its image.
        """
        dense, thin = self._parts(weights)
        losses, gradient, found = self._sweep(
            lambda place: _loss(self._blocks[place], self._blocks[place].forward(dense, thin), tie)
        )

        def multiply(direction: Vector, _: Vector) -> Vector:
            dense, thin = self._parts(direction[:-1])
            step = float(direction[-1])
            tie_image, image, _none = self._sweep(
                lambda place: _image(found[place], self._blocks[place].forward(dense, thin), step)
            )
            return np.append(image, tie_image)

        return losses, gradient, sum(each.tie_gradient for each in found), multiply

    def preconditioner(
        self, weights: Vector, tie: float, scales: Vector, l2: float
    ) -> Callable[[Vector], Vector]:
        """Nearly the inverse of the Hessian in v, where the weights are ``scales * v``, and the tie level.

        It has the dense columns' products with each other and the sparse columns' with themselves.
        """
        dense, thin = self._parts(weights)
        gram = np.zeros((self._split, self._split))
        squares = np.zeros(self.design.width - self._split)
        tie_curvature = 0.0
        for block in self._blocks:
            found: Derivatives = block.term.at(block.forward(dense, thin), tie)
            along = np.ones(len(block.dense) + 1)
            along[-1] = 0.0
            curvature = found.hessian(along, 0.0)[0][:-1]
            half = block.dense * np.sqrt(curvature)[:, None].astype(np.float32)
            gram += half.T @ half
            if block.thin is not None:
                squares += block.thin.power(2).T @ curvature
            tie_curvature += found.hessian(np.zeros(len(block.dense) + 1), 1.0)[1]
        own = scales[: self._split]
        gram *= own[:, None] * own
        gram[np.diag_indices(self._split)] += l2
        factor = cho_factor(gram, lower=True)
        rest = squares * scales[self._split :] ** 2 + l2
        last = max(tie_curvature, 1.0)

        def apply(vector: Vector) -> Vector:
            return np.concatenate(
                [
                    cho_solve(factor, vector[: self._split]),
                    vector[self._split : -1] / rest,
                    vector[-1:] / last,
                ]
            )

        return apply

    def _parts(self, weights: Vector) -> tuple[NDArray[np.float32], Vector]:
        return weights[: self._split].astype(np.float32), weights[self._split :].astype(np.float32)

    def _sweep(
        self, visit: Callable[[int], tuple[float, Vector, Derivatives]]
    ) -> tuple[float, Vector, list[Derivatives]]:
        """Visits every block once: a sum of numbers, of differences times values, and what was found.

        A block's values are multiplied while it is in the cache. The halves are added in one order,
        however many threads there are, so that the bytes are the same.
        """

        def part(places: range) -> tuple[float, Vector, list[Derivatives]]:
            total, image, found = 0.0, np.zeros(self.design.width), []
            for place in places:
                number, values, derivatives = visit(place)
                total += number
                found.append(derivatives)
                block, single = self._blocks[place], values[:-1].astype(np.float32)
                image[: self._split] += single @ block.dense
                if block.thin is not None:
                    image[self._split :] += single @ block.thin
            return total, image, found

        one, other = _halves(part, len(self._blocks))
        return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _halves(work: Callable[[range], Found], count: int) -> tuple[Found, Found]:
    """The work on the first half of ``count`` places and on the rest, at once where there are two threads."""
    first, rest = range(count // 2), range(count // 2, count)
    if THREADS < 2:
        return work(first), work(rest)
    other = _pool().submit(work, rest)
    return work(first), other.result()


@cache
def _pool() -> ThreadPoolExecutor:
    """A second thread, kept: it waits between sweeps."""
    return ThreadPoolExecutor(1)


def _loss(block: _Block, rewards: Vector, tie: float) -> tuple[float, Vector, Derivatives]:
    found: Derivatives = block.term.at(rewards, tie)
    return found.loss, found.gradient, found


def _image(at: Derivatives, direction: Vector, step: float) -> tuple[float, Vector, Derivatives]:
    image, tie_image = at.hessian(direction, step)
    return tie_image, image, at


def _block(design: Design, term: Any, part: slice) -> _Block:
    """The comparisons of ``part`` alone."""
    first, second = term.first[part], term.second[part]
    dense = (design.dense[first] - design.dense[second]).astype(np.float32)
    thin = None
    if design.thin.shape[1]:
        thin = sparse.csr_array(design.thin[first] - design.thin[second]).astype(np.float32)
    cut = {
        field.name: getattr(term, field.name)[part]
        for field in fields(term)
        if isinstance(getattr(term, field.name), np.ndarray)
    }
    count = len(first)
    own = {"first": np.arange(count), "second": np.full(count, count)}
    return _Block(dense, thin, replace(term, **(cut | own)))


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
    zero = np.zeros_like(start)
    scale = float(np.linalg.norm(loss(zero, zero)[1]))

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
    solution = minimise(
        loss,
        start,
        precondition=precondition,
        scale=scale,
        rounding=ROUNDING,
        tolerance=max(tolerance / 2, SINGLE),
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
