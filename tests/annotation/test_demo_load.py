"""The demo's projects come in like anybody's data."""

from __future__ import annotations

import pytest
from django.utils import timezone

from annotation.demo.projects import CHOOSING_PROJECT, DEMO_PROJECTS, MARKING_PROJECT
from annotation.models import Judgment, NearDuplicate, Project, Remark, Revelation
from annotation.selectors.annotator_models import annotator_models_read
from annotation.selectors.projects import revision_current, revision_questions
from annotation.selectors.remarks import unread_by
from annotation.selectors.review import review_counts
from annotation.services.contests import contests_due
from annotation.services.demo import demo_load
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_the_demo_is_loaded_once_whole_and_marked_simulated():
    owner = make_user()
    now = timezone.now()
    made = list(demo_load(owner=owner, now=now))
    assert [fresh for _, fresh in made] == [True] * len(DEMO_PROJECTS)
    judgments = Judgment.objects.count()
    assert list(demo_load(owner=owner, now=now)) == [(project, False) for project, _ in made]
    assert Judgment.objects.count() == judgments > 0
    assert set(Judgment.objects.values_list("annotator_kind", flat=True)) == {"simulated", "adjudicated"}
    assert Project.objects.order_by("-created_at").first().name == DEMO_PROJECTS[0]["name"]
    assert sum(project.prompts.count() for project, _ in made) >= 120
    for project, _ in made:
        assert project.is_demo
        assert revision_questions(revision_current(project))
        # Simulated labels fill no places, so that everything is left to label.
        assert set(project.items.values_list("filled", flat=True)) == {0}


def test_the_demo_has_something_on_every_page():
    owner = make_user()
    projects = {project.name: project for project, _ in demo_load(owner=owner, now=timezone.now())}
    main = projects[DEMO_PROJECTS[0]["name"]]
    assert review_counts(main) == {
        "gold_failing": 1,
        "parked": 2,
        "flagged": 2,
        "suspected": 0,
        "contested": 8,
    }
    assert main.id not in contests_due()
    assert Judgment.objects.filter(project=main, annotator_kind="adjudicated").count() == 1
    assert Judgment.objects.filter(project=main, set_aside_at__isnull=False).count() == 1
    assert main.golds.filter(results__correct=True).exists()
    assert unread_by(owner, Remark.objects.filter(annotator__project=main)).count() == 1
    marking = projects[MARKING_PROJECT["name"]]
    assert NearDuplicate.objects.filter(project=marking, kind="prompts").count() == 1
    assert Revelation.objects.filter(project=marking).count() == 1
    choosing = Judgment.objects.filter(project=projects[CHOOSING_PROJECT["name"]])
    assert {(each.arm, each.item.random_arm) for each in choosing.select_related("item")} == {
        ("active", False),
        ("random", True),
    }


def test_trust_tells_the_habits_of_the_simulated_annotators():
    projects = {project.name: project for project, _ in demo_load(owner=make_user(), now=timezone.now())}
    main = projects[DEMO_PROJECTS[0]["name"]]
    (question,) = annotator_models_read(project=main, kinds=["simulated"])["questions"]
    flags = {one["name"]: set(one["flags"]) for one in question["annotators"]}
    assert flags == {
        "sim-careful": set(),
        "sim-steady": set(),
        "sim-hasty": set(),
        "sim-longwinded": {"longer_choosing"},
        "sim-first": {"first_choosing"},
        "sim-reversed": {"reversed"},
        "sim-careless": {"careless"},
    }


def test_every_demo_project_has_something_to_label(client_of):
    owner = make_user()
    client = client_of(owner)
    for project, _ in demo_load(owner=owner, now=timezone.now()):
        offered = client.get(f"/api/v1/projects/{project.id}/queue/", {"count": 3})
        assert len(offered.json()["items"]) == 3
