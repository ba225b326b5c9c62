from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from training.rewards.models.quasi_newton import MOST_STEPS, descend
from training.rewards.models.solver import ConvergenceError

Vector = NDArray[np.float64]
COLUMNS = 20


class Logistic:
    """A penalised logistic loss, its directions of very different variance, and how often it was asked."""

    def __init__(self) -> None:
        rng = np.random.default_rng(3)
        self.features = rng.normal(size=(2_000, COLUMNS)) * np.geomspace(0.01, 3.0, COLUMNS)
        self.won = (rng.random(2_000) < expit(self.features @ rng.normal(size=COLUMNS))).astype(float)
        self.asked = 0

    def at(self, point: Vector) -> tuple[float, Vector]:
        self.asked += 1
        margin = self.features @ point
        value = float((np.logaddexp(0, margin) - self.won * margin).sum() + point @ point / 2)
        return value, self.features.T @ (expit(margin) - self.won) + point

    def inverse(self, point: Vector, rows: int) -> NDArray[np.float64]:
        """The Hessian's inverse by the first ``rows`` alone."""
        part = self.features[:rows]
        chance = expit(part @ point)
        hessian = (part.T * chance * (1 - chance)) @ part * (len(self.features) / rows)
        inverse: NDArray[np.float64] = np.linalg.inv(hessian + np.eye(COLUMNS)).astype(np.float64)
        return inverse


def test_it_ends_where_scipy_does_with_a_gradient_as_small_as_asked() -> None:
    loss = Logistic()
    inverse = loss.inverse(np.zeros(COLUMNS), 500)
    found = descend(loss.at, np.zeros(COLUMNS), precondition=lambda vector: inverse @ vector, goal=1e-7)
    peer = minimize(
        loss.at, np.zeros(COLUMNS), jac=True, method="L-BFGS-B", options={"gtol": 1e-9, "ftol": 0}
    )
    assert found.point == pytest.approx(peer.x, abs=1e-5)
    value, gradient = loss.at(found.point)
    assert found.value == value
    assert found.gradient_norm == np.linalg.norm(gradient) <= 1e-7


def test_remembered_steps_make_up_for_a_rough_preconditioner() -> None:
    loss = Logistic()
    whole = loss.inverse(np.zeros(COLUMNS), 2_000)
    end = descend(loss.at, np.zeros(COLUMNS), precondition=lambda vector: whole @ vector, goal=1e-6).point
    inverse, start = loss.inverse(end, 200), end + 0.01
    zero = float(np.linalg.norm(loss.at(start)[1]))
    loss.asked = 0
    descend(loss.at, start, precondition=lambda vector: inverse @ vector, goal=1e-7 * zero)
    remembered = loss.asked
    point, plain = start, 0
    while np.linalg.norm(gradient := loss.at(point)[1]) > 1e-7 * zero:
        point, plain = point - inverse @ gradient, plain + 1
    assert remembered < plain


def test_a_quadratic_is_solved_at_once_by_its_own_inverse() -> None:
    matrix = np.diag([1.0, 100.0])
    aim = np.array([3.0, -2.0])

    def bowl(point: Vector) -> tuple[float, Vector]:
        off = point - aim
        return float(off @ matrix @ off) / 2, matrix @ off

    found = descend(bowl, np.zeros(2), precondition=lambda each: each / [1.0, 100.0], goal=1e-12)
    assert found.point == pytest.approx(aim)
    assert found.steps == 1


def test_a_goal_that_rounding_forbids_raises_unless_what_is_reached_is_enough() -> None:
    loss = Logistic()
    inverse = loss.inverse(np.zeros(COLUMNS), 2_000)

    def rounded(point: Vector) -> tuple[float, Vector]:
        value, gradient = loss.at(point)
        return float(np.float32(value)), gradient + 1e-5 * np.sin(1e9 * point)

    def run(enough: float | None) -> float:
        return descend(
            rounded,
            np.zeros(COLUMNS),
            precondition=lambda vector: inverse @ vector,
            goal=1e-9,
            enough=enough,
            rounding=1e-7,
        ).gradient_norm

    with pytest.raises(ConvergenceError, match="gradient norm"):
        run(None)
    assert 1e-9 < run(1e-2) <= 1e-2


def test_a_preconditioner_that_points_upwards_or_an_endless_slope_raises() -> None:
    loss = Logistic()
    with pytest.raises(ConvergenceError, match="downwards"):
        descend(loss.at, np.zeros(COLUMNS), precondition=lambda vector: -vector, goal=1e-7)
    with pytest.raises(ConvergenceError, match=f"after {MOST_STEPS} steps"):
        descend(
            lambda point: (float(point.sum()), np.ones(2)), np.zeros(2), precondition=lambda v: v, goal=0.5
        )
