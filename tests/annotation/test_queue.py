"""The queue: who gets what, in which order, and for how long."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.models import Annotator, Item, Lease, Member
from annotation.selectors import queue
from annotation.services.lease_keeping import leases_expire
from tests.annotation.labelling import API, choose, judge_all, names, put, skip, take
from tests.factories import COMPARISON, RANKING, make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


def lapse(lease_id: str) -> None:
    """Let a lease's time be over."""
    Lease.objects.filter(id=int(lease_id)).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_an_item_comes_with_its_prompt_and_completions_in_the_order_shown(client_of):
    ann = make_user("ann")
    project = make_project(annotators=[ann])
    make_prompt(project, ["one", "two"], question="what?", sources=["model-a", "model-b"])
    answer = client_of(ann).get(f"{API}/projects/{project.id}/queue/").json()
    item = answer["items"][0]
    assert item["prompt"]["messages"] == [{"role": "user", "content": "what?"}]
    assert {row["text"] for row in item["completions"]} == {"one", "two"}
    assert [row["id"] for row in item["completions"]] == item["shown"]
    assert all(set(row) == {"id", "text"} for row in item["completions"])
    assert item["position"]["pairs"] == 1
    assert answer["remaining"] == 1
    assert answer["done"] == answer["done_today"] == 0


def test_sources_are_shown_in_a_project_that_is_not_blind(client_of):
    ann = make_user()
    project = make_project(annotators=[ann], blind=False)
    make_prompt(project, sources=["model-a", "model-b"])
    [item] = take(client_of(ann), project)
    assert {row["source"] for row in item["completions"]} == {"model-a", "model-b"}


def test_open_leases_come_back_after_a_reload_in_the_same_order(client_of):
    ann = make_user()
    project = make_project(annotators=[ann], questions=[RANKING])
    for _ in range(5):
        make_prompt(project, ["a", "b", "c"])
    client = client_of(ann)
    first = take(client, project, 3)
    again = take(client, project, 3)
    assert [item["lease"] for item in again] == [item["lease"] for item in first]
    assert [item["shown"] for item in again] == [item["shown"] for item in first]
    assert Lease.objects.count() == 3
    assert take(client, project, 4)[:3] == again


def test_a_reload_renews_the_lease(client_of):
    ann = make_user()
    project = make_project(annotators=[ann], lease_seconds=100)
    make_prompt(project)
    [item] = take(client_of(ann), project)
    soon = timezone.now() + timedelta(seconds=5)
    Lease.objects.filter(id=int(item["lease"])).update(expires_at=soon)
    take(client_of(ann), project)
    assert Lease.objects.get(id=int(item["lease"])).expires_at > soon + timedelta(seconds=50)


def test_items_with_the_fewest_judgments_come_first(client_of):
    ann, bob, cyd = make_user(), make_user(), make_user()
    project = make_project(annotators=[ann, bob, cyd], overlap=2)
    for _ in range(3):
        make_prompt(project)
    items = take(client_of(ann), project, 2)
    for item in items:
        assert put(client_of(ann), choose(item)).status_code == 201
    [untouched] = take(client_of(bob), project)
    assert untouched["item"] not in names(items)
    [next_least] = take(client_of(cyd), project)
    assert next_least["item"] in names(items)


def test_pairs_of_a_prompt_come_one_after_the_other(client_of):
    ann, bob = make_user(), make_user()
    project = make_project(annotators=[ann, bob], overlap=2)
    for _ in range(3):
        make_prompt(project, ["a", "b", "c"])
    prompt_of = {str(item.id): item.prompt_id for item in Item.objects.all()}
    take(client_of(bob), project, 4)
    judged = judge_all(client_of(ann), project)
    prompts = [prompt_of[item] for item in judged]
    assert len(judged) == 9
    assert len(set(prompts[:3])) == len(set(prompts[3:6])) == len(set(prompts[6:])) == 1


def test_position_says_which_pair_of_how_many(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    make_prompt(project, ["a", "b", "c"])
    items = take(client_of(ann), project, 3)
    assert [(item["position"]["pair"], item["position"]["pairs"]) for item in items] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]


def test_no_more_leases_than_places_are_open(client_of):
    users = [make_user() for _ in range(3)]
    project = make_project(annotators=users, overlap=2)
    make_prompt(project)
    taken = [take(client_of(user), project) for user in users]
    assert [len(items) for items in taken] == [1, 1, 0]
    answer = client_of(users[2]).get(f"{API}/projects/{project.id}/queue/").json()
    assert answer["reason"] == "all_leased"
    item = Item.objects.get()
    assert (item.filled, item.reserved) == (0, 2)


def test_an_expired_lease_goes_to_somebody_else(client_of):
    ann, bob = make_user(), make_user()
    project = make_project(annotators=[ann, bob], overlap=1)
    make_prompt(project)
    [item] = take(client_of(ann), project)
    assert take(client_of(bob), project) == []
    lapse(item["lease"])
    assert names(take(client_of(bob), project)) == [item["item"]]


