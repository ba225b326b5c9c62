"""Gold items: who may see them, how answers are scored, and what follows for the annotators."""

from __future__ import annotations

import random

import pytest

from annotation.models import (
    Annotator,
    Gold,
    GoldResult,
    Item,
    Judgment,
    Lease,
    Member,
    Purpose,
    Role,
    TrustPolicy,
)
from annotation.selectors.standing import Standing, score_of, standing_of
from annotation.services.gold import gold_rescore
from tests.annotation.labelling import API, choose, put, skip, take
from tests.annotation.trusting import answer_gold, make_annotator, make_gold, make_judgment, make_policy
from tests.factories import COMPARISON, make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db

COMMENT = {"name": "why", "kind": "comment", "title": "Why?", "required": False, "options": {}}


def make_golden(items: int, annotators=(), **fields):
    """A project of which every item is gold."""
    project = make_project(annotators=annotators, **fields)
    for _ in range(items):
        make_prompt(project)
    for item in Item.objects.filter(project=project):
        make_gold(item)
    return project


def right_choice(item: dict) -> str:
    return Gold.objects.get(item_id=int(item["item"])).answers["overall"]["choice"]


def wrong_choice(item: dict) -> str:
    return next(one for one in item["shown"] if one != right_choice(item))


def judge(client, item, *, right: bool):
    response = put(client, choose(item, right_choice(item) if right else wrong_choice(item)))
    assert response.status_code == 201, response.content
    return response


def test_annotators_see_nothing_of_gold(client_of):
    ann, rev = make_user(), make_user()
    project = make_golden(1, [ann])
    Member.objects.create(project=project, user=rev, role=Role.REVIEWER)
    base = f"{API}/projects/{project.id}"
    gold = Gold.objects.get()
    for path in ("gold/", f"gold/{gold.id}/", "gold/annotators/", "trust-policy/"):
        assert client_of(ann).get(f"{base}/{path}").status_code == 403, path
        assert client_of(make_user()).get(f"{base}/{path}").status_code == 404, path
        assert client_of(rev).get(f"{base}/{path}").status_code == 200, path
    assert client_of(ann).post(f"{base}/gold/agreed/", {}, format="json").status_code == 403
    assert client_of(ann).post(f"{base}/gold/", {}, format="json").status_code == 403
    assert client_of(rev).put(f"{base}/trust-policy/", {}, format="json").status_code == 403
    assert client_of(ann).get(f"{base}/standing/").status_code == 200
    assert client_of(make_user()).get(f"{base}/standing/").status_code == 404


def test_an_item_gets_a_known_answer_and_the_project_its_rules(client_of):
    project = make_project(questions=[COMPARISON, COMMENT])
    make_prompt(project)
    item = Item.objects.get()
    client = client_of(project.owner)
    body = {
        "item": str(item.id),
        "answers": {"overall": {"choice": str(item.first_id)}, "why": {"text": "it is"}},
        "tolerance": {"overall": {"accept": ["tie"]}},
        "explanation": "The other one is wrong.",
    }
    response = client.post(f"{API}/projects/{project.id}/gold/", body, format="json")
    assert response.status_code == 201, response.content
    told = response.json()
    assert told["answers"] == {"overall": {"choice": str(item.first_id), "strength": 1}}
    assert told["tolerance"] == {"overall": {"accept": ["tie"], "strength": 0}}
    assert [row["id"] for row in told["completions"]] == [str(item.first_id), str(item.second_id)]
    assert TrustPolicy.objects.get(project=project).gold_share > 0
    again = client.post(f"{API}/projects/{project.id}/gold/", body, format="json")
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "gold_exists"


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        ({}, 422, "item"),
        ({"answers": {"overall": {"choice": "7"}}}, 422, "answers.overall.choice"),
        ({"answers": {}}, 422, "answers"),
        ({"answers": 5}, 400, "answers"),
        ({"answers": {"overall": {"choice": "tie"}}, "tolerance": {"overall": {"strength": 5}}}, 422,
         "tolerance.overall.strength"),
        ({"judgment": "x"}, 400, "judgment"),
    ],
)  # fmt: skip
def test_a_bad_known_answer_is_refused_with_its_place(client_of, body, status, place):
    project = make_project()
    make_prompt(project)
    if "answers" in body:
        body = {"item": str(Item.objects.get().id), **body}
    response = client_of(project.owner).post(f"{API}/projects/{project.id}/gold/", body, format="json")
    assert response.status_code == status, response.content
    assert place in response.json()["error"]["fields"]


