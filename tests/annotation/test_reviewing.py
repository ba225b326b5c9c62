"""Review: the queue, decisions, and judgments that are set aside."""

from __future__ import annotations

from uuid import uuid4

import pytest

from annotation.models import Annotator, Gold, GoldResult, Item, Judgment, Member, Project, User
from annotation.services.items import items_recount
from tests.annotation.importing import export, imported, line, uuid, vote
from tests.annotation.labelling import API, choose, put, skip, take
from tests.annotation.trusting import make_gold, make_judgment
from tests.factories import COMPARISON, RANKING, make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db
SEVERAL = [
    COMPARISON,
    {"name": "quality", "kind": "rating", "title": "Quality", "required": False, "options": {"min": 1, "max": 5}},
]  # fmt: skip


@pytest.fixture
def ann() -> User:
    return make_user("ann")


@pytest.fixture
def bob() -> User:
    return make_user("bob")


@pytest.fixture
def rita() -> User:
    return make_user("rita")


@pytest.fixture
def project(ann, bob, rita) -> Project:
    project = make_project(make_user("owner"), annotators=[ann, bob], overlap=2)
    Member.objects.create(project=project, user=rita, role="reviewer")
    make_prompt(project)
    return project


def judged(client, project, **fields) -> str:
    """The uuid of a judgment of the next item."""
    [item] = take(client, project)
    answer = put(client, choose(item, **fields))
    assert answer.status_code == 201, answer.content
    return answer.json()["uuid"]


def counters() -> list[tuple[int, int, int]]:
    """Filled and reserved places and skips of the items, which a recount must not change."""
    rows = Item.objects.order_by("prompt_number", "id")
    before = list(rows.values_list("filled", "reserved", "skips"))
    items_recount()
    assert list(rows.values_list("filled", "reserved", "skips")) == before
    return before


def completions(item: Item) -> list[str]:
    return [str(item.first_id), str(item.second_id)]


def decide(client, project, item, choice=None, *, key=None, **fields):
    """Adjudicate an item for its first completion, unless said."""
    body = {
        "uuid": str(key or uuid4()),
        "answers": {"overall": {"choice": choice or completions(item)[0]}},
        "reason": "",
        **fields,
    }
    return client.put(f"{API}/projects/{project.id}/items/{item.id}/adjudication/", body, format="json")


def aside(client, key, reason="careless"):
    return client.post(f"{API}/judgments/{key}/set-aside/", {"reason": reason}, format="json")


def review(client, project, reason="all", **parameters):
    answer = client.get(f"{API}/projects/{project.id}/review/", {"reason": reason, **parameters})
    assert answer.status_code == 200, answer.content
    return answer.json()


# --- Decisions


def test_a_decision_is_stored_once_with_its_author_and_takes_no_place(client_of, rita, project):
    item, key = Item.objects.get(), uuid4()
    first = decide(client_of(rita), project, item, key=key, reason="the second is wrong")
    again = decide(client_of(rita), project, item, key=key, reason="the second is wrong")
    assert (first.status_code, again.status_code) == (201, 200)
    stored = first.json()
    assert again.json() == stored
    assert (stored["annotator"], stored["annotator_kind"], stored["author"]) == (
        "rita (adjudicated)", "adjudicated", "rita",
    )  # fmt: skip
    assert (stored["reason"], stored["surplus"]) == ("the second is wrong", False)
    assert Judgment.objects.count() == 1
    assert counters() == [(0, 0, 0)]
    assert (
        decide(client_of(rita), project, item, "tie", key=key).json()["error"]["code"] == "judgment_conflict"
    )


def test_an_item_has_one_current_decision_whoever_makes_it(client_of, rita, project):
    item = Item.objects.get()
    first = decide(client_of(rita), project, item).json()
    second = decide(client_of(project.owner), project, item, "tie").json()
    assert second["supersedes"] == first["uuid"]
    current = Judgment.objects.filter(annotator_kind="adjudicated", superseded=False)
    assert [str(row.uuid) for row in current] == [second["uuid"]]
    third = decide(client_of(rita), project, item).json()
    assert third["supersedes"] == second["uuid"]
    assert Judgment.objects.count() == 3
    assert Annotator.objects.filter(kind="adjudicated").count() == 2
    assert decide(client_of(rita), project, item, key=second["uuid"]).status_code == 404