def test_expiring_twice_frees_a_place_once(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    make_prompt(project)
    [item] = take(client_of(ann), project)
    lapse(item["lease"])
    assert leases_expire() == 1
    assert leases_expire() == 0
    assert Item.objects.get().reserved == 0


def test_a_returned_lease_frees_the_place(client_of):
    ann, bob = make_user(), make_user()
    project = make_project(annotators=[ann, bob], overlap=1)
    make_prompt(project)
    [item] = take(client_of(ann), project)
    for _ in range(2):
        assert client_of(ann).delete(f"{API}/leases/{item['lease']}/").status_code == 204
    assert Item.objects.get().reserved == 0
    assert names(take(client_of(bob), project)) == [item["item"]]


def test_nobody_returns_the_lease_of_another(client_of):
    ann, bob = make_user(), make_user()
    project = make_project(annotators=[ann, bob])
    make_prompt(project)
    [item] = take(client_of(ann), project)
    assert client_of(bob).delete(f"{API}/leases/{item['lease']}/").status_code == 404
    assert client_of(bob).delete(f"{API}/leases/none/").status_code == 404


def test_a_skipped_item_goes_to_others_and_is_parked_after_three(client_of):
    users = [make_user() for _ in range(4)]
    project = make_project(annotators=users, overlap=1)
    make_prompt(project)
    for user in users[:3]:
        [item] = take(client_of(user), project)
        assert put(client_of(user), skip(item)).status_code == 201
        assert take(client_of(user), project) == []
    row = Item.objects.get()
    assert (row.filled, row.reserved, row.skips) == (0, 0, 3)
    assert row.parked_at is not None
    assert take(client_of(users[3]), project) == []


def test_each_annotator_has_an_order_of_their_own_and_every_completion_leads_equally_often(client_of):
    users = [make_user() for _ in range(6)]
    project = make_project(annotators=users, questions=[RANKING], overlap=6)
    for _ in range(20):
        make_prompt(project, ["a", "b"])
    leads = Counter(
        next(row["text"] for row in item["completions"] if row["id"] == item["shown"][0])
        for user in users
        for item in take(client_of(user), project, 20)
    )
    assert 30 <= leads["a"] <= 90  # binomial(120, 1/2) leaves this range with probability below 1e-7


def test_without_shuffling_the_order_is_that_of_the_import(client_of):
    ann = make_user()
    project = make_project(annotators=[ann], questions=[RANKING], shuffle=False)
    for _ in range(5):
        make_prompt(project, ["a", "b", "c"])
    for item in take(client_of(ann), project, 5):
        assert [row["text"] for row in item["completions"]] == ["a", "b", "c"]


def test_the_lease_records_policy_arm_and_probability(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    make_prompt(project)
    take(client_of(ann), project)
    lease = Lease.objects.get()
    assert (lease.policy, lease.arm, lease.probability) == ("fewest-first", "main", 1.0)


def test_an_imported_annotator_keeps_the_name(client_of):
    ann = make_user("ann")
    project = make_project(annotators=[ann])
    make_prompt(project)
    Annotator.objects.create(project=project, name="ann")
    take(client_of(ann), project)
    assert Annotator.objects.get(user=ann).name == "ann-2"


def test_an_empty_queue_says_why(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    queue = f"{API}/projects/{project.id}/queue/"
    assert client_of(ann).get(queue).json()["reason"] == "empty_project"
    make_prompt(project)
    judge_all(client_of(ann), project)
    answer = client_of(ann).get(queue).json()
    assert (answer["reason"], answer["remaining"], answer["done"], answer["done_today"]) == (
        "all_done",
        0,
        1,
        1,
    )


def test_strangers_former_members_and_malformed_requests_get_nothing(client_of):
    ann, stranger = make_user(), make_user()
    project = make_project(annotators=[ann])
    make_prompt(project)
    queue = f"{API}/projects/{project.id}/queue/"
    assert client_of(None).get(queue).status_code == 401
    assert client_of(stranger).get(queue).status_code == 404
    for count in ("0", "-1", "x", "51", "٣", "9" * 40):
        assert client_of(ann).get(f"{queue}?count={count}").status_code == 400
    Member.objects.filter(user=ann).delete()
    assert client_of(ann).get(queue).status_code == 404


def test_reviewers_and_owners_may_label_too(client_of):
    owner = make_user()
    project = make_project(owner, questions=[COMPARISON])
    make_prompt(project)
    assert len(judge_all(client_of(owner), project)) == 1


def test_a_project_whose_questions_change_renews_leases_to_the_new_ones(client_of):
    from annotation.models import Question, Revision

    ann = make_user()
    project = make_project(annotators=[ann])
    make_prompt(project)
    take(client_of(ann), project)
    second = Revision.objects.create(project=project, number=2)
    Question.objects.create(revision=second, position=0, **COMPARISON)
    take(client_of(ann), project)
    assert Lease.objects.get().revision_id == second.id


def test_what_remains_of_very_many_items_is_counted_by_the_newest_judgments(client_of, monkeypatch):
    monkeypatch.setattr(queue, "HAD_MOST", 2)
    ann, bob = make_user(), make_user()
    project = make_project(annotators=[ann, bob], overlap=2)
    for _ in range(8):
        make_prompt(project)
    address = f"{API}/projects/{project.id}/queue/"
    for left in range(8, 4, -1):
        answer = client_of(ann).get(address).json()
        assert answer["remaining"] == left
        assert put(client_of(ann), choose(answer["items"][0])).status_code == 201
    assert client_of(bob).get(address).json()["remaining"] == 8
