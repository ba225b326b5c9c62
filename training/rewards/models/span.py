"""Fitting w in the span of the outputs, where a step costs one small matrix-vector product.

The minimiser of a convex loss of rewards plus ``l2 / 2 |v|^2`` is a combination of the outputs' features
(Kimeldorf & Wahba 1971), so inner products of outputs are all that a fit needs. Text features are the
same numbers in every fold up to one scale for each block: their inner products are computed once and
shared by every fold, every strictness and every bootstrap sample.

Where judgments only compare, rewards matter up to a constant for each set of outputs that comparisons
connect: each output is then taken relative to the first of its set, which leaves fewer unknowns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from training.rewards.data import Dataset
from training.rewards.features.space import Design, FeatureSpace, Raw
from training.rewards.models.objective import Objective
from training.rewards.models.solver import Multiply, minimise
from training.rewards.models.strictness import VARIANCE_OF_BLOCK, VARIANCES, Strictness

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
MOST_UNITS: Final = 3_000


@dataclass(frozen=True)
class Span:
    """Unknowns (*units*) of every fit on a dataset, and their inner products by block of text features.

    ``item`` (units,) is the distinct output of each unit, ``reference`` (units,) the output it is taken
    relative to, -1 for none. ``grams`` hold (units, units) for each block of one scale.
    """

    item: NDArray[np.int64]
    reference: NDArray[np.int64]
    grams: Mapping[str, Matrix]

    @classmethod
    def of(cls, dataset: Dataset, raw: Raw, prompts: NDArray[np.int64]) -> Span | None:
        """The span of the judgments on ``prompts``; None where it is too large to be quicker."""
        item, reference = _units(dataset, raw, prompts)
        if len(item) > MOST_UNITS:
            return None
        grams: dict[str, Matrix] = {}
        based = reference >= 0
        for name in ("encoder", "product", "cosine", "minilm"):
            if name in raw.blocks:
                values = raw.blocks[name] - raw.blocks[name].mean(axis=0)
                rows = values[item]
                rows[based] -= values[reference[based]]
                grams[name] = rows @ rows.T
        change = sparse.csr_array(
            (
                np.concatenate([np.ones(len(item)), -np.ones(int(based.sum()))]),
                (
                    np.concatenate([np.arange(len(item)), np.flatnonzero(based)]),
                    np.concatenate([item, reference[based]]),
                ),
            ),
            shape=(len(item), len(raw.items)),
        )
        for name, vectors in (("words", raw.words), ("characters", raw.characters)):
            if vectors is not None:
                changed = sparse.csr_array(change @ vectors)
                grams[name] = (changed @ changed.T).toarray()
        return cls(item, reference, grams)


def _units(
    dataset: Dataset, raw: Raw, prompts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Items of the units and their references."""
    offsets = dataset.offsets
    absolute = dataset.ratings or dataset.verdicts or any(judged.both_bad for judged in dataset.preferences)
    if absolute or not dataset.preferences:
        wanted = np.zeros(len(dataset.prompts), dtype=bool)
        wanted[prompts] = True
        items = np.unique(raw.index[np.repeat(wanted, np.diff(offsets))])
        return items, np.full(len(items), -1, dtype=np.int64)
    first, second = raw.index[dataset.implied.first], raw.index[dataset.implied.second]
    count = len(raw.items)
    graph = sparse.coo_array((np.ones(len(first)), (first, second)), shape=(count, count))
    _, label = connected_components(graph, directed=False)
    _, lowest = np.unique(label, return_index=True)
    reference = lowest[label]
    items = np.flatnonzero(reference != np.arange(count))
    return items, reference[items].astype(np.int64)


