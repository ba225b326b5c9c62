from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from tests.training.rewards.factories import random_dataset
from training.rewards.best_of_n import best_of_n
from training.rewards.data import Completion, Dataset, Message, Preference, Prompt
from training.rewards.intervals import ClusterBootstrap
from training.rewards.targets import consensus, pair_votes


def ranked(*tiers: tuple[int, ...]) -> Dataset:
    count = sum(len(tier) for tier in tiers)
    completions = tuple(Completion(f"c{place}", f"text {place}") for place in range(count))
    prompt = Prompt("p", (Message("user", "q"),), completions, "g")
    return Dataset((prompt,), (Preference("j", 0, "ann", "human", "overall", "ranking", tiers),))


def points(dataset: Dataset, rewards: list[float]) -> list[float]:
    bootstrap = ClusterBootstrap([p.group for p in dataset.prompts], np.arange(len(dataset.prompts)))
    found = best_of_n(consensus(pair_votes(dataset)), np.array(rewards), bootstrap)
    assert [point["n"] for point in found] == list(range(1, len(found) + 1))
    return [point["reward"]["value"] for point in found]


def test_three_outputs_by_hand() -> None:
    """Human scores 1, .5, 0. Rewards rank them second, first, third: best of 2 is .5*2/3 + 1*1/3."""
    dataset = ranked((0,), (1,), (2,))
    assert points(dataset, [2.0, 3.0, 1.0]) == pytest.approx([0.5, 2 / 3, 0.5])
    assert points(dataset, [3.0, 2.0, 1.0]) == pytest.approx([0.5, 5 / 6, 1.0])


def test_equal_rewards_choose_at_random() -> None:
    assert points(ranked((0,), (1,), (2,)), [1.0, 1.0, 1.0]) == pytest.approx([0.5, 0.5, 0.5])


def test_the_closed_form_is_the_mean_over_all_draws() -> None:
    dataset = ranked((2,), (0, 4), (1,), (3,))
    rewards = [0.3, 0.9, 0.1, 0.7, 0.2]
    scores = [0.625, 0.25, 1.0, 0.0, 0.625]
    for n, value in enumerate(points(dataset, rewards), start=1):
        draws = [scores[max(draw, key=lambda place: rewards[place])] for draw in combinations(range(5), n)]
        assert value == pytest.approx(np.mean(draws))


def test_choosing_by_people_is_never_worse_and_prompts_with_fewer_outputs_leave() -> None:
    dataset = random_dataset(1)
    bootstrap = ClusterBootstrap([p.group for p in dataset.prompts], np.arange(len(dataset.prompts)))
    rng = np.random.default_rng(0)
    found = best_of_n(consensus(pair_votes(dataset)), rng.normal(size=dataset.row_count), bootstrap)
    assert all(point["best"]["value"] >= point["reward"]["value"] for point in found)
    counts = [point["prompts"] for point in found]
    assert counts == sorted(counts, reverse=True)