def test_what_somebody_said_becomes_the_known_answer(client_of):
    project = make_project()
    make_prompt(project)
    item = Item.objects.get()
    said = make_judgment(make_annotator(project, project.owner), item, str(item.second_id))
    url = f"{API}/projects/{project.id}/gold/"
    response = client_of(project.owner).post(url, {"judgment": str(said.uuid)}, format="json")
    assert response.status_code == 201, response.content
    assert response.json()["answers"]["overall"]["choice"] == str(item.second_id)
    assert response.json()["judgment"] == str(said.uuid)
    Judgment.objects.filter(id=said.id).update(superseded=True)
    other = {"judgment": str(said.uuid)}
    assert client_of(project.owner).post(url, other, format="json").status_code == 404


def test_items_on_which_people_agree_become_gold(client_of):
    project = make_project()
    for _ in range(3):
        make_prompt(project)
    people = [make_annotator(project, make_user()) for _ in range(3)]
    agreed, split, few = Item.objects.filter(project=project)
    for place, person in enumerate(people):
        make_judgment(person, agreed, str(agreed.first_id))
        make_judgment(person, split, str(split.first_id if place else split.second_id))
        if place < 2:
            make_judgment(person, few, str(few.first_id))
    Item.objects.filter(id__in=[agreed.id, split.id]).update(filled=3)
    Item.objects.filter(id=few.id).update(filled=2)
    url = f"{API}/projects/{project.id}/gold/agreed/"
    client = client_of(project.owner)
    preview = client.post(url, {"at_least": 3, "preview": True}, format="json")
    assert preview.status_code == 200
    assert [row["item"] for row in preview.json()["items"]] == [str(agreed.id)]
    assert not Gold.objects.exists()
    assert client.post(url, {"at_least": 3}, format="json").json()["created"] == 1
    assert Gold.objects.get().item_id == agreed.id
    assert client.post(url, {"at_least": 2}, format="json").json()["created"] == 1
    assert client.post(url, {"at_least": 1}, format="json").status_code == 400


def test_a_gold_item_comes_as_any_other_and_is_scored(client_of):
    ann = make_user()
    project = make_golden(2, [ann])
    make_policy(project, gold_share=0.0)
    client = client_of(ann)
    first, second = take(client, project, 2)
    assert set(first) == {"lease", "item", "expires_at", "prompt", "completions", "shown", "position"}
    told = judge(client, first, right=True).json()
    assert told["surplus"] is False
    assert told["purpose"] == "work"
    judge(client, second, right=False)
    assert sorted(GoldResult.objects.values_list("correct", flat=True)) == [False, True]
    assert set(Judgment.objects.values_list("purpose", flat=True)) == {Purpose.GOLD}
    own = client.get(f"{API}/projects/{project.id}/judgments/").json()["results"]
    assert {(row["purpose"], row["policy"], row["arm"]) for row in own} == {("work", "fewest-first", "main")}
    told = client_of(project.owner).get(f"{API}/projects/{project.id}/judgments/").json()["results"]
    assert {row["purpose"] for row in told} == {"gold"}


def test_gold_is_drawn_with_its_share_also_when_the_item_is_full(client_of):
    ann, bob = make_user(), make_user()
    project = make_golden(1, [ann, bob], overlap=1)
    for _ in range(30):
        make_prompt(project)
    make_policy(project, gold_share=0.5)
    judge(client_of(ann), next(i for i in take(client_of(ann), project, 31) if gold_of(i)), right=True)
    assert any(gold_of(item) for item in take(client_of(bob), project, 20))
    assert Lease.objects.get(annotator__user=bob, purpose=Purpose.GOLD).item.load <= 1


