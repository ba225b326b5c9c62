"""In which order transactions hold rows, so that none waits for another for ever (PostgreSQL)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from annotation.models import Item, Judgment, Lease
from annotation.selectors.desk import desk_get
from annotation.services.items import items_recount, place_take
from annotation.services.leases import ANNOTATOR_LOCK, leases_take
from annotation.sql import rows
from tests.annotation.trusting import make_annotator, make_judgment
from tests.factories import make_project, make_prompt, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not connection.features.has_select_for_update, reason="this database has one writer at a time"
    ),
]


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[threading.Event]:
    """Another transaction that has done its work and ends when the event is set, at the latest with the block."""
    done, end = threading.Event(), threading.Event()

    def run() -> None:
        try:
            with transaction.atomic():
                work()
                done.set()
                end.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert done.wait(30)
        yield end
    finally:
        end.set()
        thread.join()


def test_the_queue_never_waits_for_a_lease_that_a_judgment_is_using():
    ann = make_user()
    project = make_project(annotators=[ann], overlap=1)
    for _ in range(2):
        make_prompt(project)
    desk = desk_get(user=ann, project_id=project.id)
    first, _ = (offer.lease for offer in leases_take(user=ann, desk=desk, count=2).offers)
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=60))  # to be renewed

    with beside(lambda: Lease.objects.filter(id=first).update(status="used")):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        again = leases_take(user=ann, desk=desk_get(user=ann, project_id=project.id), count=2)
    assert first not in [offer.lease for offer in again.offers]


def test_the_queue_lets_a_judgment_of_the_same_person_end():
    ann = make_user()
    project = make_project(annotators=[ann], overlap=1)
    make_prompt(project)
    annotator, item = make_annotator(project, ann), Item.objects.get()

    with beside(lambda: rows(ANNOTATOR_LOCK, [annotator.id])):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        make_judgment(annotator, item, str(item.first_id))
    assert Judgment.objects.count() == 1


def test_a_recount_sees_the_judgment_that_it_waited_for():
    project = make_project(overlap=1)
    make_prompt(project)
    annotator, item = make_annotator(project, make_user()), Item.objects.get()

    def judge() -> None:
        assert place_take(item_id=item.id, overlap=1, reserved=False)
        make_judgment(annotator, item, str(item.first_id))

    with beside(judge) as end:
        threading.Timer(0.5, end.set).start()
        items_recount(item_ids=[item.id])
    assert Item.objects.get().filled == 1
