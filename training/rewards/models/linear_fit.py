"""Fitting w in R(x) = w.x + b, and choosing how strongly to hold it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.features.space import Design, FeatureSpace, Raw
from training.rewards.models.objective import Objective, Rankings, Strengths, Ties, build_objective
from training.rewards.models.solver import Multiply, minimise
from training.rewards.models.span import LearningSpan, Span
from training.rewards.splits import folds

Vector = NDArray[np.float64]

# How much each block of features may say (prior variance of its part of a reward difference).
BLOCK_VARIANCE: Final[Mapping[str, float]] = {
    "encoder": 1.0,
    "product": 0.5,
    "cosine": 0.05,
    "words": 0.5,
    "characters": 0.5,
}
L2_GRID: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
NUMBERS_GRID: Final = (0.03, 0.1, 0.3, 1.0)
DEFAULT_L2: Final = 1.0
DEFAULT_NUMBERS: Final = 0.1
INNER_FOLDS: Final = 3
_ROUGH: Final = 1e-3
_EXACT: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Strictness:
    """``l2`` on all weights; ``numbers`` is the prior variance of the style and the given block."""

    l2: float = DEFAULT_L2
    numbers: float = DEFAULT_NUMBERS


@dataclass(frozen=True, slots=True)
class LinearOptions:
    """How judgments enter; ``l2`` and ``numbers`` None are chosen by inner cross-validation."""

    ties: Ties = "davidson"
    rankings: Rankings = "pairs"
    strengths: Strengths = "scale"
    l2: float | None = None
    numbers: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of every column of the space (width,), the intercept, the tie level and what they cost."""

    columns: Vector
    intercept: float
    tie_level: float | None
    gradient_norm: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen strictness and the held-out rewards (rows,) of the learning prompts that it gave."""

    strictness: Strictness
    held_out: Vector | None
    losses: tuple[tuple[Strictness, float], ...]


def block_scales(space: FeatureSpace, strictness: Strictness) -> Vector:
    """Standard deviation that the prior allows each column's block, shape (width,)."""
    scales = np.zeros(space.width)
    for name, (start, end) in space.columns.items():
        scales[start:end] = np.sqrt(BLOCK_VARIANCE.get(name, strictness.numbers))
    return scales


def fit_weights(
    design: Design,
    objective: Objective,
    scales: Vector,
    l2: float,
    *,
    start: Weights | None = None,
    tolerance: float = _EXACT,
) -> Weights:
    """Minimises the objective plus ``l2 / 2 * |v|^2`` where the weights are ``scales * v``.

    ``design`` holds the items that the objective's terms number. The intercept and the tie level are
    not held back. Raises ConvergenceError when the gradient stays large.
    """
    width = design.width
    fits = np.array([objective.fits_level, objective.fits_ties], dtype=np.float64)
    # A term that ties alone feed would be flat in the intercept: a fixed parameter is pinned at its start.
    pinned = 1.0 - fits

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

        def multiply(direction: Vector, _: Vector) -> Vector:
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
    solution = minimise(loss, initial, tolerance=tolerance)
    tie_level = float(solution.point[width + 1]) if objective.fits_ties else None
    return Weights(
        scales * solution.point[:width], float(solution.point[width]), tie_level, solution.gradient_norm
    )


class Fitter:
    """Everything that fits on one learning part share: the space, every item's features, the span.

    The space is that of all learning prompts: it reads their texts, never their labels.
    """

    def __init__(
        self,
        dataset: Dataset,
        raw: Raw,
        learning: NDArray[np.int64],
        groups: Mapping[str, bool],
        options: LinearOptions,
        span: Span | None = None,
    ) -> None:
        self.dataset, self.raw, self.learning = dataset, raw, learning
        self.groups, self.options = groups, options
        self.items = items_of_prompts(dataset, raw, learning)
        self.space = FeatureSpace.fit(raw, self.items, groups)
        self.design = self.space.transform(raw)
        self._span = (
            None if span is None else LearningSpan(span, self.space, self.design, self.items, BLOCK_VARIANCE)
        )

    def objective(self, prompts: NDArray[np.int64], counts: Vector | None = None) -> Objective:
        """The judgments on ``prompts``, each prompt ``counts`` (prompts of the dataset,) times."""
        return objective_of(self.dataset, prompts, self.raw.index, self.options, counts)

    def solver(self, prompts: NDArray[np.int64]) -> Solver:
        """Fits on judgments on ``prompts``."""
        return Solver(self, self._span, items_of_prompts(self.dataset, self.raw, prompts))

    def rewards(self, weights: Weights) -> Vector:
        """Rewards of every item of ``raw``."""
        return self.design.forward(weights.columns) + weights.intercept


class Solver:
    """Fits on the same outputs again and again, each starting where the last one ended."""

    def __init__(self, fitter: Fitter, span: LearningSpan | None, items: NDArray[np.int64]) -> None:
        self._fitter, self._span = fitter, span
        self._part = None if span is None else span.part(items)
        self._last: Weights | None = None

    def fit(self, objective: Objective, strictness: Strictness, tolerance: float = _EXACT) -> Weights:
        """Weights with a gradient, in all columns, that is as small as asked. Raises ConvergenceError.

        A fit in the span is only where the fit in the columns starts, which then has little left to do.
        """
        scales = block_scales(self._fitter.space, strictness)
        start = self._last
        if self._span is not None and self._part is not None:
            found = self._part.fit(objective, strictness.numbers, strictness.l2, tolerance / 2)
            columns = self._span.weights(found.places, found.coefficients, scales)
            tie = found.tie if objective.fits_ties else None
            start = Weights(columns, found.level, tie, found.gradient_norm)
            if tolerance > _EXACT:
                return start
        self._last = fit_weights(
            self._fitter.design, objective, scales, strictness.l2, start=start, tolerance=tolerance
        )
        return self._last


