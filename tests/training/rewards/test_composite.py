from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from tests.training.rewards.test_linear import task
from training.rewards import models
from training.rewards.data import Dataset
from training.rewards.models.base import FitInput
from training.rewards.models.composite import fit, fitted_weights
from training.rewards.recipe import RecipeError, recipe_clean, recipe_wire

POLITE = {"kind": "rules", "rules": [{"check": "terms", "terms": ["please"]}]}
LINEAR = {"kind": "linear", "features": {"encoder": False}}


def job(*parts: dict[str, Any], weights: str = "given", prompts: int = 60) -> FitInput:
    body = {"model": {"kind": "composite", "weights": weights, "parts": list(parts)}}
    recipe = recipe_clean(body)
    return task(politeness(prompts), groups=dict(recipe.features), **recipe.options)


def test_the_reward_is_the_weighted_sum_of_the_parts() -> None:
    work = job({"weight": 2, "model": LINEAR}, {"weight": 0.5, "model": POLITE})
    output = fit(work)
    rows = politeness(6).rows
    parts = [part.score(rows).reward for part in output.model.parts]  # type: ignore[attr-defined]
    np.testing.assert_allclose(output.model.score(rows).reward, 2 * parts[0] + 0.5 * parts[1])
    alone = models.fit(
        "linear",
        replace(work, options=recipe_clean({"model": LINEAR}).options),
    )
    np.testing.assert_allclose(output.model.parts[0].score(rows).reward, alone.model.score(rows).reward)  # type: ignore[attr-defined]


def test_explanations_add_up_to_the_reward() -> None:
    model = fit(job({"weight": 2, "model": LINEAR}, {"weight": -1, "model": POLITE})).model
    for row in politeness(3).rows:
        told = model.explain(row)
        total = told.intercept + told.other + sum(part.contribution for part in told.contributions)
        assert total == pytest.approx(float(model.score([row]).reward[0]))


def test_learned_weights_drop_a_part_that_says_the_opposite() -> None:
    rude = {"kind": "rules", "rules": [{"check": "terms", "terms": ["please"], "weight": -1}]}
    output = fit(job({"model": LINEAR}, {"model": rude}, weights="fitted", prompts=150))
    linear, opposite = output.model.weights.tolist()  # type: ignore[attr-defined]
    assert linear > 0
    assert opposite == pytest.approx(0, abs=1e-9)


def test_learned_weights_are_those_of_logistic_regression() -> None:
    """One part whose rewards are half the log-odds that the labels were drawn from: its weight is near 2."""
    rng = np.random.default_rng(3)
    dataset = politeness(400)
    margins = rng.normal(size=len(dataset.prompts))
    rewards = np.zeros(dataset.row_count)
    rewards[dataset.offsets[:-1]] = margins
    kept = []
    for place, margin in enumerate(margins):
        first = rng.random() < 1 / (1 + np.exp(-2 * margin))
        judged = next(each for each in dataset.preferences if each.prompt == place)
        kept.append(replace(judged, tiers=((0,), (1,)) if first else ((1,), (0,))))
    found = fitted_weights(
        Dataset(dataset.prompts, tuple(kept)), np.arange(len(dataset.prompts)), rewards[None, :]
    )
    assert found is not None
    assert found[0] == pytest.approx(2.0, abs=0.5)


def test_too_few_pairs_leave_the_given_weights_and_say_so() -> None:
    output = fit(job({"weight": 3, "model": LINEAR}, {"model": POLITE}, weights="fitted", prompts=12))
    assert output.model.weights.tolist() == [3, 1]  # type: ignore[attr-defined]
    assert any("too few" in note for note in output.notes)


def test_a_saved_sum_scores_as_before(tmp_path: Path) -> None:
    model = fit(job({"weight": 2, "model": LINEAR}, {"model": POLITE})).model
    model.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.json", "model.safetensors"]
    rows = politeness(5).rows
    np.testing.assert_allclose(models.load(tmp_path).score(rows).reward, model.score(rows).reward)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "1 to 8 parts"),
        ([{"model": {"kind": "composite", "parts": []}}], "cannot be a part"),
        ([{"weight": "x", "model": POLITE}], "0.weight"),
        ([{"model": {"kind": "linear", "l2": -1}}], "0.model.l2"),
    ],
)
def test_a_wrong_part_is_named_by_its_place(parts: Any, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        recipe_clean({"model": {"kind": "composite", "parts": parts}})


def test_a_recipe_comes_back_from_the_wire() -> None:
    recipe = recipe_clean({"model": {"kind": "composite", "parts": [{"model": POLITE}, {"model": LINEAR}]}})
    assert recipe.features == {
        "style": True,
        "ngrams": True,
        "encoder": False,
        "minilm": False,
        "given": True,
    }
    assert recipe_clean(recipe_wire(recipe)) == recipe
