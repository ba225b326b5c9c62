"""Leases while a page is worked on, and after it is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from annotation.models import Item, Lease
from tests.annotation.labelling import API, choose, names, put, take
from tests.factories import make_project, make_prompt, make_user

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from annotation.models import Project

pytestmark = pytest.mark.django_db

SECONDS = 600


@pytest.fixture
def project() -> Project:
    project = make_project(annotators=[make_user("ann"), make_user("bob")], overlap=1, lease_seconds=SECONDS)
    for _ in range(3):
        make_prompt(project)
    return project


@pytest.fixture
def ann(client_of: Any, project: Project) -> APIClient:
    return client_of(project.members.get(user__username="ann").user)


@pytest.fixture
def bob(client_of: Any, project: Project) -> APIClient:
    return client_of(project.members.get(user__username="bob").user)


def ends_in(lease: str, seconds: float) -> None:
    Lease.objects.filter(id=int(lease)).update(expires_at=timezone.now() + timedelta(seconds=seconds))


def keep(client: APIClient, project: Project, what: str, leases: list[str], **more: Any) -> Any:
    return client.post(
        f"{API}/projects/{project.id}/leases/{what}/", {"leases": leases, **more}, format="json"
    )


def test_renewed_leases_run_their_full_time_again(ann, project):
    items = take(ann, project, 2)
    leases = [item["lease"] for item in items]
    for lease in leases:
        ends_in(lease, 5)
    answer = keep(ann, project, "renew", leases)
    assert answer.status_code == 200
    ends = {row["lease"]: datetime.fromisoformat(row["expires_at"]) for row in answer.json()["leases"]}
    assert set(ends) == set(leases)
    assert all(end > timezone.now() + timedelta(seconds=SECONDS - 60) for end in ends.values())
    assert {str(lease.id): lease.expires_at for lease in Lease.objects.all()} == ends


def test_what_has_ended_or_is_somebody_elses_is_not_renewed(ann, bob, project):
    [first, second, third] = take(ann, project, 3)
    ends_in(first["lease"], -1)
    put(ann, choose(second))
    ends_in(third["lease"], 5)
    assert keep(ann, project, "renew", [first["lease"], second["lease"]]).json() == {"leases": []}
    assert keep(bob, project, "renew", [third["lease"]]).json() == {"leases": []}
    assert keep(ann, project, "renew", ["x", "0", "99999999999999999999"]).json() == {"leases": []}


def test_leases_returned_at_once_are_anybodys(ann, bob, project):
    items = take(ann, project, 3)
    assert take(bob, project, 3) == []
    answer = keep(ann, project, "return", [item["lease"] for item in items])
    assert answer.json() == {"returned": 3}
    assert set(names(take(bob, project, 3))) == set(names(items))
    assert set(Item.objects.values_list("reserved", flat=True)) == {1}


def test_leases_of_a_closed_page_come_back_after_the_delay_and_not_before(ann, bob, project):
    items = take(ann, project, 3)
    leases = [item["lease"] for item in items]
    assert keep(ann, project, "return", leases, after_seconds=15).json() == {"returned": 3}
    assert take(bob, project, 3) == []
    for lease in leases:
        ends_in(lease, -1)
    assert len(take(bob, project, 3)) == 3


def test_a_page_that_was_only_loaded_again_keeps_its_leases(ann, project):
    items = take(ann, project, 3)
    keep(ann, project, "return", [item["lease"] for item in items], after_seconds=15)
    again = take(ann, project, 3)
    assert [item["lease"] for item in again] == [item["lease"] for item in items]
    full = timezone.now() + timedelta(seconds=SECONDS - 60)
    assert all(datetime.fromisoformat(item["expires_at"]) > full for item in again)


def test_returning_twice_does_not_make_a_lease_longer(ann, project):
    [item] = take(ann, project)
    ends_in(item["lease"], 5)
    assert keep(ann, project, "return", [item["lease"]], after_seconds=60).json() == {"returned": 0}
    assert Lease.objects.get().expires_at < timezone.now() + timedelta(seconds=6)


def test_a_judgment_on_a_returned_lease_counts_while_its_place_is_free(ann, bob, project):
    [first, second, _] = take(ann, project, 3)
    keep(ann, project, "return", [first["lease"], second["lease"]])
    assert put(ann, choose(first)).json()["surplus"] is False
    [taken] = [item for item in take(bob, project, 3) if item["item"] == second["item"]]
    put(bob, choose(taken))
    assert put(ann, choose(second)).json()["surplus"] is True


@pytest.mark.parametrize("what", ["renew", "return"])
@pytest.mark.parametrize("leases", [None, "1", [["1"]], ["1"] * 201])
def test_bad_lists_of_leases_are_refused_with_their_place(ann, project, what, leases):
    answer = keep(ann, project, what, leases)
    assert answer.status_code == 400
    assert "leases" in str(answer.json()["error"]["fields"])


def test_strangers_find_no_project(client_of, project):
    assert keep(client_of(make_user()), project, "renew", []).status_code == 404
    assert keep(client_of(make_user()), project, "return", []).status_code == 404
