"""Agreement figures are kept, and never shown once something they are made of has changed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.cache import caches
from django.utils import timezone

from annotation.models import Annotator, Completion, Item, Judgment, Project, Revision
from annotation.selectors.agreement import agreement_figures, agreement_read
from annotation.selectors.counted import figures_key
from tests.factories import make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """Two people chose the first of two outputs on each of three prompts."""
    made = make_project(annotators=[make_user()], overlap=3)
    for _ in range(3):
        make_prompt(made)
    for name in ("ann", "bob"):
        annotator = Annotator.objects.create(project=made, name=name, kind="human")
        for item in Item.objects.filter(project=made):
            judge(annotator, item, 0)
    return made


def judge(annotator: Annotator, item: Item, place: int, **fields) -> Judgment:
    completions = Completion.objects.filter(prompt_id=item.prompt_id).order_by("position")
    return Judgment.objects.create(
        uuid=uuid4(),
        project_id=item.project_id,
        prompt_id=item.prompt_id,
        item=item,
        annotator=annotator,
        annotator_kind=annotator.kind,
        revision=Revision.objects.get(project_id=item.project_id),
        status="submitted",
        answers={"overall": {"choice": str(completions[place].id), "strength": 1}},
        submitted_at=timezone.now(),
        digest="",
        **fields,
    )


def read(project: Project, kinds=("human",)):
    figures = agreement_read(project=project, kinds=kinds)
    assert figures == agreement_figures(project=project, kinds=kinds)
    return figures


def test_looking_again_shows_the_figures_that_were_kept(project):
    first = read(project)
    assert first["judgments"] == 6
    assert caches["figures"].get(figures_key(project, ["human"])) == first
    assert agreement_read(project=project, kinds=["human"]) == first


def test_a_new_judgment_shows_at_once(project):
    before = read(project)
    annotator = Annotator.objects.create(project=project, name="cat", kind="human")
    judge(annotator, Item.objects.filter(project=project)[0], 1)
    after = read(project)
    assert (before["judgments"], after["judgments"]) == (6, 7)


def test_an_edit_shows_at_once(project):
    before = read(project)
    old = Judgment.objects.filter(project=project)[0]
    old.superseded = True
    old.save(update_fields=["superseded"])
    judge(old.annotator, old.item, 1, supersedes=old)
    assert read(project)["questions"] != before["questions"]


def test_a_judgment_that_became_surplus_is_left_out(project):
    read(project)
    Judgment.objects.filter(id=Judgment.objects.filter(project=project)[0].id).update(surplus=True)
    assert read(project)["judgments"] == 5


def test_judgments_removed_with_their_import_are_left_out(project):
    read(project)
    Judgment.objects.filter(project=project)[0].delete()
    assert read(project)["judgments"] == 5


def test_a_renamed_annotator_has_the_new_name(project):
    read(project)
    Annotator.objects.filter(project=project, name="bob").update(name="bea")
    assert [row["name"] for row in read(project)["annotators"]] == ["ann", "bea"]


def test_kinds_of_annotators_are_kept_apart(project):
    simulated = Annotator.objects.create(project=project, name="sim", kind="simulated")
    judge(simulated, Item.objects.filter(project=project)[0], 0)
    assert read(project)["judgments"] == 6
    assert read(project, ["human", "simulated"])["judgments"] == 7
    assert read(project, ["simulated"])["judgments"] == 1
    assert figures_key(project, ["simulated", "human"]) == figures_key(project, ["human", "simulated"])
