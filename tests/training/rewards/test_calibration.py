from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from tests.training.rewards.factories import margins, two_output_dataset
from training.rewards.calibration import FEWEST_FOR_ECE, calibration, reliability, slope, slope_samples
from training.rewards.data import Dataset
from training.rewards.intervals import ClusterBootstrap, Figure
from training.rewards.targets import consensus, pair_votes


def _figures(dataset: Dataset, rewards: np.ndarray) -> dict[str, Figure]:
    groups = [item.group for item in dataset.prompts]
    return calibration(
        consensus(pair_votes(dataset)), rewards, ClusterBootstrap(groups, np.arange(len(groups)))
    )


def _sample(n: int, sharpness: float) -> tuple[Dataset, np.ndarray]:
    """Outcomes drawn from sigmoid(margin), rewards ``sharpness`` times too large."""
    rng = np.random.default_rng(4)
    truth = rng.normal(scale=2, size=n)
    choices = [0 if win else 1 for win in rng.random(n) < expit(truth)]
    return two_output_dataset(choices), margins(*(sharpness * truth))


def test_slope_by_hand_three_of_four_won_at_one_margin() -> None:
    figures = _figures(two_output_dataset([0, 0, 0, 1]), margins(2, 2, 2, 2))
    assert figures["slope"]["value"] == pytest.approx(math.log(3) / 2)
    assert figures["slope"]["n"] == 4


def test_slope_matches_unpenalised_logistic_regression_and_covers_the_truth() -> None:
    dataset, rewards = _sample(2000, sharpness=2.0)
    pairs = consensus(pair_votes(dataset))
    differences = pairs.margins(rewards)
    fit = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10).fit(
        differences[:, None], pairs.outcome
    )
    figure = _figures(dataset, rewards)["slope"]
    assert figure["value"] == pytest.approx(fit.coef_[0, 0], rel=1e-5)
    assert figure["interval"][0] < 0.5 < figure["interval"][1]
    assert figure["interval"][1] < 1


def test_one_step_follows_the_refit_of_every_resample() -> None:
    dataset, rewards = _sample(300, sharpness=1.0)
    pairs = consensus(pair_votes(dataset))
    towards, ones, everything = pairs.margins(rewards) * pairs.outcome, np.ones(300), np.arange(300)
    bootstrap = ClusterBootstrap([str(i // 3) for i in range(300)], everything)
    value = slope(towards, ones)
    assert value is not None
    stepped = slope_samples(value, everything, towards, ones, bootstrap)[:200]
    drawn = bootstrap.resample_weights(everything, slice(0, 200))
    refitted = np.array([slope(towards, weights) for weights in drawn], dtype=float)
    assert np.corrcoef(stepped, refitted)[0, 1] > 0.98
    assert np.std(stepped) == pytest.approx(np.std(refitted), rel=0.1)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=20), st.floats(0.01, 100))
def test_slope_solves_its_equation_and_scales_inversely(values: list[float], scale: float) -> None:
    towards = np.array(values)
    weights = np.ones(len(values))
    fitted = slope(towards, weights)
    if not (towards > 1e-6).any() or not (towards < -1e-6).any():
        return
    assert fitted is not None
    residual = np.sum(weights * towards * expit(-fitted * towards))
    assert residual == pytest.approx(0, abs=1e-6 * np.abs(towards).sum())
    assert slope(scale * towards, weights) == pytest.approx(fitted / scale, rel=1e-4, abs=1e-8)


def test_slope_is_undefined_when_rewards_separate_or_are_constant() -> None:
    dataset = two_output_dataset([0, 1])
    for rewards in (margins(1, -1), margins(-1, 1), margins(0, 0)):
        figure = _figures(dataset, rewards)["slope"]
        assert figure["value"] is None
        assert "finite" in figure["reason"]


def test_brier_by_hand() -> None:
    figure = _figures(two_output_dataset([0, 0, 1]), margins(*[math.log(4)] * 3))["brier"]
    assert figure["value"] == pytest.approx((0.2**2 + 0.2**2 + 0.8**2) / 3)


def test_ece_is_withheld_below_a_thousand_pairs() -> None:
    dataset, rewards = _sample(FEWEST_FOR_ECE - 1, sharpness=1.0)
    figure = _figures(dataset, rewards)["ece"]
    assert figure == {"value": None, "reason": "needs 1000 decided held-out pairs, there are 999"}


def test_ece_is_small_for_calibrated_rewards_and_large_for_overconfident_ones() -> None:
    calibrated = _figures(*_sample(4000, sharpness=1.0))["ece"]["value"]
    overconfident = _figures(*_sample(4000, sharpness=10.0))["ece"]["value"]
    assert calibrated < 0.03
    assert overconfident > 0.1


def test_ece_by_hand_with_one_bin_in_use() -> None:
    dataset = two_output_dataset([0] * 700 + [1] * 300)
    figure = _figures(dataset, margins(*[math.log(3)] * 1000))["ece"]
    assert figure["value"] == pytest.approx(0.75 - 0.7)


def test_reliability_bins_say_predicted_and_observed_from_the_favourites_side() -> None:
    pairs = consensus(pair_votes(two_output_dataset([0, 1, 1, 0])))
    bins = reliability(pairs, margins(math.log(3), -math.log(3), math.log(3), 0))
    assert bins == [
        {"predicted": 0.5, "observed": 0.5, "n": 1},
        {"predicted": pytest.approx(0.75), "observed": pytest.approx(2 / 3), "n": 3},
    ]


def test_calibration_does_not_depend_on_which_output_comes_first() -> None:
    dataset, rewards = _sample(1200, sharpness=1.5)
    swapped = two_output_dataset([1 - int(p.tiers[0][0]) for p in dataset.preferences])
    one, other = _figures(dataset, rewards), _figures(swapped, rewards.reshape(-1, 2)[:, ::-1].ravel())
    for name in ("slope", "brier", "ece"):
        assert one[name]["value"] == pytest.approx(other[name]["value"])


def test_no_decided_pair_leaves_every_figure_undefined() -> None:
    dataset = two_output_dataset(["tie"])
    assert {figure["value"] for figure in _figures(dataset, margins(1)).values()} == {None}
    assert reliability(consensus(pair_votes(dataset)), margins(1)) == []
