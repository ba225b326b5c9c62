"""Judgments: stored once, never refused for coming late, never over the overlap."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from annotation.models import Annotator, Item, Judgment, Lease, Member, Project, User
from annotation.services.items import items_recount
from tests.annotation.labelling import API, choose, put, skip, take
from tests.factories import MARKS, RANKING, make_project, make_prompt, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return make_user("ann")


@pytest.fixture
def bob() -> User:
    return make_user("bob")


@pytest.fixture
def project(ann, bob) -> Project:
    project = make_project(annotators=[ann, bob], overlap=1)
    make_prompt(project)
    return project


def counters() -> tuple[int, int, int]:
    """Filled and reserved places and skips of the only item, which a recount must not change."""
    before = Item.objects.values_list("filled", "reserved", "skips").get()
    items_recount()
    assert Item.objects.values_list("filled", "reserved", "skips").get() == before
    return before


def lapse(lease_id: str) -> None:
    Lease.objects.filter(id=int(lease_id)).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_a_judgment_is_stored_with_what_was_shown_and_how_it_was_chosen(client_of, ann, project):
    [item] = take(client_of(ann), project)
    uuid = uuid4()
    body = choose(item, started_at="2026-01-31T10:00:00Z", active_ms=8300)
    answer = put(client_of(ann), body, uuid)
    assert answer.status_code == 201
    stored = answer.json()
    assert stored["uuid"] == str(uuid)
    assert stored["answers"] == {"overall": {"choice": item["shown"][0], "strength": 1}}
    assert stored["shown"] == item["shown"]
    assert (stored["annotator"], stored["annotator_kind"], stored["surplus"]) == ("ann", "human", False)
    assert (stored["policy"], stored["arm"], stored["probability"]) == ("fewest-first", "main", 1.0)
    assert (stored["revision"], stored["active_ms"], stored["item"]) == (1, 8300, item["item"])
    assert counters() == (1, 0, 0)
    assert Lease.objects.get().status == "used"


def test_replayed_put_returns_200_and_stores_one_row(client_of, ann, project):
    [item] = take(client_of(ann), project)
    uuid = uuid4()
    first = put(client_of(ann), choose(item), uuid)
    again = put(client_of(ann), choose(item), uuid)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Judgment.objects.count() == 1
    assert counters() == (1, 0, 0)


def test_known_uuid_with_other_content_is_a_conflict(client_of, ann, project):
    [item] = take(client_of(ann), project)
    uuid = uuid4()
    put(client_of(ann), choose(item), uuid)
    answer = put(client_of(ann), choose(item, item["shown"][1]), uuid)
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "judgment_conflict"


def test_known_uuid_of_another_person_is_404_even_with_equal_content(client_of, ann, bob, project):
    [item] = take(client_of(ann), project)
    uuid = uuid4()
    put(client_of(ann), choose(item), uuid)
    assert put(client_of(bob), choose(item), uuid).status_code == 404


def test_lease_of_another_person_is_404(client_of, ann, bob, project):
    [item] = take(client_of(ann), project)
    answer = put(client_of(bob), choose(item))
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "lease_lost"
    assert put(client_of(ann), {**choose(item), "lease": "nonsense"}).status_code == 404


def test_the_lease_is_checked_before_the_answers(client_of, ann, bob, project):
    [item] = take(client_of(ann), project)
    assert put(client_of(bob), {**choose(item), "answers": {}}).status_code == 404


def test_wrong_answers_are_422_with_their_places(client_of, ann, project):
    [item] = take(client_of(ann), project)
    answer = put(client_of(ann), {**choose(item), "answers": {"overall": {"choice": "nobody"}}})
    assert answer.status_code == 422
    assert "answers.overall.choice" in answer.json()["error"]["fields"]
    missing = put(client_of(ann), {"lease": item["lease"]})
    assert missing.status_code == 422
    assert "answers.overall" in missing.json()["error"]["fields"]
    shown = put(client_of(ann), {**choose(item), "shown": [item["shown"][0]] * 2})
    assert list(shown.json()["error"]["fields"]) == ["shown"]
    assert Judgment.objects.count() == 0
    assert counters() == (0, 1, 0)


def test_a_passage_ends_where_the_output_does(client_of, ann):
    project = make_project(annotators=[ann], questions=[MARKS])
    make_prompt(project, texts=["naïve 🙂"])  # seven code points, eight UTF-16 units, eleven bytes
    [item] = take(client_of(ann), project)
    span = {"completion": item["shown"][0], "start": 6, "end": 8, "label": "wrong"}
    beyond = put(client_of(ann), {**choose(item), "answers": {"marks": {"spans": [span]}}})
    assert beyond.status_code == 422
    assert beyond.json()["error"]["fields"] == {
        "answers.marks.spans": ["The passage 6–8 ends after the output, which has 7 characters."]
    }
    within = put(client_of(ann), {**choose(item), "answers": {"marks": {"spans": [span | {"end": 7}]}}})
    assert within.status_code == 201


@pytest.mark.parametrize(
    "fields",
    [
        {"answers": []},
        {"status": "done"},
        {"active_ms": -1},
        {"active_ms": "soon"},
        {"started_at": "yesterday"},
        {"shown": "c1"},
        {"shown": [["c1"]]},
        {"reason": 7 * ["x"]},
        {"supersedes": "x"},
    ],
)
def test_malformed_fields_are_400(client_of, ann, project, fields):
    [item] = take(client_of(ann), project)
    assert put(client_of(ann), {**choose(item), **fields}).status_code == 400


def test_a_clock_that_is_far_off_is_no_reason_to_refuse_work(client_of, ann, project):
    [item] = take(client_of(ann), project)
    answer = put(client_of(ann), choose(item, started_at="1970-01-01T00:00:00Z", active_ms=10**12))
    assert answer.status_code == 201
    assert answer.json()["active_ms"] == 24 * 3600 * 1000


def test_lease_or_supersedes_is_needed_but_not_both(client_of, ann, project):
    [item] = take(client_of(ann), project)
    assert put(client_of(ann), {"answers": {}}).status_code == 422
    assert put(client_of(ann), {**choose(item), "supersedes": str(uuid4())}).status_code == 422


def test_late_work_fills_a_place_that_is_still_free(client_of, ann, bob, project):
    [item] = take(client_of(ann), project)
    lapse(item["lease"])
    [other] = take(client_of(bob), project)
    assert client_of(bob).delete(f"{API}/leases/{other['lease']}/").status_code == 204
    answer = put(client_of(ann), choose(item))
    assert (answer.status_code, answer.json()["surplus"]) == (201, False)
    assert counters() == (1, 0, 0)


def test_late_work_on_a_taken_place_is_kept_as_surplus(client_of, ann, bob, project):
    [item] = take(client_of(ann), project)
    lapse(item["lease"])
    [other] = take(client_of(bob), project)
    late = put(client_of(ann), choose(item))
    assert (late.status_code, late.json()["surplus"]) == (201, True)
    assert put(client_of(bob), choose(other)).json()["surplus"] is False
    assert counters() == (1, 0, 0)


def test_late_work_uses_the_own_lease_that_replaced_the_lapsed_one(client_of, ann, project):
    [item] = take(client_of(ann), project)
    lapse(item["lease"])
    [again] = take(client_of(ann), project)
    assert again["lease"] != item["lease"]
    assert put(client_of(ann), choose(item)).json()["surplus"] is False
    assert counters() == (1, 0, 0)


def test_a_second_judgment_of_an_item_is_refused_and_changes_nothing(client_of, ann, project):
    [item] = take(client_of(ann), project)
    put(client_of(ann), choose(item))
    answer = put(client_of(ann), choose(item))
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "already_judged"
    assert counters() == (1, 0, 0)


def test_an_item_full_of_imported_judgments_takes_no_more(client_of, ann, project):
    [item] = take(client_of(ann), project)
    Item.objects.update(filled=1)
    assert put(client_of(ann), choose(item)).json()["surplus"] is True
    assert Item.objects.values_list("filled", "reserved").get() == (1, 0)


def test_a_skip_fills_no_place(client_of, ann, project):
    [item] = take(client_of(ann), project)
    answer = put(client_of(ann), skip(item))
    assert (answer.status_code, answer.json()["status"], answer.json()["reason"]) == (
        201,
        "skipped",
        "I do not know",
    )
    assert counters() == (0, 0, 1)


def test_a_flag_fills_no_place_and_keeps_partial_answers(client_of, ann, project):
    [item] = take(client_of(ann), project)
    assert put(client_of(ann), choose(item, status="flagged", reason="wrong language")).status_code == 201
    assert Judgment.objects.get().answers["overall"]["choice"] == item["shown"][0]
    assert counters() == (0, 0, 0)


def test_an_edit_supersedes_and_needs_no_lease(client_of, ann, project):
    [item] = take(client_of(ann), project)
    uuid, changed = uuid4(), uuid4()
    put(client_of(ann), choose(item), uuid)
    body = {**choose(item, item["shown"][1]), "supersedes": str(uuid)}
    del body["lease"]
    answer = put(client_of(ann), body, changed)
    assert (answer.status_code, answer.json()["supersedes"]) == (201, str(uuid))
    assert put(client_of(ann), body, changed).status_code == 200
    old, new = Judgment.objects.order_by("id")
    assert (old.superseded, new.superseded, new.surplus) == (True, False, False)
    assert counters() == (1, 0, 0)
    again = put(client_of(ann), body)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "not_current")


def test_nobody_edits_the_judgment_of_another(client_of, ann, bob, project):
    [item] = take(client_of(ann), project)
    uuid = uuid4()
    put(client_of(ann), choose(item), uuid)
    assert put(client_of(bob), {"supersedes": str(uuid), "answers": {}}).status_code == 404


def test_a_skip_that_is_taken_back_moves_the_counters(client_of, ann, project):
    [item] = take(client_of(ann), project)
    uuids = [uuid4() for _ in range(4)]
    put(client_of(ann), skip(item), uuids[0])
    answers = choose(item)["answers"]
    for step, (status, expected) in enumerate(
        [("submitted", (1, 0, 0)), ("skipped", (0, 0, 1)), ("flagged", (0, 0, 0))], start=1
    ):
        body = {"supersedes": str(uuids[step - 1]), "status": status, "answers": answers}
        assert put(client_of(ann), body, uuids[step]).status_code == 201
        assert counters() == expected


def test_an_edit_that_finds_no_free_place_is_surplus(client_of, ann, bob, project):
    [item] = take(client_of(ann), project)
    uuid = uuid4()
    put(client_of(ann), skip(item), uuid)
    [other] = take(client_of(bob), project)
    put(client_of(bob), choose(other))
    answer = put(client_of(ann), {"supersedes": str(uuid), "answers": choose(item)["answers"]})
    assert (answer.status_code, answer.json()["surplus"]) == (201, True)
    assert counters() == (1, 0, 0)


def test_parking_by_a_skip_ends_when_the_skip_is_taken_back(client_of):
    users = [make_user() for _ in range(3)]
    project = make_project(annotators=users, overlap=1)
    make_prompt(project)
    uuid = uuid4()
    for user in users:
        [item] = take(client_of(user), project)
        put(client_of(user), skip(item), uuid if user is users[2] else None)
    assert Item.objects.get().parked_at is not None
    put(client_of(users[2]), {"supersedes": str(uuid), "answers": choose(item)["answers"]})
    assert Item.objects.get().parked_at is None
    assert counters() == (1, 0, 2)


def test_former_members_and_deactivated_accounts_are_out(client_of, ann, bob, project):
    [item] = take(client_of(ann), project)
    Member.objects.filter(user=ann).delete()
    assert put(client_of(ann), choose(item)).status_code == 404
    Member.objects.create(project=project, user=ann, role="annotator")
    client = client_of(ann)
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert put(client, choose(item)).status_code == 401
    assert Judgment.objects.count() == 0


def test_a_deleted_project_takes_nothing(client_of, ann, project):
    [item] = take(client_of(ann), project)
    Project.objects.update(deleted_at=timezone.now())
    assert put(client_of(ann), choose(item)).status_code == 404


def test_answers_are_read_by_the_questions_that_came_with_the_lease(client_of, ann, project):
    from annotation.models import Question, Revision

    [item] = take(client_of(ann), project)
    revision = Revision.objects.create(project=project, number=2)
    Question.objects.create(revision=revision, position=0, **{**RANKING, "name": "other"})
    answer = put(client_of(ann), choose(item))
    assert (answer.status_code, answer.json()["revision"]) == (201, 1)


def test_only_human_judgments_fill_places(client_of, ann, project):
    [item] = take(client_of(ann), project)
    Annotator.objects.filter(user=ann).update(kind="simulated")
    assert put(client_of(ann), choose(item)).json()["annotator_kind"] == "simulated"
    assert counters() == (0, 0, 0)


def test_an_own_judgment_can_be_read_again_with_its_texts(client_of, ann, bob, project):
    [item] = take(client_of(ann), project)
    uuid = uuid4()
    put(client_of(ann), choose(item), uuid)
    answer = client_of(ann).get(f"{API}/judgments/{uuid}/").json()
    assert [row["id"] for row in answer["completions"]] == item["shown"]
    assert answer["prompt_detail"]["messages"][0]["role"] == "user"
    assert client_of(bob).get(f"{API}/judgments/{uuid}/").status_code == 404
    assert client_of(project.owner).get(f"{API}/judgments/{uuid}/").status_code == 200
    assert client_of(ann).get(f"{API}/judgments/{uuid4()}/").status_code == 404


def test_the_list_shows_annotators_their_own_and_reviewers_all(client_of):
    users = [make_user(), make_user()]
    project = make_project(annotators=users, overlap=2)
    for _ in range(3):
        make_prompt(project)
    for user in users:
        for item in take(client_of(user), project, 3):
            put(client_of(user), choose(item))
    url = f"{API}/projects/{project.id}/judgments/"
    own = client_of(users[0]).get(url).json()["results"]
    assert {row["annotator"] for row in own} == {users[0].username}
    assert client_of(users[0]).get(f"{url}?annotator={users[1].username}").json()["results"] == []
    assert len(client_of(project.owner).get(f"{url}?annotator={users[1].username}").json()["results"]) == 3
    assert client_of(project.owner).get(f"{url}?annotator=me").json()["results"] == []
    prompt = own[0]["prompt"]
    assert len(client_of(project.owner).get(f"{url}?prompt={prompt}").json()["results"]) == 2
    later = (timezone.now() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert client_of(project.owner).get(f"{url}?since={later}").json()["results"] == []
    for wrong in ("since=soon", "limit=0", "limit=1001", "cursor=!!", "cursor=W10", "cursor=WzFlOTld"):
        assert client_of(project.owner).get(f"{url}?{wrong}").status_code == 400


def test_pages_follow_next_and_hold_each_row_once(client_of):
    ann = make_user()
    project = make_project(annotators=[ann])
    for _ in range(5):
        make_prompt(project)
    for item in take(client_of(ann), project, 5):
        put(client_of(ann), choose(item))
    for order in ("oldest", "newest"):
        url = f"{API}/projects/{project.id}/judgments/?limit=2&order={order}"
        seen: list[str] = []
        while url:
            page = client_of(ann).get(url).json()
            seen += [row["uuid"] for row in page["results"]]
            url = page["next"]
        rows = [str(uuid) for uuid in Judgment.objects.order_by("id").values_list("uuid", flat=True)]
        assert seen == (rows if order == "oldest" else rows[::-1])


@pytest.mark.parametrize("other", [{"lease": "5"}, {"lease": "no id"}, {"answers": {}}, {"shown": []}])
def test_a_known_uuid_is_looked_at_before_lease_and_answers(client_of, ann, project, other):
    [item] = take(client_of(ann), project)
    uuid = uuid4()
    put(client_of(ann), choose(item), uuid)
    refused = put(client_of(ann), choose(item) | other, uuid)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "judgment_conflict")
