"""The scale of rewards through the API, by a real scorer process."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from rest_framework.test import APIClient

from annotation.models import Project, User
from tests.training.conftest import LINEAR, Processes, make_comparisons, make_learnable, train_now
from training.artifacts import anchors_load, artifact_folder
from training.models import RewardModel
from training.rewards.anchors import anchors_read
from training.rewards.models import restore
from training.rewards.store import model_read
from training.services.priorities import _rewards
from training.serving.protocols import conversation

ClientOf = Callable[[User | None], APIClient]


def model_of(project: Project, options: dict[str, Any]) -> RewardModel:
    run = train_now(project, model=LINEAR | options)
    assert run.status == "succeeded", run.log
    found: RewardModel = run.reward_model
    return found


def total(explanation: dict[str, Any]) -> float:
    parts = sum(part["contribution"] for part in explanation["contributions"])
    return float(explanation["intercept"] + parts + explanation["other"])


def test_versions_are_served_on_one_scale_and_a_rollback_serves_its_own(
    processes: Processes, client_of: ClientOf
) -> None:
    project = make_learnable(120)
    first = model_of(project, {"l2": 1000.0})
    make_comparisons(project, 60, annotator="later")
    second = model_of(project, {"l2": 0.1})
    processes.scorer()
    client = client_of(project.owner)
    held = first.evaluation["scale"]
    items = anchors_load(held["archive"], sha256=held["fingerprint"])

    def answer(model: str, asked: list[dict[str, Any]] = items, **more: Any) -> Any:
        body = {"items": asked, "model": model, **more}
        response = client.post(f"/api/v1/projects/{project.id}/rewards/", body, format="json")
        assert response.status_code == 200, response.content
        return response.json()

    def rewards(model: str) -> np.ndarray[Any, Any]:
        return np.array([reward["reward"] for reward in answer(model)["rewards"]])

    earlier, later = rewards(str(first.id)), rewards(str(second.id))
    own = restore(*model_read(artifact_folder(second)), None).score_texts(anchors_read(items)).reward
    assert own.std() > 5 * earlier.std()
    assert later.mean() == pytest.approx(earlier.mean(), abs=1e-6)
    assert later.std() == pytest.approx(earlier.std(), abs=1e-6)
    np.testing.assert_array_equal(np.argsort(later, kind="stable"), np.argsort(own, kind="stable"))

    told = answer(str(second.id), items[:5], explain=True)
    for reward in told["rewards"]:
        assert total(reward["explanation"]) == pytest.approx(reward["reward"], abs=1e-9)
    unit = told["model"]["log_odds_per_reward"]
    assert unit * (later[0] - later[1]) == pytest.approx(own[0] - own[1])
    assert answer(str(first.id))["model"]["log_odds_per_reward"] == 1.0

    token = client.post(
        f"/api/v1/projects/{project.id}/scoring-tokens/",
        {"name": "grpo", "model": str(second.id)},
        format="json",
    ).json()
    asked = [item["messages"][0]["content"] for item in items[:4]]
    assert conversation(asked[0]) == items[0]["messages"]
    query = [prompt + item["completion"] for prompt, item in zip(asked, items[:4], strict=True)]
    trainer = client_of(None).post(token["url"], {"query": query, "prompts": asked}, format="json").json()
    assert trainer["rewards"] == pytest.approx(later[:4].tolist(), abs=1e-9)
    assert trainer["scores"] == pytest.approx([1 / (1 + math.exp(-value)) for value in later[:4]])

    outputs = [output for prompt in project.prompts.all()[:3] for output in prompt.completions.all()]
    prepared = _rewards(outputs, second)
    texts = anchors_read(
        [
            {"messages": output.prompt.messages, "completion": output.text, "features": output.features}
            for output in outputs
        ]
    )
    raw = restore(*model_read(artifact_folder(second)), None).score_texts(texts).reward
    centred = np.array([prepared[output.id][0] for output in outputs])
    assert centred - centred[0] == pytest.approx(raw - raw[0])

    for model, wanted in ((second, later), (first, earlier), (second, later)):
        client.post(f"/api/v1/reward-models/{model.id}/promote/", {}, format="json")
        np.testing.assert_array_equal(rewards("champion"), wanted)

    page = client.get(f"/api/v1/reward-models/{second.id}/").json()
    assert (page["scale"]["anchored_to"], page["scale"]["anchors"]) == (1, len(items))
    assert page["scale"]["own_spread"] == pytest.approx(own.std())
    assert page["scale"]["spread"] == pytest.approx(earlier.std())
    assert "archive" not in page["scale"]
    assert "scale" not in page["evaluation"]
    kept = RewardModel.objects.get(id=second.id).evaluation
    assert page["evaluation"]["calibration"] == kept["calibration"]
