from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.training.rewards.factories import prompt
from training.rewards.data import Dataset
from training.rewards.features.style import STYLE_NAMES, style_matrix
from training.rewards.global_view import LENGTH, global_view

WORDS = [
    "river",
    "stone,",
    "cloud",
    "paper.",
    "light",
    "Winter!",
    "garden",
    "engine?",
    "music",
    "letter",
    "7",
    "and",
]
Vector = NDArray[np.float64]


def outputs(prompts: int = 120, each: int = 3, groups: int = 60, seed: int = 0) -> Dataset:
    """Prompts with outputs of 3 to 80 random words."""
    rng = np.random.default_rng(seed)
    return Dataset(
        tuple(
            prompt(
                number,
                *(" ".join(rng.choice(WORDS, int(rng.integers(3, 80)))) for _ in range(each)),
                group=f"g{number % groups}",
            )
            for number in range(prompts)
        )
    )


def lengths(dataset: Dataset) -> Vector:
    return np.array([float(len(completion.text)) for _, completion in dataset.rows])


def view(dataset: Dataset, rewards: Vector) -> dict[str, Any]:
    found = global_view(dataset, rewards, np.arange(len(dataset.prompts)))
    json.dumps(found, allow_nan=False)
    return found


@pytest.mark.parametrize("shape", [lambda n: -np.log(n), np.sqrt, lambda n: n, lambda n: (n - 200) ** 2])
def test_reward_of_length_alone_is_all_length(shape: Any) -> None:
    """Whether longer or shorter wins, and also where there can be too much of it."""
    dataset = outputs()
    shares = view(dataset, shape(lengths(dataset)))["shares"]
    assert shares["length"]["value"] > 0.95
    assert shares["length"]["interval"][0] > 0.9
    assert shares["style"]["value"] > 0.95
    assert shares["style_beyond_length"]["value"] < 0.04


@pytest.mark.parametrize("seed", range(4))
def test_reward_that_knows_nothing_of_the_text_is_explained_by_nothing(seed: int) -> None:
    dataset = outputs(seed=seed)
    found = view(dataset, np.random.default_rng(seed + 100).normal(size=dataset.row_count))
    assert found["shares"]["length"]["value"] < 0.03
    assert found["shares"]["style"]["value"] < 0.05
    wrong = [one for one in found["features"] if one["correlation"]["interval"][0] > 0.1]
    assert not wrong


def test_half_length_and_half_noise_is_half_length() -> None:
    """Three outputs leave two of three parts of a variance within the prompt; both parts have 1 there."""
    dataset = outputs(prompts=400)
    length = np.log1p(lengths(dataset))
    within = length - np.repeat(length.reshape(-1, 3).mean(axis=1), 3)
    noise = np.random.default_rng(1).normal(size=len(length))
    rewards = within / within.std() * np.sqrt(2 / 3) + noise
    share = view(dataset, rewards)["shares"]["length"]
    assert share["value"] == pytest.approx(0.5, abs=0.06)
    assert share["interval"][0] < 0.5 < share["interval"][1]
    assert share["n"] == 1200


def test_reward_of_exclamation_marks_is_style_beyond_length_and_named() -> None:
    dataset = outputs()
    style = style_matrix(dataset.rows)
    marks = style[:, STYLE_NAMES.index("log exclamation marks")]
    found = view(dataset, marks)
    assert found["shares"]["style"]["value"] > 0.9
    assert found["shares"]["style_beyond_length"]["value"] > 0.2
    assert found["features"][0]["name"] == "log characters"
    assert found["features"][1]["name"] == "log exclamation marks"
    assert found["features"][1]["correlation"]["value"] == pytest.approx(1.0)
    heaviest = max(found["features"], key=lambda one: abs(one["weight"]["value"]))
    assert heaviest["name"] == "log exclamation marks"


def test_what_prompts_have_in_common_does_not_count() -> None:
    """A reward may be higher for all outputs of a prompt; only differences inside it are looked at."""
    dataset = outputs()
    rewards = np.log1p(lengths(dataset))
    shift = np.repeat(np.random.default_rng(0).normal(scale=50, size=120), 3)
    assert view(dataset, rewards + shift)["shares"]["length"]["value"] == pytest.approx(
        view(dataset, rewards)["shares"]["length"]["value"]
    )
    across = np.repeat(lengths(dataset).reshape(-1, 3).mean(axis=1), 3)
    noise = np.random.default_rng(3).normal(size=dataset.row_count)
    assert view(dataset, 100 * across + noise)["shares"]["length"]["value"] < 0.03


def test_each_prompt_weighs_the_same_however_many_outputs_it_has() -> None:
    """Correlation by hand: of one prompt of two outputs and one of three, the three weigh half as much each."""
    texts = [["a" * 9, "b" * 99], ["c" * 9, "d" * 99, "e" * 9]]
    dataset = Dataset(tuple(prompt(number, *texts[number % 2]) for number in range(20)))
    rewards = np.array([0.0, 1.0, 0.0, 0.0, 3.0] * 10)
    x = np.log1p([9.0, 99.0, 9.0, 99.0, 9.0])
    x -= [x[:2].mean()] * 2 + [x[2:].mean()] * 3
    y = np.array([-0.5, 0.5, -1.0, -1.0, 2.0])
    w = np.array([1.0, 1.0, 0.5, 0.5, 0.5])
    expected = (w * x * y).sum() / np.sqrt((w * x * x).sum() * (w * y * y).sum())
    first = view(dataset, rewards)["features"][0]
    assert first["name"] == STYLE_NAMES[LENGTH]
    assert first["correlation"]["value"] == pytest.approx(expected)


def test_rows_without_a_held_out_reward_and_single_outputs_are_left_out() -> None:
    dataset = outputs(prompts=40, groups=40)
    rewards = np.log1p(lengths(dataset))
    rewards[: 3 * 10] = np.nan
    rewards[3 * 10 : 3 * 10 + 2] = np.nan
    found = view(dataset, rewards)
    assert (found["prompts"], found["outputs"]) == (29, 87)


def test_too_little_or_equal_rewards_say_why() -> None:
    few = outputs(prompts=9, groups=9)
    assert "fewer than 10 groups" in view(few, lengths(few))["shares"]["length"]["reason"]
    single = outputs(prompts=30, each=1, groups=30)
    assert "two outputs" in view(single, lengths(single))["shares"]["style"]["reason"]
    equal = outputs()
    assert "all equal" in view(equal, np.ones(equal.row_count))["shares"]["length"]["reason"]
