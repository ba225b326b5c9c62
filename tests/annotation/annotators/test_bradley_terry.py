"""Worker-aware Bradley-Terry with shared objects: published abilities, derivatives, annotators that are found."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import special

from annotation.annotators.base import ConvergenceError
from annotation.annotators.bradley_terry import BradleyTerryProblem, Pooling, _merged, bradley_terry
from tests.conftest import data_set

# Citations among four statistics journals (Stigler 1994; Agresti 2002): wins[i][j], i was cited by j.
# Log-abilities with Biometrika at 0, as published there: -2.949, -.480, .269.
JOURNALS = [[0, 730, 498, 221], [33, 0, 68, 17], [320, 813, 0, 142], [284, 276, 325, 0]]
ABILITIES = [0, -2.9491, -0.4796, 0.2690]
ALONE = Pooling(beta=0, position=0, longer=0)


def wins(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    counts = np.array(table)
    first, second = np.nonzero(counts)
    return first, second, np.ones(len(first)), counts[first, second]


def simulated(number: int, *, seed: int = 0, objects: int = 20, annotators: int = 12):
    """Comparisons by careful annotators, but 0 is careless, 1 reversed, 2 takes the first, 3 the longer."""
    random = np.random.default_rng(seed)
    ability = random.normal(size=objects)
    first = random.integers(0, objects, number)
    second = (first + random.integers(1, objects, number)) % objects
    annotator = random.integers(0, annotators, number)
    shown, longer = random.choice([-1, 1], (2, number))
    beta, position, length = np.ones(annotators), np.zeros(annotators), np.zeros(annotators)
    beta[:4] = [0, -1, 0.1, 0.1]
    position[2], length[3] = 2, 2
    x = beta[annotator] * 2 * (ability[first] - ability[second])
    x += position[annotator] * shown + length[annotator] * longer
    outcome = np.where(random.random(number) < special.expit(x), 1, -1)
    return ability, first, second, outcome, annotator, shown, longer


def test_the_published_abilities_come_out() -> None:
    first, second, outcome, weight = wins(JOURNALS)
    fit = bradley_terry(first, second, outcome, weight=weight, pooling=ALONE)
    assert fit.ability - fit.ability[0] == pytest.approx(ABILITIES, abs=5e-5)
    assert fit.gradient_norm <= 1e-8
    assert fit.ability.sum() == pytest.approx(0, abs=1e-10)


def test_the_reference_file_agrees() -> None:
    reference = json.loads(data_set("reference/bradley_terry_citations.json").read_text())
    table = [[cell or 0 for cell in row] for row in reference["wins"]["table"]]
    assert table == JOURNALS
    assert list(reference["abilities"].values()) == pytest.approx(ABILITIES, abs=1e-4)


def test_two_objects_by_hand() -> None:
    """Three wins against one: the difference is log 3, its error sqrt(1/3 + 1/1)."""
    fit = bradley_terry([0, 0, 0, 0], [1, 1, 1, 1], [1, 1, 1, -1], pooling=ALONE)
    assert fit.ability == pytest.approx([np.log(3) / 2, -np.log(3) / 2], abs=1e-7)
    assert fit.ability_error is not None
    assert 2 * fit.ability_error == pytest.approx([np.sqrt(4 / 3)] * 2, abs=1e-6)


def test_a_tie_is_half_a_win_for_each() -> None:
    with_ties = bradley_terry([0, 0], [1, 1], [1, 0], pooling=ALONE)
    as_wins = bradley_terry([0] * 4, [1] * 4, [1, 1, 1, -1], pooling=ALONE)
    assert with_ties.ability == pytest.approx(as_wins.ability, abs=1e-7)


def test_the_derivatives_are_those_of_finite_differences() -> None:
    random = np.random.default_rng(0)
    _, first, second, outcome, annotator, shown, longer = simulated(300, objects=6, annotators=4)
    outcome = np.where(random.random(300) < 0.1, 0, outcome)
    cells = _merged(first, second, outcome, annotator, shown, longer, random.random(300), 6)
    problem = BradleyTerryProblem(cells, 6, 4, Pooling(0.7, 0.8, 0.9, 2.0))
    theta, direction = random.normal(size=(2, 18))
    step = 1e-5
    _, gradient = problem.value_and_gradient(theta)
    slopes = [
        (
            problem.value_and_gradient(theta + step * one)[0]
            - problem.value_and_gradient(theta - step * one)[0]
        )
        / (2 * step)
        for one in np.eye(18)
    ]
    assert gradient == pytest.approx(np.array(slopes), abs=1e-6)
    ahead = problem.value_and_gradient(theta + step * direction)[1]
    behind = problem.value_and_gradient(theta - step * direction)[1]
    assert problem.hessian_times(theta, direction) == pytest.approx((ahead - behind) / (2 * step), abs=1e-6)


def test_careless_reversed_first_and_longer_choosing_annotators_are_found() -> None:
    ability, first, second, outcome, annotator, shown, longer = simulated(6000)
    fit = bradley_terry(
        first, second, outcome, annotator, shown=shown, longer=longer, pooling=Pooling(longer=1)
    )
    assert fit.gradient_norm <= 1e-8
    assert fit.beta.mean() == pytest.approx(1)
    assert abs(fit.beta[0]) < 3 * fit.beta_error[0] < 0.5
    assert fit.beta[1] + 3 * fit.beta_error[1] < 0
    assert fit.position[2] - 3 * fit.position_error[2] > 0.5
    assert fit.longer[3] - 3 * fit.longer_error[3] > 0.5
    assert (fit.beta[4:] > 1).all()
    assert np.abs(fit.position[4:]).max() < 0.5
    plain = bradley_terry(first, second, outcome, pooling=ALONE)
    assert np.corrcoef(ability, fit.ability)[0, 1] > np.corrcoef(ability, plain.ability)[0, 1]


def test_intervals_cover_what_was_simulated() -> None:
    covered = []
    for seed in range(15):
        _, first, second, outcome, annotator, shown, _ = simulated(1500, seed=seed)
        fit = bradley_terry(first, second, outcome, annotator, shown=shown)
        covered += list(np.abs(fit.position[4:]) < 1.96 * fit.position_error[4:])
    assert 0.9 <= np.mean(covered) <= 1


def test_swapping_first_and_second_changes_nothing() -> None:
    _, first, second, outcome, annotator, shown, _ = simulated(1000)
    one = bradley_terry(first, second, outcome, annotator, shown=shown)
    other = bradley_terry(second, first, -outcome, annotator, shown=-shown)
    assert other.ability == pytest.approx(one.ability, abs=1e-6)
    assert other.position == pytest.approx(one.position, abs=1e-6)


def test_abilities_that_do_not_exist_are_refused_unless_they_have_a_prior() -> None:
    with pytest.raises(ValueError, match="never loses"):
        bradley_terry([0, 1], [1, 2], [1, 1], pooling=ALONE)
    fit = bradley_terry([0, 1], [1, 2], [1, 1], pooling=Pooling(0, 0, 0, ability=1.0))
    assert fit.ability[0] > fit.ability[1] > fit.ability[2]


def test_what_does_not_converge_raises() -> None:
    _, first, second, outcome, annotator, shown, _ = simulated(500)
    with pytest.raises(ConvergenceError, match="gradient"):
        bradley_terry(first, second, outcome, annotator, shown=shown, iterations=1)
