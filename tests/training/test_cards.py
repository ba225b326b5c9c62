"""The card of a trained model: in its artifact, by the API, and for models from before there were cards."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from rest_framework.test import APIClient

from annotation.models import Annotator, Judgment, Project, User
from tests.factories import make_user
from tests.training.conftest import make_comparisons, make_learnable, make_model, train_now
from training.models import RewardModel
from training.services.champions import model_promote

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | None], APIClient]


def address(model: RewardModel) -> str:
    return f"/api/v1/reward-models/{model.id}/card/"


def body_of(text: str) -> str:
    """The card without its title and without what is known only after saving."""
    return text.partition("\n")[2].partition("## Promotion")[0]


def in_artifact(model: RewardModel) -> str:
    with default_storage.open(model.artifact, "rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read())).read("MODEL_CARD.md").decode()


def trained(count: int = 60, **fields: Any) -> tuple[Project, RewardModel]:
    project = make_learnable(count, **fields)
    return project, train_now(project).reward_model


def test_trained_model_has_its_card_beside_it_and_the_api_gives_the_same(client_of: ClientOf) -> None:
    project, model = trained(name="What | is <b>better</b>?")
    beside = in_artifact(model)
    answer = client_of(project.owner).get(address(model) + "?file=md")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="MODEL_CARD.md"'
    text = answer.content.decode()
    assert text.startswith("# Reward model card: version 1, linear model\n")
    assert body_of(text) == body_of(beside) != ""
    assert "Project: What \\| is \\<b\\>better\\</b\\>?" in beside
    assert f"`{model.run.snapshot.fingerprint}`" in beside
    assert "60 labels on 60 prompts by 1 annotator," in beside
    assert "| comparison | 60 |" in beside
    assert "- All labels are by one annotator: it learned one person's taste." in beside
    assert "ann-1" not in text
    assert "| numpy | " in beside
    assert "| the rule | first | " in text.partition("## Promotion")[2]


def test_second_run_of_one_recipe_on_one_snapshot_writes_the_same_card() -> None:
    project, model = trained()
    again = train_now(project).reward_model
    assert again.run.snapshot_id == model.run.snapshot_id
    first, second = (body_of(in_artifact(one)).partition("## Scale")[0] for one in (model, again))
    assert first == second


def test_card_as_json_has_what_the_page_shows(client_of: ClientOf) -> None:
    project, model = trained()
    client = client_of(project.owner)
    card = client.get(address(model)).json()
    assert (card["version"], card["kind"], card["status"]) == (1, "linear", "champion")
    assert card["data"]["by_annotator_kind"] == [{"kind": "human", "labels": 60, "annotators": 1}]
    assert card["data"]["by_question_kind"] == [{"kind": "comparison", "labels": 60, "annotators": None}]
    assert card["figures"][0]["name"] == "accuracy"
    assert card["figures"][0]["figure"] == model.evaluation["pairs"]["accuracy"]
    assert {one["code"] for one in card["weaknesses"]} >= {"one_annotator", "agreement_unknown", "few_labels"}
    assert card["recipe"] == model.run.recipe
    assert card["packages"]["python"].startswith("3.")
    assert [(row["code"], row["by"]) for row in card["served"]] == [("first", "")]
    text = client.get(address(model), HTTP_ACCEPT="text/markdown")
    assert text["Content-Type"] == "text/markdown; charset=utf-8"
    assert text.content.decode().startswith("# Reward model card")
    assert client.get(address(model), HTTP_ACCEPT="text/html, */*;q=0.8").json()["version"] == 1


def test_agreement_is_that_of_the_labels_the_model_learned_from(client_of: ClientOf) -> None:
    project = make_learnable(60)
    second = Annotator.objects.create(project=project, name="ann-2", kind="human")
    for judgment in Judgment.objects.filter(project=project).order_by("id")[:30]:
        judgment.pk, judgment.annotator = None, second
        judgment.uuid = uuid4()
        judgment.save(force_insert=True)
    model = train_now(project).reward_model
    make_comparisons(project, 10, annotator="ann-3")
    card = client_of(project.owner).get(address(model)).json()
    [row] = card["agreement"]
    assert (row["question"], row["percent"]["value"], row["percent"]["n"]) == ("overall", 1.0, 30)
    assert card["data"]["annotators"] == 2
    assert "agreement_unknown" not in {one["code"] for one in card["weaknesses"]}


def test_promotion_by_hand_is_told_with_who_and_why(client_of: ClientOf) -> None:
    project = make_learnable(30)
    model = make_model(project)
    client = client_of(project.owner)
    assert "It has never served." in client.get(address(model) + "?file=md").content.decode()
    model_promote(model=model, user=project.owner, reason="better *tone*\n# now")
    text = client.get(address(model) + "?file=md").content.decode()
    assert f"| {project.owner.username} | manual | better \\*tone\\* \\# now |" in text


def test_model_from_before_cards_is_told_by_what_the_database_has(client_of: ClientOf) -> None:
    project = make_learnable(30)
    model = make_model(project)
    card = client_of(project.owner).get(address(model)).json()
    assert card["data"]["by_question_kind"] == [{"kind": "comparison", "labels": 30, "annotators": None}]
    assert (card["packages"], card["split"], card["scale"]) == (None, None, None)
    assert {one["code"] for one in card["weaknesses"]} >= {"unmeasured", "attacks_untested", "one_annotator"}


def test_who_may_not_read_the_model_may_not_read_its_card(client_of: ClientOf) -> None:
    project = make_learnable(30)
    model = make_model(project)
    assert client_of(make_user()).get(address(model)).status_code == 404
    assert client_of(None).get(address(model)).status_code == 401
    client = client_of(project.owner)
    wrong = client.get(address(model) + "?file=pdf")
    assert (wrong.status_code, wrong.json()["error"]["fields"]) == (422, {"file": ["file must be md."]})
