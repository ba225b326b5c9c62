"""The labelled outputs most like a scored one, by a real scorer process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotation.models import Completion, Judgment, Member, Project, Revelation, Role, User
from tests.factories import make_user
from tests.training.conftest import Processes, make_learnable, train_now

ClientOf = Callable[[User | None], APIClient]


def ask(client: APIClient, project: Project, items: list[dict[str, Any]], **more: Any) -> Any:
    return client.post(
        f"/api/v1/projects/{project.id}/rewards/nearest/", {"items": items, **more}, format="json"
    )


def item(completion: Completion) -> dict[str, Any]:
    return {"messages": completion.prompt.messages, "completion": completion.text}


@pytest.mark.django_db
def test_only_reviewers_may_ask_and_without_a_champion_there_is_nothing_to_ask(client_of: ClientOf) -> None:
    project = make_learnable(20)
    labeller = make_user()
    Member.objects.create(project=project, user=labeller, role=Role.ANNOTATOR)
    items = [{"messages": [{"role": "user", "content": "a"}], "completion": "b"}]
    assert ask(client_of(labeller), project, items).status_code == 403
    assert ask(client_of(make_user()), project, items).status_code == 404
    assert ask(client_of(project.owner), project, items).status_code == 409
    assert ask(client_of(project.owner), project, items, count=0).status_code == 400
    assert ask(client_of(project.owner), project, []).status_code == 400


def test_neighbours_are_told_with_their_judgments_and_rewards(
    processes: Processes, client_of: ClientOf
) -> None:
    project = make_learnable(60, blind=True, mask_names=True)
    run = train_now(project)
    assert run.status == "succeeded", run.log
    assert "labelled outputs can be looked up" in run.log
    processes.scorer()
    client = client_of(project.owner)
    rewards = client.post(
        f"/api/v1/projects/{project.id}/rewards/",
        {"items": [item(row) for row in Completion.objects.order_by("id")[:120]]},
        format="json",
    ).json()["rewards"]
    reward_of = {
        str(row.id): one["reward"]
        for row, one in zip(Completion.objects.order_by("id")[:120], rewards, strict=True)
    }
    learned = set(Judgment.objects.filter(project=project).values_list("prompt_id", flat=True))
    completion = Completion.objects.filter(prompt_id__in=learned).order_by("id").first()
    assert completion is not None
    judgment = Judgment.objects.get(prompt=completion.prompt)
    won = judgment.answers["overall"]["choice"] == str(completion.id)

    found = ask(client, project, [item(completion)], count=3)
    assert found.status_code == 200, found.content
    answer = found.json()
    # A project this small is cross-fitted: the served model has learned from all of it.
    assert (answer["unavailable"], answer["indexed"], answer["left_out"]) == (None, 120, 0)
    (one,) = answer["items"]
    assert (one["missing"], len(one["neighbours"])) == (0, 3)
    first = one["neighbours"][0]
    assert first["completion"] == str(completion.id)
    assert first["prompt"]["id"] == str(completion.prompt_id)
    assert first["text"] == completion.text
    assert first["similarity"] == pytest.approx(1.0, abs=2e-3)
    assert (first["judged"]["won"], first["judged"]["lost"]) == (int(won), int(not won))
    assert all(
        neighbour["reward"] == pytest.approx(reward_of[neighbour["completion"]])
        for neighbour in one["neighbours"]
    )
    assert "source" not in first

    # Masked as annotators see it; a later judgment is not what the model learned from.
    Revelation.objects.create(project=project, completion=completion, spans=[[0, 4]])
    Judgment.objects.filter(pk=judgment.pk).update(superseded=True)
    (one,) = ask(client, project, [item(completion)], count=1).json()["items"]
    assert one["neighbours"][0]["text"] == "████" + completion.text[4:]
    assert one["neighbours"][0]["judged"]["won"] == int(won)

    Project.objects.filter(id=project.id).update(blind=False)
    (one,) = ask(client, project, [item(completion)], count=1).json()["items"]
    assert one["neighbours"][0]["source"] == ""
    assert one["neighbours"][0]["text"] == completion.text

    asked = item(completion)
    gone = completion.prompt
    Judgment.objects.filter(prompt=gone).delete()
    gone.delete()
    (one,) = ask(client, project, [asked], count=3).json()["items"]
    assert one["missing"] >= 1
    assert one["missing"] + len(one["neighbours"]) == 3
