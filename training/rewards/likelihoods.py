"""Negative log-likelihoods of judgments as convex functions of rewards, with exact derivatives.

Each term reads a reward vector of shape (rows,) and the *tie level* ``t`` (the logarithm of Davidson's
nu, used by ``DavidsonPairs`` alone) and answers its loss, both gradients and a product with its
Hessian. Everything is written with ``logaddexp``, ``expit`` and ``logsumexp``, so that margins of any
size are exact; nothing is clipped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logsumexp, softmax

Vector = NDArray[np.float64]
Product = Callable[[Vector, float], tuple[Vector, float]]


@dataclass(frozen=True)
class Derivatives:
    """Loss, its gradient in the rewards (rows,) and in the tie level, and Hessian times (rows, tie)."""

    loss: float
    gradient: Vector
    tie_gradient: float
    hessian: Product


class Term(Protocol):
    """One part of a training objective."""

    def at(self, rewards: Vector, tie: float) -> Derivatives:
        """Loss and derivatives at ``rewards`` (rows,) and tie level ``tie``."""
        ...


@dataclass(frozen=True)
class Pairs:
    """Bradley-Terry (1952) comparisons: P(first beats second) = 1 / (1 + exp(-(r_first - r_second))).

    ``target`` is 1 where first won, 0 where second won, 0.5 for a tie counted as half a win for each.
    ``weight`` multiplies the log-likelihood (the "scaled" Bradley-Terry loss when it carries the
    strength of a preference: Wang et al. 2024, arXiv 2410.01257). The margin is read as
    slope * (r_first - r_second) + offset: an annotator's skill and position bias (Raykar & Yu 2012's
    spammer has slope 0), less the margin that a strong preference asks for (Touvron et al. 2023, Llama
    2, eq. 2). None stands for slope 1 and offset 0. All of shape (pairs,).
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    target: Vector
    weight: Vector
    slope: Vector | None = None
    offset: Vector | None = None

    def at(self, rewards: Vector, tie: float) -> Derivatives:
        """``weight * (log(1 + exp(margin)) - target * margin)`` summed, with derivatives."""
        rows = len(rewards)
        slope = _ones(self.slope, self.weight)
        margin = slope * (rewards[self.first] - rewards[self.second])
        if self.offset is not None:
            margin += self.offset
        loss = float(self.weight @ (np.logaddexp(0.0, margin) - self.target * margin))
        probability = expit(margin)
        gradient = _scatter(self.first, self.second, self.weight * slope * (probability - self.target), rows)
        curvature = self.weight * slope**2 * probability * expit(-margin)

        def hessian(direction: Vector, tie_direction: float) -> tuple[Vector, float]:
            along = curvature * (direction[self.first] - direction[self.second])
            return _scatter(self.first, self.second, along, rows), 0.0

        return Derivatives(loss, gradient, 0.0, hessian)