def test_a_reviewer_who_decided_still_labels_under_an_own_name(client_of, rita, project):
    item = Item.objects.get()
    decide(client_of(rita), project, item)
    [task] = take(client_of(rita), project)
    stored = put(client_of(rita), choose(task)).json()
    assert (stored["annotator"], stored["annotator_kind"]) == ("rita", "human")
    mine = client_of(rita).get(f"{API}/projects/{project.id}/judgments/?annotator=me").json()["results"]
    assert [row["annotator_kind"] for row in mine] == ["human"]
    assert counters() == [(1, 0, 0)]


def test_a_decision_is_not_changed_like_a_label(client_of, rita, project):
    item = Item.objects.get()
    decision = decide(client_of(rita), project, item).json()["uuid"]
    body = {"supersedes": decision, "answers": {"overall": {"choice": "tie"}}}
    assert put(client_of(rita), body).status_code == 404


def test_wrong_decisions_name_their_places(client_of, rita, project):
    item = Item.objects.get()
    answer = decide(client_of(rita), project, item, "nobody")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_answers")
    assert list(answer.json()["error"]["fields"]) == ["answers.overall.choice"]
    shown = decide(client_of(rita), project, item, shown=["1"])
    assert list(shown.json()["error"]["fields"]) == ["shown"]
    assert Judgment.objects.count() == 0


def test_only_reviewers_review(client_of, ann, project):
    item = Item.objects.get()
    key = judged(client_of(ann), project)
    client = client_of(ann)
    annotator = Annotator.objects.get(name="ann")
    base = f"{API}/projects/{project.id}"
    assert client.get(f"{base}/review/").status_code == 403
    assert client.get(f"{base}/review/summary/").status_code == 403
    assert client.get(f"{base}/review/{item.id}/").status_code == 403
    assert client.post(f"{base}/review/{item.id}/done/").status_code == 403
    assert decide(client, project, item).status_code == 403
    assert aside(client, key).status_code == 403
    assert client.delete(f"{API}/judgments/{key}/set-aside/").status_code == 403
    assert client.get(f"{base}/annotators/{annotator.id}/set-aside/").status_code == 403
    assert aside(client_of(make_user()), key).status_code == 404
    assert Judgment.objects.get().set_aside_at is None


# --- The queue


def test_the_queue_tells_why_an_item_waits_and_what_people_said(client_of, ann, bob, rita, project):
    item = Item.objects.get()
    first, second = completions(item)
    judged(client_of(ann), project, choice=first)
    judged(client_of(bob), project, choice=second)
    Item.objects.update(disagreement=0.5)
    [row] = review(client_of(rita), project, "contested")["results"]
    assert (row["item"], row["reasons"], row["disagreement"]) == (str(item.id), ["contested"], 0.5)
    page = client_of(rita).get(f"{API}/projects/{project.id}/review/{item.id}/").json()
    assert (row["judgments"], row["completions"]) == (2, page["shown"])
    [votes] = row["votes"]
    assert {vote["answer"]["choice"]: vote["count"] for vote in votes["answers"]} == {first: 1, second: 1}


def test_all_reasons_follow_each_other_page_by_page_and_no_item_comes_twice(client_of, ann, rita):
    project = make_project(annotators=[ann], overlap=1)
    Member.objects.create(project=project, user=rita, role="reviewer")
    for _ in range(6):
        make_prompt(project)
    items = list(Item.objects.order_by("prompt_number"))
    for place, item in enumerate(items[:5]):
        Item.objects.filter(id=item.id).update(disagreement=0.1 * (place + 1))
    tasks = take(client_of(ann), project, 6)
    put(client_of(ann), {"lease": tasks[1]["lease"], "status": "flagged", "reason": "odd"})
    Item.objects.filter(id=items[2].id).update(parked_at="2026-01-01T00:00:00Z")
    client, seen, query = client_of(rita), [], {"limit": 2}
    page = review(client, project, "all", **query)
    while True:
        seen += [row["item"] for row in page["results"]]
        if page["next"] is None:
            break
        page = client.get(page["next"]).json()
    flagged = tasks[1]["item"]
    expected = [items[2].id, int(flagged)]
    expected += [item.id for item in reversed(items[:5]) if item.id not in expected]
    assert [int(item) for item in seen] == expected
    assert [row["item"] for row in review(client, project, "flagged")["results"]] == [flagged]
    assert [int(row["item"]) for row in review(client, project, "parked")["results"]] == [items[2].id]
    assert client.get(f"{API}/projects/{project.id}/review/?reason=x").status_code == 400
    assert client.get(f"{API}/projects/{project.id}/review/?stage=x").status_code == 400


