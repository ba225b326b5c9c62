"""The API of must-pass pairs: who may pin, what is told, and what asks before a failing model is promoted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from annotation.models import Judgment, Member, Project, Role, User
from tests.factories import make_user
from tests.training.conftest import make_learnable, make_model
from training.models import MustPass, MustPassResult, RewardModel
from training.services.champions import model_promote

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | None], APIClient]


def pins(project: Project, uuid: object = "") -> str:
    return f"/api/v1/projects/{project.id}/must-pass/" + (f"{uuid}/" if uuid else "")


def member(project: Project, role: Role) -> User:
    user = make_user()
    Member.objects.create(project=project, user=user, role=role)
    return user


def fail(model: RewardModel, *, margin: float) -> None:
    """What a run has stored of each pin."""
    for pin in MustPass.objects.filter(project=model.project):
        preferred = pin.judgment.answers["overall"]["choice"]
        [rejected] = set(pin.judgment.shown) - {preferred}
        pairs = [{"preferred": preferred, "rejected": rejected, "margin": margin}]
        MustPassResult.objects.create(model=model, pin=pin, pairs=pairs, passed=margin > 0)


def test_pinned_judgment_is_told_with_both_texts_and_can_be_unpinned(client_of: ClientOf) -> None:
    project = make_learnable(20)
    judgment = Judgment.objects.order_by("id")[0]
    client = client_of(project.owner)
    body = {"judgment": str(judgment.uuid), "note": "The safety case"}
    made = client.post(pins(project), body, format="json")
    assert made.status_code == 201, made.content
    assert client.post(pins(project), body, format="json").status_code == 200
    shown = client.get(pins(project)).json()
    assert shown["results"] == [made.json()]
    assert (shown["next"], shown["model"]) == (None, None)
    assert shown["standing"] == {"pinned": 1, "passed": 0, "failed": 0, "untried": 1}
    [pin] = shown["results"]
    preferred = judgment.answers["overall"]["choice"]
    assert pin["pairs"] == [
        {
            "preferred": preferred,
            "rejected": next(c for c in judgment.shown if c != preferred),
            "margin": None,
        }
    ]
    texts = {str(row.id): row.text for row in judgment.prompt.completions.all()}
    assert {output["id"]: output["text"] for output in pin["outputs"]} == texts
    assert pin["prompt"]["messages"] == judgment.prompt.messages
    assert (pin["status"], pin["passed"], pin["note"], pin["by"]) == (
        "enforced", None, "The safety case", project.owner.username,
    )  # fmt: skip
    assert client.delete(pins(project, judgment.uuid)).status_code == 204
    assert client.get(pins(project)).json()["results"] == []
    assert client.delete(pins(project, judgment.uuid)).status_code == 404


def test_margins_are_the_champions_unless_a_model_is_named(client_of: ClientOf) -> None:
    project = make_learnable(20)
    champion, challenger = make_model(project), make_model(project, {"p": {"c": 1.0}})
    model_promote(model=champion, user=project.owner)
    client = client_of(project.owner)
    client.post(pins(project), {"judgment": str(Judgment.objects.order_by("id")[0].uuid)}, format="json")
    fail(champion, margin=0.5)
    fail(challenger, margin=-0.25)
    for query, model, margin, passed in (("", champion, 0.5, 1), (challenger.id, challenger, -0.25, 0)):
        shown = client.get(pins(project), {"model": query} if query else {}).json()
        assert shown["model"] == {"id": str(model.id), "version": model.version}
        assert shown["results"][0]["pairs"][0]["margin"] == margin
        assert shown["results"][0]["passed"] is (passed == 1)
        assert shown["standing"] == {"pinned": 1, "passed": passed, "failed": 1 - passed, "untried": 0}
    assert client.get(pins(project), {"model": make_model(make_learnable(20)).id}).status_code == 404


def test_list_pages_and_narrows_to_a_prompt(client_of: ClientOf) -> None:
    project = make_learnable(20)
    client = client_of(project.owner)
    judgments = list(Judgment.objects.order_by("id")[:3])
    for judgment in judgments:
        client.post(pins(project), {"judgment": str(judgment.uuid)}, format="json")
    page = client.get(pins(project), {"limit": 2}).json()
    rest = client.get(page["next"]).json()
    found = [pin["judgment"] for pin in page["results"] + rest["results"]]
    assert found == [str(judgment.uuid) for judgment in reversed(judgments)]
    narrowed = client.get(pins(project), {"prompt": judgments[1].prompt_id}).json()["results"]
    assert [pin["judgment"] for pin in narrowed] == [str(judgments[1].uuid)]


def test_promotion_by_hand_of_a_failing_model_is_409_unless_forced(client_of: ClientOf) -> None:
    project = make_learnable(20)
    model = make_model(project)
    client = client_of(project.owner)
    client.post(pins(project), {"judgment": str(Judgment.objects.order_by("id")[0].uuid)}, format="json")
    fail(model, margin=-1.0)
    address = f"/api/v1/reward-models/{model.id}/promote/"
    refused = client.post(address, {"reason": "try"}, format="json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "must_pass_failed")
    assert "fails 1 of 1" in refused.json()["error"]["message"]
    forced = client.post(address, {"reason": "try", "force": True}, format="json")
    assert (forced.status_code, forced.json()["status"]) == (200, "champion")


def test_roles_are_kept(client_of: ClientOf) -> None:
    project = make_learnable(20)
    model = make_model(project)
    judgment = Judgment.objects.order_by("id")[0]
    body = {"judgment": str(judgment.uuid)}
    reviewer, annotator = member(project, Role.REVIEWER), member(project, Role.ANNOTATOR)
    for user, status in ((None, 401), (make_user(), 404), (annotator, 403)):
        client = client_of(user)
        for response in (
            client.get(pins(project)),
            client.post(pins(project), body, format="json"),
            client.delete(pins(project, judgment.uuid)),
            client.post(f"/api/v1/reward-models/{model.id}/must-pass/"),
        ):
            assert response.status_code == status
    client = client_of(reviewer)
    assert client.post(pins(project), body, format="json").status_code == 201
    assert client.get(pins(project)).status_code == 200
    fail(model, margin=1.0)
    tried = client.post(f"/api/v1/reward-models/{model.id}/must-pass/")
    assert tried.json() == {"pinned": 1, "passed": 1, "failed": 0, "untried": 0}
    assert client.delete(pins(project, judgment.uuid)).status_code == 204


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"judgment": "mine"}, 400, "invalid"),
        ({"judgment": str(uuid4())}, 404, "not_found"),
    ],
)
def test_what_cannot_be_pinned_is_refused(
    client_of: ClientOf, body: dict[str, Any], status: int, code: str
) -> None:
    project = make_learnable(20)
    response = client_of(project.owner).post(pins(project), body, format="json")
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_judgment_of_another_project_cannot_be_pinned_or_unpinned(client_of: ClientOf) -> None:
    project, other = make_learnable(20), make_learnable(20)
    judgment = Judgment.objects.filter(project=project)[0]
    body = {"judgment": str(judgment.uuid)}
    client_of(project.owner).post(pins(project), body, format="json")
    stranger = client_of(other.owner)
    assert stranger.post(pins(other), body, format="json").status_code == 404
    assert stranger.delete(pins(other, judgment.uuid)).status_code == 404
    assert MustPass.objects.count() == 1
