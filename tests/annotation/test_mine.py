"""What annotators are told about their own work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from annotation.models import Annotator, Judgment, Purpose
from annotation.selectors import mine
from tests.annotation.labelling import API, choose, put, skip, take
from tests.factories import make_project, make_prompt, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.test import APIClient

    from annotation.models import Project, User

pytestmark = pytest.mark.django_db


def work(client: APIClient, project: Project, count: int, choice: int = 0, **fields: Any) -> list[str]:
    uuids = []
    for _ in range(count):
        [item] = take(client, project)
        body = choose(item, sorted(item["shown"])[choice], active_ms=6000, **fields)
        uuids.append(put(client, body).json()["uuid"])
    return uuids


def mine_of(client: APIClient, project: Project, part: str = "", **parameters: Any) -> Any:
    return client.get(f"{API}/projects/{project.id}/mine/{part}", parameters)


def test_counts_pace_and_quota(client_of: Callable[[User], APIClient]) -> None:
    annotator = make_user()
    project = make_project(annotators=[annotator], quota_daily=10, quota_total=3)
    client = client_of(annotator)
    told = mine_of(client, project).json()
    assert (told["total"], told["today"], told["per_hour_today"], told["quota_total_left"]) == (0, 0, None, 3)
    for _ in range(3):
        make_prompt(project)
    work(client, project, 2)
    told = mine_of(client, project).json()
    # two in 12 seconds of active time
    assert (told["total"], told["today"], told["per_hour_today"]) == (2, 2, 600)
    assert (told["quota_total_left"], told["quota_daily_left"]) == (1, 8)
    assert len(told["week"]) == 7
    assert told["week"][-1]["judgments"] == 2


def test_the_history_is_searched_in_prompt_answers_and_reason(client_of: Callable[[User], APIClient]) -> None:
    annotator = make_user()
    project = make_project(annotators=[annotator])
    make_prompt(project, question="Why do rivers bend? 为什么")
    make_prompt(project, question="Why is the sky blue?")
    client = client_of(annotator)
    uuids = work(client, project, 1, reason="too long")
    [item] = take(client, project)
    put(client, skip(item, "not my language"))

    def found(**parameters: str) -> list[str]:
        return [
            row["excerpt"][:12]
            for row in mine_of(client, project, "judgments/", **parameters).json()["results"]
        ]

    assert len(found()) == 2
    assert found(q="RIVERS") == ["Why do river"]
    assert found(q="为什么") == ["Why do river"]
    assert len(found(q="too long")) == len(found(status="submitted")) == len(found(q="not my")) == 1
    assert found(q='"x') == found(q="nothing of the kind") == []
    assert mine_of(client, project, "judgments/", status="x").status_code == 400
    assert mine_of(client, project, "judgments/", q="x" * 300).status_code == 400
    edit = choose(item | {"lease": None}, supersedes=uuids[0])
    edit.pop("lease")
    assert put(client, edit | {"shown": None}, uuid4()).status_code in (201, 422)
    assert len(found()) == 2


def test_the_history_comes_in_pages_and_a_search_in_parts(
    client_of: Callable[[User], APIClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    annotator = make_user()
    project = make_project(annotators=[annotator])
    for number in range(5):
        make_prompt(project, question=f"number {number}")
    client = client_of(annotator)
    uuids = work(client, project, 5)
    page = mine_of(client, project, "judgments/", limit=3).json()
    rest = client.get(page["next"]).json()
    assert [row["uuid"] for row in page["results"] + rest["results"]] == uuids[::-1]
    assert rest["next"] is None
    monkeypatch.setattr(mine, "SEARCHED_AT_ONCE", 2)
    found, address, requests = [], f"{API}/projects/{project.id}/mine/judgments/?q=number+1", 0
    while address:
        part = client.get(address).json()
        found += part["results"]
        address, requests = part["next"], requests + 1
    assert (len(found), requests) == (1, 3)


def test_gold_and_repeats_look_like_any_other(client_of: Callable[[User], APIClient]) -> None:
    annotator = make_user()
    project = make_project(annotators=[annotator])
    make_prompt(project)
    make_prompt(project)
    client = client_of(annotator)
    work(client, project, 2)
    plain, repeat = Judgment.objects.order_by("id")
    Judgment.objects.filter(id=repeat.id).update(
        purpose=Purpose.REPEAT, surplus=True, policy="repeat", arm="repeat"
    )
    other, one = mine_of(client, project, "judgments/").json()["results"]
    hidden = {
        key: value for key, value in other.items() if key in ("surplus", "purpose", "policy", "set_aside")
    }
    assert hidden == {key: one[key] for key in hidden}
    assert plain.purpose == Purpose.WORK


def test_own_agreement_only_where_the_project_allows_it(client_of: Callable[[User], APIClient]) -> None:
    one, two, three = make_user(), make_user(), make_user()
    project = make_project(annotators=[one, two, three], shuffle=False)
    for _ in range(4):
        make_prompt(project)
    clients = [client_of(user) for user in (one, two, three)]
    refused = mine_of(clients[0], project, "agreement/")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "own_figures_off")
    project.own_figures = True
    project.save()
    assert mine_of(clients[0], project, "agreement/").json()["reason"] == "no_common_items"
    work(clients[0], project, 4)
    work(clients[1], project, 2)
    work(clients[1], project, 2, choice=1)
    told = mine_of(clients[0], project, "agreement/").json()
    assert (told["value"], told["n"], told["reason"]) == (0.5, 4, None)
    assert Annotator.objects.filter(user=three).count() == 0


def test_nobody_reads_the_work_of_another(client_of: Callable[[User], APIClient]) -> None:
    annotator, other, stranger = make_user(), make_user(), make_user()
    project = make_project(annotators=[annotator, other])
    make_prompt(project)
    work(client_of(annotator), project, 1)
    assert mine_of(client_of(other), project, "judgments/").json()["results"] == []
    assert mine_of(client_of(other), project).json()["total"] == 0
    assert mine_of(client_of(stranger), project).status_code == 404
