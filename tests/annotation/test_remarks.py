"""Remarks: who reads what, and what is unread."""

from __future__ import annotations

import pytest

from annotation.models import Annotator, Item, Member, Project, Remark, User
from tests.annotation.importing import imported, line, vote
from tests.annotation.labelling import API, choose, put, take
from tests.factories import make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(client_of) -> dict[str, User]:
    return {name: make_user(name) for name in ("ann", "bob", "rita", "rolf")}


@pytest.fixture
def project(client_of, people) -> Project:
    project = make_project(make_user("owner"), annotators=[people["ann"], people["bob"]], overlap=2)
    for name in ("rita", "rolf"):
        Member.objects.create(project=project, user=people[name], role="reviewer")
    make_prompt(project)
    make_prompt(project)
    for name in ("ann", "bob"):
        for task in take(client_of(people[name]), project, 2):
            assert put(client_of(people[name]), choose(task)).status_code == 201
    return project


def thread(project: Project, name: str = "", place: int = 0, *, read: bool = False) -> str:
    """The address of the thread on an item with an annotator."""
    item = Item.objects.filter(project=project).order_by("prompt_number")[place]
    address = f"{API}/projects/{project.id}/items/{item.id}/remarks/{'read/' if read else ''}"
    if not name:
        return address
    return f"{address}?annotator={Annotator.objects.get(project=project, name=name).id}"


def write(client, address: str, text: str):
    return client.post(address, {"text": text}, format="json")


def unread(client, project: Project, **parameters: str) -> tuple[int, list[tuple[str, int]]]:
    """How much is unread, and the threads with how much is unread in each."""
    body = client.get(f"{API}/projects/{project.id}/remarks/", parameters).json()
    return body["unread"], [(row["annotator"]["name"], row["unread"]) for row in body["results"]]


def test_reviewer_and_annotator_talk_and_nobody_else_listens(client_of, people, project):
    clients = {name: client_of(user) for name, user in people.items()}
    first = write(clients["rita"], thread(project, "ann"), "Why **B**?")
    assert first.status_code == 201
    assert (first.json()["author"], first.json()["from"]) == ("rita", "reviewer")
    assert unread(clients["ann"], project) == (1, [("ann", 1)])
    assert unread(clients["bob"], project) == (0, [])
    assert unread(clients["rita"], project) == (0, [("ann", 0)])
    said = clients["ann"].get(thread(project)).json()["results"]
    assert [row["text"] for row in said] == ["Why **B**?"]
    assert write(clients["ann"], thread(project), "It answers the question.").json()["from"] == "annotator"
    assert clients["bob"].get(thread(project, "ann")).status_code == 404
    assert write(clients["bob"], thread(project, "ann"), "x").status_code == 404
    assert clients["bob"].get(thread(project)).json()["results"] == []
    for name in ("rita", "rolf"):
        assert unread(clients[name], project) == (1, [("ann", 1)])
        rows = clients[name].get(thread(project, "ann")).json()["results"]
        assert [row["from"] for row in rows] == ["reviewer", "annotator"]


def test_reading_is_told_by_the_side_that_reads(client_of, people, project):
    rita, ann = client_of(people["rita"]), client_of(people["ann"])
    write(rita, thread(project, "ann"), "one")
    write(rita, thread(project, "ann"), "two")
    assert unread(ann, project)[0] == 2
    assert client_of(people["rolf"]).post(thread(project, "ann", read=True)).status_code == 204
    assert unread(ann, project)[0] == 2
    assert ann.post(thread(project, read=True)).status_code == 204
    assert unread(ann, project) == (0, [("ann", 0)])
    write(ann, thread(project), "three")
    assert unread(ann, project)[0] == 0
    rita.post(thread(project, "ann", read=True))
    assert unread(client_of(people["rolf"]), project)[0] == 0
    assert Remark.objects.filter(read_at=None).count() == 0


def test_unread_threads_come_first_with_the_judgment_they_are_about(client_of, people, project):
    rita, ann = client_of(people["rita"]), client_of(people["ann"])
    write(rita, thread(project, "ann", 0), "first")
    write(rita, thread(project, "ann", 1), "second")
    ann.post(thread(project, place=1, read=True))
    rows = ann.get(f"{API}/projects/{project.id}/remarks/").json()["results"]
    assert [(row["last"]["text"], row["unread"]) for row in rows] == [("first", 1), ("second", 0)]
    own = ann.get(f"{API}/projects/{project.id}/judgments/").json()["results"]
    assert {row["judgment"] for row in rows} == {row["uuid"] for row in own}
    page = ann.get(f"{API}/projects/{project.id}/remarks/?limit=1").json()
    assert [row["last"]["text"] for row in page["results"]] == ["first"]
    assert [row["last"]["text"] for row in ann.get(page["next"]).json()["results"]] == ["second"]


def test_a_reviewer_who_labels_is_spoken_to_by_the_other_reviewers(client_of, people, project):
    rita, rolf = client_of(people["rita"]), client_of(people["rolf"])
    make_prompt(project)
    [task] = take(rita, project)
    put(rita, choose(task))
    item = Item.objects.get(id=int(task["item"]))
    address = f"{API}/projects/{project.id}/items/{item.id}/remarks/"
    annotator = Annotator.objects.get(name="rita")
    write(rolf, f"{address}?annotator={annotator.id}", "Look again, please.")
    assert unread(rita, project, annotator="me") == (1, [("rita", 1)])
    assert unread(rolf, project)[0] == 0
    write(rita, address, "Done.")
    assert unread(rolf, project)[0] == 1
    rita.post(f"{address}read/")
    assert unread(rita, project)[0] == 0
    assert unread(rolf, project)[0] == 1


def test_annotators_speak_only_about_what_concerns_them(client_of, people, project):
    make_prompt(project)
    assert write(client_of(people["ann"]), thread(project, place=2), "hello").status_code == 404
    assert write(client_of(people["ann"]), thread(project, place=1), "I was not sure.").status_code == 201
    other = make_project(make_user(), annotators=[people["ann"]])
    item = Item.objects.first()
    crossed = f"{API}/projects/{other.id}/items/{item.id}/remarks/"
    assert write(client_of(people["ann"]), crossed, "x").status_code == 404


def test_what_nobody_would_read_and_what_is_too_long_is_refused(client_of, people, project):
    owner = client_of(project.owner)
    imported(owner, project, [line("pX", 2, [vote("machine")])])
    answer = write(owner, thread(project, "machine"), "hello?")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "no_reader")
    for text in ("", "  ", "x" * 4001, "\0"):
        assert write(owner, thread(project, "ann"), text).status_code == 400, text
    assert owner.get(f"{thread(project)}?annotator=nobody").status_code == 404
    assert Remark.objects.count() == 0


def test_annotators_are_not_told_a_prompt_s_name_in_its_file(client_of, people, project):
    write(client_of(people["rita"]), thread(project, "ann"), "Why?")
    url = f"{API}/projects/{project.id}/remarks/"
    [told] = [row["prompt"] for row in client_of(people["ann"]).get(url).json()["results"]]
    [known] = [row["prompt"] for row in client_of(people["rita"]).get(url).json()["results"]]
    assert told["external_id"] == ""
    assert known["external_id"]
    assert told["excerpt"] == known["excerpt"]
