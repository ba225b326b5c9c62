from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from training.rewards.curve import label_counts, nested_part
from training.rewards.data import Dataset
from training.rewards.experiment import (
    ExperimentResult,
    NotEnoughLabels,
    run_experiment,
)
from training.rewards.models.base import Cancelled
from training.rewards.recipe import RecipeError, recipe_clean, recipe_digest, recipe_wire

PLAIN = {"kind": "linear", "features": {"encoder": False}}


def run(dataset: Dataset, body: dict[str, Any] | None = None, **changes: Any) -> ExperimentResult:
    settings = {"salt": "s", "cache_dir": None, "report": lambda *_: None, "should_stop": lambda: False}
    return run_experiment(dataset, recipe_clean(body or {"model": PLAIN}), **{**settings, **changes})


def test_a_holdout_is_judged_on_prompts_the_served_model_never_saw() -> None:
    dataset = politeness(200)
    steps: list[float] = []
    result = run(dataset, report=lambda progress, *_: steps.append(progress))
    assert result.evaluation["split"]["scheme"] == "holdout"
    assert result.evaluation["split"]["shared_groups"] == 0
    assert result.evaluation["pairs"]["accuracy"]["value"] > 0.8
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    rows = np.concatenate([np.arange(3 * p, 3 * p + 3) for p in result.test_prompts])
    served = result.model.score(dataset.rows).reward
    assert np.allclose(result.test_rewards[rows], served[rows])
    assert np.isnan(np.delete(result.test_rewards, rows)).all()
    json.dumps(result.evaluation, allow_nan=False)


def test_the_learning_curve_grows_to_all_labels_and_ends_at_the_published_accuracy() -> None:
    curve = run(politeness(200)).evaluation["curve"]
    result = run(politeness(200)).evaluation
    assert [point["labels"] for point in curve] == sorted({point["labels"] for point in curve})
    assert curve[-1]["accuracy"] == result["pairs"]["accuracy"]


def test_few_test_groups_are_cross_fitted_and_the_run_says_so() -> None:
    result = run(politeness(40))
    assert result.evaluation["split"]["scheme"] == "cross-validation"
    assert "cross-validation in 5 folds" in result.notes[0]
    assert result.evaluation["split"]["note"] == result.notes[0]
    assert np.isfinite(result.test_rewards).all()
    assert result.test_prompts.tolist() == list(range(40))


def test_an_ensemble_runs_from_end_to_end(tmp_path: Path) -> None:
    model = {"kind": "ensemble", "features": {"encoder": False}, "heads": 2, "hidden": 4, "epochs": 2}
    points: list[dict[str, Any]] = []
    result = run(
        politeness(200), {"model": model}, report=lambda _, __, point: points.append(point) if point else None
    )
    assert [point["step"] for point in points] == [0, 1, 2]
    assert list(result.curve) == points
    assert result.model.kind == "ensemble"
    json.dumps(result.evaluation, allow_nan=False)


def test_prompts_without_labels_are_neither_trained_on_nor_tested() -> None:
    dataset = politeness(200)
    half = replace(dataset, preferences=tuple(p for p in dataset.preferences if p.prompt < 180))
    assert run(half).test_prompts.max() < 180


def test_too_few_labels_say_how_many_are_missing() -> None:
    with pytest.raises(NotEnoughLabels, match="more are needed") as caught:
        run(politeness(4))
    assert caught.value.missing == 12
    dataset = politeness(20)
    one_group = replace(dataset, prompts=tuple(replace(prompt, group="g") for prompt in dataset.prompts))
    with pytest.raises(NotEnoughLabels, match="4 more groups"):
        run(one_group)


def test_a_run_that_is_asked_to_stop_stops() -> None:
    with pytest.raises(Cancelled):
        run(politeness(200), should_stop=lambda: True)


def test_parts_of_a_learning_curve_are_nested_and_whole_groups() -> None:
    dataset = politeness(40)
    groups = [f"g{number // 4}" for number in range(40)]
    counts = label_counts(dataset)
    parts = [set(nested_part(np.arange(40), groups, counts, share).tolist()) for share in (0.1, 0.5, 1.0)]
    assert parts[0] < parts[1] < parts[2] == set(range(40))
    for part in parts:
        assert all({4 * (p // 4) + k for k in range(4)} <= part for p in part)


def test_a_recipe_with_its_defaults_written_out_is_the_same_recipe() -> None:
    recipe = recipe_clean(
        {"model": {"kind": "ensemble"}, "evaluation": {"scheme": "cross-validation", "folds": "groups"}}
    )
    assert recipe_clean(recipe_wire(recipe)) == recipe
    assert recipe_digest(recipe) == recipe_digest(recipe_clean({"model": {"kind": "ensemble"}, "seed": 3}))
    assert recipe_digest(recipe) != recipe_digest(recipe_clean({"model": {"kind": "linear"}}))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (None, "recipe"),
        ({}, "model"),
        ({"model": {"kind": "forest"}}, "model.kind"),
        ({"model": {"kind": ["linear"]}}, "model.kind"),
        ({"model": {"kind": "linear", "depth": 3}}, "model.depth"),
        ({"model": {"kind": "linear", "l2": float("nan")}}, "model.l2"),
        ({"model": {"kind": "linear", "l2": True}}, "model.l2"),
        ({"model": {"kind": "linear", "features": {"style": 1}}}, "model.features.style"),
        (
            {
                "model": {
                    "kind": "linear",
                    "features": dict.fromkeys(("style", "ngrams", "encoder", "given"), False),
                }
            },
            "model.features",
        ),
        ({"model": PLAIN, "data": {"annotator_kinds": []}}, "data.annotator_kinds"),
        ({"model": PLAIN, "data": {"annotator_kinds": [{}]}}, "data.annotator_kinds"),
        ({"model": PLAIN, "data": {"questions": [1]}}, "data.questions"),
        ({"model": PLAIN, "data": {"since": "yesterday"}}, "data.since"),
        ({"model": PLAIN, "evaluation": {"scheme": "none"}}, "evaluation.scheme"),
        ({"model": PLAIN, "evaluation": {"scheme": {}}}, "evaluation.scheme"),
        ({"model": PLAIN, "evaluation": {"folds": 1}}, "evaluation.folds"),
        ({"model": PLAIN, "evaluation": {"test_fraction": 2}}, "evaluation.test_fraction"),
        ({"model": PLAIN, "seed": -1}, "seed"),
        ({"model": PLAIN, "sed": 1}, "sed"),
    ],
)
def test_a_wrong_recipe_names_the_field(body: object, field: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_clean(body)
    assert list(caught.value.fields) == [field]
