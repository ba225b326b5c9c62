from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from training.rewards.likelihoods import DavidsonPairs, Pairs, Scores, Stages, Term, YesNo
from training.rewards.models.solver import ConvergenceError, minimise

RNG = np.random.default_rng(3)
FIRST, SECOND = np.array([0, 1, 2, 3, 0]), np.array([1, 2, 3, 0, 2])
WEIGHT = np.array([1.0, 0.5, 2.0, 1.0, 0.25])
SKILL, LEAN = np.array([0.0, 1.0, 2.0, 0.5, -1.0]), np.array([0.5, 0.0, -1.0, 0.0, 2.0])

# Citations among four statistics journals: wins[i][j] = times i was cited by j (Stigler 1994).
JOURNALS = ("Biometrika", "Comm Statist", "JASA", "JRSS-B")
CITATIONS = ((0, 730, 498, 221), (33, 0, 68, 17), (320, 813, 0, 142), (284, 276, 325, 0))
# Bradley-Terry log-abilities with Biometrika fixed at 0 (Agresti 2002, table 10.10).
ABILITIES = (0.0, -2.9491, -0.4796, 0.2690)

TERMS: dict[str, Term] = {
    "pairs": Pairs(FIRST, SECOND, np.array([1.0, 0.0, 0.5, 1.0, 0.5]), WEIGHT),
    "pairs of annotators": Pairs(FIRST, SECOND, np.array([1.0, 0.0, 0.5, 1.0, 0.5]), WEIGHT, SKILL, LEAN),
    "davidson of annotators": DavidsonPairs(FIRST, SECOND, np.array([1, -1, 0, 1, 0]), WEIGHT, SKILL, LEAN),
    "stages of annotators": Stages.of([((0, 2), (1,), (3,)), ((3,), (0,))], [1.0, 0.5], [0.5, 2.0]),
    "davidson": DavidsonPairs(FIRST, SECOND, np.array([1, -1, 0, 1, 0]), WEIGHT),
    "stages": Stages.of([((0, 2), (1,), (3,)), ((3,), (0,)), ((1,), (0, 2, 3))], [1.0, 0.5, 2.0]),
    "scores": Scores(np.array([0, 3, 3]), np.array([0.5, -1.0, 2.0]), np.array([1.0, 2.0, 0.5])),
    "yes_no": YesNo(np.array([1, 2, 2]), np.array([1.0, 0.0, 0.25]), np.array([1.0, 3.0, 0.5])),
}


@pytest.mark.parametrize("name", TERMS)
def test_gradient_equals_finite_differences(name: str) -> None:
    term, point = TERMS[name], RNG.normal(size=5)
    found = term.at(point[:4], point[4])
    numeric = approx_fprime(point, lambda x: term.at(x[:4], float(x[4])).loss, 1e-7)
    assert [*found.gradient, found.tie_gradient] == pytest.approx(numeric.tolist(), abs=2e-5)


@pytest.mark.parametrize("name", TERMS)
def test_hessian_product_equals_difference_of_gradients(name: str) -> None:
    term, point, direction = TERMS[name], RNG.normal(size=5), RNG.normal(size=5)

    def slope(x: np.ndarray) -> np.ndarray:
        at = term.at(x[:4], float(x[4]))
        return np.append(at.gradient, at.tie_gradient)

    numeric = (slope(point + 1e-6 * direction) - slope(point - 1e-6 * direction)) / 2e-6
    rewards, tie = term.at(point[:4], point[4]).hessian(direction[:4], direction[4])
    assert [*rewards, tie] == pytest.approx(numeric.tolist(), abs=1e-5)


@pytest.mark.parametrize("name", ["pairs", "davidson", "stages"])
def test_adding_a_constant_to_all_rewards_changes_no_comparison(name: str) -> None:
    rewards = RNG.normal(size=4)
    assert TERMS[name].at(rewards, 0.3).loss == pytest.approx(TERMS[name].at(rewards + 7.0, 0.3).loss)


@pytest.mark.parametrize("margin", [-1000.0, 1000.0])
def test_extreme_margins_cost_exactly_their_size_or_nothing(margin: float) -> None:
    one, two = np.array([0]), np.array([1])
    rewards = np.array([margin, 0.0])
    won = Pairs(one, two, np.array([1.0]), np.array([1.0])).at(rewards, 0.0)
    davidson = DavidsonPairs(one, two, np.array([1]), np.array([1.0])).at(rewards, 0.0)
    ranked = Stages.of([((0,), (1,))], [1.0]).at(rewards, 0.0)
    assert won.loss == davidson.loss == ranked.loss == max(-margin, 0.0)


