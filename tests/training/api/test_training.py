"""The API of runs, models, promotion and retraining."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotation.models import Annotator, Member, Project, Role, User
from tests.factories import make_user
from tests.training.conftest import LINEAR, make_learnable, make_model, train_now
from training.models import TrainingRun
from training.services.champions import model_promote

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | None], APIClient]


def address(project: Project, rest: str) -> str:
    return f"/api/v1/projects/{project.id}/{rest}/"


def test_button_makes_a_queued_run_that_says_whose_labels_it_has(client_of: ClientOf) -> None:
    project = make_learnable(30)
    Annotator.objects.filter(project=project).update(user=project.owner)
    response = client_of(project.owner).post(
        address(project, "training-runs"), {"model": LINEAR}, format="json"
    )
    assert response.status_code == 201, response.content
    run = response.json()
    assert run["status"] == "queued"
    assert run["labels"] == {
        "total": 30, "human": 30, "simulated": 0, "model": 0, "adjudicated": 0, "mine": 30,
    }  # fmt: skip
    assert run["model"]["kind"] == "linear"
    assert run["evaluation"] == {"scheme": "holdout", "test_fraction": 0.2}
    assert run["trigger"] == "manual"
    assert run["created_by"] == project.owner.username
    assert (run["error"], run["reward_model"], run["decision"]) == (None, None, None)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"model": "linear"}, 400, "invalid"),
        ({"model": {"kind": "oracle"}}, 422, "invalid"),
        ({"model": LINEAR, "evaluation": {"folds": "many"}}, 422, "invalid"),
        ({"model": LINEAR, "seed": -1}, 400, "invalid"),
        ({"model": LINEAR, "data": {"annotator_kinds": ["model"]}}, 422, "not_enough_labels"),
    ],
)
def test_request_that_cannot_be_followed_is_refused(
    client_of: ClientOf, body: dict[str, Any], status: int, code: str
) -> None:
    project = make_learnable(30)
    response = client_of(project.owner).post(address(project, "training-runs"), body, format="json")
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert TrainingRun.objects.count() == 0


def test_lists_leave_log_and_curve_out_and_page(client_of: ClientOf) -> None:
    project = make_learnable(30)
    client = client_of(project.owner)
    for _ in range(3):
        client.post(address(project, "training-runs"), {"model": LINEAR}, format="json")
    page = client.get(address(project, "training-runs") + "?limit=2").json()
    assert len(page["results"]) == 2
    assert "log" not in page["results"][0]
    rest = client.get(page["next"]).json()
    assert (len(rest["results"]), rest["next"]) == (1, None)


def test_waiting_run_is_cancelled(client_of: ClientOf) -> None:
    project = make_learnable(30)
    client = client_of(project.owner)
    run = client.post(address(project, "training-runs"), {"model": LINEAR}, format="json").json()
    response = client.post(f"/api/v1/training-runs/{run['id']}/cancel/")
    assert (response.status_code, response.json()["status"]) == (200, "cancelled")


def test_finished_run_shows_its_model_and_the_model_its_evaluation(client_of: ClientOf) -> None:
    project = make_learnable(80)
    run = train_now(project)
    client = client_of(project.owner)
    shown = client.get(f"/api/v1/training-runs/{run.id}/").json()
    assert (shown["status"], shown["progress"], shown["decision"]["code"]) == ("succeeded", 1, "first")
    model = client.get(f"/api/v1/reward-models/{shown['reward_model']}/").json()
    assert (model["version"], model["status"], model["kind"]) == (1, "champion", "linear")
    assert model["snapshot"] | {"fingerprint": ""} == {
        "fingerprint": "",
        "judgments": 80,
        "prompts": 80,
        "annotators": 1,
    }
    assert model["evaluation"]["split"]["shared_groups"] == 0
    assert model["top_features"][0].keys() == {"name", "group", "weight"}
    assert client.get(address(project, "reward-models")).json()["results"] == [model]
    promotions = client.get(address(project, "promotions")).json()["results"]
    assert [(entry["version"], entry["previous_version"], entry["code"]) for entry in promotions] == [
        (1, None, "first")
    ]


def test_artifact_is_a_zip_of_safetensors_json_and_a_card(client_of: ClientOf) -> None:
    project = make_learnable(80)
    model = train_now(project).reward_model
    client = client_of(project.owner)
    response = client.get(f"/api/v1/reward-models/{model.id}/artifact/?format=native")
    assert response.status_code == 200
    body = b"".join(response.streaming_content)
    assert len(body) == model.size_bytes
    names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    assert {"MODEL_CARD.md", "held_out.json", "model.json", "model.safetensors"} <= set(names)
    assert {name.rpartition(".")[2] for name in names} == {"json", "md", "safetensors"}
    assert client.get(f"/api/v1/reward-models/{model.id}/artifact/?format=pickle").status_code == 422


def test_promotion_by_hand_and_back(client_of: ClientOf) -> None:
    project = make_learnable(30)
    old, new = make_model(project), make_model(project, {"p": {"c": 1.0}})
    client = client_of(project.owner)
    for model in (old, new, old):
        response = client.post(
            f"/api/v1/reward-models/{model.id}/promote/", {"reason": "I say so"}, format="json"
        )
        assert (response.status_code, response.json()["status"]) == (200, "champion")
    promotions = client.get(address(project, "promotions")).json()["results"]
    assert [(entry["version"], entry["previous_version"]) for entry in promotions] == [
        (1, 2),
        (2, 1),
        (1, None),
    ]
    assert (promotions[0]["by"], promotions[0]["message"]) == (project.owner.username, "I say so")


def test_retraining_has_defaults_and_keeps_what_is_put(client_of: ClientOf) -> None:
    project = make_learnable(30)
    client = client_of(project.owner)
    shown = client.get(address(project, "retraining")).json()
    assert (shown["enabled"], shown["quiet_seconds"], shown["promotion"]) == (False, 30, "if-better")
    assert (shown["state"]["fresh_labels"], shown["state"]["needed_labels"]) == (30, 25)
    assert shown["state"]["blocked_by"] == "disabled"
    body = {
        "enabled": True,
        "every_labels": 50,
        "models": [LINEAR],
        "data": {"annotator_kinds": ["human", "simulated"]},
    }
    put = client.put(address(project, "retraining"), body, format="json")
    assert put.status_code == 200, put.content
    assert put.json() == client.get(address(project, "retraining")).json()
    assert put.json()["data"]["annotator_kinds"] == ["human", "simulated"]
    assert put.json()["state"]["blocked_by"] == "waiting_for_labels"


@pytest.mark.parametrize(
    "body",
    [
        {"every_labels": 0},
        {"quiet_seconds": -1},
        {"promotion": "always"},
        {"models": [{"kind": "x"}]},
        {"data": []},
    ],
)
def test_malformed_policy_is_refused(client_of: ClientOf, body: dict[str, Any]) -> None:
    project = make_learnable(30)
    response = client_of(project.owner).put(
        address(project, "retraining"), {"enabled": True} | body, format="json"
    )
    assert response.status_code in {400, 422}


def test_nothing_of_another_project_can_be_read_or_changed(client_of: ClientOf) -> None:
    project = make_learnable(30)
    model = make_model(project)
    model_promote(model=model, user=project.owner)
    stranger = client_of(make_learnable(20).owner)
    created = (
        client_of(project.owner).post(address(project, "scoring-tokens"), {"name": "t"}, format="json").json()
    )
    for path in (
        address(project, "training-runs"),
        address(project, "reward-models"),
        address(project, "promotions"),
        address(project, "retraining"),
        address(project, "scoring-tokens"),
        f"/api/v1/training-runs/{model.run_id}/",
        f"/api/v1/reward-models/{model.id}/",
        f"/api/v1/reward-models/{model.id}/artifact/",
    ):
        assert stranger.get(path).status_code == 404, path
    for path in (
        address(project, "training-runs"),
        address(project, "rewards"),
        address(project, "scoring-tokens"),
        f"/api/v1/training-runs/{model.run_id}/cancel/",
        f"/api/v1/reward-models/{model.id}/promote/",
    ):
        assert stranger.post(path, {}, format="json").status_code == 404, path
    assert stranger.put(address(project, "retraining"), {}, format="json").status_code == 404
    assert stranger.delete(f"/api/v1/scoring-tokens/{created['id']}/").status_code == 404


def test_model_of_another_project_scores_nothing_here(client_of: ClientOf) -> None:
    project, other = make_learnable(30), make_learnable(30)
    foreign = make_model(other)
    client = client_of(project.owner)
    item = {"messages": [{"role": "user", "content": "Why?"}], "completion": "Because."}
    body = {"items": [item], "model": str(foreign.id)}
    assert client.post(address(project, "rewards"), body, format="json").status_code == 404
    pinned = client.post(
        address(project, "scoring-tokens"), {"name": "t", "model": str(foreign.id)}, format="json"
    )
    assert pinned.status_code == 404


@pytest.mark.parametrize(
    "path", ["training-runs/x/", "reward-models/99999999999999999999/", "scoring-tokens/0/"]
)
def test_unknown_id_is_404(client_of: ClientOf, path: str) -> None:
    client = client_of(make_user(superuser=True))
    response = client.delete(f"/api/v1/{path}") if "tokens" in path else client.get(f"/api/v1/{path}")
    assert response.status_code == 404


def test_roles_are_kept(client_of: ClientOf) -> None:
    project = make_learnable(30)
    model = make_model(project)
    reviewer, annotator = make_user(), make_user()
    Member.objects.create(project=project, user=reviewer, role=Role.REVIEWER)
    Member.objects.create(project=project, user=annotator, role=Role.ANNOTATOR)
    assert client_of(reviewer).get(address(project, "reward-models")).status_code == 200
    assert (
        client_of(reviewer)
        .post(address(project, "training-runs"), {"model": LINEAR}, format="json")
        .status_code
        == 403
    )
    assert client_of(reviewer).post(f"/api/v1/reward-models/{model.id}/promote/").status_code == 403
    assert client_of(annotator).get(address(project, "reward-models")).status_code == 403
    assert client_of(None).get(address(project, "reward-models")).status_code == 401
