"""Many annotators at once against a running server, on whichever database `DATABASE_URL` names."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from annotation.models import Item, Judgment, Lease, Project, User
from annotation.services.accounts import token_create
from annotation.services.items import items_recount
from benchmarks.server import serving
from tests.factories import make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8


def database_url() -> str:
    """The test database as another process names it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    login = f"{known['USER']}:{known['PASSWORD']}" if known["PASSWORD"] else known["USER"]
    return f"postgres://{login}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


@pytest.fixture
def people(transactional_db: None) -> list[User]:
    return [make_user() for _ in range(PEOPLE)]


@pytest.fixture
def clients(people: list[User], tmp_path: Path) -> Iterator[list[httpx.Client]]:
    """A client for each of the people, signed in by a token, on a server of our own."""
    with serving({"DATABASE_URL": database_url()}, tmp_path / "web.log") as server:
        address = f"http://127.0.0.1:{server.port}/api/v1"
        clients = [
            httpx.Client(
                base_url=address,
                headers={"Authorization": f"Bearer {token_create(user=user, name='test')[1]}"},
                timeout=60,
            )
            for user in people
        ]
        yield clients
        for client in clients:
            client.close()


def at_once(work: Callable[[Any], Any], inputs: list[Any]) -> list[Any]:
    """Do the work for all inputs at the same time."""
    with ThreadPoolExecutor(len(inputs)) as pool:
        return list(pool.map(work, inputs))


def body(item: dict[str, Any]) -> dict[str, Any]:
    """A judgment of an item from the queue."""
    answers = {"overall": {"choice": item["shown"][0]}}
    return {"lease": item["lease"], "answers": answers, "shown": item["shown"]}


def label(client: httpx.Client, project: Project) -> list[tuple[str, str]]:
    """Judge until all is done, sending each judgment twice; what the server said it has: (uuid, item)."""
    stored = []
    while True:
        queue = client.get(f"/projects/{project.id}/queue/?count=2").raise_for_status().json()
        if queue.get("reason") == "all_done":
            return stored
        for item in queue["items"]:
            uuid = str(uuid4())
            first, again = (client.put(f"/judgments/{uuid}/", json=body(item)) for _ in range(2))
            assert (first.status_code, again.status_code) == (201, 200), (first.text, again.text)
            assert first.json() == again.json()
            stored.append((uuid, item["item"]))
        if not queue["items"]:
            time.sleep(0.02)  # others hold what is left


def counters_are_right() -> bool:
    """Whether a recount changes nothing."""
    before = sorted(Item.objects.values_list("id", "filled", "reserved", "skips"))
    items_recount()
    return before == sorted(Item.objects.values_list("id", "filled", "reserved", "skips"))


def test_eight_annotators_lose_nothing_double_nothing_and_never_pass_the_overlap(people, clients):
    project = make_project(annotators=people, overlap=2)
    for _ in range(15):
        make_prompt(project, ["a", "b", "c"])
    stored = [
        entry for entries in at_once(lambda client: label(client, project), clients) for entry in entries
    ]
    kept = {(str(uuid), str(item)) for uuid, item in Judgment.objects.values_list("uuid", "item_id")}
    assert set(stored) == kept
    assert len(stored) == len(kept) == 45 * 2
    by_item = Counter(Judgment.objects.filter(surplus=False).values_list("item_id", flat=True))
    assert set(by_item.values()) == {2}
    pairs = Counter(Judgment.objects.values_list("item_id", "annotator_id"))
    assert set(pairs.values()) == {1}
    assert not Judgment.objects.filter(surplus=True).exists()
    assert counters_are_right()
    assert set(Item.objects.values_list("filled", "reserved")) == {(2, 0)}


def test_a_storm_of_replays_stores_one_row(people, clients):
    project = make_project(annotators=people, overlap=3)
    make_prompt(project)
    [item] = clients[0].get(f"/projects/{project.id}/queue/").json()["items"]
    url, content = f"/judgments/{uuid4()}/", body(item)
    statuses = at_once(lambda _: clients[0].put(url, json=content).status_code, list(range(24)))
    assert Counter(statuses) == {201: 1, 200: 23}
    assert Judgment.objects.count() == 1
    assert counters_are_right()
    assert Item.objects.values_list("filled", "reserved").get() == (1, 0)


def test_of_two_judgments_on_one_lease_one_is_kept(people, clients):
    project = make_project(annotators=people, overlap=3)
    make_prompt(project)
    [item] = clients[0].get(f"/projects/{project.id}/queue/").json()["items"]
    content = body(item)
    statuses = at_once(
        lambda _: clients[0].put(f"/judgments/{uuid4()}/", json=content).status_code, list(range(8))
    )
    assert Counter(statuses) == {201: 1, 409: 7}
    assert counters_are_right()
    assert Item.objects.values_list("filled", "reserved").get() == (1, 0)


def test_two_tabs_of_one_person_share_their_leases(people, clients):
    project = make_project(annotators=people, overlap=1)
    for _ in range(20):
        make_prompt(project)
    at_once(
        lambda _: clients[0].get(f"/projects/{project.id}/queue/?count=3").raise_for_status(), list(range(8))
    )
    assert Lease.objects.filter(status="open").count() == 3
    assert counters_are_right()


def test_late_work_that_comes_all_at_once_fills_the_places_and_the_rest_is_surplus(people, clients):
    project = make_project(annotators=people, overlap=2)
    make_prompt(project)
    bodies = []
    for client in clients:
        [item] = client.get(f"/projects/{project.id}/queue/").json()["items"]
        bodies.append(body(item))
        Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    def send(index: int) -> bool:
        answer = clients[index].put(f"/judgments/{uuid4()}/", json=bodies[index])
        assert answer.status_code == 201, answer.text
        surplus: bool = answer.json()["surplus"]
        return surplus

    surplus = at_once(send, list(range(PEOPLE)))
    assert Counter(surplus) == {False: 2, True: PEOPLE - 2}
    assert counters_are_right()
    assert Item.objects.values_list("filled", "reserved").get() == (2, 0)
