from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from tests.training.rewards.test_experiment import run
from tests.training.rewards.test_linear import task
from tests.training.rewards.test_textbook import GIVEN, numbered
from training.rewards.data import Dataset, Preference, Rating
from training.rewards.models.base import FitOutput
from training.rewards.models.linear import LinearModel, fit
from training.rewards.recipe import RecipeError, recipe_clean

HEADS = {"kind": "linear", "features": GIVEN, "criteria": "heads"}


def two_criteria(prompts: int = 80, *, counts: tuple[float, float] | None = None) -> Dataset:
    """Outputs rated for "depth" (number 1) and "tone" (number 2), compared by a sum of both that ``counts``."""
    dataset = numbered(prompts)
    rng = np.random.default_rng(8)
    ratings, preferences = [], []
    for number, prompt in enumerate(dataset.prompts):
        given = np.array([completion.features[:2] for completion in prompt.completions])
        depth, tone = ((given - 7) / [0.5, 0.5 + 39.5 / 9]).T
        for place in range(3):
            for name, value in (("depth", depth[place]), ("tone", 10 * tone[place])):
                noisy = float(value + rng.normal() * 0.1)
                key = f"{number}-{place}-{name}"
                ratings.append(Rating(key, number, place, "ann", "human", name, noisy, -50, 50))
        if counts is not None:
            worth = counts[0] * depth + counts[1] * tone
            preferences += [
                Preference(
                    f"{number}-{one}-{two}", number, "ann", "human", "overall", "comparison",
                    ((one,), (two,)) if worth[one] > worth[two] else ((two,), (one,)),
                )
                for one, two in combinations(range(3), 2)
            ]  # fmt: skip
    return replace(dataset, ratings=tuple(ratings), preferences=tuple(preferences))


def headed(dataset: Dataset) -> tuple[FitOutput, LinearModel]:
    output = fit(task(dataset, groups=GIVEN, criteria="heads"))
    assert isinstance(output.model, LinearModel)
    return output, output.model


def test_without_comparisons_criteria_count_alike_in_deviations_of_their_ratings() -> None:
    output, model = headed(two_criteria())
    assert [(head.criterion, head.share) for head in model.heads] == [("depth", 0.5), ("tone", 0.5)]
    assert any("count alike" in note for note in output.notes)
    numbers = model.weights.columns / np.abs(model.weights.columns).max()
    assert numbers[:2] == pytest.approx([1.0, 1.0], abs=0.1)
    assert np.abs(numbers[2:]).max() < 0.08


@pytest.mark.parametrize("counts", [(1.0, 0.0), (1.0, -1.0), (1.0, 3.0)])
def test_comparisons_say_what_each_criterion_counts(counts: tuple[float, float]) -> None:
    _, model = headed(two_criteria(counts=counts))
    shares = np.array([head.share for head in model.heads])
    assert shares / np.abs(shares).max() == pytest.approx(np.array(counts) / max(map(abs, counts)), abs=0.25)


def test_contributions_of_criteria_add_up_to_the_reward() -> None:
    dataset = two_criteria(counts=(1.0, 3.0))
    _, model = headed(dataset)
    rewards = model.score(dataset.rows[:9]).reward
    for row, reward in zip(dataset.rows[:9], rewards, strict=True):
        told = model.explain(row)
        assert [each.criterion for each in told.criteria] == ["depth", "tone"]
        assert sum(each.contribution for each in told.criteria) == pytest.approx(reward)
        features = told.intercept + told.other + sum(each.contribution for each in told.contributions)
        assert features == pytest.approx(reward)
        assert told.wire()["criteria"][0].keys() == {"criterion", "contribution"}


def test_a_stored_model_keeps_its_heads(tmp_path: Path) -> None:
    dataset = two_criteria(counts=(1.0, 3.0))
    _, model = headed(dataset)
    model.save(tmp_path)
    again = LinearModel.load(tmp_path)
    assert (again.score(dataset.rows).reward == model.score(dataset.rows).reward).all()
    assert again.explain(dataset.rows[0]) == model.explain(dataset.rows[0])


def test_a_whole_experiment_with_heads() -> None:
    result = run(two_criteria(200, counts=(1.0, 1.0)), {"model": HEADS})
    assert result.evaluation["pairs"]["accuracy"]["value"] > 0.9
    assert result.evaluation["curve"][-1]["accuracy"] == result.evaluation["pairs"]["accuracy"]


@pytest.mark.parametrize(
    ("option", "place"), [({"optimizer": "adam"}, "optimizer"), ({"loss": "squared"}, "loss")]
)
def test_heads_are_ridge_regressions_and_nothing_else(option: dict[str, str], place: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_clean({"model": HEADS | option})
    assert list(caught.value.fields) == [f"model.{place}"]
