"""Promotion: by rule, by hand, and back."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from annotation.models import Project
from tests.factories import make_user
from tests.training.conftest import LINEAR, make_learnable, make_model, train_now
from training.artifacts import Artifact
from training.learn import decision_make, held_out_pack, held_out_unpack
from training.models import Promotion, RetrainingPolicy, RewardModel, TrainingRun
from training.selectors.models import ModelStatus, champion_of, promotion_current
from training.services.champions import (
    ChampionChangedError,
    Finished,
    model_promote,
    run_succeed,
    tries_against,
)
from training.services.runs import run_cancel, run_claim, run_create
from training.snapshot import snapshot_dataset

pytestmark = pytest.mark.django_db


def rewards_right(project: Project, share: float, seed: int) -> tuple[TrainingRun, Any, Any]:
    """A claimed run, its data, and rewards that order this share of the pairs as people do."""
    run = run_create(project=project, request={"model": LINEAR})
    run_claim(run_id=run.id, worker="test")
    data = snapshot_dataset(run.snapshot)
    rng = random.Random(seed)
    rewards = np.zeros(data.row_count)
    for preference in data.preferences:
        good, bad = (data.row(preference.prompt, tier[0]) for tier in preference.tiers)
        rewards[good if rng.random() < share else bad] = 1.0
    return run, data, rewards


def decide_against(
    project: Project, *, champion: float, candidate: float, same_recipe: bool
) -> dict[str, Any]:
    """The decision on a candidate of one accuracy against a champion of another."""
    run, data, rewards = rewards_right(project, candidate, seed=1)
    _, _, theirs = rewards_right(project, champion, seed=2)
    model = make_model(
        project, held_out_pack(data, theirs), recipe=run.recipe_digest if same_recipe else "other"
    )
    model_promote(model=model, user=make_user())
    return decision_make(run=run, dataset=data, rewards=rewards, against=promotion_current(project.id))


def test_first_model_is_promoted() -> None:
    run, data, rewards = rewards_right(make_learnable(40), 0.6, seed=1)
    decision = decision_make(run=run, dataset=data, rewards=rewards, against=None)
    assert (decision["promoted"], decision["code"]) == (True, "first")


def test_better_new_recipe_is_promoted_with_its_difference() -> None:
    decision = decide_against(make_learnable(200), champion=0.6, candidate=0.95, same_recipe=False)
    assert (decision["promoted"], decision["code"], decision["n"]) == (True, "better", 200)
    assert decision["interval"][0] < decision["difference"] < decision["interval"][1]


def test_new_recipe_within_noise_is_not_promoted() -> None:
    decision = decide_against(make_learnable(200), champion=0.8, candidate=0.8, same_recipe=False)
    assert (decision["promoted"], decision["code"]) == (False, "within_noise")


def test_same_recipe_within_noise_is_promoted() -> None:
    decision = decide_against(make_learnable(200), champion=0.8, candidate=0.8, same_recipe=True)
    assert (decision["promoted"], decision["code"]) == (True, "not_worse")


def test_worse_model_is_not_promoted_even_with_the_same_recipe() -> None:
    decision = decide_against(make_learnable(200), champion=0.95, candidate=0.6, same_recipe=True)
    assert (decision["promoted"], decision["code"]) == (False, "worse")


def test_policy_by_hand_promotes_nothing() -> None:
    project = make_learnable(40)
    RetrainingPolicy.objects.create(project=project, promotion="manual")
    run, data, rewards = rewards_right(project, 0.9, seed=1)
    decision = decision_make(run=run, dataset=data, rewards=rewards, against=None)
    assert (decision["promoted"], decision["code"]) == (False, "manual")


def test_held_out_rewards_find_their_rows_again() -> None:
    _, data, rewards = rewards_right(make_learnable(20), 0.9, seed=1)
    rewards[3] = np.nan
    np.testing.assert_array_equal(held_out_unpack(data, held_out_pack(data, rewards)), rewards)


def test_training_promotes_the_first_model_and_compares_the_second() -> None:
    project = make_learnable(80)
    first = train_now(project)
    assert first.status == "succeeded", first.log
    second = train_now(project, seed=1)
    assert second.reward_model.version == 2
    assert second.reward_model.decision["code"] == "not_worse"
    assert second.reward_model.decision["difference"] == 0
    assert champion_of(project.id) == second.reward_model


def test_run_without_enough_groups_fails_in_plain_words() -> None:
    project = make_learnable(25)
    project.prompts.update(group="one")
    run = train_now(project)
    assert run.status == "failed"
    assert run.error["code"] == "not_enough_labels"
    assert "groups" in run.error["message"]


def test_old_model_is_one_step_away_and_twice_is_the_same() -> None:
    project, user = make_learnable(20), make_user()
    old, new = make_model(project, {"p": {"c": 0.1}}), make_model(project, {"p": {"c": 0.2}})
    for model in (old, new, old, old):
        model_promote(model=model, user=user, reason="try")
    assert list(Promotion.objects.order_by("id").values_list("model_id", flat=True)) == [
        old.id,
        new.id,
        old.id,
    ]
    statuses = ModelStatus(project.id)
    assert (statuses.of(old), statuses.of(new)) == ("champion", "retired")


def test_tries_count_new_recipes_since_the_promotion() -> None:
    project = make_learnable(20)
    champion = make_model(project, recipe="a")
    model_promote(model=champion, user=make_user())
    promotion = promotion_current(project.id)
    assert promotion is not None
    assert tries_against(promotion) == 1
    make_model(project, {"p": {"c": 1.0}}, recipe="b")
    make_model(project, {"p": {"c": 2.0}}, recipe="a")
    assert tries_against(promotion) == 2


def saved(model: RewardModel) -> Artifact:
    return Artifact(model.artifact, model.sha256, model.size_bytes)


def test_decision_made_against_another_champion_is_refused() -> None:
    project = make_learnable(20)
    run = run_create(project=project, request={"model": LINEAR})
    run_claim(run_id=run.id, worker="test")
    finished = Finished("linear", {}, None, [], saved(make_model(project)))
    model_promote(model=RewardModel.objects.get(), user=make_user())
    decision = {"promoted": True, "code": "first", "message": ""}
    with pytest.raises(ChampionChangedError):
        run_succeed(run=run, attempt=1, finished=finished, decision=decision, against=None)
    run.refresh_from_db()
    assert run.status == "running"


def test_cancelled_or_lost_run_leaves_no_model() -> None:
    project = make_learnable(20)
    run = run_create(project=project, request={"model": LINEAR})
    run_claim(run_id=run.id, worker="test")
    finished = Finished("linear", {}, None, [], saved(make_model(project)))
    decision = {"promoted": False, "code": "worse", "message": ""}
    assert run_succeed(run=run, attempt=2, finished=finished, decision=decision, against=None) is None
    run_cancel(run=run)
    assert run_succeed(run=run, attempt=1, finished=finished, decision=decision, against=None) is None
    assert RewardModel.objects.filter(run=run).count() == 0
