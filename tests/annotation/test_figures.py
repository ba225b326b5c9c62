"""Progress, agreement, prompts, parked and flagged items through the API."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from annotation.models import Annotator, Item, Judgment, Project, Revision
from annotation.selectors.prompts import excerpt
from tests.annotation.labelling import API, choose, put, skip, take
from tests.factories import RANKING, make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


def figure(client, project, name, query=""):
    response = client.get(f"{API}/projects/{project.id}/{name}/{query}")
    assert response.status_code == 200, response.content
    return response.json()


def add_judgment(project: Project, annotator: Annotator, item: Item, choice: str, **fields) -> Judgment:
    """A judgment as an import stores it."""
    return Judgment.objects.create(
        uuid=uuid4(),
        project=project,
        prompt_id=item.prompt_id,
        item=item,
        annotator=annotator,
        annotator_kind=annotator.kind,
        revision=Revision.objects.get(project=project),
        status="submitted",
        answers={"overall": {"choice": choice, "strength": 1}},
        submitted_at=timezone.now(),
        digest="",
        **fields,
    )


def test_progress_counts_items_and_judgments(client_of):
    ann, bob = make_user("ann"), make_user("bob")
    project = make_project(annotators=[ann, bob], overlap=2)
    for _ in range(4):
        make_prompt(project)
    items = take(client_of(ann), project, 4)
    for item, active_ms in zip(items[:2], (1000, 5000), strict=True):
        put(client_of(ann), choose(item, active_ms=active_ms))
    put(client_of(ann), skip(items[2]))
    put(client_of(ann), choose(items[3], status="flagged"))
    for item in take(client_of(bob), project, 4):
        if item["item"] == items[0]["item"]:
            put(client_of(bob), choose(item, active_ms=700))
    figures = figure(client_of(project.owner), project, "progress")
    assert figures["items"] == 4
    assert figures["fully_labelled"] == 1
    assert figures["labelled"] == 2
    assert figures["judgments"] == 3
    assert figures["by_kind"] == {"human": 3, "model": 0, "simulated": 0}
    assert (figures["skipped"], figures["flagged"], figures["surplus"], figures["parked"]) == (1, 1, 0, 0)
    assert figures["remaining_places"] == 5
    assert figures["per_day"] == [{"day": timezone.now().date().isoformat(), "judgments": 3}]
    assert [(row["name"], row["judgments"], row["skipped"]) for row in figures["per_annotator"]] == [
        ("ann", 2, 1),
        ("bob", 1, 0),
    ]
    assert [row["median_active_ms"] for row in figures["per_annotator"]] == [1000, 700]
    assert figures["estimated_end"] is None
    assert figures["estimated_end_reason"]


def test_progress_estimates_the_end_from_the_pace_of_the_last_days(client_of):
    ann = make_user()
    project = make_project(annotators=[ann], overlap=1)
    for _ in range(20):
        make_prompt(project)
    for item in take(client_of(ann), project, 10):
        put(client_of(ann), choose(item))
    Judgment.objects.update(submitted_at=timezone.now() - timedelta(hours=10))
    figures = figure(client_of(project.owner), project, "progress")
    assert figures["estimated_end_reason"] is None
    hours = (
        timezone.datetime.fromisoformat(figures["estimated_end"]) - timezone.now()
    ).total_seconds() / 3600
    assert hours == pytest.approx(10, abs=0.1)


def test_progress_of_an_empty_project_has_zeros(client_of):
    project = make_project()
    figures = figure(client_of(project.owner), project, "progress")
    assert figures["items"] == figures["remaining_places"] == figures["judgments"] == 0
    assert figures["per_annotator"] == []


def test_annotators_see_no_figures_of_the_project(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    prompt = make_prompt(project)
    for name in ("progress", "agreement", "prompts", "parked", "flagged"):
        assert client_of(ann).get(f"{API}/projects/{project.id}/{name}/").status_code == 403
        assert client_of(make_user()).get(f"{API}/projects/{project.id}/{name}/").status_code == 404
    assert client_of(ann).get(f"{API}/prompts/{prompt.id}/").status_code == 404


def test_agreement_names_completions_by_id_whatever_the_screen_showed(client_of):
    users = [make_user(name) for name in ("ann", "bob", "cyd")]
    project = make_project(annotators=users, overlap=3)
    for _ in range(12):
        make_prompt(project, ["short", "a longer answer"])
    for user in users[:2]:
        for item in take(client_of(user), project, 12):
            longer = next(row["id"] for row in item["completions"] if row["text"] == "a longer answer")
            put(client_of(user), choose(item, longer))
    for item in take(client_of(users[2]), project, 12):
        put(client_of(users[2]), choose(item))
    figures = figure(client_of(project.owner), project, "agreement")
    assert figures["judgments"] == 36
    by_name = {row["name"]: row for row in figures["annotators"]}
    assert by_name["ann"]["longer_rate"] == by_name["bob"]["longer_rate"] == 1
    assert by_name["cyd"]["first_position_rate"] == 1
    pairs = {tuple(pair["annotators"]): pair for pair in figures["questions"][0]["pairs"]}
    assert pairs["ann", "bob"]["percent_agreement"] == 1
    assert pairs["ann", "cyd"]["percent_agreement"] < 1


def test_agreement_leaves_out_surplus_superseded_and_other_kinds(client_of):
    project = make_project()
    prompt = make_prompt(project)
    item = Item.objects.get(prompt=prompt)
    people = [Annotator.objects.create(project=project, name=name) for name in "abcd"]
    judge = Annotator.objects.create(project=project, name="judge", kind="model")
    first, second = str(item.first_id), str(item.second_id)
    add_judgment(project, people[0], item, first)
    add_judgment(project, people[1], item, first)
    add_judgment(project, people[2], item, second, surplus=True)
    add_judgment(project, people[3], item, second, superseded=True)
    add_judgment(project, judge, item, second)
    figures = figure(client_of(project.owner), project, "agreement")
    assert figures["judgments"] == 2
    measures = {measure["name"]: measure for measure in figures["questions"][0]["measures"]}
    assert measures["percent_agreement"]["value"] == 1
    assert [(row["name"], row["units"], row["accuracy"]) for row in figures["judges"]] == [("judge", 1, 0)]
    assert figure(client_of(project.owner), project, "agreement", "?annotator_kind=all")["judgments"] == 3
    assert (
        figure(client_of(project.owner), project, "agreement", "?annotator_kind=human,model")["judgments"]
        == 3
    )
    wrong = client_of(project.owner).get(f"{API}/projects/{project.id}/agreement/?annotator_kind=robot")
    assert wrong.status_code == 400


def test_equal_data_give_equal_agreement_figures(client_of):
    reports = []
    for _ in range(2):
        project = make_project(name="same")
        for number in range(6):
            make_prompt(project, ["a", "bb", "ccc"], external_id=f"p{number}")
        people = [Annotator.objects.create(project=project, name=name) for name in "abc"]
        items = Item.objects.filter(project=project).order_by(
            "prompt__external_id", "first__position", "second__position"
        )
        for place, item in enumerate(items):
            for index, annotator in enumerate(people):
                choice = item.first_id if (place * 7 + index * 5) % 3 else item.second_id
                add_judgment(project, annotator, item, str(choice))
        reports.append(figure(client_of(project.owner), project, "agreement"))
    assert reports[0] == reports[1]


def test_agreement_on_rankings(client_of):
    users = [make_user(), make_user()]
    project = make_project(annotators=users, questions=[RANKING])
    for _ in range(5):
        make_prompt(project, ["a", "b", "c"])
    for user in users:
        for item in take(client_of(user), project, 5):
            best_first = [[row["id"]] for row in sorted(item["completions"], key=lambda row: row["text"])]
            body = {"lease": item["lease"], "answers": {"order": {"tiers": best_first}}}
            assert put(client_of(user), body).status_code == 201
    measures = {
        row["name"]: row
        for row in figure(client_of(project.owner), project, "agreement")["questions"][0]["measures"]
    }
    assert measures["kendall_w"]["value"] == measures["kendall_tau_b"]["value"] == 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], ""),
        ([("system", "Be brief.")], "Be brief."),
        ([("system", "Be brief."), ("user", "Hello\n there")], "Hello there"),
        ([("user", "Hello"), ("assistant", "Hi"), ("user", "Why?")], "Hello … Why?"),
        ([("user", "a" * 161)], "a" * 159 + "…"),
        ([("user", "a" * 81), ("user", "b" * 80)], "a" * 79 + "… … " + "b" * 80),
    ],
)
def test_an_excerpt_has_the_first_and_the_last_turn_of_a_dialogue(said, expected):
    assert excerpt([{"role": role, "content": content} for role, content in said]) == expected


def test_prompts_can_be_listed_searched_and_opened(client_of):
    ann = make_user()
    project = make_project(annotators=[ann], overlap=1)
    make_prompt(project, question="What is a heron?", external_id="bird-1")
    make_prompt(project, question="写一首关于春天的诗", sources=["m1", "m2"])
    client = client_of(project.owner)
    rows = figure(client, project, "prompts")["results"]
    assert [row["excerpt"] for row in rows] == ["What is a heron?", "写一首关于春天的诗"]
    assert [(row["completions"], row["judgments"]) for row in rows] == [(2, 0), (2, 0)]
    for query, found in (("HERON", 0), ("bird-1", 0), ("春天", 1)):
        assert [row["id"] for row in figure(client, project, "prompts", f"?q={query}")["results"]] == [
            rows[found]["id"]
        ]
    assert figure(client, project, "prompts", "?q=nowhere")["results"] == []
    for item in take(client_of(ann), project, 2):
        put(client_of(ann), choose(item))
    prompt = client.get(f"{API}/prompts/{rows[1]['id']}/").json()
    assert [row["source"] for row in prompt["completions"]] == ["m1", "m2"]
    assert [row["annotator"] for row in prompt["judgments"]] == [ann.username]
    assert figure(client, project, "prompts")["results"][1]["judgments"] == 1
    assert client.get(f"{API}/prompts/12/").status_code == 404


def test_parked_items_are_listed_and_released_to_others(client_of):
    users = [make_user() for _ in range(4)]
    project = make_project(annotators=users, overlap=1)
    make_prompt(project)
    for user in users[:3]:
        [item] = take(client_of(user), project)
        put(client_of(user), skip(item, reason=f"{user.username} cannot tell"))
    client = client_of(project.owner)
    [parked] = figure(client, project, "parked")["results"]
    assert [row["reason"] for row in parked["skips"]] == [
        f"{user.username} cannot tell" for user in users[:3]
    ]
    url = f"{API}/projects/{project.id}/parked/{parked['item']}/release/"
    assert client_of(users[0]).post(url).status_code == 403
    assert client.post(url).status_code == 204
    assert client.post(url).status_code == 404
    assert figure(client, project, "parked")["results"] == []
    assert take(client_of(users[0]), project) == []
    assert len(take(client_of(users[3]), project)) == 1


def test_flagged_items_are_listed_until_the_flag_is_taken_back(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    make_prompt(project)
    [item] = take(client_of(ann), project)
    uuid = uuid4()
    put(client_of(ann), choose(item, status="flagged", reason="harmful"), uuid)
    [flagged] = figure(client_of(project.owner), project, "flagged")["results"]
    assert (flagged["item"], flagged["skips"][0]["reason"]) == (item["item"], "harmful")
    put(client_of(ann), {"supersedes": str(uuid), "answers": choose(item)["answers"]})
    assert figure(client_of(project.owner), project, "flagged")["results"] == []


def test_figures_of_another_project_stay_closed(client_of):
    mine, other = make_project(), make_project()
    item = Item.objects.get(prompt=make_prompt(other))
    Item.objects.update(parked_at=timezone.now())
    client = client_of(mine.owner)
    assert client.post(f"{API}/projects/{mine.id}/parked/{item.id}/release/").status_code == 404
    assert client.get(f"{API}/prompts/{item.prompt_id}/").status_code == 404
