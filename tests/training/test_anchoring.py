"""Versions of a project on one scale of rewards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage

from annotation.models import Completion, Project
from tests.factories import make_user
from tests.training.conftest import LINEAR, make_comparisons, make_learnable, make_model, train_now
from tests.training.rewards.factories import prompt
from training.artifacts import ARCHIVES, Artifact, anchors_load, artifact_folder
from training.learn import Reporter, _learn
from training.models import RewardModel, TrainingRun
from training.rewards.anchors import anchors_read
from training.rewards.models import load
from training.selectors.models import log_odds_per_reward, scale_reference
from training.services.anchoring import model_anchor
from training.services.champions import Finished, ScaleChangedError, model_promote, run_succeed
from training.services.housekeeping import LEFT_ALONE, artifacts_sweep
from training.services.runs import run_claim, run_create

pytestmark = pytest.mark.django_db

TIMID = LINEAR | {"l2": 1000.0}
BOLD = LINEAR | {"l2": 0.1}
CONSTANT = {"kind": "rules", "rules": [{"check": "length", "max": 10_000, "weight": 5}]}
RULES = {"kind": "rules", "rules": [{"check": "terms", "terms": ["clear", "helpful"], "weight": 40}]}


def trained(project: Project, model: dict[str, Any]) -> RewardModel:
    run = train_now(project, model=model)
    assert run.status == "succeeded", run.log
    found: RewardModel = run.reward_model
    return found


def archives(project: Project) -> list[str]:
    folder = f"{ARCHIVES}/{project.id}"
    names = default_storage.listdir(folder)[1] if default_storage.exists(folder) else []
    return sorted(f"{folder}/{name}" for name in names if name.startswith("anchors"))


def on_anchors(model: RewardModel, of: RewardModel | None = None) -> np.ndarray[Any, Any]:
    """What is served for the anchors, in their order."""
    held = (of or model).evaluation["scale"]
    anchors = anchors_read(anchors_load(held["archive"], sha256=held["fingerprint"]))
    return np.asarray(load(artifact_folder(model)).score_texts(anchors).reward)


def test_first_version_freezes_outputs_that_it_learned_from_and_keeps_its_own_scale() -> None:
    project = make_learnable(300)
    model = trained(project, LINEAR)
    scale = model.evaluation["scale"]
    assert (scale["factor"], scale["shift"], scale["anchored_to"], scale["note"]) == (1.0, 0.0, None, "")
    assert archives(project) == [scale["archive"]]
    anchors = anchors_read(anchors_load(scale["archive"], sha256=scale["fingerprint"]))
    texts = set(Completion.objects.filter(prompt__project=project).values_list("text", flat=True))
    assert 2 <= len(anchors) == scale["anchors"] <= 512
    assert {text for _, text, _ in anchors} < texts
    rewards = on_anchors(model)
    assert (scale["mean"], scale["spread"]) == pytest.approx((rewards.mean(), rewards.std()))
    assert "sets the scale" in model.run.log


def test_later_versions_have_the_same_mean_and_spread_whatever_they_learned() -> None:
    project = make_learnable(80)
    first = trained(project, TIMID)
    make_comparisons(project, 60, annotator="later")
    second, third = trained(project, BOLD), trained(project, RULES)
    wanted = on_anchors(first)
    for model in (second, third):
        scale = model.evaluation["scale"]
        assert not 1 / 3 < scale["own_spread"] / wanted.std() < 3  # its own scale is quite another
        rewards = on_anchors(model)
        assert rewards.mean() == pytest.approx(wanted.mean(), abs=1e-9)
        assert rewards.std() == pytest.approx(wanted.std(), abs=1e-9)
        assert (scale["anchored_to"], scale["note"]) == (1, "")
        assert log_odds_per_reward(model) == pytest.approx(scale["own_spread"] / wanted.std())
    assert archives(project) == [first.evaluation["scale"]["archive"]]
    assert "anchored to version 1" in second.run.log


def test_the_same_labels_and_recipe_give_the_same_bytes() -> None:
    project = make_learnable(60)
    first, second = trained(project, LINEAR), trained(project, LINEAR)
    assert second.evaluation["scale"]["anchored_to"] == 1
    one, other = artifact_folder(first), artifact_folder(second)
    for name in ("model.json", "model.safetensors", "scale.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_anchors_stay_as_they_were_when_texts_change() -> None:
    project = make_learnable(60)
    first = trained(project, LINEAR)
    before = on_anchors(first)
    Completion.objects.filter(prompt__project=project).update(text="something else")
    np.testing.assert_array_equal(on_anchors(first), before)


def test_constant_version_keeps_the_mean_alone() -> None:
    project = make_learnable(60)
    first, second = trained(project, LINEAR), trained(project, CONSTANT)
    scale = second.evaluation["scale"]
    assert (scale["factor"], scale["note"], scale["own_mean"], scale["spread"]) == (1.0, "constant", 5.0, 0.0)
    assert on_anchors(second) == pytest.approx(on_anchors(first).mean())
    assert "only the mean is kept" in second.run.log
    third = trained(project, BOLD)
    assert on_anchors(third).std() == pytest.approx(on_anchors(first).std())


def test_a_spread_is_set_by_the_first_version_that_has_one() -> None:
    project = make_learnable(60)
    first, second, third = (trained(project, model) for model in (CONSTANT, TIMID, BOLD))
    assert first.evaluation["scale"]["note"] == "constant"
    assert second.evaluation["scale"]["note"] == "reference_constant"
    assert on_anchors(second).mean() == pytest.approx(5.0)
    assert on_anchors(third).mean() == pytest.approx(5.0)
    assert on_anchors(third).std() == pytest.approx(on_anchors(second).std())
    assert third.evaluation["scale"]["note"] == ""


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_unreadable_anchors_leave_a_version_its_own_scale(damage: str) -> None:
    project = make_learnable(60)
    first = trained(project, TIMID)
    name = first.evaluation["scale"]["archive"]
    if damage == "gone":
        default_storage.delete(name)
    else:
        Path(default_storage.path(name)).write_bytes(b"PK")
    second = trained(project, BOLD)
    scale = second.evaluation["scale"]
    assert (scale["factor"], scale["shift"], scale["note"], scale["spread"]) == (1.0, 0.0, "unreadable", None)
    assert log_odds_per_reward(second) == 1
    assert "cannot be read" in second.run.log
    assert scale_reference(project.id) == first


def test_anchors_that_lack_what_a_version_reads_leave_it_its_own_scale() -> None:
    project = make_learnable(60)
    trained(project, LINEAR)
    for place, completion in enumerate(Completion.objects.filter(prompt__project=project)):
        completion.features = [float(place % 7)]
        completion.save()
    second = trained(project, {"kind": "linear", "features": {"encoder": False, "given": True}})
    assert second.evaluation["scale"]["note"] == "unscorable"


def test_one_output_alone_is_no_anchor(tmp_path: Path) -> None:
    project = make_learnable(60)
    model = trained(project, LINEAR)
    load(artifact_folder(model)).save(tmp_path)
    RewardModel.objects.update(evaluation={})
    alone = prompt(0, "alone")
    anchored = model_anchor(project=project, rows=[(alone, alone.completions[0])], folder=tmp_path)
    assert (anchored.kept["note"], anchored.frozen, anchored.reference) == ("few", None, None)
    assert anchored.scale.identity


def test_a_champion_from_before_there_were_anchors_sets_the_scale() -> None:
    project = make_learnable(80)
    old = trained(project, TIMID)
    evaluation = {key: value for key, value in old.evaluation.items() if key != "scale"}
    RewardModel.objects.filter(id=old.id).update(evaluation=evaluation)
    second, third = trained(project, BOLD), trained(project, RULES)
    for model in (second, third):
        assert model.evaluation["scale"]["anchored_to"] == old.version
        assert on_anchors(model).mean() == pytest.approx(on_anchors(old, second).mean(), abs=1e-9)
        assert on_anchors(model).std() == pytest.approx(on_anchors(old, second).std(), abs=1e-9)


def test_a_champion_whose_files_cannot_be_read_sets_no_scale() -> None:
    project = make_learnable(60)
    model_promote(model=make_model(project), user=make_user())
    second = trained(project, LINEAR)
    assert second.evaluation["scale"]["anchored_to"] is None
    assert second.evaluation["scale"]["factor"] == 1.0


def test_of_two_runs_at_once_the_one_that_ends_first_sets_the_scale() -> None:
    project = make_learnable(80)
    slow = run_create(project=project, request={"model": BOLD})
    attempt = run_claim(run_id=slow.id, worker="test")
    assert attempt is not None

    class Overtaken(Reporter):
        """Another run begins and ends once this one has frozen its anchors."""

        def note(self, text: str) -> None:
            super().note(text)
            if "sets the scale" in text:
                trained(project, TIMID)

    late = _learn(slow.id, attempt, Overtaken(run_id=slow.id, attempt=attempt))
    assert late is not None
    first = RewardModel.objects.get(project=project, version=1)
    assert late.evaluation["scale"]["anchored_to"] == 1
    assert on_anchors(late).std() == pytest.approx(on_anchors(first).std())
    assert archives(project) == [first.evaluation["scale"]["archive"]]


def test_model_held_to_no_scale_is_refused_once_there_is_one() -> None:
    project = make_learnable(60)
    model = trained(project, LINEAR)
    run = run_create(project=project, request={"model": LINEAR})
    run_claim(run_id=run.id, worker="test")
    saved = Artifact(model.artifact, model.sha256, model.size_bytes)
    decision = {"promoted": False, "code": "worse", "message": ""}
    with pytest.raises(ScaleChangedError):
        run_succeed(
            run=run,
            attempt=1,
            finished=Finished("linear", {}, None, [], saved),
            decision=decision,
            against=model.promotions.get(),
        )
    assert TrainingRun.objects.get(id=run.id).status == "running"


def test_the_sweep_leaves_the_anchors_while_a_version_is_held_to_them() -> None:
    project = make_learnable(60)
    trained(project, LINEAR)
    (name,) = archives(project)
    path = Path(default_storage.path(name))
    stray = path.with_name("anchors-stray.zip")
    stray.write_bytes(b"")
    for file in (path, stray):
        moment = file.stat().st_mtime - LEFT_ALONE.total_seconds() - 60
        os.utime(file, (moment, moment))
    artifacts_sweep()
    assert (path.exists(), stray.exists()) == (True, False)
