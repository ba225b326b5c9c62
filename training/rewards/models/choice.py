"""Choosing how strict a linear fit is by held-out loss in inner folds of the learning prompts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.models.linear_fit import Fitter, LinearOptions, rows_of_prompts
from training.rewards.models.strictness import Strictness
from training.rewards.splits import folds

Vector = NDArray[np.float64]
L2_GRID: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
NUMBERS_GRID: Final = (0.03, 0.1, 0.3, 1.0)
TEXT_GRID: Final = (0.1, 0.3, 1.0, 3.0)
MOST_SWEEPS: Final = 2
INNER_FOLDS: Final = 3
_ROUGH: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen strictness and the held-out rewards (rows,) of the learning prompts that it gave."""

    strictness: Strictness
    held_out: Vector | None
    losses: tuple[tuple[Strictness, float], ...]


class InnerFold:
    """One inner fold: what is learned from, and what that is judged by."""

    def __init__(self, fitter: Fitter, learning: NDArray[np.int64], held_out: NDArray[np.int64]) -> None:
        self._fitter, self._solver = fitter, fitter.solver(learning)
        self.objective = fitter.objective(learning)
        self._judged = fitter.judged(held_out)
        self.held_out_rows = rows_of_prompts(fitter.dataset, held_out)

    def loss(self, strictness: Strictness) -> tuple[float, Vector]:
        """Held-out loss (a sum) and rewards (items,) at this strictness."""
        weights = self._solver.fit(self.objective, strictness, _ROUGH)
        rewards = self._fitter.rewards(weights)
        tie = weights.tie_level or 0.0
        return sum(term.at(rewards, tie).loss for term in self._judged.terms), rewards


def choose_strictness(
    fitter: Fitter, *, start: Strictness | None = None, should_stop: Callable[[], None] = lambda: None
) -> Choice:
    """The strictness with the least held-out loss over inner folds of the learning prompts' groups.

    A walk over one grid after another from ``start`` or the defaults, one step at a time to the better neighbour, so
    that the loss is evaluated at few places. ``should_stop`` is called before each fit and may raise.
    """
    options, dataset, learning = fitter.options, fitter.dataset, fitter.learning
    best = Strictness() if start is None else start
    best = replace(best, l2=options.l2 or best.l2, numbers=options.numbers or best.numbers)
    names = [dataset.prompts[prompt].group for prompt in learning]
    if len(set(names)) < INNER_FOLDS:
        return Choice(best, None, ())
    inner = [
        InnerFold(fitter, learning[part.train], learning[part.test])
        for part in folds(names, salt="strictness", folds=INNER_FOLDS, validation_fraction=0.0)
    ]
    if not all(fold.objective.terms for fold in inner):
        return Choice(best, None, ())
    known: dict[Strictness, tuple[float, list[Vector]]] = {}

    def cost(strictness: Strictness) -> float:
        if strictness not in known:
            should_stop()
            results = [fold.loss(strictness) for fold in inner]
            known[strictness] = (sum(value for value, _ in results), [rewards for _, rewards in results])
        return known[strictness][0]

    grids = open_grids(fitter.groups, options)
    for _ in range(MOST_SWEEPS):
        before = best
        for knob, grid in grids.items():
            best = _descend(best, knob, grid, cost)
        if best == before:
            break
    cost(best)
    held_out = np.full(dataset.row_count, np.nan)
    for fold, rewards in zip(inner, known[best][1], strict=True):
        held_out[fold.held_out_rows] = rewards[fitter.raw.index[fold.held_out_rows]]
    losses = tuple((strictness, value) for strictness, (value, _) in known.items())
    return Choice(best, held_out, losses)


def open_grids(groups: Mapping[str, bool], options: LinearOptions) -> dict[str, tuple[float, ...]]:
    """The values to try of each number that is not given and that matters besides ``l2``.

    One kind of features alone needs no variance of its own: ``l2`` says as much.
    """
    numbers = groups["style"] or groups["given"] or groups["encoder"]
    states = groups.get("minilm", False)
    grids: dict[str, tuple[float, ...]] = {}
    if options.l2 is None:
        grids["l2"] = L2_GRID
    if options.numbers is None and numbers and (groups["encoder"] or groups["ngrams"] or states):
        grids["numbers"] = NUMBERS_GRID
    if groups["encoder"]:
        grids["product"] = TEXT_GRID
    if groups["ngrams"] and (groups["encoder"] or states):
        grids["ngrams"] = TEXT_GRID
    if states and (groups["encoder"] or groups["ngrams"] or numbers):
        grids["minilm"] = TEXT_GRID
    return grids


def _descend(
    at: Strictness, knob: str, grid: tuple[float, ...], cost: Callable[[Strictness], float]
) -> Strictness:
    """Walks along one grid while the next place is better."""
    place = grid.index(getattr(at, knob))
    for step in (1, -1):
        walked = False
        while 0 <= place + step < len(grid):
            candidate = _with(at, knob, grid[place + step])
            if cost(candidate) >= cost(at):
                break
            place, at, walked = place + step, candidate, True
        if walked:
            break
    return at


def _with(at: Strictness, knob: str, value: float) -> Strictness:
    """The strictness with one number changed."""
    changes: dict[str, float] = {knob: value}
    return replace(at, **changes)