def test_losses_by_hand() -> None:
    one, two, weight = np.array([0]), np.array([1]), np.array([1.0])
    level = np.zeros(3)
    assert Pairs(one, two, np.array([1.0]), weight).at(level, 0.0).loss == pytest.approx(math.log(2))
    assert DavidsonPairs(one, two, np.array([0]), weight).at(level, 0.0).loss == pytest.approx(math.log(3))
    # Three in strict order at equal rewards: first of three, then first of two.
    assert Stages.of([((2,), (0,), (1,))], [1.0]).at(level, 0.0).loss == pytest.approx(math.log(6))
    # e : 1 : 1 for the first place, then 1 : 1.
    ordered = Stages.of([((0,), (1,), (2,))], [1.0]).at(np.array([1.0, 0.0, 0.0]), 0.0).loss
    assert ordered == pytest.approx(-math.log(math.e / (math.e + 2)) - math.log(1 / 2))
    assert Scores(one, np.array([3.0]), weight).at(np.array([1.0]), 0.0).loss == 2.0


def test_an_annotator_with_skill_and_a_lean_to_the_first_place_by_hand() -> None:
    one, two, weight = np.array([0]), np.array([1]), np.array([1.0])
    rewards, skill, lean = np.array([1.0, 0.0]), np.array([2.0]), np.array([0.5])
    term = Pairs(one, two, np.array([1.0]), weight, skill, lean)
    assert term.at(rewards, 0.0).loss == pytest.approx(math.log(1 + math.exp(-2.5)))
    davidson = DavidsonPairs(one, two, np.array([0]), weight, skill, lean)
    tie = 1 / (math.exp(1.25) + 1 + math.exp(-1.25))
    assert davidson.at(rewards, 0.0).loss == pytest.approx(-math.log(tie))
    careless = Pairs(one, two, np.array([1.0]), weight, np.zeros(1), lean)
    assert careless.at(rewards, 0.0).gradient.tolist() == [0.0, 0.0]
    ranked = Stages.of([((0,), (1,), (2,))], [1.0], [2.0]).at(np.array([1.0, 0.0, 0.0]), 0.0).loss
    assert ranked == pytest.approx(-math.log(math.e**2 / (math.e**2 + 2)) - math.log(1 / 2))


def test_citation_table_gives_the_published_abilities() -> None:
    cells = [(i, j, wins) for i, row in enumerate(CITATIONS) for j, wins in enumerate(row) if wins]
    first, second, wins = (np.array(column) for column in zip(*cells, strict=True))
    term = Pairs(first, second, np.ones(len(wins)), wins.astype(float))

    def objective(free: np.ndarray, _: np.ndarray):
        found = term.at(np.append(0.0, free), 0.0)
        return found.loss, found.gradient[1:], lambda v, _: found.hessian(np.append(0.0, v), 0.0)[0][1:]

    solution = minimise(objective, np.zeros(3), tolerance=1e-9)
    assert [0.0, *solution.point] == pytest.approx(ABILITIES, abs=5e-5)
    assert solution.gradient_norm < 1e-5


def test_davidson_tie_level_of_equal_sides_is_the_log_odds_of_ties() -> None:
    # 2 wins each way and 4 ties at margin 0: P(tie) = e^t / (2 + e^t) = 1/2 at t = log 2.
    outcome = np.array([1, 1, -1, -1, 0, 0, 0, 0])
    term = DavidsonPairs(np.zeros(8, dtype=np.int64), np.ones(8, dtype=np.int64), outcome, np.ones(8))
    found = term.at(np.zeros(2), math.log(2))
    assert found.tie_gradient == pytest.approx(0.0, abs=1e-12)
    assert found.gradient == pytest.approx([0.0, 0.0])


def test_a_loss_without_a_minimum_is_an_error_not_an_answer() -> None:
    def downhill(x: np.ndarray, _: np.ndarray):
        return -float(x[0]), np.array([-1.0]), lambda v, _: np.zeros_like(v)

    with pytest.raises(ConvergenceError):
        minimise(downhill, np.zeros(1))
