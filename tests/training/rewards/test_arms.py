"""Learning curves of labels that a policy chose against labels drawn at random."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from training.rewards.arms import arm_curves
from training.rewards.data import Dataset
from training.rewards.experiment import run_experiment
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import extract, items_of
from training.rewards.models.base import Cancelled
from training.rewards.recipe import recipe_clean

GROUPS = {"style": True, "ngrams": True, "encoder": False, "given": False}


def two_arms(prompts: int = 120, share: int = 2, **more: object) -> Dataset:
    """Every `share`-th prompt in the random arm, the others chosen by a policy."""
    dataset = politeness(prompts, **more)  # type: ignore[arg-type]
    judged = (*dataset.preferences, *dataset.ratings, *dataset.verdicts)
    return replace(
        dataset, arms={each.id: "random" if each.prompt % share == 0 else "active" for each in judged}
    )


def curves(dataset: Dataset):
    raw = extract(items_of(dataset.rows), GROUPS, Encoder(None))
    found = arm_curves(dataset, raw, GROUPS, salt="salt")
    json.dumps(found, allow_nan=False)
    return found


def test_both_arms_are_judged_on_the_random_arm_with_the_same_number_of_labels() -> None:
    found = curves(two_arms())
    assert found["reason"] == ""
    assert found["labels"] == {"active": 120, "random": 120}
    labels = [point["labels"] for point in found["points"]]
    assert labels == sorted(labels)
    assert labels[:2] == [25, 50]
    assert 90 <= labels[-1] <= 96  # four fifths of the random arm's
    for point in found["points"]:
        assert point["active"]["n"] == point["random"]["n"] == point["gain"]["n"] == 120
        assert point["gain"]["value"] == pytest.approx(point["active"]["value"] - point["random"]["value"])
        low, high = point["gain"]["interval"]
        assert low <= point["gain"]["value"] <= high
    assert found["points"][-1]["random"]["value"] > 0.75


@pytest.mark.parametrize("kind", ["ranking", "rating"])
def test_every_kind_of_judgment_counts(kind: str) -> None:
    found = curves(two_arms(240 if kind == "ranking" else 120, kind=kind))
    assert found["points"][-1]["random"]["value"] > 0.7


def test_where_nobody_compared_outputs_the_figures_say_why_they_are_not_there() -> None:
    found = curves(two_arms(kind="verdict"))
    assert found["points"][-1]["gain"] == {"value": None, "reason": "no held-out pair that one side won"}


def test_labels_of_a_policy_that_chose_nonsense_are_seen_to_be_worse() -> None:
    dataset = two_arms(160)
    spoiled = tuple(
        replace(each, tiers=each.tiers[::-1]) if dataset.arms[each.id] == "active" else each
        for each in dataset.preferences
    )
    last = curves(replace(dataset, preferences=spoiled))["points"][-1]
    assert last["gain"]["interval"][1] < 0


def test_without_a_policy_there_is_nothing_to_compare() -> None:
    dataset = politeness(60)
    assert curves(dataset) is None
    only = replace(dataset, arms={each.id: "random" for each in dataset.preferences})
    assert curves(only) is None


def test_too_few_labels_of_one_arm_say_so() -> None:
    found = curves(two_arms(60, share=6))
    assert (found["reason"], found["points"]) == ("too_few", [])
    assert found["labels"] == {"active": 100, "random": 20}


def test_prompts_whose_group_the_policy_chose_from_are_not_judged_on() -> None:
    dataset = two_arms(140)
    mixed = tuple(
        replace(prompt, group="mixed") if place in (0, 1) else prompt
        for place, prompt in enumerate(dataset.prompts)
    )
    found = curves(replace(dataset, prompts=mixed))
    assert found["points"][0]["random"]["n"] == 138


def test_nothing_of_a_judged_prompt_is_learned_from() -> None:
    """Labels of a random prompt change nothing about how it is itself scored: its fold was left out."""
    dataset = two_arms()
    first = next(each for each in dataset.preferences if dataset.arms[each.id] == "random")
    own = {each.id for each in dataset.preferences if each.prompt == first.prompt}
    turned = replace(
        dataset,
        preferences=tuple(
            replace(each, tiers=each.tiers[::-1]) if each.id in own else each for each in dataset.preferences
        ),
    )
    one, other = curves(dataset)["points"][0], curves(turned)["points"][0]
    # With 25 labels of the active arm the fits are equal; only the judged prompt's credit is turned around.
    assert abs(one["active"]["value"] - other["active"]["value"]) <= 1 / 60 + 1e-9


def test_a_run_that_is_asked_to_stop_stops() -> None:
    def stop() -> None:
        raise Cancelled("stop")

    dataset = two_arms()
    raw = extract(items_of(dataset.rows), GROUPS, Encoder(None))
    with pytest.raises(Cancelled):
        arm_curves(dataset, raw, GROUPS, salt="salt", check=stop)


def test_the_evaluation_of_a_linear_model_holds_the_curves_only_where_a_policy_was_at_work() -> None:
    recipe = recipe_clean(
        {"model": {"kind": "linear", "features": {"style": True, "ngrams": True, "encoder": False}}}
    )

    def evaluation(dataset: Dataset):
        result = run_experiment(
            dataset, recipe, salt="s", cache_dir=None, report=lambda *_: None, should_stop=lambda: False
        )
        return result.evaluation

    assert "arms" not in evaluation(politeness(60))
    assert evaluation(two_arms())["arms"]["points"]


def test_the_same_data_give_the_same_curves() -> None:
    one, other = curves(two_arms()), curves(two_arms())
    assert one == other
    assert np.isfinite(one["points"][-1]["gain"]["value"])
