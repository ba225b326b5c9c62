"""The preference model with differences integrated out: derivatives, a case by hand, annotators that are found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, special

from annotation.annotators.base import ConvergenceError
from annotation.annotators.pairwise import PairwiseProblem, accuracy_of, pairwise_fit
from annotation.annotators.posterior import labels_of_pairs, majority, side_log_likelihoods
from annotation.annotators.votes import Votes
from tests.annotation.annotators.simulated import votes_simulated


def few(outcome: list[int], **columns: list[int]) -> Votes:
    """Votes of annotators 0, 1, ... on one pair."""
    count = len(outcome)

    def column(name: str, default: list[int]) -> np.ndarray:
        return np.array(columns.get(name, default), dtype=np.int64)

    unit = column("unit", [0] * count)
    return Votes(
        unit=unit,
        annotator=column("annotator", list(range(count))),
        outcome=np.array(outcome, dtype=np.int64),
        shown=column("shown", [0] * count),
        longer=column("longer", [0] * count),
        weight=np.ones(count),
        row=np.arange(count),
        units=int(unit.max()) + 1,
        annotators=int(column("annotator", list(range(count))).max()) + 1,
    )


def test_the_likelihood_of_two_votes_is_the_integral() -> None:
    """Two people of beta 1.5 prefer the first: the integral of sigma(1.5 d)^2 over the standard normal."""
    votes = few([1, 1])
    problem = PairwiseProblem(votes, 1.0)
    _, level = problem.posterior(problem.start(), problem.table(problem.start())[0])

    def density(d: float) -> float:
        return special.expit(1.5 * d) ** 2 * np.exp(-0.5 * d * d) / np.sqrt(2 * np.pi)

    assert float(level[0]) == pytest.approx(np.log(integrate.quad(density, -10, 10)[0]), abs=1e-6)


def test_one_vote_of_a_careful_annotator_by_hand() -> None:
    """One vote leaves half on each side before it: P(first better | said first) is the accuracy."""
    votes = few([1])
    problem = PairwiseProblem(votes, 1.0)
    theta = problem.start()
    fit = problem.result(theta, 0.0, 0.0, 0)
    assert fit.first_better[0] == pytest.approx(accuracy_of(np.array([1.5]))[0], abs=1e-3)


@pytest.mark.parametrize("ties", [False, True])
def test_the_gradient_is_that_of_finite_differences(ties: bool) -> None:
    votes, _ = votes_simulated(40, 5, ties=ties, position={1: 1.0})
    problem = PairwiseProblem(votes, 0.8)
    theta = problem.start() + np.random.default_rng(1).normal(size=23) * 0.4
    _, gradient = problem.value_and_gradient(theta)
    step = 1e-5
    slopes = [
        (
            problem.value_and_gradient(theta + step * one)[0]
            - problem.value_and_gradient(theta - step * one)[0]
        )
        / (2 * step)
        for one in np.eye(23)
    ]
    kept = np.ones(23, dtype=bool) if ties else np.arange(23) != 21
    kept[15:20] &= ties  # without ties kappa has no effect
    assert gradient[kept] == pytest.approx(np.array(slopes)[kept], abs=1e-6)


def test_the_information_is_that_of_finite_differences() -> None:
    votes, _ = votes_simulated(150, 4, ties=True, position={1: 1.0})
    fit = pairwise_fit(votes)
    problem = PairwiseProblem(votes, 1.0)
    step, own = 1e-5, [1, 5, 9, 13]
    rows = [
        (
            problem.value_and_gradient(fit.theta + step * one)[1]
            - problem.value_and_gradient(fit.theta - step * one)[1]
        )
        / (2 * step)
        for one in np.eye(19)[own]
    ]
    information = np.array(rows)[:, own]
    assert np.linalg.inv(fit.covariance[1]) == pytest.approx(information, abs=1e-3)


def test_careless_reversed_first_and_longer_choosing_annotators_are_found() -> None:
    votes, _ = votes_simulated(beta={0: 0.0, 1: -2.0, 2: 0.2, 3: 0.3}, position={2: 3.0}, longer={3: 3.0})
    fit = pairwise_fit(votes)
    assert fit.gradient_norm <= 1e-5
    assert abs(fit.beta[0]) < 0.35
    assert fit.beta[1] < -1
    assert fit.position[2] > 2
    assert fit.longer[3] > 1.8
    assert (fit.beta[4:] > 1).all()
    assert np.abs(fit.position[4:]).max() < 0.5
    assert np.abs(fit.longer[4:]).max() < 0.6


def test_intervals_cover_what_was_simulated() -> None:
    covered = []
    for seed in range(12):
        votes, _ = votes_simulated(400, 8, seed=seed, position={0: 1.0})
        fit = pairwise_fit(votes)
        error = np.sqrt(fit.covariance[:, 1, 1])
        covered += list(np.abs(fit.position - np.array([1.0] + [0.0] * 7)) < 1.96 * error)
    assert 0.88 <= np.mean(covered) <= 1


def test_labels_beat_the_majority_where_some_are_careless() -> None:
    votes, better = votes_simulated(
        2500, 10, 5, beta={0: 0.0, 1: 0.0, 2: 0.0, 3: -2.0, 4: 0.1}, position={4: 4.0}
    )
    label = labels_of_pairs(pairwise_fit(votes))
    true = (better < 0).astype(int)
    by_majority = majority(votes.unit, (votes.outcome < 0).astype(np.int64), 2500, 2)
    assert (label.label == true).mean() > by_majority[np.arange(2500), true].mean() + 0.05
    sure = label.probability > 0.9
    assert (label.label == true)[sure].mean() > 0.9


def test_labels_are_the_majority_where_all_are_equally_good() -> None:
    votes, _ = votes_simulated(1500, 10, 5)
    fit = pairwise_fit(votes, pooling=0.01)
    tops = majority(votes.unit, (votes.outcome < 0).astype(np.int64), 1500, 2).argmax(axis=1)
    assert (labels_of_pairs(fit).label == tops).mean() > 0.98


def test_swapping_the_sides_of_every_pair_changes_nothing_but_the_names() -> None:
    votes, _ = votes_simulated(300, 6, ties=True, position={0: 2.0}, longer={1: 2.0})
    swapped = Votes(
        unit=votes.unit,
        annotator=votes.annotator,
        outcome=-votes.outcome,
        shown=-votes.shown,
        longer=-votes.longer,
        weight=votes.weight,
        row=votes.row,
        units=votes.units,
        annotators=votes.annotators,
    )
    one, other = pairwise_fit(votes, tolerance=1e-7), pairwise_fit(swapped, tolerance=1e-7)
    for name in ("beta", "position", "longer", "tie"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), abs=1e-4)
    assert other.first_better == pytest.approx(1 - one.first_better, abs=1e-4)


def test_swapping_the_order_on_the_screen_turns_positions_around() -> None:
    votes, _ = votes_simulated(300, 6, position={0: 2.0})
    turned = Votes(**{**vars(votes), "shown": -votes.shown})
    one, other = pairwise_fit(votes, tolerance=1e-7), pairwise_fit(turned, tolerance=1e-7)
    assert other.position == pytest.approx(-one.position, abs=1e-4)
    assert other.beta == pytest.approx(one.beta, abs=1e-4)


def test_what_does_not_converge_raises() -> None:
    votes, _ = votes_simulated(200, 6)
    with pytest.raises(ConvergenceError, match="gradient"):
        pairwise_fit(votes, iterations=2)
    with pytest.raises(ValueError, match="votes"):
        pairwise_fit(votes.select(np.zeros(len(votes.unit), dtype=bool)))


def test_log_likelihoods_of_a_vote_add_up() -> None:
    table = np.exp(side_log_likelihoods(2.0, 1.0, 0.5, shown=1, length=-1))
    assert table.sum(axis=1) == pytest.approx([1, 1])
    assert np.exp(side_log_likelihoods(2.0))[0, 0] == pytest.approx(accuracy_of(np.array([2.0]))[0], abs=1e-3)
    assert np.exp(side_log_likelihoods(-2.0))[0, 0] < 0.3
