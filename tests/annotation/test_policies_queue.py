"""The policies over rows: which items come, how they are marked, and what follows judgments and settings."""

from __future__ import annotations

from collections import Counter

import pytest

from annotation.allocation.policies import in_random_arm
from annotation.models import Item, Judgment, Lease, Project, Prompt
from annotation.services.contests import (
    contests_due,
    contests_rebuild,
    contests_requeue,
    priorities_set,
    settings_key,
)
from annotation.services.items import items_create, items_recount
from annotation.tasks import rebuild_contests
from tests.annotation.labelling import API, choose, judge_all, names, put, take
from tests.factories import RANKING, make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


def items_in_order(project):
    return list(Item.objects.filter(project=project).order_by("prompt_number", "id"))


def prioritised(values, **fields):
    """An annotator, and a project with an item for each priority."""
    ann = make_user("ann")
    project = make_project(annotators=[ann], **{"allocation": "uncertain-first", **fields})
    for _ in values:
        make_prompt(project)
    items = items_in_order(project)
    priorities_set(priorities={item.id: value for item, value in zip(items, values, strict=True)})
    return ann, project, items


@pytest.mark.parametrize("policy", ["uncertain-first", "disagreement-first"])
def test_active_policies_give_the_highest_priority_first(client_of, policy):
    ann, project, items = prioritised([0.1, 0.9, 0.5], allocation=policy)
    assert names(take(client_of(ann), project, 3)) == [str(items[place].id) for place in (1, 2, 0)]
    assert {(lease.policy, lease.arm, lease.probability) for lease in Lease.objects.all()} == {
        (policy, "active", 1.0)
    }


def test_a_high_priority_goes_before_a_small_load(client_of):
    ann, project, items = prioritised([0.1, 0.9])
    bob = make_user("bob")
    project.members.create(user=bob, role="annotator")
    assert names(take(client_of(ann), project)) == [str(items[1].id)]
    assert names(take(client_of(bob), project)) == [str(items[1].id)]


def test_the_random_arm_is_drawn_with_its_share_and_marked(client_of):
    ann, project, items = prioritised([0.5] * 60, random_share=0.5)
    Item.objects.filter(id__in=[item.id for item in items[::2]]).update(random_arm=True)
    arms = Counter()
    for _ in range(40):
        [item] = take(client_of(ann), project)
        lease = Lease.objects.get(id=int(item["lease"]))
        assert (lease.arm == "random") == lease.item.random_arm
        assert lease.probability == 0.5
        arms[lease.arm] += 1
        assert put(client_of(ann), choose(item)).status_code == 201
    assert 5 <= arms["random"] <= 35  # binomial(40, 1/2) leaves this range with probability below 1e-6
    stored = Counter(Judgment.objects.values_list("arm", flat=True))
    assert stored == arms


def test_the_random_arm_comes_in_the_order_of_random_ids(client_of):
    ann, project, items = prioritised([0.9, 0.1, 0.5, 0.2], random_share=1.0)
    Item.objects.update(random_arm=True)
    by_prompt = sorted(items, key=lambda item: item.prompt_id)
    assert names(take(client_of(ann), project, 4)) == [str(item.id) for item in by_prompt]


@pytest.mark.parametrize("policy", ["fewest-first", "uncertain-first", "disagreement-first"])
def test_everything_is_labelled_to_the_overlap_under_every_policy(client_of, policy):
    users = [make_user() for _ in range(4)]
    project = make_project(annotators=users, overlap=3, allocation=policy, random_share=0.3)
    for _ in range(4):
        make_prompt(project, ["a", "b", "c"])
    contests_rebuild(project_id=project.id)
    for user in users:
        judge_all(client_of(user), project)
    assert set(Item.objects.values_list("filled", "reserved", "load")) == {(3, 0, 3)}
    assert not Judgment.objects.filter(surplus=True).exists()


def test_a_prompts_pairs_follow_one_another_under_active_policies(client_of):
    ann, project, _ = prioritised([0.0] * 3)
    Item.objects.all().delete()
    prompts = [make_prompt(project, ["a", "b", "c", "d"]) for _ in range(3)]
    priorities_set(priorities={item.id: item.prompt_id % 7 / 7 for item in items_in_order(project)})
    prompt_of = dict(Item.objects.values_list("id", "prompt_id"))
    judged = [prompt_of[int(item)] for item in judge_all(client_of(ann), project)]
    assert [len(set(judged[start : start + 6])) for start in (0, 6, 12)] == [1, 1, 1]
    assert set(judged) == {prompt.id for prompt in prompts}


