"""Reviewers who decide and set aside at the same moment, on whichever database `DATABASE_URL` names."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from annotation.errors import ConflictError
from annotation.models import Annotator, Item, Judgment, Project
from annotation.services.adjudication import Decision, item_adjudicate
from annotation.services.items import items_recount
from annotation.services.reviewing import judgment_restore, judgment_set_aside
from tests.annotation.importing import line, read_in, vote
from tests.factories import make_project, make_user

pytestmark = pytest.mark.django_db(transaction=True)
REVIEWERS = 4


def at_once(work: Callable[[Any], Any], inputs: list[Any]) -> list[Any]:
    """Do the work for all inputs at the same time, each on a connection of its own."""

    def alone(given: Any) -> Any:
        try:
            return work(given)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(inputs)) as pool:
        return list(pool.map(alone, inputs))


@pytest.fixture
def project() -> Project:
    project = make_project(make_user(), overlap=2)
    read_in(project, [line("p1", 2, [vote("ann"), vote("bob", "c2")])])
    return project


def test_reviewers_who_decide_at_once_leave_one_current_decision(project):
    item, people = Item.objects.get(), [make_user() for _ in range(REVIEWERS)]
    choice = str(item.first_id)

    def decide(user):
        answers = {"overall": {"choice": choice}}
        decision = Decision(uuid=uuid4(), item=item.id, answers=answers, shown=None, reason="")
        try:
            return item_adjudicate(user=user, project=project, item=item, decision=decision).created
        except ConflictError as error:
            return error.code

    told = at_once(decide, people * 3)
    assert set(told) <= {True, "not_current"}
    decisions = Judgment.objects.filter(annotator_kind="adjudicated")
    assert decisions.count() == told.count(True) >= 1
    assert decisions.filter(superseded=False).count() == 1
    assert decisions.filter(supersedes=None).count() == 1  # each took the place of the one before
    assert Annotator.objects.filter(kind="adjudicated").count() <= REVIEWERS


def test_setting_aside_and_lifting_at_once_keeps_the_counters_right(project):
    user = project.owner
    judgments = list(Judgment.objects.all())

    def change(step):
        judgment, aside = step
        if aside:
            judgment_set_aside(user=user, judgment=judgment, reason="x")
        else:
            judgment_restore(judgment=judgment)

    at_once(change, [(judgment, aside) for aside in (True, False, True) for judgment in judgments] * 2)
    before = Item.objects.values_list("filled", "reserved", "skips").get()
    items_recount()
    assert Item.objects.values_list("filled", "reserved", "skips").get() == before
    counting = Judgment.objects.filter(set_aside_at=None, surplus=False).count()
    assert before[0] == counting
