"""A linear model by the textbook, from the request to the rewards it serves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from annotation.models import Annotator, Completion, Item, Judgment, Project, Prompt, User
from tests.factories import make_project, make_user
from tests.training.conftest import make_learnable
from tests.training.rewards.test_textbook import numbered, torch_loop
from training.artifacts import artifact_folder
from training.learn import learn
from training.models import TrainingRun
from training.rewards.data import Dataset
from training.rewards.models import span
from training.rewards.models.warm import STARTED
from training.services.runs import run_claim
from training.serving.scoring import Served

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | None], APIClient]
RATING = {"name": "quality", "kind": "rating", "title": "How good?", "options": {"min": 0, "max": 100}}
GIVEN = {"style": False, "ngrams": False, "encoder": False, "given": True}
TEXTBOOK = {
    "kind": "linear", "features": GIVEN, "loss": "squared",
    "optimizer": "adam", "learning_rate": 0.01, "epochs": 10, "batch_size": 32,
}  # fmt: skip
EVERYTHING = {"scheme": "cross-validation", "folds": 5}


def make_rated(dataset: Dataset, project: Project | None = None, first: int = 0) -> Project:
    """A project with the dataset's prompts from ``first`` on, their given numbers and ratings."""
    project = project or make_project(make_user(), questions=(RATING,))
    judge, _ = Annotator.objects.get_or_create(project=project, name="ann", kind="human")
    for number, prompt in list(enumerate(dataset.prompts))[first:]:
        row = Prompt.objects.create(
            project=project,
            number=number + 1,
            external_id=prompt.id,
            messages=[{"role": turn.role, "content": turn.content} for turn in prompt.messages],
            group=prompt.group,
            content_digest=f"{number:064d}",
        )
        outputs = [
            Completion.objects.create(
                prompt=row,
                position=place,
                external_id=each.id,
                text=each.text,
                features=list(each.features),
            )
            for place, each in enumerate(prompt.completions)
        ]
        scores = {
            str(outputs[each.completion].id): each.value for each in dataset.ratings if each.prompt == number
        }
        Judgment.objects.create(
            uuid=uuid4(),
            project=project,
            prompt=row,
            item=Item.objects.create(project=project, prompt=row, prompt_number=number + 1),
            annotator=judge,
            annotator_kind="human",
            revision=project.revisions.get(),
            status="submitted",
            answers={"quality": {"scores": scores}},
            shown=[str(output.id) for output in outputs],
            submitted_at=timezone.now(),
            digest="",
        )
    return project


def asked(client: APIClient, project: Project, model: dict[str, Any]) -> dict[str, Any]:
    """A run asked for over the API and worked off, as the API shows it."""
    body = {"model": model, "evaluation": EVERYTHING, "seed": 7}
    response = client.post(f"/api/v1/projects/{project.id}/training-runs/", body, format="json")
    assert response.status_code == 201, response.content
    run = TrainingRun.objects.get(id=response.json()["id"])
    attempt = run_claim(run_id=run.id, worker="test")
    assert attempt is not None
    learn(run_id=run.id, attempt=attempt)
    shown: dict[str, Any] = client.get(f"/api/v1/training-runs/{run.id}/").json()
    assert shown["status"] == "succeeded", shown["log"]
    return shown


def served_rewards(run: dict[str, Any], dataset: Dataset) -> list[float]:
    model = TrainingRun.objects.get(id=run["id"]).reward_model
    items = [
        {
            "messages": [{"role": turn.role, "content": turn.content} for turn in prompt.messages],
            "completion": completion.text,
            "features": list(completion.features),
        }
        for prompt, completion in dataset.rows
    ]
    return [answer["reward"] for answer in Served.load(artifact_folder(model)).score(items)]


def weights_of(run: dict[str, Any]) -> tuple[bytes, bytes]:
    folder = artifact_folder(TrainingRun.objects.get(id=run["id"]).reward_model)
    return (folder / "model.json").read_bytes(), (folder / "model.safetensors").read_bytes()


def test_ten_given_numbers_by_adam_serve_what_the_torch_loop_predicts(client_of: ClientOf) -> None:
    dataset = numbered(40)
    project = make_rated(dataset)
    client = client_of(project.owner)
    run = asked(client, project, TEXTBOOK)
    expected, losses = torch_loop(dataset, seed=7)
    assert served_rewards(run, dataset) == pytest.approx(expected.tolist(), abs=1e-4)
    assert [point["train_loss"] for point in run["curve"]] == pytest.approx(losses, rel=1e-6)
    model = client.get(f"/api/v1/reward-models/{run['reward_model']}/").json()
    assert model["evaluation"]["pairs"]["accuracy"]["value"] > 0.7
    assert weights_of(asked(client, project, TEXTBOOK)) == weights_of(run)


def test_a_refit_after_new_labels_starts_from_the_last_model(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(span, "MOST_UNITS", 10)
    dataset = numbered(36)
    project = make_rated(dataset)
    client = client_of(project.owner)
    model = {"kind": "linear", "features": GIVEN, "loss": "squared"}
    first = asked(client, project, model)
    assert STARTED not in first["log"]
    make_rated(numbered(40), project, first=36)
    second, again = asked(client, project, model), asked(client, project, model)
    assert STARTED in second["log"]
    assert weights_of(second) != weights_of(first)
    assert weights_of(again) == weights_of(second)
    assert STARTED not in asked(client, project, model | {"l2": 3.0})["log"]


@pytest.mark.parametrize(("option", "value"), [("loss", "squared"), ("criteria", "heads")])
def test_fits_of_ratings_are_refused_where_nothing_is_rated(
    client_of: ClientOf, option: str, value: str
) -> None:
    project = make_learnable(30)
    body = {"model": {"kind": "linear", "features": {"encoder": False}, option: value}}
    response = client_of(project.owner).post(
        f"/api/v1/projects/{project.id}/training-runs/", body, format="json"
    )
    assert response.status_code == 422
    assert list(response.json()["error"]["fields"]) == [f"model.{option}"]


def test_a_head_for_each_criterion_is_served_with_what_it_adds(client_of: ClientOf) -> None:
    dataset = numbered(30)
    project = make_rated(dataset)
    run = asked(client_of(project.owner), project, {"kind": "linear", "features": GIVEN, "criteria": "heads"})
    prompt, completion = dataset.rows[0]
    item = {
        "messages": [{"role": turn.role, "content": turn.content} for turn in prompt.messages],
        "completion": completion.text,
        "features": list(completion.features),
    }
    served = Served.load(artifact_folder(TrainingRun.objects.get(id=run["id"]).reward_model))
    [reward], [told] = served.score([item]), served.explain([item])
    assert told["criteria"] == [{"criterion": "quality", "contribution": pytest.approx(reward["reward"])}]


@pytest.mark.parametrize(("option", "place"), [({"l2": 1}, "l2"), ({"ties": "half"}, "ties")])
def test_a_senseless_combination_is_refused_with_its_place(
    client_of: ClientOf, option: dict[str, Any], place: str
) -> None:
    project = make_rated(numbered(20))
    response = client_of(project.owner).post(
        f"/api/v1/projects/{project.id}/training-runs/", {"model": TEXTBOOK | option}, format="json"
    )
    assert response.status_code == 422
    assert list(response.json()["error"]["fields"]) == [f"model.{place}"]
