"""Hidden repeats: an own item once more, the other way round, and nobody can tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.models import Annotator, Item, Judgment, Lease, Purpose
from annotation.selectors.standing import rules_of
from annotation.services.probes import REPEAT_AFTER
from tests.annotation.labelling import API, choose, put, take
from tests.annotation.trusting import make_policy
from tests.factories import make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


def worked(client_of, *, prompts: int = 60, judged: int = 40, share: float = 0.5, age: int = 60):
    """Somebody who judged many items `age` minutes ago, in a project that asks many repeats."""
    ann = make_user()
    project = make_project(annotators=[ann], overlap=1)
    for _ in range(prompts):
        make_prompt(project)
    make_policy(project, repeat_share=0.0)
    client = client_of(ann)
    for item in take(client, project, judged):
        assert put(client, choose(item)).status_code == 201
    Judgment.objects.update(submitted_at=timezone.now() - timedelta(minutes=age))
    make_policy(project, repeat_share=share)
    return client, project


def repeats(project) -> set[int]:
    return set(
        Lease.objects.filter(project=project, purpose=Purpose.REPEAT).values_list("item_id", flat=True)
    )


def test_a_repeat_shows_the_other_order_and_is_stored_beside_the_figures(client_of):
    client, project = worked(client_of)
    items = take(client, project, 15)
    again = repeats(project)
    assert again
    filled = dict(Item.objects.values_list("id", "filled"))
    for item in items:
        before = Judgment.objects.filter(item_id=int(item["item"]), superseded=False).first()
        response = put(client, choose(item))
        assert response.status_code == 201
        told = response.json()
        assert (told["surplus"], told["purpose"], told["policy"]) == (False, "work", "fewest-first")
        assert (told["arm"], told["probability"]) == ("main", 1.0)
        if int(item["item"]) in again:
            assert before.shown == item["shown"][::-1]
            stored = Judgment.objects.get(uuid=told["uuid"])
            assert (stored.purpose, stored.surplus) == (Purpose.REPEAT, True)
            assert Item.objects.get(id=before.item_id).filled == filled[before.item_id]
    done = client.get(f"{API}/projects/{project.id}/queue/").json()["done"]
    assert done == 40 + 15


def test_an_item_is_repeated_once_and_an_edited_repeat_stays_one(client_of):
    client, project = worked(client_of)
    for item in take(client, project, 5):
        put(client, choose(item))
    again = repeats(project)
    assert again
    for item in take(client, project, 50):
        put(client, choose(item))
    judged = Judgment.objects.filter(purpose=Purpose.REPEAT).first()
    body = {"supersedes": str(judged.uuid), "answers": {"overall": {"choice": judged.shown[1]}}}
    assert put(client, body).status_code == 201
    edited = Judgment.objects.get(supersedes=judged)
    assert (edited.purpose, edited.surplus) == (Purpose.REPEAT, True)
    original = Judgment.objects.get(item=judged.item, purpose=Purpose.WORK)
    assert not original.superseded
    Judgment.objects.update(submitted_at=timezone.now() - timedelta(minutes=60))
    take(client, project, 50)
    counted = Lease.objects.filter(purpose=Purpose.REPEAT).values_list("item_id", flat=True)
    assert len(counted) == len(set(counted))
    assert again <= set(counted)


@pytest.mark.parametrize(("judged", "age"), [(REPEAT_AFTER, 60), (40, 1)])
def test_nothing_is_repeated_too_early(client_of, judged, age):
    client, project = worked(client_of, judged=judged, age=age)
    take(client, project, 20)
    assert repeats(project) == set()


def test_a_project_without_rules_repeats_a_few(client_of):
    _, project = worked(client_of)
    project.trust_policy.delete()
    rules = rules_of(project.id, fresh=True)
    assert (rules.repeat_share, rules.gold_share) == (0.03, 0.0)


def test_other_people_and_other_projects_are_not_repeated(client_of):
    _, project = worked(client_of)
    bob = make_user()
    project.members.create(user=bob, role="annotator")
    take(client_of(bob), project, 20)
    assert not Lease.objects.filter(annotator__user=bob, purpose=Purpose.REPEAT).exists()
    assert Annotator.objects.filter(project=project).count() == 2


def test_a_second_answer_to_a_repeat_is_refused_as_one_to_work_is(client_of):
    client, project = worked(client_of)
    items = take(client, project, 10)
    again = repeats(project)
    [item] = [item for item in items if int(item["item"]) in again][:1]
    work = next(item for item in items if int(item["item"]) not in again)
    for one in (item, work):
        assert put(client, choose(one)).status_code == 201
        second = put(client, choose(one))
        assert (second.status_code, second.json()["error"]["code"]) == (409, "already_judged")
    assert Judgment.objects.filter(item_id=int(item["item"])).count() == 2


def test_repeats_tell_no_other_policy_than_work_does_after_the_policy_changed(client_of):
    client, project = worked(client_of)
    for item in take(client, project, 20):
        put(client, choose(item))
    assert Judgment.objects.filter(purpose=Purpose.REPEAT).exists()
    Judgment.objects.filter(purpose=Purpose.REPEAT).update(set_aside_at=timezone.now())
    Judgment.objects.filter(purpose=Purpose.WORK, id__lt=Judgment.objects.first().id + 5).update(
        set_aside_at=timezone.now(), surplus=True
    )
    project.allocation, project.random_share = "uncertain-first", 0.25
    project.save()
    told = client.get(f"{API}/projects/{project.id}/judgments/?limit=100").json()["results"]
    assert {(row["purpose"], row["policy"], row["arm"], row["probability"]) for row in told} == {
        ("work", "uncertain-first", "active", 0.75)
    }
    assert {row["surplus"] for row in told if row["set_aside"]} == {True}
    assert {row["surplus"] for row in told if not row["set_aside"]} == {False}


def test_what_remains_falls_by_one_whatever_is_answered(client_of):
    client, project = worked(client_of)
    url = f"{API}/projects/{project.id}/queue/"
    left = client.get(url).json()["remaining"]
    assert left == 20
    done = 40
    while left > 1:
        [item] = take(client, project)
        done += 1
        assert item["position"] == {"prompt": done, "pair": 1, "pairs": 1}
        assert put(client, choose(item)).status_code == 201
        assert client.get(url).json()["remaining"] == left - 1
        left -= 1
    assert Judgment.objects.filter(purpose=Purpose.REPEAT).exists()
