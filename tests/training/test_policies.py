"""Retraining by rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from annotation.errors import UnprocessableError
from annotation.models import Judgment, Project
from tests.training.conftest import LINEAR, make_comparisons, make_learnable
from training.models import RetrainingPolicy, Snapshot, TrainingRun
from training.selectors.policies import policy_of, policy_state
from training.services.policies import policies_apply, policy_apply, policy_set
from training.services.runs import run_cancel, run_create

pytestmark = pytest.mark.django_db

DEFAULTS: dict[str, Any] = {
    "enabled": True,
    "every_labels": None,
    "quiet_seconds": 30,
    "every_minutes": None,
    "models": [LINEAR],
    "data": {},
    "promotion": "if-better",
}


def make_policy(project: Project, **fields: Any) -> RetrainingPolicy:
    return policy_set(project=project, data={**DEFAULTS, **fields})


def age(project: Project, minutes: int) -> None:
    """Everything so far happened some minutes earlier."""
    before = timezone.now() - timedelta(minutes=minutes)
    Judgment.objects.filter(project=project).update(received_at=before)
    Snapshot.objects.filter(project=project).update(created_at=before)
    TrainingRun.objects.filter(project=project).update(created_at=before)


def trained(count: int) -> Project:
    """A project whose labels have all been trained on an hour ago."""
    project = make_learnable(count)
    run_cancel(run=run_create(project=project, request={"model": LINEAR}))
    age(project, 60)
    return project


def blocked(policy: RetrainingPolicy) -> str | None:
    return policy_state(policy).blocked_by


def test_project_without_a_policy_is_not_retrained() -> None:
    project = make_learnable(60)
    assert policy_state(policy_of(project)).blocked_by == "disabled"
    assert policies_apply() == []


def test_first_run_needs_twenty_five_labels_by_default() -> None:
    project = make_learnable(24)
    policy = make_policy(project, quiet_seconds=0)
    assert blocked(policy) == "waiting_for_labels"
    make_comparisons(project, 1)
    assert blocked(policy) is None


def test_default_is_a_tenth_of_the_last_snapshot_where_that_is_more() -> None:
    project = trained(300)
    policy = make_policy(project, quiet_seconds=0)
    make_comparisons(project, 29)
    state = policy_state(policy)
    assert (state.fresh_labels, state.needed_labels, state.blocked_by) == (29, 30, "waiting_for_labels")
    make_comparisons(project, 1)
    assert blocked(policy) is None


def test_run_waits_until_people_have_been_quiet() -> None:
    project = make_learnable(30)
    policy = make_policy(project, quiet_seconds=30)
    state = policy_state(policy)
    assert state.blocked_by == "waiting_for_quiet"
    assert state.next_check_at is not None
    assert state.last_label_at is not None
    assert state.next_check_at - state.last_label_at == timedelta(seconds=30)
    age(project, 1)
    assert blocked(policy) is None


def test_schedule_needs_new_labels_but_not_many() -> None:
    project = trained(40)
    policy = make_policy(project, every_minutes=30, quiet_seconds=0)
    assert blocked(policy) == "no_new_labels"
    make_comparisons(project, 2)
    assert blocked(policy) is None


def test_schedule_that_is_not_due_says_when() -> None:
    project = trained(40)
    policy = make_policy(project, every_minutes=90, quiet_seconds=0)
    make_comparisons(project, 2)
    state = policy_state(policy)
    assert state.blocked_by == "waiting_for_schedule"
    assert state.next_check_at is not None
    assert timedelta(minutes=29) < state.next_check_at - timezone.now() < timedelta(minutes=31)


def test_labels_of_another_kind_do_not_count() -> None:
    project = trained(40)
    policy = make_policy(project, quiet_seconds=0)
    make_comparisons(project, 50, kind="simulated", annotator="bot")
    assert blocked(policy) == "no_new_labels"


def test_due_policy_makes_one_run_for_each_recipe_on_one_snapshot() -> None:
    project = make_learnable(30)
    make_policy(project, quiet_seconds=0, models=[LINEAR, {"kind": "linear"}])
    runs = policies_apply()
    assert [run.trigger for run in runs] == ["policy", "policy"]
    assert len({run.snapshot_id for run in runs}) == 1
    assert policies_apply() == []
    assert policy_state(policy_of(project)).blocked_by == "run_in_progress"


def test_two_coordinators_at_once_make_the_runs_once() -> None:
    project = make_learnable(30)
    make_policy(project, quiet_seconds=0)
    mine, theirs = RetrainingPolicy.objects.get(), RetrainingPolicy.objects.get()
    runs = policy_apply(policy=mine)
    run_cancel(run=runs[0])
    Snapshot.objects.update(last_judgment_id=0)  # what the other one saw before the first one acted
    assert policy_apply(policy=theirs) == []
    assert TrainingRun.objects.filter(project=project).count() == 1


def test_project_that_cannot_be_retrained_stops_no_other() -> None:
    broken = make_learnable(30)
    make_policy(broken, quiet_seconds=0)
    RetrainingPolicy.objects.filter(project=broken).update(models=[{"kind": "gone"}])
    good = make_learnable(30)
    make_policy(good, quiet_seconds=0)
    assert [run.project_id for run in policies_apply()] == [good.id]


def test_policy_with_an_unknown_recipe_is_refused() -> None:
    with pytest.raises(UnprocessableError):
        make_policy(make_learnable(20), models=[{"kind": "oracle"}])