def test_gold_that_most_people_miss_is_doubted(client_of, rita, project):
    item = Item.objects.get()
    gold = Gold.objects.create(item=item, project=project, answers={"overall": {"choice": "tie"}})
    lines = []
    for name, correct in [("a", False), ("b", True), ("c", False)]:
        annotator = Annotator.objects.create(project=project, name=name)
        judgment = Judgment.objects.create(
            uuid=uuid4(), project=project, prompt=item.prompt, item=item, annotator=annotator,
            annotator_kind="human", revision=project.revisions.get(), status="submitted",
            submitted_at="2026-01-01T00:00:00Z", digest=name,
        )  # fmt: skip
        lines.append(
            GoldResult(judgment=judgment, gold=gold, annotator=annotator, correct=correct, questions={})
        )
        if len(lines) == 2:
            GoldResult.objects.bulk_create(lines)
            assert review(client_of(rita), project, "gold-failing")["results"] == []
    lines[-1].save()
    [row] = review(client_of(rita), project, "gold-failing")["results"]
    assert row["reasons"] == ["gold-failing"]
    summary = client_of(rita).get(f"{API}/projects/{project.id}/review/summary/").json()
    assert summary["counts"] == {
        "contested": 0, "flagged": 0, "suspected": 0, "parked": 0, "gold_failing": 1,
    }  # fmt: skip


def test_an_answer_that_was_changed_is_missed_gold_once(client_of, rita, project):
    item, gold = Item.objects.get(), make_gold(Item.objects.get())
    annotator, old = Annotator.objects.create(project=project, name="a"), None
    for _ in range(3):  # one person, who changed the answer twice
        Judgment.objects.filter(item=item).update(superseded=True)
        old = make_judgment(annotator, item, str(item.second_id), supersedes=old)
        GoldResult.objects.create(judgment=old, gold=gold, annotator=annotator, correct=False, questions={})
    assert review(client_of(rita), project, "gold-failing")["results"] == []


def test_a_reviewed_item_comes_back_when_it_is_judged_again(client_of, ann, bob, rita, project):
    item = Item.objects.get()
    judged(client_of(ann), project)
    Item.objects.update(disagreement=0.5)
    address = f"{API}/projects/{project.id}/review/{item.id}/done/"
    assert client_of(rita).post(address).status_code == 204
    assert review(client_of(rita), project)["results"] == []
    assert client_of(rita).delete(address).status_code == 204
    assert len(review(client_of(rita), project)["results"]) == 1
    decide(client_of(rita), project, item)
    assert review(client_of(rita), project)["results"] == []
    judged(client_of(bob), project)
    Item.objects.update(disagreement=0.5)
    [row] = review(client_of(rita), project)["results"]
    assert row["decided"] is True


def test_the_item_page_hides_the_models_until_asked(client_of, ann, rita, project):
    item = Item.objects.get()
    item.prompt.completions.update(source="model-x")
    judged(client_of(ann), project)
    address = f"{API}/projects/{project.id}/review/{item.id}/"
    page = client_of(rita).get(address).json()
    assert {completion["source"] for completion in page["completions"]} == {None}
    assert sorted(page["shown"]) == sorted(completions(item))
    assert page["annotators"] == [
        {"id": str(Annotator.objects.get().id), "name": "ann", "kind": "human", "has_account": True,
         "remarks": 0, "unread": 0}
    ]  # fmt: skip
    shown = client_of(rita).get(f"{address}?sources=1").json()
    assert {completion["source"] for completion in shown["completions"]} == {"model-x"}
    decision = decide(client_of(rita), project, item).json()
    assert client_of(rita).get(address).json()["decision"] == decision["uuid"]


# --- Setting aside


