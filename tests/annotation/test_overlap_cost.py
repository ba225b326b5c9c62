"""The calculation of a project's settings, and the settings themselves."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.core.cache import caches

from annotation.models import Annotator, Item, Judgment, Project
from tests.annotation.labelling import API
from tests.factories import COMPARISON, make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db
RATING = {
    "name": "fluency",
    "kind": "rating",
    "title": "Fluency",
    "options": {"min": 1, "max": 5, "labels": {}},
}
COMMENT = {"name": "note", "kind": "comment", "title": "Note", "options": {}}


@pytest.fixture(autouse=True)
def _fresh_figures() -> None:
    caches["figures"].clear()


def judge(project: Project, item: Item, annotator: Annotator, answers: dict[str, Any]) -> None:
    """A counted judgment that took nine seconds."""
    Judgment.objects.create(
        uuid=f"00000000-0000-4000-8000-{Judgment.objects.count():012d}",
        project=project,
        prompt_id=item.prompt_id,
        item=item,
        annotator=annotator,
        annotator_kind="human",
        revision=project.revisions.get(),
        status="submitted",
        answers=answers,
        submitted_at="2026-01-01T00:00:00Z",
        active_ms=9000,
        digest="",
    )


def judged_project(items: int = 30, people: int = 3, questions: tuple[dict[str, Any], ...] = (COMPARISON,)):
    """Three people of whom each prefers the better output in four of five cases."""
    source = random.Random(5)
    project = make_project(questions=questions)
    annotators = [Annotator.objects.create(project=project, name=f"a{n}") for n in range(people)]
    for _ in range(items):
        prompt = make_prompt(project)
        item = Item.objects.get(prompt=prompt)
        better, worse = (str(row.id) for row in prompt.completions.all())
        for annotator in annotators:
            right = source.random() < 0.8
            answers: dict[str, Any] = {}
            if COMPARISON in questions:
                answers["overall"] = {"choice": better if right else worse, "strength": 1}
            if RATING in questions:
                scores = {better: source.randint(3, 5), worse: source.randint(1, 3)}
                answers["fluency"] = {"scores": scores}
            judge(project, item, annotator, answers)
    return project


def cost(client_of: Any, project: Project, **query: object) -> Any:
    response = client_of(project.owner).get(f"{API}/projects/{project.id}/overlap-cost/", query)
    assert response.status_code == 200
    return response.json()


def test_more_judgments_cost_hours_and_buy_fewer_errors(client_of) -> None:
    found = cost(client_of, judged_project())
    assert (found["items"], found["judgments"], found["median_active_ms"]) == (30, 90, 9000)
    [question] = found["questions"]
    assert question["agreement"]["n"] == 30
    assert 0.5 < question["agreement"]["value"] < 0.9
    rows = question["rows"]
    assert [row["overlap"] for row in rows] == list(range(1, 11))
    assert rows[2]["labels"] == 90
    assert rows[2]["hours"] == pytest.approx(90 * 9 / 3600)
    errors = [row["item_error"] for row in rows]
    assert errors[0] > errors[2] > errors[4] > errors[8]
    widths = [row["mean_halfwidth"] for row in rows]
    assert widths == sorted(widths, reverse=True)


def test_adaptive_overlap_is_worked_out_as_asked_else_as_set_else_as_usual(client_of) -> None:
    project = judged_project()
    usual = cost(client_of, project)["questions"][0]["adaptive"]
    assert (usual["overlap_most"], usual["confidence"]) == (5, 0.85)
    assert 2 < usual["labels_per_item"] < 5
    Project.objects.filter(id=project.id).update(overlap_most=7, confidence=0.95)
    found = cost(client_of, project)["questions"][0]["adaptive"]
    assert (found["overlap_most"], found["confidence"]) == (7, 0.95)
    asked = cost(client_of, project, overlap_most=4, confidence=0.8)["questions"][0]["adaptive"]
    assert asked["labels_per_item"] < found["labels_per_item"]
    assert cost(client_of, project, overlap_most=90)["questions"][0]["adaptive"] is None


def test_scores_get_intervals_in_points(client_of) -> None:
    project = judged_project(questions=(RATING, COMMENT))
    [question] = cost(client_of, project)["questions"]
    assert question["kind"] == "rating"
    assert question["agreement"]["n"] == 60  # outputs
    first, *_, last = question["rows"]
    assert first["item_error"] is None
    assert first["item_halfwidth"] == pytest.approx(last["item_halfwidth"] * 10**0.5)
    assert 0.5 < first["item_halfwidth"] < 3
    assert question["adaptive"] is None


def test_with_too_few_items_judged_twice_the_reason_is_said(client_of) -> None:
    [question] = cost(client_of, judged_project(items=19))["questions"]
    assert (question["reason"], question["rows"], question["agreement"]["n"]) == ("too_few", [], 19)
    [alone] = cost(client_of, judged_project(people=1))["questions"]
    assert (alone["reason"], alone["agreement"]["value"], alone["agreement"]["n"]) == ("too_few", None, 0)
    empty = cost(client_of, make_project())
    assert empty["median_active_ms"] is None


def test_people_who_agree_by_chance_are_not_helped_by_more_of_them(client_of) -> None:
    project = make_project()
    annotators = [Annotator.objects.create(project=project, name=name) for name in "ab"]
    for _ in range(30):
        prompt = make_prompt(project)
        for annotator, completion in zip(annotators, prompt.completions.all(), strict=True):
            answers = {"overall": {"choice": str(completion.id), "strength": 1}}
            judge(project, Item.objects.get(prompt=prompt), annotator, answers)
    [question] = cost(client_of, project)["questions"]
    assert (question["reason"], question["rows"]) == ("by_chance", [])


def test_a_new_judgment_changes_the_calculation(client_of) -> None:
    project = judged_project(items=20)
    before = cost(client_of, project)
    item = Item.objects.filter(project=project).first()
    assert item is not None
    late = Annotator.objects.create(project=project, name="late")
    judge(project, item, late, {"overall": {"choice": "tie"}})
    assert cost(client_of, project)["judgments"] == before["judgments"] + 1


@pytest.mark.parametrize("query", [{"overlap_most": "x"}, {"confidence": "nan"}, {"overlap_most": 0}])
def test_odd_questions_are_refused(client_of, query: dict[str, object]) -> None:
    project = make_project()
    response = client_of(project.owner).get(f"{API}/projects/{project.id}/overlap-cost/", query)
    assert response.status_code == 400
    assert set(response.json()["error"]["fields"]) == set(query)


def test_annotators_are_not_shown_the_calculation(client_of) -> None:
    ann = make_user()
    project = make_project(annotators=[ann])
    assert client_of(ann).get(f"{API}/projects/{project.id}/overlap-cost/").status_code == 403


def patch(client_of: Any, project: Project, **change: object) -> Any:
    return client_of(project.owner).patch(f"{API}/projects/{project.id}/", change, format="json")


def test_settings_of_the_queue_are_kept_and_told(client_of) -> None:
    project = make_project()
    settings = {
        "allocation": "uncertain-first",
        "random_share": 0.25,
        "overlap": 2,
        "overlap_most": 5,
        "confidence": 0.9,
        "quota_total": 500,
        "quota_daily": 0,
    }
    answer = patch(client_of, project, **settings)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in settings} == settings
    assert answer.json()["paused_at"] is None
    off = patch(client_of, project, overlap_most=None, confidence=None, quota_total=None)
    assert (off.json()["overlap_most"], off.json()["confidence"], off.json()["quota_total"]) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"overlap_most": 5}, "adaptive_overlap_half", "confidence"),
        ({"confidence": 0.9}, "adaptive_overlap_half", "overlap_most"),
        ({"overlap_most": 2, "confidence": 0.9}, "overlap_most_below", "overlap_most"),
    ],
)
def test_half_of_adaptive_overlap_or_a_cap_below_the_overlap_is_422(
    client_of, change: dict[str, object], code: str, field: str
) -> None:
    project = make_project(overlap=3)
    refused = patch(client_of, project, **change)
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == code
    assert set(refused.json()["error"]["fields"]) == {field}
    body = {"name": "new", "template": "dialogue", "overlap": 3, **change}
    assert client_of(project.owner).post(f"{API}/projects/", body, format="json").status_code == 422


def test_an_overlap_above_the_cap_that_is_set_is_422(client_of) -> None:
    project = make_project(overlap=3, overlap_most=4, confidence=0.9)
    assert patch(client_of, project, overlap=5).status_code == 422
    assert patch(client_of, project, overlap=5, overlap_most=6).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"random_share": 1.1},
        {"random_share": None},
        {"confidence": 0.4},
        {"quota_daily": -1},
        {"overlap_most": 101},
    ],
)
def test_values_out_of_range_are_400_with_their_place(client_of, change: dict[str, object]) -> None:
    refused = patch(client_of, make_project(), **change)
    assert refused.status_code == 400
    assert set(refused.json()["error"]["fields"]) == set(change)