def test_the_first_pairs_of_a_prompt_connect_its_outputs(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    make_prompt(project, ["a", "b", "c", "d"])
    items = take(client_of(ann), project, 6)
    assert [item["position"]["pair"] for item in items] == [1, 2, 3, 4, 5, 6]
    connected = {frozenset(item["shown"]) for item in items[:3]}
    outputs = set().union(*connected)
    reached = set(next(iter(connected)))
    for _ in connected:
        reached |= set().union(*(pair for pair in connected if pair & reached))
    assert reached == outputs
    assert len(outputs) == 4


def test_disagreement_follows_the_judgments_and_leads_the_queue(client_of):
    ann, bob, cyd = (make_user() for _ in range(3))
    project = make_project(annotators=[ann, bob, cyd], allocation="disagreement-first", random_share=0.0)
    for _ in range(3):
        make_prompt(project)
    contests_rebuild(project_id=project.id)
    contested, agreed = take(client_of(ann), project, 2)
    for item, choices in ((contested, (0, 1)), (agreed, (0, 0))):
        first_and_second = sorted(item["shown"], key=int)
        put(client_of(ann), choose(item, first_and_second[choices[0]]))
        again = next(row for row in take(client_of(bob), project, 3) if row["item"] == item["item"])
        put(client_of(bob), choose(again, first_and_second[choices[1]]))
    values = dict(Item.objects.values_list("id", "disagreement"))
    assert values[int(contested["item"])] > values[int(agreed["item"])]
    assert max(values.values(), key=str) is None  # the third item has no votes
    assert names(take(client_of(cyd), project, 3))[0] == contested["item"]
    assert names(take(client_of(cyd), project, 3))[2] == agreed["item"]


def adaptive(client_of, choices, **fields):
    """The only item of a project with adaptive overlap after these people chose the output of this place."""
    users = [make_user() for _ in range(6)]
    project = make_project(annotators=users, **{"overlap": 3, "overlap_most": 5, "confidence": 0.9, **fields})
    prompt = make_prompt(project)
    outputs = [str(row.id) for row in prompt.completions.all()]
    for user, choice in zip(users, choices, strict=False):
        [item] = take(client_of(user), project)
        assert put(client_of(user), choose(item, outputs[choice])).json()["surplus"] is False
    return users, project, Item.objects.get(project=project)


def test_a_sure_item_is_settled_early(client_of):
    users, project, item = adaptive(client_of, [0, 0, 0], overlap=5)
    assert item.filled == 3
    assert (item.extra, item.load) == (-2, 5)
    assert take(client_of(users[5]), project) == []
    answer = client_of(users[5]).get(f"{API}/projects/{project.id}/queue/").json()
    assert (answer["reason"], answer["remaining"]) == ("all_done", 0)


def test_a_place_that_nobody_came_to_fill_is_not_asked_for_on_a_settled_item(client_of):
    users, project, item = adaptive(client_of, [0, 0], overlap=5)
    leases = [take(client_of(user), project)[0]["lease"] for user in users[2:4]]
    output = str(item.prompt.completions.first().id)
    assert put(client_of(users[2]), choose({"lease": leases[0], "shown": None}, output)).status_code == 201
    item.refresh_from_db()
    assert (item.filled, item.reserved, item.extra, item.load) == (3, 1, -1, 5)
    assert client_of(users[3]).delete(f"{API}/leases/{leases[1]}/").status_code == 204
    item.refresh_from_db()
    assert (item.filled, item.reserved, item.extra, item.load) == (3, 0, -2, 5)
    assert take(client_of(users[4]), project) == []


def test_a_contested_item_gets_one_more_person_at_a_time_up_to_the_most(client_of):
    users, project, item = adaptive(client_of, [0, 1, 0])
    assert (item.extra, item.load) == (1, 2)
    users, project, item = adaptive(client_of, [0, 1, 0, 1, 0])
    assert (item.filled, item.extra, item.load) == (5, 2, 3)
    assert take(client_of(users[5]), project) == []
    figures = client_of(project.owner).get(f"{API}/projects/{project.id}/progress/").json()
    assert (figures["fully_labelled"], figures["remaining_places"]) == (1, 0)


def test_an_edit_changes_the_places_too(client_of):
    users, _, item = adaptive(client_of, [0, 0, 0], overlap=5)
    judgment = Judgment.objects.order_by("id").last()
    other = next(name for name in judgment.shown if name != judgment.answers["overall"]["choice"])
    body = {"supersedes": str(judgment.uuid), "answers": {"overall": {"choice": other}}}
    assert put(client_of(users[2]), body).status_code == 201
    item.refresh_from_db()
    assert (item.filled, item.extra) == (3, 0)
    items_recount()
    item.refresh_from_db()
    assert (item.filled, item.extra, item.load) == (3, 0, 3)


def test_new_settings_make_everything_anew_and_twice_is_as_good_as_once(client_of):
    _, project, item = adaptive(client_of, [0, 1, 0])
    Project.objects.filter(id=project.id).update(overlap_most=None, confidence=None)
    assert project.id in contests_due()
    for _ in range(2):
        rebuild_contests(project.id)
        item.refresh_from_db()
        assert (item.extra, item.load) == (0, 3)
        assert item.disagreement > 0.5
    assert project.id not in contests_due()
    project.refresh_from_db()
    assert project.prepared_for == settings_key(project)


def test_a_changed_policy_begins_with_priorities_of_its_own():
    project = make_project(allocation="disagreement-first")
    make_prompt(project)
    contests_requeue(project)
    assert Item.objects.get().priority == pytest.approx(2 / 3, abs=0.2)
    priorities_set(priorities={Item.objects.get().id: 0.8})
    project.refresh_from_db()
    project.allocation = "uncertain-first"
    project.save()
    contests_requeue(project)
    assert Item.objects.get().priority == 0.0


def test_a_share_of_the_groups_is_marked_and_a_smaller_one_is_part_of_it():
    project = make_project(random_share=0.6)
    for number in range(40):
        make_prompt(project, group=f"group {number // 2}")
    contests_rebuild(project_id=project.id)
    expected = {p.id for p in Prompt.objects.all() if in_random_arm(project.salt, p.group, 0.6)}
    marked = set(Item.objects.filter(random_arm=True).values_list("prompt_id", flat=True))
    assert marked == expected
    assert 0 < len(marked) < 40
    Project.objects.filter(id=project.id).update(random_share=0.2)
    contests_rebuild(project_id=project.id)
    fewer = set(Item.objects.filter(random_arm=True).values_list("prompt_id", flat=True))
    assert fewer < marked


def test_a_larger_share_leaves_alone_what_the_policy_has_chosen_from(client_of):
    ann, project, _ = prioritised([0.5] * 20, random_share=0.0)
    [item] = take(client_of(ann), project)
    put(client_of(ann), choose(item))
    Project.objects.filter(id=project.id).update(random_share=1.0)
    contests_rebuild(project_id=project.id)
    assert not Item.objects.filter(random_arm=True).exists()
    prompt = make_prompt(project)
    Item.objects.filter(prompt=prompt).delete()
    items_create(prompt_ids=[prompt.id])
    assert Item.objects.get(prompt=prompt).random_arm


def test_rankings_without_a_recorded_order_disagree_too(client_of):
    ann, bob = make_user(), make_user()
    project = make_project(annotators=[ann, bob], questions=[RANKING])
    prompt = make_prompt(project, ["a", "b", "c"])
    outputs = [str(row.id) for row in prompt.completions.all()]
    for user, order in ((ann, outputs), (bob, outputs[::-1])):
        [item] = take(client_of(user), project)
        tiers = [[name] for name in order]
        body = {"lease": item["lease"], "answers": {"order": {"tiers": tiers}}, "shown": item["shown"]}
        assert put(client_of(user), body).status_code == 201
    contested = Item.objects.get().disagreement
    assert contested > 0.5
    Judgment.objects.update(shown=[])
    Item.objects.update(disagreement=None)
    contests_rebuild(project_id=project.id)
    assert Item.objects.get().disagreement == pytest.approx(contested)
