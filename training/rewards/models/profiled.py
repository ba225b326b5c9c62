"""Likelihood terms with thresholds of their own, which are fitted anew at every reward vector.

Each loss is jointly convex in rewards and thresholds, so with the thresholds at their best (profiled out) it
is a convex function of the rewards alone: its gradient is the partial one at the best thresholds, its Hessian
the Schur complement (Boyd & Vandenberghe 2004, sections 3.2.5 and A.5.5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from training.rewards.likelihoods import Derivatives, Vector, sums
from training.rewards.models.solver import ConvergenceError

Matrix = NDArray[np.float64]
MOST_STEPS: Final = 100
_EXACT: Final = 1e-10


@dataclass(frozen=True, slots=True)
class Slopes:
    """Loss and its derivatives in what each judgment sees of the rewards, x (n,), and in the thresholds (k,)."""

    loss: float
    x: Vector
    x_x: Vector
    thresholds: Vector
    x_thresholds: Matrix
    thresholds_thresholds: Matrix


def best_thresholds(at: Callable[[Vector], Slopes], start: Vector, total: float) -> Vector:
    """Minimises over the thresholds by Newton's method, to a gradient of 1e-10 of the weight ``total``.

    ``at`` answers an infinite loss outside the thresholds' domain. Raises ConvergenceError.
    """
    point, found = start, at(start)
    for _ in range(MOST_STEPS):
        if np.abs(found.thresholds).max(initial=0.0) <= _EXACT * total:
            return point
        step = _solve(found, found.thresholds, total)
        slope = float(step @ found.thresholds)
        # Far from the votes the loss is all but straight: a step at most trebles the thresholds.
        length = min(1.0, 2 * max(1.0, float(np.abs(point).max())) / float(np.abs(step).max()))
        shortest = 1e-12 * length
        while True:
            tried = at(point - length * step)
            if tried.loss <= found.loss - 1e-4 * length * slope + 1e-14 * abs(found.loss):
                break
            length /= 2
            if length < shortest:
                raise ConvergenceError("the thresholds of a likelihood could not be fitted")
        point, found = point - length * step, tried
    raise ConvergenceError("the thresholds of a likelihood did not converge")


def _solve(found: Slopes, target: Vector, total: float) -> Vector:
    """Solves Hessian t = target; a trace is added to it, which bends steps and not where they end."""
    count = len(target)
    solution: Vector = np.linalg.solve(
        found.thresholds_thresholds + 1e-13 * total * np.eye(count), target
    ).astype(np.float64, copy=False)
    return solution


def _profiled(
    at: Callable[[Vector], Slopes],
    start: Vector,
    total: float,
    see: Callable[[Vector], Vector],
    send: Callable[[Vector], Vector],
) -> Derivatives:
    """Derivatives with the thresholds at their best; ``see`` maps rewards to x and ``send`` is its transpose."""
    found = at(best_thresholds(at, start, total))

    def hessian(direction: Vector, tie_direction: float) -> tuple[Vector, float]:
        along = see(direction)
        moved = _solve(found, found.x_thresholds.T @ along, total)
        return send(found.x_x * along - found.x_thresholds @ moved), 0.0

    return Derivatives(found.loss, send(found.x), 0.0, hessian)


@dataclass(frozen=True)
class OrdinalPairs:
    """Comparisons that say how much better, by cut-points on a logistic scale (cumulative logit: McCullagh 1980).

    With x = slope * (r_first - r_second) + offset and cut-points 0 <= c_0 < c_1 < ..., the same on both sides,
    a verdict y beyond the k-th cut-point towards first has P = sigma(x - c_k), so that without ties first wins
    with P = sigma(x), whatever the strengths: Bradley-Terry where there is one strength, Rao & Kupper (1967)
    where there is one strength and ties. ``level`` is 0 for a tie and the strength, from 1 up, where ``first``
    won; levels that never occur have no cut-point. All of shape (pairs,).
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    level: NDArray[np.int64]
    weight: Vector
    slope: Vector
    offset: Vector

    @cached_property
    def _levels(self) -> tuple[NDArray[np.int64], bool, int]:
        """Levels renumbered without gaps, whether there are ties, and how many cut-points are fitted."""
        seen = np.unique(self.level[self.weight > 0])
        ties = bool(len(seen) and seen[0] == 0)
        # A level that only judgments of no weight have is read as its neighbour.
        number = np.minimum(np.searchsorted(seen, self.level), len(seen) - 1) + (0 if ties else 1)
        return number, ties, len(seen) - 1

    def cuts(self, rewards: Vector) -> Vector:
        """The best cut-points above 0 at these rewards, in log-odds, ascending; empty with one level."""
        x = self._see(rewards) + self.offset
        gaps = best_thresholds(lambda gaps: self._slopes(x, gaps), self._start, float(self.weight.sum()))
        return np.cumsum(gaps)

    def at(self, rewards: Vector, tie: float) -> Derivatives:
        """Negative log-likelihood at the best cut-points, with derivatives."""
        x = self._see(rewards) + self.offset
        rows = len(rewards)

        def send(values: Vector) -> Vector:
            moved = self.slope * values
            return sums(self.first, moved, rows) - sums(self.second, moved, rows)

        return _profiled(
            lambda gaps: self._slopes(x, gaps), self._start, float(self.weight.sum()), self._see, send
        )

    def _see(self, rewards: Vector) -> Vector:
        return self.slope * (rewards[self.first] - rewards[self.second])

    @property
    def _start(self) -> Vector:
        return np.ones(self._levels[2])

    def _slopes(self, x: Vector, gaps: Vector) -> Slopes:
        """Derivatives in x and in the gaps between cut-points, all above 0.

        A verdict lies between two cut-points, low < high: P = sigma(high - x) - sigma(low - x)
        = sigma(high - x) sigma(x - low) (1 - exp(low - high)), which loses no digits anywhere.
        """
        number, ties, count = self._levels
        if (gaps <= 0).any():
            return Slopes(np.inf, x, x, gaps, np.zeros((len(x), count)), np.eye(count))
        # Row n of `below` turns gaps into the lower bound of level n, `above` into the upper one.
        steps = np.tril(np.ones((count, count)))
        if ties:
            above = np.vstack([steps, np.zeros((1, count))])
            below = np.vstack([-steps[:1], steps])
        else:
            above = np.vstack([np.zeros((1, count)), steps, np.zeros((1, count))])
            below = np.vstack([np.zeros((2, count)), steps])
        highest = number == number.max(initial=0)
        low, up = below[number], above[number]
        lower, upper = low @ gaps, np.where(highest, np.inf, up @ gaps)
        width = upper - lower
        loss = -log_expit(upper - x) - log_expit(x - lower) - np.log(-np.expm1(-width))
        over, under = expit(x - upper), expit(lower - x)
        thrust = _over_expm1(width)
        over_curve, under_curve = over * (1 - over), under * (1 - under)
        stiff = thrust * (1 + thrust)
        w = self.weight
        to_gaps = up * (-over - thrust)[:, None] + low * (under + thrust)[:, None]
        span = up - low
        return Slopes(
            float(w @ loss),
            w * (over - under),
            w * (over_curve + under_curve),
            w @ to_gaps,
            -w[:, None] * (up * over_curve[:, None] + low * under_curve[:, None]),
            (up.T * (w * over_curve)) @ up
            + (low.T * (w * under_curve)) @ low
            + (span.T * np.where(highest, 0.0, w * stiff)) @ span,
        )


