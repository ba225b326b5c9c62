"""How much somebody may do, and pauses: nothing is handed out, and what is sent is still taken."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from annotation.models import Annotator, Item, Judgment, Lease, Project
from annotation.selectors import desk
from tests.annotation.labelling import API, choose, judge_all, put, take
from tests.factories import make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


def queue_of(client, project, count=1):
    return client.get(f"{API}/projects/{project.id}/queue/?count={count}").json()


def setup_project(prompts=6, **fields):
    ann = make_user("ann")
    project = make_project(annotators=[ann], **fields)
    for _ in range(prompts):
        make_prompt(project)
    return ann, project


def change(client, project, name, **fields):
    annotator = Annotator.objects.get(project=project, name=name)
    return client.patch(f"{API}/projects/{project.id}/annotators/{annotator.id}/", fields, format="json")


def test_a_quota_ends_the_queue_and_says_so(client_of):
    ann, project = setup_project(quota_total=2)
    assert queue_of(client_of(ann), project)["remaining"] == 2
    assert len(judge_all(client_of(ann), project)) == 2
    answer = queue_of(client_of(ann), project)
    assert (answer["items"], answer["reason"], answer["remaining"]) == ([], "quota_reached", 0)


def test_no_more_is_leased_than_the_quota_leaves(client_of):
    ann, project = setup_project(quota_total=2)
    assert len(take(client_of(ann), project, 5)) == 2
    assert Lease.objects.count() == 2


def test_the_daily_quota_begins_anew_each_day(client_of):
    ann, project = setup_project(quota_daily=2)
    judge_all(client_of(ann), project)
    assert queue_of(client_of(ann), project)["reason"] == "daily_quota_reached"
    Judgment.objects.update(submitted_at=timezone.now() - timedelta(days=1))
    assert len(take(client_of(ann), project, 5)) == 2


def test_an_annotators_own_quota_goes_before_the_projects(client_of):
    ann, project = setup_project(quota_total=2)
    judge_all(client_of(ann), project)
    admin = client_of(project.owner)
    changed = change(admin, project, "ann", quota_total=3)
    assert changed.status_code == 200
    assert (changed.json()["quota_total"], changed.json()["done"], changed.json()["done_today"]) == (3, 2, 2)
    assert len(take(client_of(ann), project, 5)) == 1
    assert change(admin, project, "ann", quota_total=0).status_code == 200
    assert queue_of(client_of(ann), project)["reason"] == "quota_reached"
    assert change(admin, project, "ann", quota_total=None).json()["quota_total"] is None


def test_a_paused_project_hands_out_nothing_and_takes_everything(client_of):
    ann, project = setup_project()
    [held] = take(client_of(ann), project)
    for _ in range(2):
        assert client_of(project.owner).post(f"{API}/projects/{project.id}/pause/").status_code == 200
    answer = queue_of(client_of(ann), project)
    assert (answer["items"], answer["reason"], answer["remaining"]) == ([], "project_paused", 0)
    assert put(client_of(ann), choose(held)).status_code == 201
    assert not Judgment.objects.get().surplus
    assert client_of(project.owner).post(f"{API}/projects/{project.id}/resume/").status_code == 200
    assert len(take(client_of(ann), project)) == 1
    assert Project.objects.get(id=project.id).paused_at is None


def test_only_admins_pause(client_of):
    ann, project = setup_project()
    take(client_of(ann), project)
    for action in ("pause", "resume"):
        assert client_of(ann).post(f"{API}/projects/{project.id}/{action}/").status_code == 403
    assert client_of(ann).get(f"{API}/projects/{project.id}/annotators/").status_code == 403
    assert change(client_of(ann), project, "ann", paused=True).status_code == 403


def test_a_paused_annotator_keeps_what_is_sent_and_goes_on_after_the_pause(client_of):
    ann, project = setup_project()
    [held] = take(client_of(ann), project)
    admin = client_of(project.owner)
    paused = change(admin, project, "ann", paused=True).json()
    assert (paused["paused"], paused["paused_because"]) == (True, "hand")
    assert queue_of(client_of(ann), project)["reason"] == "you_are_paused"
    assert put(client_of(ann), choose(held)).status_code == 201
    assert change(admin, project, "ann", paused=False).json()["paused"] is False
    assert len(take(client_of(ann), project)) == 1
    assert Item.objects.filter(reserved=1).count() == 1


def test_annotators_are_listed_with_what_they_did(client_of):
    ann, project = setup_project()
    judge_all(client_of(ann), project)
    Annotator.objects.create(project=project, name="imported")
    rows = client_of(project.owner).get(f"{API}/projects/{project.id}/annotators/").json()["results"]
    assert [(row["name"], row["username"], row["done"], row["groups"]) for row in rows] == [
        ("ann", "ann", 6, []),
        ("imported", None, 0, []),
    ]


@pytest.mark.parametrize(
    "fields", [{"quota_total": -1}, {"quota_daily": 2**40}, {"groups": "x"}, {"paused": "perhaps"}]
)
def test_bad_settings_are_refused_with_their_place(client_of, fields):
    ann, project = setup_project()
    take(client_of(ann), project)
    answer = change(client_of(project.owner), project, "ann", **fields)
    assert answer.status_code == 400
    assert next(iter(answer.json()["error"]["fields"])).startswith(next(iter(fields)))


def test_an_annotator_of_another_project_is_not_found(client_of):
    ann, project = setup_project()
    other = make_project(project.owner)
    take(client_of(ann), project)
    annotator = Annotator.objects.get(user=ann)
    url = f"{API}/projects/{other.id}/annotators/{annotator.id}/"
    assert client_of(project.owner).patch(url, {"paused": True}, format="json").status_code == 404


def test_a_large_count_is_carried_on_by_what_came_since_and_stays_exact(client_of, monkeypatch):
    monkeypatch.setattr(desk, "COUNTED_ANEW_UP_TO", 2)
    monkeypatch.setattr(desk, "_done", {})
    ann, project = setup_project(prompts=8)
    client = client_of(ann)

    def counts():
        answer = queue_of(client, project)
        return answer["done"], answer["done_today"]

    uuids = [str(uuid4()) for _ in range(3)]
    for uuid, item in zip(uuids, take(client, project, 3), strict=True):
        assert put(client, choose(item), uuid).status_code == 201
    assert counts() == (3, 3)
    assert desk._done
    item = take(client, project)[0]
    assert put(client, choose(item)).status_code == 201
    assert counts() == (4, 4)
    # One that was counted is edited, then skipped; one that came since is edited.
    last = None
    for status, expected in (("submitted", (4, 4)), ("skipped", (3, 3))):
        replaced = last or uuids[0]
        old = Judgment.objects.get(uuid=replaced)
        answers = {"overall": {"choice": old.shown[0]}} if status == "submitted" else {}
        body = {
            "supersedes": replaced,
            "status": status,
            "answers": answers,
            "shown": old.shown,
            "reason": "r",
        }
        last = str(uuid4())
        response = put(client, body, last)
        assert response.status_code == 201, response.content
        assert counts() == expected
    desk._done.clear()
    assert counts() == (3, 3)
