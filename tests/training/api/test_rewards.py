"""Rewards on request, by a real scorer process."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotation.models import Project, User
from tests.training.conftest import (
    BAD,
    GOOD,
    Processes,
    make_comparisons,
    make_learnable,
    make_model,
    train_now,
)
from training.models import RewardModel
from training.services.champions import champion_measure, champions_due, model_promote
from training.serving import client as scorer_client

ClientOf = Callable[[User | None], APIClient]
PROMPT = "What helps?"


def items(*texts: str) -> list[dict[str, Any]]:
    return [{"messages": [{"role": "user", "content": PROMPT}], "completion": text} for text in texts]


def ask(client: APIClient, project: Project, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/projects/{project.id}/rewards/", body, format="json")


@pytest.mark.django_db
def test_project_without_a_champion_answers_no_champion(client_of: ClientOf) -> None:
    project = make_learnable(20)
    response = ask(client_of(project.owner), project, {"items": items("a")})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "no_champion")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": items(*"a" * 1025)},
        {"items": [{"completion": "a"}]},
        {"items": [{"messages": [], "completion": "a"}]},
        {"items": [{"messages": [{"role": "user"}], "completion": "a"}]},
        {"items": [{"messages": [{"role": "user", "content": "a"}]}]},
        {"items": [3]},
        {"items": items("a"), "model": {"id": 1}},
    ],
)
def test_malformed_request_is_400(client_of: ClientOf, body: dict[str, Any]) -> None:
    project = make_learnable(20)
    assert ask(client_of(project.owner), project, body).status_code == 400


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:.*socket.socket:pytest.PytestUnraisableExceptionWarning")  # httpcore's
def test_absent_scorer_is_503_and_says_what_to_do(client_of: ClientOf) -> None:
    project = make_learnable(20)
    model_promote(model=make_model(project), user=project.owner)
    response = ask(client_of(project.owner), project, {"items": items("a")})
    assert (response.status_code, response.json()["error"]["code"]) == (503, "scorer_unavailable")
    assert "manage.py" in response.json()["error"]["message"]


@pytest.mark.django_db
def test_unknown_scoring_token_is_404(client_of: ClientOf) -> None:
    response = client_of(None).post(
        "/api/v1/serve/nope/get_reward", {"query": ["a"], "prompts": ["a"]}, format="json"
    )
    assert response.status_code == 404


def test_scorer_serves_native_and_trainer_requests_alike(processes: Processes, client_of: ClientOf) -> None:
    project = make_learnable(120)
    run = train_now(project)
    assert run.status == "succeeded", run.log
    processes.scorer()
    client = client_of(project.owner)

    good, bad = " ".join(GOOD), " ".join(BAD)
    answer = ask(client, project, {"items": items(bad, good, bad), "explain": True}).json()
    assert answer["model"] == {
        "id": str(run.reward_model.id),
        "version": 1,
        "kind": "linear",
        "log_odds_per_reward": 1.0,
    }
    native = [reward["reward"] for reward in answer["rewards"]]
    assert native[1] > native[0] == native[2]
    explanation = answer["rewards"][1]["explanation"]
    parts = sum(part["contribution"] for part in explanation["contributions"])
    assert explanation["intercept"] + parts + explanation["other"] == pytest.approx(native[1])

    token = client.post(
        f"/api/v1/projects/{project.id}/scoring-tokens/", {"name": "grpo"}, format="json"
    ).json()
    assert token["url"].endswith(f"/api/v1/serve/{token['token']}/get_reward")
    anyone = client_of(None)
    body = {"query": [PROMPT + bad, PROMPT + good + "</s>"], "prompts": [PROMPT, PROMPT], "labels": ["", ""]}
    trainer = anyone.post(token["url"], body, format="json").json()
    assert trainer["rewards"] == pytest.approx(native[:2], abs=1e-9)
    assert trainer["scores"] == pytest.approx([1 / (1 + math.exp(-value)) for value in native[:2]])
    assert anyone.post(token["url"], {"query": ["a"], "prompts": []}, format="json").status_code == 422

    second = train_now(project, seed=3).reward_model
    later = ask(client, project, {"items": items(good)}).json()
    assert later["model"]["version"] == second.version
    pinned = ask(client, project, {"items": items(good), "model": str(run.reward_model.id)}).json()
    assert pinned["rewards"][0]["reward"] == pytest.approx(native[1])

    with ThreadPoolExecutor(8) as pool:
        texts = [f"{word} {number}" for number in range(8) for word in (good, bad)]
        together = list(
            pool.map(
                lambda text: scorer_client.rewards_compute(model_id=second.id, items=items(text))[0][
                    "reward"
                ],
                texts,
            )
        )
    alone = scorer_client.rewards_compute(model_id=second.id, items=items(*texts))
    assert together == pytest.approx([reward["reward"] for reward in alone], abs=1e-9)

    make_comparisons(project, 30, annotator="later")
    assert champions_due() == [second.id]
    figure = champion_measure(model_id=second.id)
    assert figure is not None
    assert figure["n"] == 30
    assert figure["value"] > 0.7
    assert RewardModel.objects.get(id=second.id).since_promotion == figure
    assert champions_due() == []

    assert client.delete(f"/api/v1/scoring-tokens/{token['id']}/").status_code == 204
    assert anyone.post(token["url"], body, format="json").status_code == 404
