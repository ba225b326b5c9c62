"""Scores corrected for mean and scale: a case by hand, a likelihood that never falls, annotators that are found."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from annotation.annotators.base import ConvergenceError
from annotation.annotators.posterior import values_of_ratings
from annotation.annotators.ratings import Parameters, RatingProblem, rating_model

UNITS, PEOPLE = 800, 10


def scores(seed: int = 0):
    """Everybody rates like the others, but 0 is careless, 1 reversed, 2 lenient, 3 uses half of the scale."""
    random = np.random.default_rng(seed)
    value = random.normal(size=UNITS)
    offset, scale = np.zeros(PEOPLE), np.ones(PEOPLE)
    scale[:4], offset[2] = [0, -1, 1, 0.5], 1.5
    unit = np.repeat(np.arange(UNITS), 3)
    annotator = np.concatenate([random.permutation(PEOPLE)[:3] for _ in range(UNITS)])
    score = 3 + offset[annotator] + scale[annotator] * value[unit] + 0.5 * random.normal(size=len(unit))
    return value, unit, annotator, score


def test_the_density_is_that_of_the_normal_distribution() -> None:
    """Two ratings of one unit with everybody alike: covariance v + n on the diagonal and v beside it."""
    problem = RatingProblem([0, 0, 1], [0, 1, 0], [1.0, 2.0, 4.0])
    levels = []
    for noise in (0.3, 0.9):
        parameters = Parameters(np.zeros(2), np.ones(2), np.full(2, noise), 0.0, 0.5)
        level = problem.log_posterior(parameters) + 0.5 * 4 * 2 * (np.log(noise) + 0.5 / noise)
        joint = stats.multivariate_normal([0, 0], [[0.5 + noise, 0.5], [0.5, 0.5 + noise]])
        alone = stats.norm(0, np.sqrt(0.5 + noise))
        levels.append(level - joint.logpdf(problem.score[:2]) - alone.logpdf(problem.score[2]))
    assert levels[0] == pytest.approx(levels[1])


def test_a_unit_seen_once_is_drawn_to_the_mean_by_hand() -> None:
    """With noise n and variance v a single score s has the value s v / (v + n)."""
    problem = RatingProblem([0, 1], [0, 0], [1.0, 3.0])  # standardised: -1 and 1
    value, variance = problem.values(Parameters(np.zeros(1), np.ones(1), np.array([0.5]), 0.0, 1.5))
    assert value == pytest.approx([-0.75, 0.75])
    assert variance == pytest.approx([0.375, 0.375])


def test_the_posterior_density_never_falls() -> None:
    _, unit, annotator, score = scores()
    problem = RatingProblem(unit, annotator, score)
    parameters, levels = problem.start(), []
    for _ in range(25):
        levels.append(problem.log_posterior(parameters))
        parameters = problem.step(parameters)
    assert (np.diff(levels) >= -1e-8).all()


def test_the_fit_is_a_mode() -> None:
    _, unit, annotator, score = scores()
    problem = RatingProblem(unit, annotator, score)
    parameters = problem.start()
    for _ in range(300):
        parameters = problem.step(parameters)
    flat, step = parameters.flat(), 1e-5

    def level(values: np.ndarray) -> float:
        parts = values[:-2].reshape(3, -1)
        return problem.log_posterior(Parameters(*parts, float(values[-2]), float(values[-1])))

    slopes = [(level(flat + step * one) - level(flat - step * one)) / (2 * step) for one in np.eye(len(flat))]
    assert np.abs(slopes).max() / len(score) < 1e-5


def test_careless_reversed_lenient_and_narrow_annotators_are_found() -> None:
    value, unit, annotator, score = scores()
    fit = rating_model(unit, annotator, score)
    assert abs(fit.reliability[0]) < 0.2
    assert fit.reliability_high[1] < -0.6
    assert fit.offset[2] - np.median(fit.offset) == pytest.approx(1.5, abs=0.2)
    assert fit.scale[3] / np.median(fit.scale[4:]) == pytest.approx(0.5, abs=0.1)
    corrected = np.corrcoef(value, fit.value)[0, 1]
    plain = np.corrcoef(value, np.bincount(unit, score))[0, 1]
    assert corrected > plain + 0.1


def test_intervals_of_values_cover_what_was_simulated() -> None:
    random = np.random.default_rng(3)
    value = random.normal(size=UNITS)
    unit = np.repeat(np.arange(UNITS), 3)
    annotator = np.concatenate([random.permutation(PEOPLE)[:3] for _ in range(UNITS)])
    fit = rating_model(unit, annotator, value[unit] + 0.6 * random.normal(size=len(unit)))
    _, low, high = values_of_ratings(fit)
    assert 0.92 < ((low < value) & (value < high)).mean() < 0.98


def test_moving_and_stretching_all_scores_does_the_same_to_the_values() -> None:
    _, unit, annotator, score = scores()
    one, other = rating_model(unit, annotator, score), rating_model(unit, annotator, 10 + 20 * score)
    assert other.value == pytest.approx(10 + 20 * one.value, abs=1e-3)
    assert other.scale == pytest.approx(one.scale, abs=1e-5)
    assert other.offset == pytest.approx(20 * one.offset, abs=1e-3)


def test_what_cannot_be_fitted_raises() -> None:
    _, unit, annotator, score = scores()
    with pytest.raises(ConvergenceError, match="still moves"):
        rating_model(unit, annotator, score, iterations=2)
    with pytest.raises(ValueError, match="equal"):
        rating_model([0, 1], [0, 0], [3, 3])
