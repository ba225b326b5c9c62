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
from training.rewards.splits import folds

Vector = NDArray[np.float64]

# How much each block of features may say (prior variance of its part of a reward difference).
BLOCK_VARIANCE: Final[Mapping[str, float]] = {
    "encoder": 1.0,
    "product": 0.2,
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

    def loss(point: Vector) -> tuple[float, Vector, Multiply]:
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

        def multiply(direction: Vector) -> Vector:
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


class InnerFold:
    """One inner fold: objectives of its two parts on a shared design, warm-started from fit to fit."""

    def __init__(
        self,
        dataset: Dataset,
        index: NDArray[np.int64],
        design: Design,
        space: FeatureSpace,
        learning: NDArray[np.int64],
        held_out: NDArray[np.int64],
        options: LinearOptions,
    ) -> None:
        self._design, self._space = design, space
        self.objective = objective_of(dataset, learning, index, options)
        self._judged = objective_of(dataset, held_out, index, options)
        self.held_out_rows = rows_of_prompts(dataset, held_out)
        self._last: Weights | None = None

    def loss(self, strictness: Strictness) -> tuple[float, Vector]:
        """Held-out loss (a sum) and rewards (items,) at this strictness."""
        scales = block_scales(self._space, strictness)
        weights = fit_weights(
            self._design, self.objective, scales, strictness.l2, start=self._last, tolerance=_ROUGH
        )
        self._last = weights
        rewards = self._design.forward(weights.columns) + weights.intercept
        tie = weights.tie_level or 0.0
        return sum(term.at(rewards, tie).loss for term in self._judged.terms), rewards


def objective_of(
    dataset: Dataset, prompts: NDArray[np.int64], index: NDArray[np.int64], options: LinearOptions
) -> Objective:
    """The objective of the prompts' judgments under these options; ``index`` (rows,) maps to items."""
    return build_objective(
        dataset,
        prompts,
        index,
        ties=options.ties,
        rankings=options.rankings,
        strengths=options.strengths,
    )


def items_of_prompts(dataset: Dataset, raw: Raw, prompts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Distinct items that the prompts' completions are, sorted."""
    return np.unique(raw.index[rows_of_prompts(dataset, prompts)])


def places_of(items: NDArray[np.int64], raw: Raw) -> NDArray[np.int64]:
    """Where in ``items`` each row's item stands, shape (rows,); -1 for rows of other items."""
    place = np.full(len(raw.items), -1, dtype=np.int64)
    place[items] = np.arange(len(items))
    return place[raw.index]


def rows_of_prompts(dataset: Dataset, prompts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of the prompts' completions, in the order of the prompts."""
    rows = [np.arange(dataset.offsets[prompt], dataset.offsets[prompt + 1]) for prompt in prompts]
    return np.concatenate([np.zeros(0, dtype=np.int64), *rows])


def choose_strictness(
    dataset: Dataset,
    raw: Raw,
    learning: NDArray[np.int64],
    groups: Mapping[str, bool],
    options: LinearOptions,
    *,
    should_stop: Callable[[], None] = lambda: None,
) -> Choice:
    """The strictness with the least held-out loss over inner folds of the learning prompts' groups.

    A walk over the two grids from the defaults, one step at a time to the better neighbour, so that the
    loss is evaluated at few places. The feature space is that of all learning prompts: it reads their
    texts, never their labels. ``should_stop`` is called before each fit and may raise.
    """
    fixed = Strictness(options.l2 or DEFAULT_L2, options.numbers or DEFAULT_NUMBERS)
    names = [dataset.prompts[prompt].group for prompt in learning]
    if len(set(names)) < INNER_FOLDS:
        return Choice(fixed, None, ())
    items = items_of_prompts(dataset, raw, learning)
    space = FeatureSpace.fit(raw, items, groups)
    design = space.transform(raw).take(items)
    index = places_of(items, raw)
    inner = [
        InnerFold(dataset, index, design, space, learning[part.train], learning[part.test], options)
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
    numbers_grid = NUMBERS_GRID if options.numbers is None and _has_numbers(groups) else (best.numbers,)
    best = _descend(best, l2_grid, lambda at, l2: Strictness(l2, at.numbers), lambda at: at.l2, cost)
    best = _descend(
        best, numbers_grid, lambda at, numbers: Strictness(at.l2, numbers), lambda at: at.numbers, cost
    )
    best = _descend(best, l2_grid, lambda at, l2: Strictness(l2, at.numbers), lambda at: at.l2, cost)
    cost(best)
    held_out = np.full(dataset.row_count, np.nan)
    for fold, rewards in zip(inner, known[best][1], strict=True):
        held_out[fold.held_out_rows] = rewards[index[fold.held_out_rows]]
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