@dataclass(frozen=True)
class DavidsonPairs:
    """Comparisons with ties (Davidson 1970, JASA 65, eq. 2.4), convex in margin and tie level together.

    P(first), P(second), P(tie) are proportional to exp(m/2), exp(-m/2), exp(t) for margin m and tie
    level t. ``outcome`` is 1, -1 or 0 for these three; slope and offset make the margin as in ``Pairs``
    (the offset of position: Davidson & Beaver 1977). All of shape (pairs,).
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    outcome: NDArray[np.int64]
    weight: Vector
    slope: Vector | None = None
    offset: Vector | None = None

    def at(self, rewards: Vector, tie: float) -> Derivatives:
        """Negative log-likelihood with derivatives; at margin 0 and t = 0 a pair costs log 3."""
        rows = len(rewards)
        slope = _ones(self.slope, self.weight)
        half = slope * (rewards[self.first] - rewards[self.second]) / 2
        if self.offset is not None:
            half += self.offset / 2
        logits = np.stack([half, -half, np.full_like(half, tie)], axis=1)
        chosen = np.where(self.outcome == 1, 0, np.where(self.outcome == -1, 1, 2))
        picked = logits[np.arange(len(half)), chosen]
        loss = float(self.weight @ (logsumexp(logits, axis=1) - picked))
        p = softmax(logits, axis=1)
        lean = (p[:, 0] - p[:, 1]) / 2
        gradient = _scatter(self.first, self.second, self.weight * slope * (lean - self.outcome / 2), rows)
        tie_gradient = float(self.weight @ (p[:, 2] - (self.outcome == 0)))
        margin_margin = self.weight * ((p[:, 0] + p[:, 1]) / 4 - lean**2)
        margin_tie = -self.weight * lean * p[:, 2]
        tie_tie = float(self.weight @ (p[:, 2] * (p[:, 0] + p[:, 1])))

        def hessian(direction: Vector, tie_direction: float) -> tuple[Vector, float]:
            along = slope * (direction[self.first] - direction[self.second])
            across = margin_margin * along + margin_tie * tie_direction
            return (
                _scatter(self.first, self.second, slope * across, rows),
                float(margin_tie @ along) + tie_tie * tie_direction,
            )

        return Derivatives(loss, gradient, tie_gradient, hessian)


@dataclass(frozen=True)
class Stages:
    """Plackett-Luce (Plackett 1975; Luce 1959) over tiers, each tier chosen from what is left.

    A tier's items are each drawn from the tier and everything below it; items of one tier do not
    remove each other (Breslow 1974's treatment of ties). Arrays of shape (stages, widest): ``items``
    are rows (padding 0), ``present`` marks real entries, ``chosen`` those of the tier. ``weight`` has
    shape (stages,), and so has ``slope``, the skill that multiplies rewards. The last tier costs nothing
    and has no stage.
    """

    items: NDArray[np.int64]
    present: NDArray[np.bool_]
    chosen: NDArray[np.bool_]
    weight: Vector
    slope: Vector

    @classmethod
    def of(
        cls,
        rankings: Sequence[Sequence[Sequence[int]]],
        weights: Sequence[float],
        slopes: Sequence[float] | None = None,
    ) -> Stages:
        """Stages of rankings given as tiers of rows, best first; unranked rows are simply absent.

        ``slopes`` are the skills of those who ranked, 1 each unless given.
        """
        stages: list[tuple[list[int], int, float, float]] = []
        for tiers, weight, slope in zip(rankings, weights, slopes or [1.0] * len(weights), strict=True):
            for level in range(len(tiers) - 1):
                left = [row for tier in tiers[level:] for row in tier]
                stages.append((left, len(tiers[level]), weight, slope))
        widest = max((len(left) for left, *_ in stages), default=0)
        items = np.zeros((len(stages), widest), dtype=np.int64)
        present = np.zeros((len(stages), widest), dtype=bool)
        chosen = np.zeros((len(stages), widest), dtype=bool)
        for index, (left, first, _, _) in enumerate(stages):
            items[index, : len(left)] = left
            present[index, : len(left)] = True
            chosen[index, :first] = True
        numbers = np.array([stage[2:] for stage in stages], dtype=np.float64).reshape(-1, 2)
        return cls(items, present, chosen, numbers[:, 0], numbers[:, 1])

    def at(self, rewards: Vector, tie: float) -> Derivatives:
        """Sum over stages of weight * (chosen count * logsumexp(left) - rewards of the chosen)."""
        rows = len(rewards)
        seen = self.slope[:, None] * rewards[self.items]
        values = np.where(self.present, seen, -np.inf)
        drawn = self.weight * self.chosen.sum(axis=1)
        normaliser = logsumexp(values, axis=1) if len(values) else np.zeros(0)
        picked = np.where(self.chosen, seen, 0.0).sum(axis=1)
        loss = float(drawn @ normaliser - self.weight @ picked)
        p = softmax(values, axis=1) if len(values) else np.zeros_like(values)
        pull = self.slope[:, None] * (drawn[:, None] * p - self.weight[:, None] * self.chosen)
        gradient = sums(self.items.ravel(), pull.ravel(), rows)

        def hessian(direction: Vector, tie_direction: float) -> tuple[Vector, float]:
            along = np.where(self.present, direction[self.items], 0.0)
            curved = (drawn * self.slope**2)[:, None] * p * (along - (p * along).sum(axis=1, keepdims=True))
            return sums(self.items.ravel(), curved.ravel(), rows), 0.0

        return Derivatives(loss, gradient, 0.0, hessian)


@dataclass(frozen=True)
class Scores:
    """Least squares on scores: ``weight * (reward - value)^2 / 2``; all of shape (scores,)."""

    row: NDArray[np.int64]
    value: Vector
    weight: Vector

    def at(self, rewards: Vector, tie: float) -> Derivatives:
        """Half the weighted sum of squares, with derivatives."""
        rows = len(rewards)
        residual = rewards[self.row] - self.value
        gradient = sums(self.row, self.weight * residual, rows)
        diagonal = sums(self.row, self.weight, rows)
        return Derivatives(
            float(self.weight @ residual**2) / 2, gradient, 0.0, lambda v, _: (diagonal * v, 0.0)
        )


@dataclass(frozen=True)
class YesNo:
    """Logistic regression on verdicts: P(good) = 1 / (1 + exp(-(reward + offset))); ``good`` lies in [0, 1].

    ``offset`` is how generous who said so is, in log-odds; None stands for 0.
    """

    row: NDArray[np.int64]
    good: Vector
    weight: Vector
    offset: Vector | None = None

    def at(self, rewards: Vector, tie: float) -> Derivatives:
        """Weighted ``log(1 + exp(r)) - good * r``, r being reward and offset, with derivatives."""
        rows = len(rewards)
        reward = rewards[self.row] if self.offset is None else rewards[self.row] + self.offset
        loss = float(self.weight @ (np.logaddexp(0.0, reward) - self.good * reward))
        slope = self.weight * (expit(reward) - self.good)
        gradient = sums(self.row, slope, rows)
        curvature = self.weight * expit(reward) * expit(-reward)
        diagonal = sums(self.row, curvature, rows)
        return Derivatives(loss, gradient, 0.0, lambda v, _: (diagonal * v, 0.0))


def _ones(values: Vector | None, like: Vector) -> Vector:
    """The values, or as many ones as ``like`` has entries."""
    return np.ones_like(like) if values is None else values


def _scatter(first: NDArray[np.int64], second: NDArray[np.int64], values: Vector, rows: int) -> Vector:
    """Adds ``values`` at ``first`` and subtracts them at ``second``, shape (rows,)."""
    return sums(first, values, rows) - sums(second, values, rows)


def sums(places: NDArray[np.int64], values: Vector, rows: int) -> Vector:
    """Sum of the values at each place, shape (rows,)."""
    return np.bincount(places, weights=values, minlength=rows).astype(np.float64, copy=False)
