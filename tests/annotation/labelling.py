"""What the tests of labelling share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from rest_framework.response import Response
    from rest_framework.test import APIClient

    from annotation.models import Project

API = "/api/v1"


def take(client: APIClient, project: Project, count: int = 1) -> list[dict[str, Any]]:
    """Items from the queue."""
    response = client.get(f"{API}/projects/{project.id}/queue/?count={count}")
    assert response.status_code == 200, response.content
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def put(client: APIClient, body: dict[str, Any], uuid: object = None) -> Response:
    """A judgment under an id of its own, or under the given one."""
    return client.put(f"{API}/judgments/{uuid or uuid4()}/", body, format="json")


def choose(item: dict[str, Any], choice: str | None = None, **fields: Any) -> dict[str, Any]:
    """The body that prefers a completion of an item, the first shown unless said."""
    answers = {"overall": {"choice": choice or item["shown"][0]}}
    return {"lease": item["lease"], "answers": answers, "shown": item["shown"], **fields}


def skip(item: dict[str, Any], reason: str = "I do not know") -> dict[str, Any]:
    """The body that skips an item."""
    return {"lease": item["lease"], "status": "skipped", "reason": reason}


def judge_all(client: APIClient, project: Project) -> list[str]:
    """Judge whatever the queue gives until it gives nothing; the items in their order."""
    judged: list[str] = []
    while items := take(client, project):
        assert put(client, choose(items[0])).status_code == 201
        judged.append(items[0]["item"])
    return judged


def names(items: Sequence[dict[str, Any]]) -> list[str]:
    """The ids of items."""
    return [item["item"] for item in items]