def gold_of(item: dict) -> bool:
    return Gold.objects.filter(item_id=int(item["item"])).exists()


def test_reviewers_are_asked_no_gold(client_of):
    project = make_golden(3)
    make_policy(project, gold_share=0.5, qualification_items=2)
    assert len(take(client_of(project.owner), project, 3)) == 3
    assert set(Lease.objects.values_list("purpose", flat=True)) == {Purpose.WORK}


def edited(client, judged, item, choice):
    body = {"supersedes": judged.json()["uuid"], "answers": {"overall": {"choice": choice}}}
    assert put(client, body).status_code == 201


def test_an_edit_is_scored_anew_where_nothing_was_told(client_of):
    ann = make_user()
    project = make_golden(1, [ann])
    make_policy(project)
    [item] = take(client_of(ann), project)
    judged = judge(client_of(ann), item, right=False)
    edited(client_of(ann), judged, item, right_choice(item))
    assert score_of(Annotator.objects.get(user=ann).id, 50).correct == 1
    current = Judgment.objects.get(superseded=False)
    assert current.purpose == Purpose.GOLD


def test_an_edit_improves_no_score_that_is_told(client_of):
    ann = make_user()
    project = make_golden(1, [ann])
    make_policy(project, feedback="answer")
    [item] = take(client_of(ann), project)
    judged = judge(client_of(ann), item, right=False)
    edited(client_of(ann), judged, item, right_choice(item))
    score = score_of(Annotator.objects.get(user=ann).id, 50)
    assert (score.correct, score.number) == (0, 1)


def test_a_new_known_answer_scores_what_was_answered(client_of):
    ann = make_user()
    project = make_golden(1, [ann])
    gold, item = Gold.objects.get(), Item.objects.get()
    annotator = make_annotator(project, ann)
    answer_gold(annotator, item, right=False)
    url = f"{API}/projects/{project.id}/gold/{gold.id}/"
    client = client_of(project.owner)
    body = {"answers": {"overall": {"choice": str(item.second_id)}}, "tolerance": {}}
    told = client.patch(url, body, format="json")
    assert told.status_code == 200, told.content
    assert (told.json()["answered"], told.json()["correct"]) == (1, 1)
    assert GoldResult.objects.get().correct
    assert client.delete(url).status_code == 204
    assert GoldResult.objects.count() == 1
    assert client.get(f"{API}/projects/{project.id}/gold/").json()["results"] == []
    assert len(client.get(f"{API}/projects/{project.id}/gold/?retired=1").json()["results"]) == 1
    assert client.patch(url, {"retired": False}, format="json").json()["retired_at"] is None


def test_work_on_an_item_before_it_was_gold_is_not_scored():
    project = make_project()
    make_prompt(project)
    item = Item.objects.get()
    annotator = make_annotator(project, make_user())
    make_judgment(annotator, item, str(item.second_id))
    gold = make_gold(item)
    assert gold_rescore(gold) == 0
    assert score_of(annotator.id, 50) is None


def qualification(client_of, *, items=5, golds=None, threshold=0.7):
    ann = make_user()
    project = make_golden(golds or items, [ann])
    make_prompt(project)
    make_policy(project, qualification_items=items, threshold=threshold)
    return ann, project, client_of(ann)


def standing_told(client, project):
    return client.get(f"{API}/projects/{project.id}/standing/").json()


def test_a_passed_round_leads_to_real_work(client_of):
    ann, project, client = qualification(client_of, golds=8)
    items = take(client, project, 20)
    assert len(items) == 5
    assert all(gold_of(item) for item in items)
    for place, item in enumerate(items):
        assert standing_told(client, project)["qualification"]["answered"] == place
        judge(client, item, right=place != 0)
    annotator = Annotator.objects.get(user=ann)
    assert annotator.qualified_at is not None
    assert standing_told(client, project)["status"] == "working"
    assert any(not gold_of(item) for item in take(client, project, 4))
    judged = Judgment.objects.filter(annotator=annotator)
    assert set(judged.values_list("purpose", "surplus")) == {(Purpose.QUALIFICATION, True)}


