"""The API that tries rules on a sample, and where it finds fault with rules in a recipe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from annotation.models import Completion, Judgment, Member, Project, Role, User
from tests.factories import make_project, make_prompt, make_user
from tests.training.conftest import make_learnable, train_now
from training.models import TrainingRun
from training.rewards.models.rules import RulesModel, rules_clean
from training.serving.scoring import Served

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | None], APIClient]
CLEAR = {"check": "terms", "terms": ["clear"], "weight": 1.5}


def address(project: Project) -> str:
    return f"/api/v1/projects/{project.id}/rules/try/"


def tried(client: APIClient, project: Project, *rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = client.post(address(project), {"rules": list(rules), **more}, format="json")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_answers_what_a_rule_finds_and_whom_it_agrees_with(client_of: ClientOf) -> None:
    project = make_learnable(30)
    answer = tried(client_of(project.owner), project, CLEAR)
    texts = list(Completion.objects.values_list("text", flat=True))
    held = sum("clear" in text.split() for text in texts)
    (rule,) = answer["rules"]
    assert (answer["sample"], answer["outputs"], rule["tried"]) == (60, 60, 60)
    assert (rule["held"], rule["share"], rule["mean"]) == (held, held / 60, pytest.approx(1.5 * held / 60))
    assert (rule["timeouts"], rule["stopped"]) == (0, False)
    preferred = {
        judgment.answers["overall"]["choice"] for judgment in Judgment.objects.filter(project=project)
    }
    won = [("clear" in one.text.split(), str(one.id) in preferred) for one in Completion.objects.all()]
    # A good answer says "clear" or not, a bad one never: where it tells two apart, the good one has it.
    assert rule["preferred"]["n"] == held
    assert rule["preferred"]["value"] == pytest.approx(sum(has and best for has, best in won) / held)
    assert answer["agreement"]["n"] == 30
    assert answer["equal"] == 30 - held
    for example in rule["examples"]:
        shown = [example["text"][hit["start"] : hit["end"]] for hit in example["hits"]]
        assert shown == ["clear"] * example["text"].split().count("clear")
        assert example["holds"] == bool(shown)


def test_the_sample_is_the_same_each_time_and_as_large_as_asked_for(client_of: ClientOf) -> None:
    project = make_learnable(30)
    client = client_of(project.owner)
    first = tried(client, project, CLEAR, n=21)
    assert first == tried(client, project, CLEAR, n=21)
    assert first["sample"] == 20
    assert first["agreement"]["n"] == 10


def test_outputs_without_labels_fill_the_sample(client_of: ClientOf) -> None:
    project = make_learnable(5)
    for _ in range(3):
        make_prompt(project, ("one clear answer", "another"))
    answer = tried(client_of(project.owner), project, CLEAR)
    assert (answer["sample"], answer["agreement"]["n"]) == (16, 5)
    empty = make_project(make_user())
    answer = tried(client_of(empty.owner), empty, CLEAR)
    assert (answer["sample"], answer["rules"][0]["share"], answer["agreement"]["value"]) == (0, None, None)


def test_compares_with_the_labels_that_the_recipe_asks_for(client_of: ClientOf) -> None:
    project = make_learnable(20)
    client = client_of(project.owner)
    models = tried(client, project, CLEAR, data={"annotator_kinds": ["model"]})
    assert (models["sample"], models["agreement"]["value"]) == (40, None)
    refused = client.post(address(project), {"rules": [CLEAR], "data": {"questions": ["x"]}}, format="json")
    assert refused.status_code == 422
    assert "data.questions" in refused.json()["error"]["fields"]


def test_a_hostile_expression_is_named_and_costs_no_more_than_its_time(client_of: ClientOf) -> None:
    project = make_project(make_user())
    for _ in range(10):
        make_prompt(project, ("a" * 60 + "!", "a" * 61 + "!"))
    evil = {"check": "pattern", "pattern": r"(a|aa)+$"}
    answer = tried(client_of(project.owner), project, evil, evil, CLEAR)
    assert [rule["stopped"] for rule in answer["rules"]] == [True, True, False]
    assert [rule["timeouts"] for rule in answer["rules"]] == [3, 3, 0]
    assert (answer["rules"][0]["share"], answer["rules"][-1]["tried"]) == (None, 20)


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({}, 400, "rules"),
        ({"rules": "x"}, 400, "rules"),
        ({"rules": []}, 422, "rules"),
        ({"rules": [CLEAR] * 51}, 422, "rules"),
        ({"rules": [CLEAR], "n": 501}, 400, "n"),
        ({"rules": [CLEAR], "n": 0}, 400, "n"),
        ({"rules": [CLEAR, {"check": "pattern", "pattern": "("}]}, 422, "rules.1.pattern"),
        ({"rules": [{"check": "length", "min": 9, "max": 1}]}, 422, "rules.0.max"),
        ({"rules": [{"check": "pattern", "pattern": "(" * 900}]}, 422, "rules.0.pattern"),
    ],
)
def test_rules_that_cannot_be_tried_are_refused_at_their_place(
    client_of: ClientOf, body: dict[str, Any], status: int, path: str
) -> None:
    project = make_project(make_user())
    answer = client_of(project.owner).post(address(project), body, format="json")
    assert answer.status_code == status
    assert path in answer.json()["error"]["fields"]


def test_only_administrators_of_the_project_try_rules(client_of: ClientOf) -> None:
    project = make_project(make_user())
    make_prompt(project, ("a secret", "b"))
    member, stranger = make_user(), make_user()
    Member.objects.create(project=project, user=member, role=Role.REVIEWER)
    for user, status in ((member, 403), (stranger, 404), (None, 401)):
        answer = client_of(user).post(address(project), {"rules": [CLEAR]}, format="json")
        assert answer.status_code == status
        assert b"secret" not in answer.content


def test_a_run_names_the_place_of_a_wrong_rule_also_within_a_sum(client_of: ClientOf) -> None:
    project = make_learnable(20)
    bad = {"kind": "rules", "rules": [CLEAR, {"check": "pattern", "pattern": "["}]}
    inside = {"kind": "composite", "parts": [{"model": {"kind": "linear"}}, {"model": bad}]}
    own = {"kind": "composite", "parts": [{"model": {"kind": "transformer", "checkpoint": "some/where"}}]}
    for model, path in (
        (bad, "model.rules.1.pattern"),
        (inside, "model.parts.1.model.rules.1.pattern"),
        (own, "model.parts.0.model.checkpoint"),
    ):
        answer = client_of(project.owner).post(
            f"/api/v1/projects/{project.id}/training-runs/", {"model": model}, format="json"
        )
        assert answer.status_code == 422
        assert list(answer.json()["error"]["fields"]) == [path]
    assert TrainingRun.objects.count() == 0


def test_rules_and_a_linear_model_are_trained_as_one_sum() -> None:
    project = make_learnable(60)
    parts = [
        {"weight": 0.5, "model": {"kind": "rules", "rules": [CLEAR]}},
        {"weight": 1, "model": {"kind": "linear", "features": {"encoder": False}}},
    ]
    run = train_now(project, model={"kind": "composite", "parts": parts, "weights": "given"})
    assert run.error is None, run.log
    assert (run.status, run.reward_model.kind) == ("succeeded", "composite")


def test_an_explanation_shows_where_a_rule_was_found() -> None:
    served = Served(RulesModel(rules_clean([CLEAR, {"check": "length", "max": 9}])))
    item = {"messages": [{"role": "user", "content": "?"}], "completion": "😀 clear and Clear"}
    (explained,) = served.explain([item])
    clear, length = explained["contributions"]
    assert clear["hits"] == [{"start": 2, "end": 7}, {"start": 12, "end": 17}]
    assert "hits" not in length
