from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize
from scipy.special import expit

from tests.training.rewards.test_likelihoods import ABILITIES, CITATIONS
from training.rewards.likelihoods import Pairs, Term
from training.rewards.models.profiled import Acceptable, OrdinalPairs
from training.rewards.models.solver import minimise

RNG = np.random.default_rng(5)
FIRST, SECOND = np.tile([0, 1, 2, 3, 0, 1], 4), np.tile([1, 2, 3, 0, 2, 3], 4)
COUNT = len(FIRST)
WEIGHT, SLOPE, OFFSET = RNG.uniform(0.2, 2, COUNT), RNG.uniform(0, 2, COUNT), RNG.normal(size=COUNT)


def ordinal(level: np.ndarray, **more: np.ndarray) -> OrdinalPairs:
    plain = {"weight": np.ones(len(level)), "slope": np.ones(len(level)), "offset": np.zeros(len(level))}
    sides = {"first": np.zeros(len(level), dtype=int), "second": np.ones(len(level), dtype=int)}
    return OrdinalPairs(level=level, **{**sides, **plain, **more})


OWN = {"first": FIRST, "second": SECOND, "weight": WEIGHT, "slope": SLOPE, "offset": OFFSET}
TERMS: dict[str, Term] = {
    "with ties": ordinal(np.arange(COUNT) % 4, **OWN),
    "without ties": ordinal(np.arange(COUNT) % 3 + 1, **OWN),
    "one strength": ordinal(np.ones(COUNT, dtype=int), **OWN),
    "one strength and ties": ordinal(np.arange(COUNT) % 2, **OWN),
    "a level left out": ordinal(np.array([0, 2, 5] * (COUNT // 3)), **OWN),
    "acceptable": Acceptable(FIRST, np.roll(FIRST, 1), np.arange(COUNT) % 5 / 4, WEIGHT, SLOPE),
}


@pytest.mark.parametrize("name", TERMS)
def test_gradient_equals_finite_differences(name: str) -> None:
    term, point = TERMS[name], RNG.normal(size=4)
    numeric = approx_fprime(point, lambda x: term.at(x, 0.0).loss, 1e-7)
    assert term.at(point, 0.0).gradient == pytest.approx(numeric, abs=5e-5)


@pytest.mark.parametrize("name", TERMS)
def test_hessian_product_equals_difference_of_gradients(name: str) -> None:
    term, point, direction = TERMS[name], RNG.normal(size=4), RNG.normal(size=4)
    ends = [term.at(point + step * direction, 0.0).gradient for step in (1e-6, -1e-6)]
    found, _ = term.at(point, 0.0).hessian(direction, 0.0)
    assert found == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=2e-5)


def test_cut_points_at_equal_rewards_are_the_log_odds_of_the_shares() -> None:
    # 4 of 10 slightly better, 6 much better, sides equal: sigma(c) - 1/2 = .4 / 2, so c = logit(.7).
    term = ordinal(np.array([1] * 4 + [2] * 6))
    assert term.cuts(np.zeros(2)) == pytest.approx([math.log(0.7 / 0.3)])
    assert term.at(np.zeros(2), 0.0).loss == pytest.approx(-4 * math.log(0.2) - 6 * math.log(0.3))


def test_one_strength_with_ties_is_rao_and_kupper() -> None:
    # Rao & Kupper 1967, theta = exp(c): P(first) = a / (a + theta b), P(tie) = a b (theta^2 - 1) / (...)(...).
    term = ordinal(np.array([1, 1, 1, 0]))
    rewards = np.array([0.7, -0.2])
    theta, one, two = np.exp(term.cuts(rewards)[0]), *np.exp(rewards)
    tie = one * two * (theta**2 - 1) / ((one + theta * two) * (two + theta * one))
    expected = -3 * math.log(one / (one + theta * two)) - math.log(tie)
    assert term.at(rewards, 0.0).loss == pytest.approx(expected)
    assert ordinal(np.array([1, 1, 1, 0]), first=np.zeros(4, int), second=np.zeros(4, int)).cuts(
        rewards
    ) == pytest.approx([2 * math.atanh(1 / 4)])  # P(tie) = tanh(c / 2) for equal sides


def test_one_strength_gives_the_published_abilities_of_bradley_terry() -> None:
    cells = [(i, j, wins) for i, row in enumerate(CITATIONS) for j, wins in enumerate(row) if wins]
    first, second, wins = (np.array(column) for column in zip(*cells, strict=True))
    term = ordinal(np.ones(len(wins), dtype=int), first=first, second=second, weight=wins.astype(float))

    def objective(free: np.ndarray, _: np.ndarray):
        found = term.at(np.append(0.0, free), 0.0)
        return found.loss, found.gradient[1:], lambda v, _: found.hessian(np.append(0.0, v), 0.0)[0][1:]

    assert minimise(objective, np.zeros(3), tolerance=1e-9).point == pytest.approx(ABILITIES[1:], abs=5e-5)


def test_profiling_gives_the_joint_minimum() -> None:
    """Rewards and cut-points found together by a solver that knows no derivative end at the same place."""
    level = RNG.integers(0, 3, size=COUNT)
    term = ordinal(level, first=FIRST, second=SECOND)

    def joint(point: np.ndarray) -> float:
        rewards, cuts = np.append(0.0, point[:3]), np.cumsum(np.exp(point[3:]))
        x = rewards[FIRST] - rewards[SECOND]
        bounds = np.concatenate([[-cuts[0]], cuts, [np.inf]])
        chances = expit(bounds[level + 1] - x) - expit(bounds[level] - x)
        return float(-np.log(chances).sum() + rewards @ rewards / 2)

    def profiled(free: np.ndarray) -> float:
        return term.at(np.append(0.0, free), 0.0).loss + float(free @ free) / 2

    together = minimize(joint, np.zeros(5), method="BFGS", options={"gtol": 1e-6})
    alone = minimize(profiled, np.zeros(3), method="BFGS", options={"gtol": 1e-6})
    assert alone.fun == pytest.approx(together.fun, abs=1e-8)
    assert alone.x == pytest.approx(together.x[:3], abs=1e-4)


def test_a_vote_without_doubt_about_a_large_margin_costs_nothing_and_overflows_nowhere() -> None:
    found = ordinal(np.array([2, 1, 0, 2, 2])).at(np.array([800.0, 0.0]), 0.0)
    assert np.isfinite([found.loss, *found.gradient]).all()


def test_both_bad_at_equal_rewards_puts_the_threshold_at_the_log_odds() -> None:
    # One of four pairs is "both bad": P(good) = 3/4 whatever the common reward.
    term = Acceptable(np.zeros(4, int), np.ones(4, int), np.array([0.0, 1, 1, 1]), np.ones(4), np.ones(4))
    expected = -math.log(0.25) - 3 * math.log(0.75)
    assert term.at(np.zeros(2), 0.0).loss == pytest.approx(expected)
    assert term.at(np.full(2, 7.0), 0.0).loss == pytest.approx(expected)


def test_both_bad_lowers_both_outputs() -> None:
    term = Acceptable(np.array([0, 2]), np.array([1, 3]), np.array([0.0, 1.0]), np.ones(2), np.ones(2))
    assert np.sign(term.at(np.zeros(4), 0.0).gradient).tolist() == [1, 1, -1, -1]


def test_verdicts_that_all_agree_say_nothing() -> None:
    term = Acceptable(np.zeros(2, int), np.zeros(2, int), np.ones(2), np.ones(2), np.ones(2))
    assert not term.says_something


def test_margin_of_llama_2_is_taken_off_the_winner() -> None:
    # Touvron et al. 2023, eq. 2 with the small margins of their table 27: 1 for "significantly better".
    rewards, one = np.array([1.5, 0.0]), np.ones(1)
    term = Pairs(np.array([0]), np.array([1]), one, one, offset=-one)
    assert term.at(rewards, 0.0).loss == pytest.approx(math.log(1 + math.exp(-(1.5 - 1.0))))
