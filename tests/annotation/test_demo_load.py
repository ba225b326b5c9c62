"""The demo's projects come in like anybody's data."""

from __future__ import annotations

import pytest
from django.utils import timezone

from annotation.demo.projects import DEMO_PROJECTS
from annotation.models import Judgment, Project
from annotation.selectors.projects import revision_current, revision_questions
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
    assert set(Judgment.objects.values_list("annotator_kind", flat=True)) == {"simulated"}
    assert Project.objects.order_by("-created_at").first().name == DEMO_PROJECTS[0]["name"]
    assert sum(project.prompts.count() for project, _ in made) >= 120
    for project, _ in made:
        assert project.is_demo
        assert revision_questions(revision_current(project))
        # Simulated labels fill no places, so that everything is left to label.
        assert set(project.items.values_list("filled", flat=True)) == {0}
