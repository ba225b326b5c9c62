"""Projects, revisions, members, invitations, and the walls between projects."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from annotation.models import Judgment, Member, Project
from tests.factories import make_project, make_prompt, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.test import APIClient

    from annotation.models import User

    Clients = Callable[[User | None], APIClient]

pytestmark = pytest.mark.django_db
RATING = {"name": "fluency", "kind": "rating", "title": "Fluency", "min": 1, "max": 5}
COMPARISON = {"name": "overall", "kind": "comparison", "title": "Which?", "strengths": 2}


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("text-generation", ["grammar", "fluency", "informativeness"]),
        ("dialogue", ["coherence", "informativeness", "satisfaction"]),
        ("translation", ["accuracy", "fluency", "faithfulness"]),
        ("summarisation", ["consistency", "relevance", "fluency", "coherence"]),
    ],
)
def test_template_brings_its_questions(client_of: Clients, template: str, names: list[str]) -> None:
    made = client_of(make_user()).post(
        "/api/v1/projects/", {"name": "p", "template": template}, format="json"
    )
    assert made.status_code == 201
    assert [question["name"] for question in made.json()["questions"]] == names
    assert made.json()["item_kind"] == "prompt"
    assert made.json()["role"] == "admin"


def test_comparison_makes_items_pairs_and_is_written_back_with_its_defaults(client_of: Clients) -> None:
    made = client_of(make_user()).post(
        "/api/v1/projects/", {"name": "p", "questions": [COMPARISON]}, format="json"
    )
    assert made.json()["item_kind"] == "pair"
    assert made.json()["questions"][0]["strengths"] == 2
    assert made.json()["overlap"] == 3
    assert made.json()["blind"] is True


def test_wrong_question_is_422_with_its_place(client_of: Clients) -> None:
    body = {"name": "p", "questions": [COMPARISON, {"name": "x", "kind": "guess"}]}
    refused = client_of(make_user()).post("/api/v1/projects/", body, format="json")
    assert refused.status_code == 422
    assert "questions.1.kind" in refused.json()["error"]["fields"]
    assert Project.objects.count() == 0


def test_names_are_unique_per_owner_among_those_not_deleted(client_of: Clients) -> None:
    owner = make_user()
    client = client_of(owner)
    first = client.post("/api/v1/projects/", {"name": "p"}, format="json").json()
    taken = client.post("/api/v1/projects/", {"name": "p"}, format="json")
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "name_taken")
    assert client_of(make_user()).post("/api/v1/projects/", {"name": "p"}, format="json").status_code == 201
    assert client.delete(f"/api/v1/projects/{first['id']}/").status_code == 204
    assert client.get(f"/api/v1/projects/{first['id']}/").status_code == 404
    assert client.post("/api/v1/projects/", {"name": "p"}, format="json").status_code == 201
    clash = client.post(f"/api/v1/projects/{first['id']}/restore/")
    assert clash.json()["error"]["code"] == "name_taken"


def test_deleted_project_comes_back(client_of: Clients) -> None:
    project = make_project()
    client = client_of(project.owner)
    client.delete(f"/api/v1/projects/{project.id}/")
    assert [row["id"] for row in client.get("/api/v1/projects/?deleted=1").json()["results"]] == [
        str(project.id)
    ]
    assert client.post(f"/api/v1/projects/{project.id}/restore/").status_code == 200
    assert client.get(f"/api/v1/projects/{project.id}/").status_code == 200


def test_changed_questions_and_guidelines_make_revisions_and_equal_ones_do_not(client_of: Clients) -> None:
    client = client_of(make_user())
    made = client.post("/api/v1/projects/", {"name": "p", "questions": [COMPARISON]}, format="json").json()
    address = f"/api/v1/projects/{made['id']}/"
    same = client.patch(address, {"questions": made["questions"], "overlap": 5}, format="json").json()
    assert (same["revision"], same["overlap"]) == (1, 5)
    changed = client.patch(address, {"guidelines": "Read **all** of it."}, format="json").json()
    assert changed["revision"] == 2
    numbers = [row["number"] for row in client.get(f"{address}revisions/").json()["results"]]
    assert numbers == [2, 1]


def test_kind_of_item_changes_only_before_the_first_judgment(client_of: Clients) -> None:
    client = client_of(make_user())
    made = client.post("/api/v1/projects/", {"name": "p", "questions": [COMPARISON]}, format="json").json()
    project = Project.objects.get(id=made["id"])
    prompt = make_prompt(project, ("a", "b", "c"))
    assert prompt.items.count() == 3
    address = f"/api/v1/projects/{made['id']}/"
    assert client.patch(address, {"questions": [RATING]}, format="json").json()["item_kind"] == "prompt"
    assert prompt.items.count() == 1
    annotator = project.annotators.create(name="a")
    Judgment.objects.create(
        uuid="7f0c5f0e-6b1e-4d52-9d8a-1f6a4f0f0d11",
        project=project,
        prompt=prompt,
        item=prompt.items.get(),
        annotator=annotator,
        annotator_kind="human",
        revision=project.revisions.latest("number"),
        status="submitted",
        submitted_at=timezone.now(),
    )
    refused = client.patch(address, {"questions": [COMPARISON]}, format="json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "item_kind_fixed")


def test_strangers_see_nothing_and_members_what_their_role_allows(client_of: Clients) -> None:
    annotator, stranger = make_user(), make_user()
    project = make_project(annotators=[annotator])
    address = f"/api/v1/projects/{project.id}/"
    assert client_of(stranger).get(address).status_code == 404
    assert client_of(stranger).patch(address, {"name": "x"}, format="json").status_code == 404
    assert client_of(annotator).get(address).json()["role"] == "annotator"
    assert client_of(annotator).patch(address, {"name": "x"}, format="json").status_code == 403
    assert client_of(annotator).get(f"{address}members/").status_code == 403
    assert client_of(make_user(superuser=True)).get(address).json()["role"] == "admin"


@pytest.mark.parametrize("wrong", ["0", "x", "-1", "9" * 30, "1.5", "%00", "é"])
def test_impossible_ids_are_404(client_of: Clients, wrong: str) -> None:
    assert client_of(make_user()).get(f"/api/v1/projects/{wrong}/").status_code == 404


def test_members_get_change_and_lose_a_role(client_of: Clients) -> None:
    project, ann = make_project(), make_user("ann")
    client, address = client_of(project.owner), f"/api/v1/projects/{project.id}/members/"
    assert client.post(address, {"username": "ann", "role": "annotator"}, format="json").status_code == 201
    assert (
        client.post(address, {"username": "ann", "role": "reviewer"}, format="json").json()["role"]
        == "reviewer"
    )
    assert [row["username"] for row in client.get(address).json()["results"]] == [
        project.owner.username,
        "ann",
    ]
    unknown = client.post(address, {"username": "nobody", "role": "reviewer"}, format="json")
    assert unknown.json()["error"]["code"] == "unknown_user"
    assert client.delete(address, {"username": "ann"}, format="json").status_code == 204
    assert client_of(ann).get(f"/api/v1/projects/{project.id}/").status_code == 404


def test_invitation_lets_a_new_person_in_until_it_is_revoked(client_of: Clients) -> None:
    project = make_project()
    client, address = client_of(project.owner), f"/api/v1/projects/{project.id}/invitations/"
    end = (timezone.now() + timedelta(days=1)).isoformat()
    made = client.post(address, {"role": "annotator", "expires_at": end}, format="json").json()
    assert made["url"].endswith(f"/invitations/{made['token']}")
    newcomer = client_of(None)
    shown = newcomer.get(f"/api/v1/invitations/{made['token']}/").json()
    assert shown["project"]["name"] == project.name
    body = {"username": "newcomer", "password": "secret-word-9"}
    joined = newcomer.post(f"/api/v1/invitations/{made['token']}/accept/", body, format="json")
    assert joined.json() == {"project": str(project.id)}
    assert newcomer.get(f"/api/v1/projects/{project.id}/").json()["role"] == "annotator"
    assert client.get(address).json()["results"][0]["uses"] == 1
    assert client.delete(f"{address}{made['id']}/").status_code == 204
    assert newcomer.get(f"/api/v1/invitations/{made['token']}/").status_code == 404


def test_invitation_never_lowers_a_role_and_must_end_in_the_future(client_of: Clients) -> None:
    reviewer = make_user()
    project = make_project()
    Member.objects.create(project=project, user=reviewer, role="reviewer")
    client, address = client_of(project.owner), f"/api/v1/projects/{project.id}/invitations/"
    past = {"role": "annotator", "expires_at": (timezone.now() - timedelta(days=1)).isoformat()}
    assert client.post(address, past, format="json").status_code == 422
    end = (timezone.now() + timedelta(days=1)).isoformat()
    made = client.post(address, {"role": "annotator", "expires_at": end}, format="json").json()
    client_of(reviewer).post(f"/api/v1/invitations/{made['token']}/accept/", {}, format="json")
    assert Member.objects.get(project=project, user=reviewer).role == "reviewer"


def test_custom_project_says_what_it_asks(client_of: Clients) -> None:
    body = {"name": "p", "template": "custom"}
    refused = client_of(make_user()).post("/api/v1/projects/", body, format="json")
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["questions"])


def test_leases_may_be_as_short_as_a_second(client_of: Clients) -> None:
    body = {"name": "p", "questions": [COMPARISON], "lease_seconds": 1}
    made = client_of(make_user()).post("/api/v1/projects/", body, format="json")
    assert (made.status_code, made.json()["lease_seconds"]) == (201, 1)


def test_project_deleted_more_than_seven_days_ago_does_not_come_back(client_of: Clients) -> None:
    owner = make_user()
    project = make_project(owner, deleted_at=timezone.now() - timedelta(days=7, minutes=1))
    assert client_of(owner).post(f"/api/v1/projects/{project.id}/restore/").status_code == 404


def test_reasons_are_settings_that_come_back_as_given(client_of: Clients) -> None:
    client = client_of(make_user())
    made = client.post("/api/v1/projects/", {"name": "p", "questions": [RATING]}, format="json").json()
    assert made["reasons"] == []
    address = f"/api/v1/projects/{made['id']}/"
    changed = client.patch(address, {"reasons": ["wrong", "不安全"]}, format="json")
    assert changed.json()["reasons"] == ["wrong", "不安全"]
    assert client.get(address).json()["reasons"] == ["wrong", "不安全"]


@pytest.mark.parametrize(
    "reasons", ["wrong", ["twice", "twice"], ["x" * 101], [""], [str(number) for number in range(21)], [None]]
)
def test_reasons_that_cannot_be_offered_are_refused_with_their_place(
    client_of: Clients, reasons: object
) -> None:
    client = client_of(make_user())
    made = client.post("/api/v1/projects/", {"name": "p", "questions": [RATING]}, format="json").json()
    refused = client.patch(f"/api/v1/projects/{made['id']}/", {"reasons": reasons}, format="json")
    assert refused.status_code in {400, 422}
    assert all(place.startswith("reasons") for place in refused.json()["error"]["fields"])