@dataclass(frozen=True)
class Acceptable:
    """Whether outputs are good enough, by logistic regression with a threshold u: P(good) = sigma(x - u).

    For one output (``first`` = ``second``) x is its reward; for a pair, of which "both bad" says that neither
    is good enough, the mean of its two rewards. ``good`` lies in [0, 1]; slope multiplies the rewards, and offset, how
    generous somebody is, is added (None: 0). All of shape (judgments,). ``says_something`` False (all good, or none): no threshold fits.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    good: Vector
    weight: Vector
    slope: Vector
    offset: Vector | None = None

    @property
    def says_something(self) -> bool:
        """Whether both answers occur."""
        kept = self.good[self.weight > 0]
        return bool(len(kept)) and bool(kept.max() > 0) and bool(kept.min() < 1)

    def at(self, rewards: Vector, tie: float) -> Derivatives:
        """Weighted ``log(1 + exp(x - u)) - good * (x - u)`` at the best threshold, with derivatives."""
        x, rows = self._see(rewards), len(rewards)
        if self.offset is not None:
            x = x + self.offset

        def send(values: Vector) -> Vector:
            half = self.slope * values / 2
            return sums(self.first, half, rows) + sums(self.second, half, rows)

        return _profiled(
            lambda point: self._slopes(x, point), np.zeros(1), float(self.weight.sum()), self._see, send
        )

    def _see(self, rewards: Vector) -> Vector:
        return self.slope * (rewards[self.first] + rewards[self.second]) / 2

    def _slopes(self, x: Vector, threshold: Vector) -> Slopes:
        logit = x - threshold[0]
        loss = float(self.weight @ (np.logaddexp(0.0, logit) - self.good * logit))
        slope = self.weight * (expit(logit) - self.good)
        curve = self.weight * expit(logit) * expit(-logit)
        total = np.array([[curve.sum()]])
        return Slopes(loss, slope, curve, np.array([-slope.sum()]), -curve[:, None], total)


def _over_expm1(width: Vector) -> Vector:
    """1 / (exp(width) - 1), shape (n,); 0 where the width is infinite."""
    return np.exp(-width) / -np.expm1(-width)