def test_a_judgment_set_aside_is_kept_and_gives_its_place_back(client_of, ann, rita, project):
    key = judged(client_of(ann), project)
    answer = aside(client_of(rita), key).json()
    assert (answer["surplus"], answer["set_aside"]["by"], answer["set_aside"]["reason"]) == (
        True, "rita", "careless",
    )  # fmt: skip
    assert counters() == [(0, 0, 0)]
    own = client_of(ann).get(f"{API}/judgments/{key}/").json()
    assert own["set_aside"] == answer["set_aside"]
    again = aside(client_of(rita), key, "another reason").json()
    assert again["set_aside"] == answer["set_aside"]
    lifted = client_of(rita).delete(f"{API}/judgments/{key}/set-aside/").json()
    assert (lifted["surplus"], lifted["set_aside"]) == (False, None)
    assert counters() == [(1, 0, 0)]
    assert client_of(rita).post(f"{API}/judgments/{key}/set-aside/", {}, format="json").status_code == 400


def test_how_contested_an_item_is_follows_what_is_set_aside(client_of, ann, bob, rita, project):
    item = Item.objects.get()
    first, second = completions(item)
    judged(client_of(ann), project, choice=first)
    key = judged(client_of(bob), project, choice=second)
    [row] = review(client_of(rita), project, "contested")["results"]
    assert row["disagreement"] > 0
    aside(client_of(rita), key)
    assert review(client_of(rita), project, "contested")["results"] == []
    client_of(rita).delete(f"{API}/judgments/{key}/set-aside/")
    assert review(client_of(rita), project, "contested")["results"][0]["disagreement"] == row["disagreement"]


def test_a_lifted_judgment_stays_surplus_where_others_have_taken_its_place(
    client_of, ann, bob, rita, project
):
    Project.objects.update(overlap=1)
    key = judged(client_of(ann), project)
    aside(client_of(rita), key)
    judged(client_of(bob), project)
    assert client_of(rita).delete(f"{API}/judgments/{key}/set-aside/").json()["surplus"] is True
    assert counters() == [(1, 0, 0)]


def test_a_skip_set_aside_no_longer_parks(client_of, rita):
    people = [make_user() for _ in range(3)]
    project = make_project(annotators=people, overlap=3)
    Member.objects.create(project=project, user=rita, role="reviewer")
    make_prompt(project)
    for person in people:
        [task] = take(client_of(person), project)
        key = put(client_of(person), skip(task)).json()["uuid"]
    assert Item.objects.get().parked_at is not None
    aside(client_of(rita), key)
    assert counters() == [(0, 0, 2)]
    assert Item.objects.get().parked_at is None
    client_of(rita).delete(f"{API}/judgments/{key}/set-aside/")
    assert counters() == [(0, 0, 3)]
    assert Item.objects.get().parked_at is not None


def test_a_flag_set_aside_leaves_the_review_queue(client_of, ann, rita, project):
    [task] = take(client_of(ann), project)
    key = put(client_of(ann), {"lease": task["lease"], "status": "flagged"}).json()["uuid"]
    assert len(review(client_of(rita), project, "flagged")["results"]) == 1
    aside(client_of(rita), key)
    assert review(client_of(rita), project, "flagged")["results"] == []
    assert counters() == [(0, 0, 0)]


def test_a_change_of_what_was_set_aside_stays_set_aside_until_it_is_lifted(client_of, ann, rita, project):
    key = judged(client_of(ann), project)
    aside(client_of(rita), key)
    change = {"supersedes": key, "answers": {"overall": {"choice": "tie"}}}
    changed = put(client_of(ann), change).json()
    assert (changed["surplus"], changed["set_aside"]["reason"]) == (True, "careless")
    assert counters() == [(0, 0, 0)]
    conflict = aside(client_of(rita), key)
    assert (conflict.status_code, conflict.json()["error"]["code"]) == (409, "not_current")
    lifted = client_of(rita).delete(f"{API}/judgments/{changed['uuid']}/set-aside/").json()
    assert lifted["surplus"] is False
    assert counters() == [(1, 0, 0)]