def test_a_newcomer_hears_of_the_round_before_the_queue_has_answered_once(client_of):
    ann, project, client = qualification(client_of, items=3)
    told = standing_told(client, project)
    assert not Annotator.objects.filter(user=ann).exists()
    assert told["status"] == "qualifying"
    assert told["qualification"] == {"needed": 3, "answered": 0, "correct": None, "threshold": 0.7}
    assert standing_told(client_of(project.owner), project)["status"] == "working"


def test_a_failed_round_ends_the_work_until_somebody_says_otherwise(client_of):
    ann, project, client = qualification(client_of, items=3, golds=6)
    for item in take(client, project, 3):
        judge(client, item, right=False)
    answer = client.get(f"{API}/projects/{project.id}/queue/").json()
    assert (answer["items"], answer["reason"]) == ([], "qualification_failed")
    told = standing_told(client, project)
    assert told["status"] == "qualification_failed"
    assert told["qualification"] == {"needed": 3, "answered": 3, "correct": 0, "threshold": 0.7}
    annotator = Annotator.objects.get(user=ann)
    url = f"{API}/projects/{project.id}/gold/annotators/{annotator.id}/"
    assert client.post(url, {"action": "qualify"}, format="json").status_code == 403
    again = client_of(project.owner).post(url, {"action": "resume"}, format="json").json()
    assert again["status"] == "qualifying"
    assert again["score"] is None
    for item in take(client, project, 5):
        judge(client, item, right=False)
    assert standing_of(annotator.id) is Standing.QUALIFICATION_FAILED
    refused = client_of(project.owner).post(url, {"action": "resume"}, format="json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "gold_used_up")
    assert client_of(project.owner).post(url, {"action": "qualify"}, format="json").status_code == 200
    assert len(take(client, project, 5)) == 1


def test_who_skips_through_a_round_does_not_pass(client_of):
    ann, project, client = qualification(client_of, items=3)
    for item in take(client, project, 3):
        assert put(client, skip(item)).status_code == 201
    assert standing_of(Annotator.objects.get(user=ann).id) is Standing.QUALIFICATION_FAILED


def test_nobody_is_held_up_where_gold_is_too_scarce_for_a_round(client_of):
    _, project, client = qualification(client_of, items=5, golds=4)
    assert len(take(client, project, 10)) == 5
    policy = client_of(project.owner).get(f"{API}/projects/{project.id}/trust-policy/").json()
    assert (policy["golds"], policy["qualification_items"]) == (4, 5)
    assert policy["checkable"] == ["overall"]


def test_who_worked_before_a_round_was_asked_for_is_qualified(client_of):
    old, new = make_user(), make_user()
    project = make_golden(4, [old, new])
    item = Item.objects.filter(project=project).first()
    make_judgment(make_annotator(project, old), item, str(item.first_id))
    url = f"{API}/projects/{project.id}/trust-policy/"
    response = client_of(project.owner).put(url, {"qualification_items": 2}, format="json")
    assert response.status_code == 200, response.content
    assert Annotator.objects.get(user=old).qualified_at is not None
    assert standing_of(make_annotator(project, new).id) is Standing.QUALIFYING
    assert client_of(project.owner).put(url, {"threshold": 2}, format="json").status_code == 400


def answered(project, annotator, chance: float, *, seed: int) -> int:
    """How many of the project's gold items somebody answers who is right with this chance, before a pause."""
    generator = random.Random(seed)
    for number, item in enumerate(Item.objects.filter(project=project).order_by("id")):
        annotator.refresh_from_db()
        if annotator.paused_at is not None:
            return number
        answer_gold(annotator, item, right=generator.random() < chance)
    return project.items.count()


def test_a_careless_annotator_is_paused_and_a_good_one_never():
    project = make_golden(200)
    make_policy(project, threshold=0.7, pause=True)
    good, careless = (make_annotator(project, make_user()) for _ in range(2))
    for person in (good, careless):
        Member.objects.create(project=project, user=person.user, role=Role.ANNOTATOR)
    assert answered(project, good, 0.9, seed=1) == 200
    good.refresh_from_db()
    assert good.paused_at is None
    assert answered(project, careless, 0.4, seed=1) < 60
    careless.refresh_from_db()
    assert careless.paused_because == "gold"
    assert standing_of(careless.id) is Standing.PAUSED


def test_below_the_threshold_people_are_warned_and_a_pause_is_a_setting(client_of):
    ann = make_user()
    project = make_golden(12, [ann])
    make_policy(project, threshold=0.7, feedback="score")
    annotator = make_annotator(project, ann)
    items = list(Item.objects.filter(project=project))
    for item in items[:5]:
        answer_gold(annotator, item, right=False)
    told = standing_told(client_of(ann), project)
    assert told["status"] == "warned"
    assert (told["score"]["value"], told["score"]["n"]) == (0, 5)
    assert told["last"] is None
    for item in items[5:]:
        answer_gold(annotator, item, right=True)
    assert standing_told(client_of(ann), project)["status"] == "warned"  # 7 of 12
    make_policy(project, threshold=0.5)
    make_prompt(project)
    last = Item.objects.filter(project=project, gold=None).get()
    make_gold(last)
    answer_gold(annotator, last, right=True)
    assert standing_told(client_of(ann), project)["status"] == "working"


def test_a_resumed_annotator_starts_with_a_new_score(client_of):
    ann = make_user()
    project = make_golden(7, [ann])
    make_policy(project, threshold=0.7, pause=True)
    annotator = make_annotator(project, ann)
    items = list(Item.objects.filter(project=project))
    for item in items[:5]:
        answer_gold(annotator, item, right=False)
    answer = client_of(ann).get(f"{API}/projects/{project.id}/queue/").json()
    assert (answer["items"], answer["reason"]) == ([], "you_are_paused")
    url = f"{API}/projects/{project.id}/gold/annotators/"
    [row] = client_of(project.owner).get(url).json()["results"]
    assert (row["status"], row["because"], row["score"]["n"]) == ("paused", "gold", 5)
    assert row["since"] is not None
    told = client_of(project.owner).post(f"{url}{annotator.id}/", {"action": "resume"}, format="json").json()
    assert (told["status"], told["score"]) == ("working", None)
    answer_gold(annotator, items[5], right=False)
    assert standing_of(annotator.id) is Standing.WORKING


@pytest.mark.parametrize(
    ("feedback", "score", "last"), [("none", False, False), ("score", True, False), ("answer", True, True)]
)
def test_annotators_are_told_what_the_project_allows(client_of, feedback, score, last):
    ann = make_user()
    project = make_golden(1, [ann])
    Gold.objects.update(explanation="Because.")
    make_policy(project, feedback=feedback)
    item = Item.objects.get()
    judged = answer_gold(make_annotator(project, ann), item, right=False)
    told = standing_told(client_of(ann), project)
    assert (told["score"] is not None, told["last"] is not None) == (score, last)
    if last:
        assert told["last"]["judgment"] == str(judged.uuid)
        assert told["last"]["correct"] is False
        assert told["last"]["questions"] == {"overall": False}
        assert told["last"]["answers"] == {"overall": {"choice": str(item.first_id), "strength": 1}}
        assert told["last"]["explanation"] == "Because."


def test_a_judgment_that_was_set_aside_counts_in_no_score():
    project = make_golden(1)
    annotator = make_annotator(project, make_user())
    judged = answer_gold(annotator, Item.objects.get(), right=False)
    Judgment.objects.filter(id=judged.id).update(set_aside_at=judged.submitted_at)
    assert score_of(annotator.id, 50) is None
