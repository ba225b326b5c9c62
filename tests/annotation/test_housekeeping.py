"""What is done when nobody looks."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from annotation.models import Import, Item, Judgment, Lease, Project, Prompt
from annotation.services import housekeeping
from annotation.tasks import housekeep
from tests.annotation.labelling import choose, put, take
from tests.factories import make_project, make_prompt, make_reward_model, make_user
from training.models import Promotion, RewardModel, ScoringToken, Snapshot, TrainingRun

pytestmark = pytest.mark.django_db


def test_lapsed_leases_end_once(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    make_prompt(project)
    take(client_of(ann), project)
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for _ in range(2):
        housekeep()
        assert Lease.objects.get().status == "expired"
        assert Item.objects.get().reserved == 0


def test_projects_deleted_more_than_seven_days_ago_go_with_their_edited_judgments(client_of):
    ann = make_user()
    projects = [make_project(annotators=[ann]) for _ in range(3)]
    for project in projects:
        make_prompt(project)
        [item] = take(client_of(ann), project)
        uuid = uuid4()
        put(client_of(ann), choose(item), uuid)
        put(client_of(ann), {"supersedes": str(uuid), "answers": choose(item)["answers"]})
    for project, days in zip(projects, (8, 6), strict=False):
        Project.objects.filter(id=project.id).update(deleted_at=timezone.now() - timedelta(days=days))
    for _ in range(2):
        housekeep()
        assert set(Project.objects.values_list("id", flat=True)) == {project.id for project in projects[1:]}
        assert Judgment.objects.count() == 4


def test_recount_rebuilds_the_counters(client_of, capsys):
    ann = make_user()
    project = make_project(annotators=[ann])
    for _ in range(2):
        make_prompt(project)
    first, _ = take(client_of(ann), project, 2)
    put(client_of(ann), choose(first))
    right = sorted(Item.objects.values_list("id", "filled", "reserved", "skips"))
    Item.objects.update(filled=7, reserved=7, skips=7)
    call_command("recount", project=project.id)
    assert sorted(Item.objects.values_list("id", "filled", "reserved", "skips")) == right
    Item.objects.update(filled=7)
    call_command("recount")
    assert sorted(Item.objects.values_list("id", "filled", "reserved", "skips")) == right


def test_a_removed_project_takes_along_what_was_learned_from_it(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    make_prompt(project)
    [item] = take(client_of(ann), project)
    put(client_of(ann), choose(item))
    upload = settings.DATA / "waiting.jsonl"
    upload.write_text("{}")
    Import.objects.create(project=project, format="native", path=str(upload), created_by=ann)
    model = make_reward_model(project)
    newer = make_reward_model(project, version=2)
    for champion, previous in ((model, None), (newer, model)):
        Promotion.objects.create(project=project, model=champion, previous=previous, code="first")
    ScoringToken.objects.create(project=project, model=model, name="t", digest="d", prefix="p")
    Project.objects.filter(id=project.id).update(deleted_at=timezone.now() - timedelta(days=8))
    housekeep()
    held = (
        Project,
        Judgment,
        Item,
        Lease,
        Import,
        RewardModel,
        TrainingRun,
        Snapshot,
        Promotion,
        ScoringToken,
    )
    assert {kind.__name__: kind.objects.count() for kind in held} == {kind.__name__: 0 for kind in held}
    assert not upload.exists()


def test_parts_of_a_large_project_go_one_after_the_other(client_of, monkeypatch):
    monkeypatch.setattr(housekeeping, "CHUNK", 2)
    ann = make_user()
    project = make_project(annotators=[ann], deleted_at=None)
    for _ in range(5):
        make_prompt(project)
    for item in take(client_of(ann), project, 5):
        put(client_of(ann), choose(item))
    Project.objects.filter(id=project.id).update(deleted_at=timezone.now() - timedelta(days=8))
    assert housekeeping.projects_purge() == 1
    assert Judgment.objects.count() == Prompt.objects.count() == 0
