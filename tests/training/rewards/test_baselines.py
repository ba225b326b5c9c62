from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tests.training.rewards.factories import prompt, random_dataset, vote
from training.rewards.baselines import bradley_terry, fit_baselines, held_out_baselines
from training.rewards.data import Dataset
from training.rewards.splits import folds, split_groups
from training.rewards.targets import consensus, pair_votes


def _lengths_dataset(sizes: list[tuple[int, int]], winners: list[int]) -> Dataset:
    prompts = tuple(prompt(i, "x" * a, "x" * b) for i, (a, b) in enumerate(sizes))
    return Dataset(prompts, tuple(vote(i, winner) for i, winner in enumerate(winners)))


def _rewards(dataset: Dataset, name: str, train: np.ndarray | None = None) -> np.ndarray:
    prompts = np.arange(len(dataset.prompts)) if train is None else train
    baseline = fit_baselines(dataset, prompts)[name]
    assert baseline.rewards is not None
    return baseline.rewards


def _order_accuracy(dataset: Dataset, rewards: np.ndarray) -> float:
    pairs = consensus(pair_votes(dataset))
    return float(np.mean(np.sign(pairs.margins(rewards)) == pairs.outcome))


def test_bradley_terry_by_hand() -> None:
    """One strength, won 3 of 4 at difference 1: 3 - 4 sigmoid(w) = w is solved by the prior's pull."""
    weights = bradley_terry(np.array([[1.0], [-1.0]]), np.array([3.0, 1.0]), penalty=1e-9)
    assert weights == pytest.approx([math.log(3)], rel=1e-6)
    pulled = bradley_terry(np.array([[1.0], [-1.0]]), np.array([3.0, 1.0]), penalty=1.0)[0]
    assert 3 - 4 / (1 + math.exp(-pulled)) == pytest.approx(pulled, abs=1e-6)


def test_bradley_terry_gradient_vanishes_by_finite_differences() -> None:
    rng = np.random.default_rng(0)
    differences, counts = rng.normal(size=(40, 4)), rng.integers(1, 5, size=40).astype(float)
    weights = bradley_terry(differences, counts, penalty=0.5)

    def objective(at: np.ndarray) -> float:
        return float(-counts @ np.logaddexp(0, -differences @ at) - 0.25 * at @ at)

    for direction in np.eye(4):
        rise = objective(weights + 1e-4 * direction) - objective(weights - 1e-4 * direction)
        assert rise / 2e-4 == pytest.approx(0, abs=1e-5)


def test_bradley_terry_matches_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    oriented = rng.normal(size=(200, 3))
    won = rng.random(200) < 1 / (1 + np.exp(-oriented @ [1.0, -0.5, 0.0]))
    fit = LogisticRegression(C=1.0, fit_intercept=False, tol=1e-10).fit(oriented, won)
    games = np.where(won[:, None], oriented, -oriented)
    assert bradley_terry(games, np.ones(200)) == pytest.approx(fit.coef_[0], abs=1e-4)


def test_bradley_terry_converges_on_separable_badly_scaled_data() -> None:
    differences = np.array([[1e4, 1e-3], [2e4, 3e-3], [5e3, 1e-4]])
    weights = bradley_terry(differences, np.ones(3))
    assert np.all(differences @ weights > 0)


@pytest.mark.parametrize("winner", [0, 1])
def test_length_learns_its_sign_from_the_training_part(winner: int) -> None:
    dataset = _lengths_dataset([(50, 10), (80, 30), (20, 5), (300, 200)], [winner] * 4)
    difference = np.diff(_rewards(dataset, "length").reshape(-1, 2), axis=1)
    assert np.all(np.sign(difference) == (-1 if winner == 0 else 1))


