"""No object of another project can be read or changed by its id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from annotation.models import Gold, Import, Judgment, Pool, Role, User
from annotation.services.members import invitation_create
from tests.annotation.labelling import choose, put, take
from tests.factories import make_project, make_prompt, make_reward_model, make_user
from training.models import ScoringToken

if TYPE_CHECKING:
    from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db

METHODS = ("get", "put", "patch", "post", "delete")
OPEN = {"secret", "user_id"}  # whoever has a link's secret may follow it; accounts are a superuser's
BODY = {
    "name": "x",
    "username": "x",
    "role": "admin",
    "expires_at": "2100-01-01T00:00:00Z",
    "lease": "1",
    "status": "submitted",
    "answers": {"overall": {"choice": "tie"}},
    "model": {"kind": "linear"},
    "items": [{"messages": [{"role": "user", "content": "x"}], "completion": "y"}],
}


def addresses(patterns: list[Any] | None = None, before: str = "") -> Iterator[tuple[str, Any, set[str]]]:
    """Every address below /api/v1/ with its view and the ids it takes."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith("api/v1/"):
            yield route, pattern.callback, set(pattern.pattern.converters)


def template(route: str) -> str:
    """The route as a format string."""
    return "/" + route.replace("<str:", "{").replace("<uuid:", "{").replace(">", "}")


@pytest.fixture
def ids(client_of: Callable[[User | None], APIClient]) -> dict[str, Any]:
    """One of everything that a project holds, by the name of the id in an address."""
    owner = make_user()
    project = make_project(owner)
    prompt = make_prompt(project)
    make_prompt(project)
    first, second = take(client_of(owner), project, 2)
    uuid = uuid4()
    assert put(client_of(owner), choose(first), uuid).status_code == 201
    model = make_reward_model(project)
    token = ScoringToken.objects.create(project=project, name="t", digest="d", prefix="p")
    invitation, _ = invitation_create(
        project=project, by=owner, role=Role.ANNOTATOR, expires_at=model.created_at.replace(year=2100)
    )
    return {
        "project_id": project.id,
        "import_id": Import.objects.create(project=project, format="native", status="succeeded").id,
        "uuid": uuid,
        "lease_id": second["lease"],
        "prompt_id": prompt.id,
        "item_id": prompt.items.get().id,
        "annotator_id": prompt.items.get().judgments.get().annotator_id,
        "pool_id": Pool.objects.create(project=project, name="p").id,
        "gold_id": Gold.objects.create(project=project, item=prompt.items.get(), answers={}).id,
        "run_id": model.run_id,
        "model_id": model.id,
        "token_id": token.id,
        "invitation_id": invitation.id,
    }


def test_every_id_of_another_project_is_unknown_in_every_address(client_of, ids):
    stranger = client_of(make_user())
    tried = 0
    for route, view, parameters in addresses():
        if not parameters or parameters & OPEN:
            continue
        address = template(route).format(**ids)
        for method in METHODS:
            if not hasattr(view.cls, method):
                continue
            body = None if method == "get" else BODY
            response = getattr(stranger, method)(address, body, format="json")
            assert response.status_code == 404, (method, route, response.content)
            assert response.json()["error"]["code"] in {"not_found", "lease_lost"}
            assert getattr(client_of(), method)(address, body, format="json").status_code == 401, (
                method,
                route,
            )
            tried += 1
    assert tried >= 40
    assert Judgment.objects.count() == 1


def test_ids_of_another_project_are_unknown_below_an_own_project_too(client_of, ids):
    own = make_project(make_user())
    client = client_of(own.owner)
    crossed = ids | {"project_id": own.id}
    tried = 0
    for route, view, parameters in addresses():
        if "project_id" not in parameters or len(parameters) == 1:
            continue
        for method in METHODS:
            if hasattr(view.cls, method):
                response = getattr(client, method)(template(route).format(**crossed), BODY, format="json")
                assert response.status_code == 404, (method, route, response.content)
                tried += 1
    assert tried >= 2
    judgments = client.get(f"/api/v1/projects/{own.id}/judgments/?prompt={ids['prompt_id']}")
    assert judgments.json()["results"] == []
    pinned = {"name": "t", "model": str(ids["model_id"])}
    assert client.post(f"/api/v1/projects/{own.id}/scoring-tokens/", pinned, format="json").status_code == 404
    scored = BODY | {"model": str(ids["model_id"])}
    assert client.post(f"/api/v1/projects/{own.id}/rewards/", scored, format="json").status_code == 404


@pytest.mark.parametrize("raw", ["0", "-1", "abc", "1.5", "%00", "٣", "9" * 19, "9" * 30, "9" * 5000])
def test_what_cannot_be_an_id_is_unknown(client_of, raw):
    client = client_of(make_user(superuser=True))
    tried = 0
    for route, view, parameters in addresses():
        if parameters and hasattr(view.cls, "get") and not parameters & {"uuid"}:
            response = client.get(template(route).format(**dict.fromkeys(parameters, raw)))
            assert (response.status_code, response.json()["error"]["fields"]) == (404, {}), route
            tried += 1
    assert tried >= 15
