"""Pools: prompts that only named people and groups are given."""

from __future__ import annotations

import orjson
import pytest

from annotation.models import Annotator, Item, Pool, Prompt
from annotation.tasks import fill_pool
from tests.annotation.labelling import API, choose, judge_all, names, put, take
from tests.factories import make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_user("ann"), make_user("bob")


@pytest.fixture
def project(people):
    return make_project(annotators=people, overlap=2)


@pytest.fixture
def admin(client_of, project):
    return client_of(project.owner)


def make_pool(admin, project, name="medicine", **fields):
    answer = admin.post(f"{API}/projects/{project.id}/pools/", {"name": name, **fields}, format="json")
    assert answer.status_code == 201, answer.content
    return answer.json()


def fill(admin, project, pool, **criterion):
    url = f"{API}/projects/{project.id}/pools/{pool['id']}/prompts/"
    return admin.post(url, criterion, format="json")


def items_of(prompt):
    return [str(pk) for pk in Item.objects.filter(prompt=prompt).values_list("id", flat=True)]


def test_a_pools_items_go_only_to_its_people_and_come_first(client_of, admin, people, project):
    ann, bob = people
    everybodys, pooled = make_prompt(project), make_prompt(project)
    pool = make_pool(admin, project, annotators=["ann"])
    assert fill(admin, project, pool, ids=[str(pooled.id)]).json() == {"prompts": 1, "queued": False}
    assert names(take(client_of(ann), project, 2)) == items_of(pooled) + items_of(everybodys)
    assert names(take(client_of(bob), project, 2)) == items_of(everybodys)
    remaining = [
        client_of(user).get(f"{API}/projects/{project.id}/queue/").json()["remaining"] for user in people
    ]
    assert remaining == [2, 1]
    listed = admin.get(f"{API}/projects/{project.id}/pools/").json()["results"]
    assert [(row["name"], row["annotators"], row["prompts"], row["items_open"]) for row in listed] == [
        ("medicine", ["ann"], 1, 1)
    ]


def test_a_pool_may_be_given_to_groups(client_of, admin, people, project):
    ann, bob = people
    prompt = make_prompt(project)
    pool = make_pool(admin, project, groups=["doctors"])
    fill(admin, project, pool, ids=[str(prompt.id)])
    assert take(client_of(ann), project) == take(client_of(bob), project) == []
    ann_row = Annotator.objects.get(user=ann)
    url = f"{API}/projects/{project.id}/annotators/{ann_row.id}/"
    answer = admin.patch(url, {"groups": ["doctors", "night shift"]}, format="json").json()
    assert (answer["groups"], answer["pools"]) == (["doctors", "night shift"], ["medicine"])
    assert len(take(client_of(ann), project)) == 1
    assert take(client_of(bob), project) == []


def test_an_open_lease_stays_when_a_prompt_changes_pools(client_of, admin, people, project):
    _, bob = people
    prompt = make_prompt(project)
    [held] = take(client_of(bob), project)
    pool = make_pool(admin, project, annotators=["ann"])
    fill(admin, project, pool, ids=[str(prompt.id)])
    assert names(take(client_of(bob), project)) == [held["item"]]
    assert put(client_of(bob), choose(held)).json()["surplus"] is False


def test_the_other_pairs_of_a_begun_prompt_stay_in_the_pool(client_of, admin, people, project):
    _, bob = people
    prompt = make_prompt(project, ["a", "b", "c"])
    [first] = take(client_of(bob), project)
    put(client_of(bob), choose(first))
    pool = make_pool(admin, project, annotators=["ann"])
    fill(admin, project, pool, ids=[str(prompt.id)])
    assert take(client_of(bob), project, 3) == []


def test_a_pool_is_finished_before_what_is_everybodys(client_of, admin, people, project):
    ann, _ = people
    prompts = [make_prompt(project, ["a", "b", "c"]) for _ in range(4)]
    pool = make_pool(admin, project, annotators=["ann"])
    fill(admin, project, pool, ids=[str(prompts[3].id), str(prompts[2].id)])
    prompt_of = dict(Item.objects.values_list("id", "prompt_id"))
    order = [prompt_of[int(item)] for item in judge_all(client_of(ann), project)]
    assert set(order[:6]) == {prompts[2].id, prompts[3].id}
    assert len(order) == 12


@pytest.mark.parametrize("policy", ["uncertain-first", "disagreement-first"])
def test_every_policy_keeps_to_the_pools(client_of, people, policy):
    ann, bob = people
    project = make_project(annotators=people, allocation=policy)
    everybodys, pooled = make_prompt(project), make_prompt(project)
    pool = Pool.objects.create(project=project, name="medicine")
    pool.annotators.add(Annotator.objects.create(project=project, name="ann", user=ann))
    for rows in (Item.objects.filter(prompt=pooled), Prompt.objects.filter(id=pooled.id)):
        rows.update(pool=pool)
    assert names(take(client_of(bob), project, 5)) == items_of(everybodys)
    assert names(take(client_of(ann), project, 5)) == items_of(pooled) + items_of(everybodys)