def test_length_learns_that_there_can_be_too_much() -> None:
    rng = np.random.default_rng(0)
    sizes = [(int(a), int(b)) for a, b in np.exp(rng.uniform(1, 8, size=(200, 2)))]
    best = math.exp(4.5)
    winners = [int(abs(math.log(b / best)) < abs(math.log(a / best))) for a, b in sizes]
    dataset = _lengths_dataset(sizes, winners)
    assert _order_accuracy(dataset, _rewards(dataset, "length")) > 0.9


def test_source_strengths_follow_the_wins_and_unseen_sources_get_zero() -> None:
    named = [("a", "b"), ("a", "b"), ("b", "c"), ("new", "a")]
    prompts = tuple(prompt(i, "one", "two", sources=pair) for i, pair in enumerate(named))
    dataset = Dataset(prompts, tuple(vote(i, 0) for i in range(4)))
    rewards = _rewards(dataset, "source", train=np.array([0, 1, 2]))
    a, b, c = rewards[0], rewards[1], rewards[5]
    assert a > b > c
    assert rewards[6] == 0
    assert rewards[7] == a


def test_source_needs_two_names() -> None:
    dataset = _lengths_dataset([(3, 5), (4, 6)], [0, 1])
    baseline = fit_baselines(dataset, np.array([0, 1]))["source"]
    assert baseline.rewards is None
    assert "fewer than two" in baseline.reason


def test_style_sees_what_length_does_not() -> None:
    texts = [
        ("LOUD WORDS HERE!!!", "calm words here...") if i % 2 else ("so calm now....", "SO LOUD NOW!!!!")
        for i in range(40)
    ]
    dataset = Dataset(
        tuple(prompt(i, *pair) for i, pair in enumerate(texts)), tuple(vote(i, i % 2) for i in range(40))
    )
    assert _order_accuracy(dataset, _rewards(dataset, "style")) == 1.0


def test_labels_of_other_prompts_change_nothing() -> None:
    dataset = random_dataset(0)
    train = np.arange(30)
    blinded = Dataset(dataset.prompts, tuple(p for p in dataset.preferences if p.prompt < 30))
    for name in ("length", "style", "source"):
        assert _rewards(dataset, name, train) == pytest.approx(_rewards(blinded, name, train))


def test_held_out_rewards_come_from_the_fit_of_their_own_fold() -> None:
    dataset = random_dataset(0)
    groups = [item.group for item in dataset.prompts]
    splits = folds(groups, salt="s", folds=4)
    held_out = held_out_baselines(dataset, splits)["source"].rewards
    assert held_out is not None
    rows = np.repeat(np.arange(len(groups)), 3)
    for split in splits:
        own = _rewards(dataset, "source", split.train)
        inside = np.isin(rows, split.test)
        assert held_out[inside] == pytest.approx(own[inside])


def test_rows_outside_every_test_part_are_nan() -> None:
    dataset = random_dataset(0)
    split = split_groups([item.group for item in dataset.prompts], salt="s", test_fraction=0.4)
    rewards = held_out_baselines(dataset, [split])["length"].rewards
    assert rewards is not None
    inside = np.isin(np.repeat(np.arange(60), 3), split.test)
    assert np.array_equal(np.isfinite(rewards), inside)


def test_nothing_to_fit_on_gives_reasons() -> None:
    dataset = Dataset((prompt(0, "a", "b"),), (vote(0, "tie"),))
    for baseline in fit_baselines(dataset, np.array([0])).values():
        assert baseline.rewards is None
        assert baseline.reason == "no decided pair in the training part"


@pytest.mark.parametrize(("seed", "scale"), [(574, 3), (92, 10), (32, 30), (5, 100), (3, 300)])
def test_a_fit_ends_where_its_objective_is_flat_to_the_last_digit(seed: int, scale: float) -> None:
    differences = np.random.default_rng(seed).standard_normal((60, 2)) * scale
    weights = bradley_terry(differences, np.ones(60))
    gradient = differences.T @ (1 / (1 + np.exp(differences @ weights))) - weights
    assert np.abs(gradient).max() < 1e-6