class InnerFold:
    """One inner fold: what is learned from, and what that is judged by."""

    def __init__(self, fitter: Fitter, learning: NDArray[np.int64], held_out: NDArray[np.int64]) -> None:
        self._fitter, self._solver = fitter, fitter.solver(learning)
        self.objective = fitter.objective(learning)
        self._judged = fitter.objective(held_out)
        self.held_out_rows = rows_of_prompts(fitter.dataset, held_out)

    def loss(self, strictness: Strictness) -> tuple[float, Vector]:
        """Held-out loss (a sum) and rewards (items,) at this strictness."""
        weights = self._solver.fit(self.objective, strictness, _ROUGH)
        rewards = self._fitter.rewards(weights)
        tie = weights.tie_level or 0.0
        return sum(term.at(rewards, tie).loss for term in self._judged.terms), rewards


def objective_of(
    dataset: Dataset,
    prompts: NDArray[np.int64],
    index: NDArray[np.int64],
    options: LinearOptions,
    counts: Vector | None = None,
) -> Objective:
    """The objective of the prompts' judgments under these options; ``index`` (rows,) maps to items."""
    return build_objective(
        dataset,
        prompts,
        index,
        ties=options.ties,
        rankings=options.rankings,
        strengths=options.strengths,
        counts=counts,
    )


def items_of_prompts(dataset: Dataset, raw: Raw, prompts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Distinct items that the prompts' completions are, sorted."""
    return np.unique(raw.index[rows_of_prompts(dataset, prompts)])


def rows_of_prompts(dataset: Dataset, prompts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of the prompts' completions, in the order of the prompts."""
    starts = dataset.offsets[prompts]
    counts = dataset.offsets[prompts + 1] - starts
    rows: NDArray[np.int64] = np.arange(counts.sum()) + np.repeat(
        starts - (np.cumsum(counts) - counts), counts
    )
    return rows


def choose_strictness(fitter: Fitter, *, should_stop: Callable[[], None] = lambda: None) -> Choice:
    """The strictness with the least held-out loss over inner folds of the learning prompts' groups.

    A walk over the two grids from the defaults, one step at a time to the better neighbour, so that the
    loss is evaluated at few places. ``should_stop`` is called before each fit and may raise.
    """
    options, dataset, learning = fitter.options, fitter.dataset, fitter.learning
    fixed = Strictness(options.l2 or DEFAULT_L2, options.numbers or DEFAULT_NUMBERS)
    names = [dataset.prompts[prompt].group for prompt in learning]
    if len(set(names)) < INNER_FOLDS:
        return Choice(fixed, None, ())
    inner = [
        InnerFold(fitter, learning[part.train], learning[part.test])
        for part in folds(names, salt="strictness", folds=INNER_FOLDS, validation_fraction=0.0)
    ]
    if not all(fold.objective.terms for fold in inner):
        return Choice(fixed, None, ())
    known: dict[Strictness, tuple[float, list[Vector]]] = {}

    def cost(strictness: Strictness) -> float:
        if strictness not in known:
            should_stop()
            results = [fold.loss(strictness) for fold in inner]
            known[strictness] = (sum(value for value, _ in results), [rewards for _, rewards in results])
        return known[strictness][0]

    best = fixed
    l2_grid = L2_GRID if options.l2 is None else (best.l2,)
    numbers_grid = (
        NUMBERS_GRID if options.numbers is None and _has_numbers(fitter.groups) else (best.numbers,)
    )
    best = _descend(best, l2_grid, lambda at, l2: Strictness(l2, at.numbers), lambda at: at.l2, cost)
    best = _descend(
        best, numbers_grid, lambda at, numbers: Strictness(at.l2, numbers), lambda at: at.numbers, cost
    )
    best = _descend(best, l2_grid, lambda at, l2: Strictness(l2, at.numbers), lambda at: at.l2, cost)
    cost(best)
    held_out = np.full(dataset.row_count, np.nan)
    for fold, rewards in zip(inner, known[best][1], strict=True):
        held_out[fold.held_out_rows] = rewards[fitter.raw.index[fold.held_out_rows]]
    losses = tuple((strictness, value) for strictness, (value, _) in known.items())
    return Choice(best, held_out, losses)


def _has_numbers(groups: Mapping[str, bool]) -> bool:
    """Whether the ratio of number blocks to text blocks matters: both kinds are on."""
    return (groups["style"] or groups["given"]) and (groups["encoder"] or groups["ngrams"])


def _descend(
    at: Strictness,
    grid: Sequence[float],
    moved: Callable[[Strictness, float], Strictness],
    read: Callable[[Strictness], float],
    cost: Callable[[Strictness], float],
) -> Strictness:
    """Walks along one grid while the next place is better."""
    place = grid.index(read(at))
    for step in (1, -1):
        walked = False
        while 0 <= place + step < len(grid) and cost(moved(at, grid[place + step])) < cost(at):
            place += step
            at = moved(at, grid[place])
            walked = True
        if walked:
            break
    return at