def test_prompts_are_found_by_text_metadata_and_for_being_in_no_pool(admin, project):
    river, sea = make_prompt(project, question="a river"), make_prompt(project, question="the sea")
    Prompt.objects.filter(id=sea.id).update(metadata={"topic": "water", "level": 2, "a.b'\"": True})
    pool = make_pool(admin, project)
    assert fill(admin, project, pool, q="river").json()["prompts"] == 1
    assert fill(admin, project, pool, metadata={"topic": "fire"}).json()["prompts"] == 0
    assert fill(admin, project, pool, metadata={"level": 2, "topic": "water"}).json()["prompts"] == 1
    assert fill(admin, project, pool, metadata={"a.b'\"": True}).json()["prompts"] == 0  # it is in there
    assert set(Item.objects.values_list("pool__name", flat=True)) == {"medicine"}
    assert fill(admin, project, pool, ids=[str(river.id)], remove=True).json()["prompts"] == 1
    assert fill(admin, project, make_pool(admin, project, "rest"), unpooled=True).json()["prompts"] == 1
    assert set(Prompt.objects.values_list("pool__name", flat=True)) == {"medicine", "rest"}


def test_many_prompts_are_moved_by_a_worker_twice_without_harm(admin, project):
    prompts = [make_prompt(project) for _ in range(3)]
    pool = make_pool(admin, project)
    for _ in range(2):
        fill_pool(project.id, int(pool["id"]), {"unpooled": True}, remove=False)
    assert Item.objects.filter(pool_id=pool["id"]).count() == len(prompts)


def test_a_pool_that_is_deleted_leaves_its_prompts_to_everybody(client_of, admin, people, project):
    prompt = make_prompt(project)
    pool = make_pool(admin, project)
    fill(admin, project, pool, ids=[str(prompt.id)])
    assert admin.delete(f"{API}/projects/{project.id}/pools/{pool['id']}/").status_code == 204
    assert len(take(client_of(people[1]), project)) == 1


def test_pools_change_their_name_and_people(admin, project):
    pool = make_pool(admin, project, annotators=["ann", "bob"], groups=["x"])
    url = f"{API}/projects/{project.id}/pools/{pool['id']}/"
    answer = admin.patch(url, {"name": "law", "annotators": ["bob"]}, format="json").json()
    assert (answer["name"], answer["annotators"], answer["groups"]) == ("law", ["bob"], ["x"])
    make_pool(admin, project)
    assert admin.patch(url, {"name": "medicine"}, format="json").status_code == 409


@pytest.mark.parametrize(
    "criterion",
    [{}, {"q": ""}, {"metadata": {"a": [1]}}, {"metadata": {"a": None}}, {"ids": "x"}, {"metadata": "x"}],
)
def test_a_filter_that_names_nothing_is_refused(admin, project, criterion):
    assert fill(admin, project, make_pool(admin, project), **criterion).status_code == 400


def test_unknown_people_and_pools_are_refused(client_of, admin, people, project):
    url = f"{API}/projects/{project.id}/pools/"
    answer = admin.post(url, {"name": "x", "annotators": ["nobody"]}, format="json")
    assert answer.status_code == 422
    assert "annotators" in answer.json()["error"]["fields"]
    other = make_pool(client_of(project.owner), make_project(project.owner))
    assert admin.patch(f"{url}{other['id']}/", {"name": "y"}, format="json").status_code == 404
    assert fill(admin, project, {"id": "99999999999999999999"}, unpooled=True).status_code == 404
    assert client_of(people[0]).get(url).status_code == 403


def test_a_file_names_pools_and_an_export_keeps_them(admin, project, people):
    lines = [
        {"id": "p1", "prompt": "one?", "completions": [{"text": "a"}, {"text": "b"}], "pool": "medicine"},
        {"id": "p2", "prompt": "two?", "completions": [{"text": "a"}, {"text": "b"}]},
    ]
    body = b"\n".join(orjson.dumps(line) for line in lines)
    url = f"{API}/projects/{project.id}/imports/?format=native"
    answer = admin.post(url, body, content_type="application/x-ndjson")
    assert answer.status_code == 201, answer.content
    pools = dict(Prompt.objects.values_list("external_id", "pool__name"))
    assert pools == {"p1": "medicine", "p2": None}
    assert set(Item.objects.values_list("prompt__external_id", "pool__name")) == set(pools.items())
    exported = b"".join(admin.get(f"{API}/projects/{project.id}/export/?format=jsonl").streaming_content)
    assert [orjson.loads(line).get("pool") for line in exported.splitlines()] == ["medicine", None]
    copy = make_project(project.owner)
    again = admin.post(
        f"{API}/projects/{copy.id}/imports/?format=native", exported, content_type="application/x-ndjson"
    )
    assert again.status_code == 201
    assert b"".join(admin.get(f"{API}/projects/{copy.id}/export/?format=jsonl").streaming_content) == exported


def test_new_outputs_of_a_pooled_prompt_make_pairs_in_the_pool(admin, project):
    url = f"{API}/projects/{project.id}/imports/?format=native"
    line = {"id": "p1", "prompt": "one?", "pool": "medicine"}
    for texts in ("ab", "abc"):
        outputs = [{"id": text, "text": text} for text in texts]
        body = orjson.dumps({**line, "completions": outputs})
        assert admin.post(url, body, content_type="application/x-ndjson").status_code == 201
        line.pop("pool", None)
    assert list(Item.objects.values_list("pool__name", flat=True)) == ["medicine"] * 3


def test_imported_items_are_marked_for_the_random_arm_by_group(admin, project):
    type(project).objects.filter(id=project.id).update(random_share=1.0)
    url = f"{API}/projects/{project.id}/imports/?format=native"
    body = orjson.dumps({"id": "p1", "prompt": "one?", "completions": [{"text": "a"}, {"text": "b"}]})
    assert admin.post(url, body, content_type="application/x-ndjson").status_code == 201
    assert Item.objects.get().random_arm