class LearningSpan:
    """The span of one learning part under its own scales; ``design`` holds every item."""

    def __init__(self, span: Span, space: FeatureSpace, design: Design, items: NDArray[np.int64]) -> None:
        units = np.flatnonzero(np.isin(span.item, items))
        self.design = design
        self._units, self._grams = units, dict(span.grams)
        self._item, self._reference = span.item[units], span.reference[units]
        self._scales = {name: float(space.arrays[f"{name}.scale"][0]) for name in span.grams}
        columns = [np.zeros((len(design.dense), 0))]
        columns += [
            design.dense[:, slice(*space.columns[name])]
            for name in ("style", "given")
            if name in space.columns
        ]
        values = np.hstack(columns)
        rows = values[self._item]
        based = self._reference >= 0
        rows[based] -= values[self._reference[based]]
        self._numbers = rows @ rows.T

    def part(self, items: NDArray[np.int64]) -> SpanPart:
        """Fits that only judgments on ``items`` enter."""
        return SpanPart(self, np.flatnonzero(np.isin(self._item, items)))

    def grams(self, places: NDArray[np.int64]) -> Matrix:
        """Inner products of the units at ``places`` for each of ``VARIANCES``, (variances, units, units)."""
        found = np.zeros((len(VARIANCES), len(places), len(places)))
        for name, gram in self._grams.items():
            part = gram.take(self._units[places], axis=0).take(self._units[places], axis=1)
            part *= self._scales[name] ** 2
            found[VARIANCES.index(VARIANCE_OF_BLOCK[name])] += part
        found[VARIANCES.index("numbers")] += self._numbers[np.ix_(places, places)]
        return found

    def item_of(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Items of the units at ``places``."""
        return self._item[places]

    def weights(self, places: NDArray[np.int64], coefficients: Vector, scales: Vector) -> Vector:
        """Weights (width,) of a combination of the units at ``places``."""
        on_items = np.bincount(
            self._item[places], weights=coefficients, minlength=len(self.design.dense)
        ).astype(np.float64)
        reference = self._reference[places]
        based = reference >= 0
        np.subtract.at(on_items, reference[based], coefficients[based])
        return scales**2 * self.design.backward(on_items)


@dataclass(frozen=True, slots=True)
class SpanFit:
    """Coefficients of the units at ``places``, level, tie level, and the gradient's norm there."""

    places: NDArray[np.int64]
    coefficients: Vector
    level: float
    tie: float
    gradient_norm: float


class SpanPart:
    """Fits on some of the learning judgments, each starting where the last one ended."""

    def __init__(self, learning: LearningSpan, places: NDArray[np.int64]) -> None:
        self._learning, self._places = learning, places
        self._grams = learning.grams(places).reshape(len(VARIANCES), -1)
        self._gram: tuple[tuple[float, ...], Matrix] | None = None
        self._last: Vector | None = None

    def fit(self, objective: Objective, strictness: Strictness, tolerance: float) -> SpanFit:
        """Minimises the objective plus ``l2 / 2 |v|^2``. Raises ConvergenceError."""
        if self._gram is None or self._gram[0] != strictness.variances:
            shape = (len(self._places), len(self._places))
            self._gram = (
                strictness.variances,
                (np.array(strictness.variances) @ self._grams).reshape(shape),
            )
        gram, count, l2 = self._gram[1], len(self._places), strictness.l2
        items = self._learning.item_of(self._places)
        total = len(self._learning.design.dense)
        fits = np.array([objective.fits_level, objective.fits_ties], dtype=np.float64)
        pinned = 1.0 - fits

        def metric(vector: Vector) -> Vector:
            return np.concatenate([gram @ vector[:count], vector[count:]])

        def spread(values: Vector, level: float) -> Vector:
            rewards = np.full(total, level)
            rewards[items] += values
            return rewards

        def loss(point: Vector, image: Vector) -> tuple[float, Vector, Multiply]:
            level, tie = float(point[count]), float(point[count + 1])
            parts = [term.at(spread(image[:count], level), tie) for term in objective.terms]
            value = (
                sum(part.loss for part in parts)
                + l2 / 2 * float(point[:count] @ image[:count])
                + float(pinned @ point[count:] ** 2) / 2
            )
            on_rewards = sum((part.gradient for part in parts), np.zeros(total))
            gradient = np.empty_like(point)
            gradient[:count] = on_rewards[items] + l2 * point[:count]
            gradient[count:] = fits * [on_rewards.sum(), sum(part.tie_gradient for part in parts)]
            gradient[count:] += pinned * point[count:]

            def multiply(direction: Vector, along: Vector) -> Vector:
                moved = spread(along[:count], float(fits[0] * direction[count]))
                images = [part.hessian(moved, float(fits[1] * direction[count + 1])) for part in parts]
                on_items = sum((image for image, _ in images), np.zeros(total))
                result = np.empty_like(direction)
                result[:count] = on_items[items] + l2 * direction[:count]
                result[count:] = fits * [on_items.sum(), sum(tie for _, tie in images)]
                result[count:] += pinned * direction[count:]
                return result

            return value, gradient, multiply

        start = np.zeros(count + 2) if self._last is None else self._last
        solution = minimise(loss, start, metric=metric, tolerance=tolerance)
        self._last = solution.point
        return SpanFit(
            self._places,
            solution.point[:count],
            float(solution.point[count]),
            float(solution.point[count + 1]),
            solution.gradient_norm,
        )