def test_all_judgments_of_an_annotator_are_set_aside_in_parts_and_taken_back(
    client_of, ann, bob, rita, monkeypatch
):
    monkeypatch.setattr("annotation.services.reviewing.BATCH", 2)
    project = make_project(annotators=[ann, bob], overlap=2)
    Member.objects.create(project=project, user=rita, role="reviewer")
    for _ in range(5):
        make_prompt(project)
    for _ in range(5):
        judged(client_of(bob), project)
        key = judged(client_of(ann), project)
    spared = Judgment.objects.filter(annotator__name="ann").order_by("id").first()
    Judgment.objects.filter(id=spared.id).update(submitted_at="2020-01-01T00:00:00Z")
    annotator = Annotator.objects.get(name="ann")
    address = f"{API}/projects/{project.id}/annotators/{annotator.id}/set-aside/"
    client = client_of(rita)
    aside(client, key, "on its own")
    since = "2025-01-01T00:00:00Z"
    assert client.get(f"{address}?since={since}").json() == {"judgments": 3, "set_aside": 1}
    first = client.post(address, {"reason": "a bot", "since": since}, format="json").json()
    assert (first["done"], first["left"]) == (2, 1)
    body = {"reason": "a bot", "since": since, "at": first["at"]}
    second = client.post(address, body, format="json").json()
    assert (second["done"], second["left"], second["at"]) == (1, 0, first["at"])
    assert client.post(address, {**body, "at": "2025-01-01T00:00:00Z"}, format="json").status_code == 422
    assert sorted(filled for filled, _, _ in counters()) == [1, 1, 1, 1, 2]
    left = client.delete(address, query_params={"at": first["at"]}).json()
    assert (left["done"], left["left"]) == (2, 1)
    client.delete(address, query_params={"at": first["at"]})
    assert client.get(address).json() == {"judgments": 4, "set_aside": 1}
    assert sorted(filled for filled, _, _ in counters()) == [1, 2, 2, 2, 2]
    assert client.get(f"{address}?since=yesterday").status_code == 400


# --- Figures, files, training


def test_accuracy_against_the_decisions_is_told_with_its_interval(client_of, ann, bob, rita):
    project = make_project(annotators=[ann, bob], overlap=2, questions=[RANKING])
    Member.objects.create(project=project, user=rita, role="reviewer")
    for _ in range(4):
        make_prompt(project, texts=["a", "b", "c"])
    ids = {
        item.id: [str(pk) for pk in item.prompt.completions.order_by("position").values_list("id", flat=True)]
        for item in Item.objects.select_related("prompt")
    }
    right, wrong = ([[0], [1], [2]], [[0], [2], [1]])
    for user, order in ((ann, right), (bob, wrong)):
        for task in take(client_of(user), project, 4):
            tiers = [[ids[int(task["item"])][place] for place in tier] for tier in order]
            put(client_of(user), {"lease": task["lease"], "answers": {"order": {"tiers": tiers}}})
    for item in list(Item.objects.all())[:3]:
        tiers = [[ids[item.id][place] for place in tier] for tier in right]
        assert decide(client_of(rita), project, item, answers={"order": {"tiers": tiers}}).status_code == 201
    summary = client_of(rita).get(f"{API}/projects/{project.id}/review/summary/").json()
    figures = {row["name"]: row["agreement"] for row in summary["annotators"]}
    assert summary["adjudicated"] == 3
    assert (figures["ann"]["value"], figures["ann"]["n"]) == (1.0, 3)
    assert figures["ann"]["interval"] == pytest.approx([0.4385, 1.0], abs=1e-4)  # Wilson, 3 of 3
    assert figures["bob"]["value"] == pytest.approx(2 / 3)  # two of three pairs on each item


@pytest.fixture
def decided(client_of):
    """Two items on which two of three prefer c1; of the first a reviewer prefers c2."""
    owner = make_user("olga")
    project = make_project(owner, questions=SEVERAL)
    votes = [vote("a"), vote("b"), vote("c", "c2")]
    imported(client_of(owner), project, [line("p1", 2, votes), line("p2", 2, votes)], strict=1)
    item = Item.objects.get(prompt__external_id="p1")
    decide(client_of(owner), project, item, completions(item)[1], reason="c2 is right")
    return project, client_of(owner)


