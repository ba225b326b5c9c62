"""Fits of many comparisons: differences of outputs in single precision, read a block at a time.

Comparisons say something of differences alone, which are half the numbers, and single precision halves
them again. A block stays in the processor's cache from its margins to its share of the gradient, so that
an evaluation reads the features once. What single precision finds is where a proof in double precision
starts: see ``approach``.
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
from training.rewards.models.solver import Multiply

Vector = NDArray[np.float64]
Found = TypeVar("Found")
BLOCK: Final = 1024  # differences; with 384 columns a block has 1.5 MB
SAMPLE: Final = 16  # blocks that the preconditioner is made of
THREADS: Final = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)
GATHERED: Final = 128  # differences taken at once, which stay in the processor's nearest large cache
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

    def backward(self, values: Vector, image: Vector) -> None:
        """Adds the differences times ``values`` (pairs + 1,) to ``image`` (width,)."""
        single, split = values[:-1].astype(np.float32), self.dense.shape[1]
        image[:split] += single @ self.dense
        if self.thin is not None:
            image[split:] += single @ self.thin


class Differences:
    """The comparisons of an objective as blocks of differences of ``design``, which holds every item."""

    def __init__(
        self, design: Design, objective: Objective, blocks: tuple[_Block, ...], at_zero: tuple[Vector, float]
    ) -> None:
        self.design, self.objective = design, objective
        self.at_zero = at_zero  # the gradient in the weights (width,) and in the tie level, all of them 0
        self._blocks, self._split = blocks, design.dense.shape[1]

    @classmethod
    def of(cls, design: Design, objective: Objective) -> Differences:
        """All comparisons of the objective; the gradient at zero is made while a block is in the cache."""
        parts = [
            (term, slice(start, start + BLOCK))
            for term in objective.terms
            if isinstance(term, Pairs | DavidsonPairs)
            for start in range(0, len(term.first), BLOCK)
        ]

        def part(places: range) -> tuple[list[_Block], Vector, float]:
            blocks, gradient, tie_gradient = [], np.zeros(design.width), 0.0
            for place in places:
                block = _block(design, *parts[place])
                found: Derivatives = block.term.at(np.zeros(len(block.dense) + 1), 0.0)
                block.backward(found.gradient, gradient)
                tie_gradient += found.tie_gradient
                blocks.append(block)
            return blocks, gradient, tie_gradient

        one, other = _halves(part, len(parts))
        return cls(design, objective, tuple(one[0] + other[0]), (one[1] + other[1], one[2] + other[2]))

    def sample(self) -> Differences:
        """Some of the comparisons, each counting for several, so that the sums are nearly the same."""
        places = np.unique(np.linspace(0, len(self._blocks) - 1, SAMPLE).round().astype(int))
        taken = [self._blocks[place] for place in places]
        share = sum(len(each.dense) for each in self._blocks) / sum(len(each.dense) for each in taken)
        blocks = [replace(each, term=replace(each.term, weight=share * each.term.weight)) for each in taken]
        return Differences(self.design, self.objective, tuple(blocks), self.at_zero)

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

        def part(places: range) -> tuple[Vector, Vector, float]:
            gram = np.zeros((self._split, self._split))
            squares = np.zeros(self.design.width - self._split)
            tie_curvature = 0.0
            for block in (self._blocks[place] for place in places):
                found: Derivatives = block.term.at(block.forward(dense, thin), tie)
                along = np.ones(len(block.dense) + 1)
                along[-1] = 0.0
                curvature = found.hessian(along, 0.0)[0][:-1]
                half = block.dense * np.sqrt(curvature)[:, None].astype(np.float32)
                gram += half.T @ half
                if block.thin is not None:
                    squares += block.thin.power(2).T @ curvature
                tie_curvature += found.hessian(np.zeros(len(block.dense) + 1), 1.0)[1]
            return gram, squares, tie_curvature

        one, other = _halves(part, len(self._blocks))
        gram, squares, tie_curvature = one[0] + other[0], one[1] + other[1], one[2] + other[2]
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
                self._blocks[place].backward(values, image)
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
    dense = _differences(design.dense, first, second)
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


def _differences(
    dense: NDArray[np.float64], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Rows ``first`` of ``dense`` less its rows ``second``, in single precision, (pairs, columns)."""
    result = np.empty((len(first), dense.shape[1]), dtype=np.float32)
    for start in range(0, len(first), GATHERED):
        part = slice(start, start + GATHERED)
        np.subtract(dense[first[part]], dense[second[part]], out=result[part], casting="same_kind")
    return result
