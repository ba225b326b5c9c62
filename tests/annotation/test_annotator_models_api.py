"""Models of annotators, habits and repeats through the API, and competence in the agreement report."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.utils import timezone

from annotation.models import Annotator, Completion, Item, Judgment, Project, Revision
from annotation.selectors import annotator_models
from annotation.selectors.annotator_models import competences, effects_by_annotator
from tests.annotation.labelling import API
from tests.factories import COMPARISON, RANKING, make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


def read(client, project: Project, name: str, query: str = ""):
    path = "annotator-models" if name == "models" else name
    response = client.get(f"{API}/projects/{project.id}/{path}/{query}")
    assert response.status_code == 200, response.content
    return response.json()


def store(annotator: Annotator, item: Item, answers: dict, shown: list[str], **fields) -> Judgment:
    return Judgment.objects.create(
        uuid=uuid4(),
        project_id=item.project_id,
        prompt_id=item.prompt_id,
        item=item,
        annotator=annotator,
        annotator_kind=annotator.kind,
        revision=Revision.objects.filter(project_id=item.project_id).latest("number"),
        status="submitted",
        answers=answers,
        shown=shown,
        submitted_at=fields.pop("submitted_at", timezone.now()),
        digest="",
        **fields,
    )


def choice(value: str) -> dict:
    return {"overall": {"choice": value, "strength": 1}}


@pytest.fixture
def project() -> Project:
    """Four people judged 50 pairs: two take the better, the third mostly, the fourth what is shown first."""
    random = Random(0)
    made = make_project(overlap=4)
    people = [Annotator.objects.create(project=made, name=name) for name in ("ann", "bob", "cid", "first")]
    for number in range(50):
        prompt = make_prompt(made, ["short text", "a much longer text"])
        item = Item.objects.get(prompt=prompt)
        sides = [str(item.first_id), str(item.second_id)]
        better = sides[number % 2]
        for place, person in enumerate(people):
            shown = random.sample(sides, 2)
            said = better if random.random() < (0.95, 0.95, 0.8, 0)[place] else shown[0]
            when = timezone.now() - timedelta(minutes=60 - number)
            store(person, item, choice(said), shown, active_ms=1000 + 100 * number, submitted_at=when)
    return made


def repeat_all(project: Project, *, same: bool) -> None:
    """Ann answers all her items again the other way round: the same output, or the same place."""
    for judgment in Judgment.objects.filter(project=project, annotator__name="ann"):
        shown = judgment.shown[::-1]
        said = judgment.answers["overall"]["choice"]
        again = said if same else shown[judgment.shown.index(said)]
        store(
            judgment.annotator,
            judgment.item,
            choice(again),
            shown,
            purpose="repeat",
            surplus=True,
            active_ms=900,
        )


def test_who_takes_the_first_is_found_and_competence_stands_in_the_agreement_report(client_of, project):
    client = client_of(project.owner)
    found = read(client, project, "models")
    assert (found["judgments"], found["judgments_total"], found["limit"]) == (200, 200, 50_000)
    question = found["questions"][0]
    assert (question["model"], question["reason"], question["units"]) == ("bradley_terry", None, 50)
    flags = {one["name"]: one["flags"] for one in question["annotators"]}
    assert "first_choosing" in flags["first"]
    assert flags["ann"] == flags["bob"] == []
    known = {one["name"]: one["competence"] for one in question["annotators"]}
    assert known["ann"] > known["first"]
    report = read(client, project, "agreement")
    for one in report["annotators"]:
        assert one["competence"] == known[one["name"]]
        assert one["competence_question"] == "overall"
        assert one["competence_interval"][0] < one["competence"] < one["competence_interval"][1]
        assert one["competence_reason"] is None


def test_competence_that_cannot_be_said_has_a_reason(client_of):
    made = make_project()
    people = [Annotator.objects.create(project=made, name=name) for name in ("ann", "bob")]
    for number in range(12):
        item = Item.objects.get(prompt=make_prompt(made))
        for person in people[: 1 + number % 2]:
            store(person, item, choice(str(item.first_id)), [])
    client = client_of(made.owner)
    assert read(client, made, "models")["questions"][0]["reason"] == "too_few_shared"
    report = read(client, made, "agreement")
    assert {(one["competence"], one["competence_reason"]) for one in report["annotators"]} == {
        (None, "too_few_shared")
    }


def test_effects_are_found_by_annotator_for_the_policies(project):
    found = effects_by_annotator(project=project, kinds=["human"])["overall"]
    ids = dict(Annotator.objects.filter(project=project).values_list("name", "id"))
    assert set(found) == set(ids.values())
    assert found[ids["first"]]["position"] > 1
    assert found[ids["ann"]]["beta"] > found[ids["first"]]["beta"]
    assert competences(project=project, kinds=["human"])["nobody"]["competence"] is None


def test_bias_has_a_reading_for_each_habit(client_of, project):
    found = read(client_of(project.owner), project, "bias")
    by_name = {one["name"]: one for one in found["annotators"]}
    assert by_name["first"]["first_position"]["reading"] == "first_choosing"
    assert by_name["first"]["first_position"]["value"] == 1
    assert by_name["ann"]["first_position"]["reading"] == "none"
    for habits in (found["project"], *found["annotators"]):
        for habit in ("first_position", "longer", "hurry", "drift"):
            assert habits[habit]["n"] > 0
            assert habits[habit]["reading"]
    assert len(found["project"]["drift"]["course"]) == 6


@pytest.mark.parametrize(("same", "reading"), [(True, "steady"), (False, "first_place")])
def test_repeats_tell_a_view_from_a_place(client_of, project, same, reading):
    Judgment.objects.filter(project=project, annotator__name="ann").update(active_ms=5)
    for judgment in Judgment.objects.filter(project=project, annotator__name="ann"):
        if not same:  # she takes the first now, so that the place can be followed
            judgment.answers = choice(judgment.shown[0])
            judgment.save(update_fields=["answers"])
    repeat_all(project, same=same)
    found = read(client_of(project.owner), project, "repeats")
    question = found["questions"][0]
    assert (found["repeats"], question["repeats"], question["reading"]) == (50, 50, reading)
    assert question["self_agreement"]["value"] == (1 if same else 0)
    assert question["shares"]["view" if same else "position"]["value"] == 1
    assert [one["name"] for one in question["annotators"]] == ["ann"]
    assert read(client_of(project.owner), project, "models")["judgments"] == 200  # repeats are no labels


def test_few_repeats_say_how_many_are_needed_and_set_aside_ones_are_left_out(client_of, project):
    repeat_all(project, same=True)
    repeats = Judgment.objects.filter(project=project, purpose="repeat")
    repeats.exclude(id__in=repeats.order_by("id").values("id")[:3]).update(set_aside_at=timezone.now())
    question = read(client_of(project.owner), project, "repeats")["questions"][0]
    assert (question["repeats"], question["needed"], question["reason"]) == (3, 30, "not_enough")


def test_only_the_newest_judgments_are_read_and_the_answer_says_so(client_of, project, monkeypatch):
    monkeypatch.setattr(annotator_models, "LIMIT", 80)
    for name in ("models", "bias"):
        found = read(client_of(project.owner), project, name)
        assert (found["judgments"], found["judgments_total"], found["limit"]) == (80, 200, 80)
    newest = Judgment.objects.filter(project=project).order_by("-id")[:80]
    prompts = {judgment.prompt_id for judgment in newest}
    assert read(client_of(project.owner), project, "models")["questions"][0]["units"] == len(prompts) == 20


def test_the_figures_are_kept_until_a_judgment_comes(client_of, project):
    client = client_of(project.owner)
    first = read(client, project, "models")
    assert read(client, project, "models") == first
    item = Item.objects.filter(project=project)[0]
    store(Annotator.objects.create(project=project, name="new"), item, choice(str(item.first_id)), [])
    assert read(client, project, "models")["judgments"] == 201


def test_rankings_of_whole_prompts_are_read_too(client_of):
    made = make_project(questions=[RANKING])
    random = Random(1)
    people = [Annotator.objects.create(project=made, name=name) for name in ("ann", "bob", "cid")]
    for _ in range(30):
        item = Item.objects.get(prompt=make_prompt(made, ["one", "two", "three"]))
        order = [
            str(row)
            for row in Completion.objects.filter(prompt_id=item.prompt_id).values_list("id", flat=True)
        ]
        for person in people:
            said = order if person.name != "cid" else random.sample(order, 3)
            store(person, item, {"order": {"tiers": [[one] for one in said]}}, random.sample(order, 3))
    question = read(client_of(made.owner), made, "models")["questions"][0]
    assert (question["model"], question["units"]) == ("bradley_terry", 90)
    known = {one["name"]: one["competence"] for one in question["annotators"]}
    assert known["ann"] > 0.75 > known["cid"]


def test_an_empty_project_says_why_there_is_nothing(client_of):
    made = make_project(
        questions=[COMPARISON, {"name": "why", "kind": "comment", "title": "Why?", "required": False}]
    )
    client = client_of(made.owner)
    reasons = [question["reason"] for question in read(client, made, "models")["questions"]]
    assert reasons == ["one_annotator", "no_model"]
    assert read(client, made, "bias")["project"]["drift"]["reading"] == "not_enough"
    assert read(client, made, "repeats")["repeats"] == 0


def test_annotators_and_strangers_see_none_of_it_and_unknown_kinds_are_refused(client_of):
    ann = make_user()
    made = make_project(annotators=[ann])
    for name in ("annotator-models", "bias", "repeats"):
        path = f"{API}/projects/{made.id}/{name}/"
        assert client_of(ann).get(path).status_code == 403
        assert client_of(make_user()).get(path).status_code == 404
        assert client_of(made.owner).get(f"{path}?annotator_kind=dogs").status_code == 400