def test_a_decision_replaces_the_votes_in_training_files_only_where_it_is_asked_for(decided):
    import orjson

    project, client = decided

    def chosen(**parameters):
        body = export(client, project, format="trl-preference", **parameters)
        return [(row["chosen"][0]["content"], row["n"]) for row in map(orjson.loads, body.splitlines())]

    people = [("answer 1 to p1", 3), ("answer 1 to p2", 3)]
    assert chosen(annotator_kind="human") == people
    assert chosen() == people
    with_decisions = [("answer 2 to p1", 1), ("answer 1 to p2", 3)]
    assert chosen(annotator_kind="human,adjudicated") == with_decisions
    assert chosen(annotator_kind="all") == with_decisions
    assert chosen(annotator_kind="adjudicated") == [("answer 2 to p1", 1)]


def test_a_decision_replaces_the_votes_in_training_data_only_where_it_is_asked_for(decided):
    from training.snapshot import judgments_selected

    project, _ = decided

    def selected(*kinds):
        selection = {"annotator_kinds": list(kinds), "since": None, "questions": []}
        rows = judgments_selected(project, selection).values_list("prompt__external_id", "annotator__name")
        return sorted(rows)

    p2 = [("p2", "a"), ("p2", "b"), ("p2", "c")]
    assert selected("human") == [("p1", "a"), ("p1", "b"), ("p1", "c"), *p2]
    assert selected("human", "adjudicated") == [("p1", "olga (adjudicated)"), *p2]
    assert selected("adjudicated") == [("p1", "olga (adjudicated)")]


def test_a_decision_that_is_set_aside_replaces_nothing(decided):
    project, client = decided
    decision = Judgment.objects.get(annotator_kind="adjudicated")
    assert aside(client, decision.uuid).status_code == 200
    assert (
        b"answer 2 to p1"
        not in export(
            client, project, format="trl-unpaired", annotator_kind="human,adjudicated"
        ).splitlines()[0]
    )
    summary = client.get(f"{API}/projects/{project.id}/review/summary/").json()
    assert (summary["adjudicated"], summary["set_aside"]) == (0, 1)


def test_decisions_and_what_was_set_aside_survive_a_file_byte_for_byte(client_of, decided):
    project, client = decided
    owner = project.owner
    other = make_user("rolf")
    Member.objects.create(project=project, user=other, role="reviewer")
    item = Item.objects.get(prompt__external_id="p1")
    decide(client_of(other), project, item, "tie")
    first = Judgment.objects.get(annotator__name="a", item=item)
    assert aside(client, first.uuid, "too fast").status_code == 200
    body = export(client, project)
    assert b'"author":"olga"' in body
    assert b'"author":"rolf"' in body
    assert b'"reason":"too fast"' in body
    copy = make_project(owner, questions=SEVERAL)
    report = imported(client, copy, body, strict=1)
    assert (report["errors"], report["notes"]) == ([], [])
    assert export(client, copy) == body
    assert counters()
    moved = Judgment.objects.get(project=copy, uuid=first.uuid)
    assert (moved.surplus, moved.set_aside_reason) == (True, "too fast")
    current = Judgment.objects.filter(project=copy, annotator_kind="adjudicated", superseded=False)
    assert [row.annotator.name for row in current] == ["rolf (adjudicated)"]
    assert imported(client, copy, body)["judgments_created"] == 0
    assert aside(client, f"{first.uuid}").status_code == 200


def test_an_imported_decision_names_its_author_and_an_item_takes_one(client_of):
    owner = make_user()
    project, client = make_project(owner), client_of(owner)
    decisions = [
        {"annotator_kind": "adjudicated", "author": name, "id": uuid(number), "answers": {"overall": {"choice": "c1"}}}
        for number, name in enumerate(["rita", "rolf"])
    ]  # fmt: skip
    report = imported(client, project, [line("p1", 2, decisions)])
    assert (report["judgments_created"], report["duplicates"]) == (1, 1)
    assert Judgment.objects.get().annotator.name == "rita (adjudicated)"
    later = [decisions[1] | {"supersedes": uuid(0)}]
    assert imported(client, project, [line("p1", 2, later)])["judgments_created"] == 1
    pseudonyms = export(client, project, names="pseudonyms")
    assert b"rita" not in pseudonyms
    assert b"author" not in pseudonyms
