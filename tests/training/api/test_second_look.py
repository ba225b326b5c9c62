"""Labels that deserve a second look: which are listed, and what sending them to the reviewers does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from annotation.models import Item, Judgment, Member, Project, Role, User
from tests.factories import make_project, make_prompt, make_user
from tests.training.conftest import make_learnable, make_model, train_now
from training.artifacts import held_out_read

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | None], APIClient]


def flipped(project: Project, *, every: int) -> set[str]:
    """Turns every n-th comparison around; the external ids of the prompts that now say the wrong thing."""
    wrong = set()
    for number, judgment in enumerate(
        Judgment.objects.filter(project=project).select_related("prompt", "item")
    ):
        text = {str(row.id): row.text for row in judgment.prompt.completions.all()}
        choice = judgment.answers["overall"]["choice"]
        other = next(key for key in text if key != choice)
        if number % every == 0:
            judgment.answers["overall"]["choice"] = choice = other
            judgment.save()
        if any(word in text[choice] for word in ("wrong", "vague", "rude", "broken", "lazy")):
            wrong.add(judgment.prompt.external_id)
    return wrong


def test_labels_that_say_the_opposite_of_all_others_are_listed_and_go_to_review(client_of: ClientOf) -> None:
    project = make_learnable(160)
    wrong = flipped(project, every=16)
    model = train_now(project).reward_model
    client = client_of(project.owner)
    address = f"/api/v1/reward-models/{model.id}/second-look/"
    page = client.get(address, {"limit": 50}).json()
    listed = [pair["prompt"]["external_id"] for pair in page["pairs"]]
    assert page["found"] == page["listed"] == model.evaluation["second_look"]["found"]
    assert len(listed) >= 5
    assert sum(name in wrong for name in listed) / len(listed) >= 0.8
    first = page["pairs"][0]
    judgment = Judgment.objects.get(prompt__external_id=first["prompt"]["external_id"])
    assert first["preferred"]["id"] == judgment.answers["overall"]["choice"]
    assert first["item"] == str(judgment.item_id)
    assert (first["votes"], first["in_review"], max(first["margins"]) < 0) == (1, False, True)

    two = client.get(address, {"limit": 2}).json()
    assert ([pair["item"] for pair in two["pairs"]], two["next"]) == (
        [pair["item"] for pair in page["pairs"][:2]],
        2,
    )
    sent = client.post(address, {"items": [first["item"]]}, format="json")
    assert (sent.status_code, sent.json()) == (200, {"sent": 1})
    assert client.get(address).json()["pairs"][0]["in_review"] is True
    queue = client.get(f"/api/v1/projects/{project.id}/review/", {"reason": "suspected"}).json()["results"]
    assert [(row["item"], row["reasons"]) for row in queue] == [(first["item"], ["suspected"])]
    assert client.get(f"/api/v1/projects/{project.id}/review/summary/").json()["counts"]["suspected"] == 1
    everything = client.get(f"/api/v1/projects/{project.id}/review/").json()["results"]
    assert [row["item"] for row in everything] == [first["item"]]
    # Nobody's judgment changes, and the review ticks the item off.
    assert Judgment.objects.get(id=judgment.id).answers == judgment.answers
    client.post(f"/api/v1/projects/{project.id}/review/{first['item']}/done/")
    after = client.get(address).json()["pairs"][0]
    assert (after["in_review"], bool(after["reviewed_at"])) == (False, True)


def test_a_holdouts_test_prompts_are_never_listed(client_of: ClientOf) -> None:
    project = make_learnable(240)
    flipped(project, every=8)
    model = train_now(project).reward_model
    assert model.evaluation["split"]["scheme"] == "holdout"
    page = client_of(project.owner).get(f"/api/v1/reward-models/{model.id}/second-look/?limit=50").json()
    assert page["pairs"]
    assert not {pair["prompt"]["external_id"] for pair in page["pairs"]} & held_out_read(model).keys()


def test_older_models_list_nothing(client_of: ClientOf) -> None:
    project = make_learnable(30)
    model = make_model(project)
    found = client_of(project.owner).get(f"/api/v1/reward-models/{model.id}/second-look/").json()
    assert (found["pairs"], found["found"], found["next"]) == ([], 0, None)


def test_reviewers_read_admins_send_and_only_their_own_items(client_of: ClientOf) -> None:
    project = make_learnable(30)
    model = make_model(project)
    reviewer = make_user("rita")
    Member.objects.create(project=project, user=reviewer, role=Role.REVIEWER)
    address = f"/api/v1/reward-models/{model.id}/second-look/"
    assert client_of(reviewer).get(address).status_code == 200
    own = str(Item.objects.filter(project=project).first().id)
    assert client_of(reviewer).post(address, {"items": [own]}, format="json").status_code == 403
    assert client_of(make_user("stranger")).get(address).status_code == 404
    foreign = make_prompt(make_project(make_user("other"))).items.first()
    client = client_of(project.owner)
    assert client.post(address, {"items": [own, str(foreign.id)]}, format="json").status_code == 404
    assert not Item.objects.filter(suspected_at__isnull=False).exists()
    assert client.post(address, {"items": []}, format="json").status_code == 400
    assert client.get(address, {"limit": 1000}).status_code == 400
