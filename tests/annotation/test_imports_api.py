"""Files in over the wire: reports, dry runs, strictness, limits, undo, readers that die."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from annotation.models import Annotator, Import, Item, Judgment, Member, Prompt
from annotation.services import import_reading, imports
from annotation.services.import_reading import Reading
from annotation.tasks import housekeep
from tests.annotation.importing import API, counts, imported, jsonl, line, read_in, send, uuid, vote
from tests.annotation.labelling import choose, put, take
from tests.factories import RANKING, make_project, make_user

pytestmark = pytest.mark.django_db
NOTHING = {"prompts": 0, "completions": 0, "items": 0, "judgments": 0, "annotators": 0}


@pytest.fixture
def owned(client_of):
    """A project and its owner's client."""
    owner = make_user()
    return make_project(owner), client_of(owner)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(import_reading, "BATCH_ROWS", 3)


def uploads() -> list[Path]:
    return list(settings.UPLOAD_FOLDER.glob("*")) if settings.UPLOAD_FOLDER.exists() else []


def test_good_rows_go_in_and_each_bad_one_is_reported_by_number(owned):
    project, client = owned
    before = uploads()
    body = jsonl([line("p1", 2, [vote()])]) + b"not json\n" + jsonl([{"id": "p3"}, line("p4")])
    report = imported(client, project, body, filename="lines.jsonl")
    assert report["status"] == "succeeded"
    assert (report["rows_read"], report["prompts_created"], report["completions_created"]) == (4, 2, 4)
    assert (report["judgments_created"], report["errors_total"], report["progress"]) == (1, 2, 1.0)
    assert [entry["row"] for entry in report["errors"]] == [2, 3]
    assert client.get(f"{API}/imports/{report['id']}/").json() == report
    assert client.get(f"{API}/projects/{project.id}/imports/").json()["results"][0]["id"] == report["id"]
    assert uploads() == before


def test_a_form_is_taken_like_a_body(owned):
    project, client = owned
    file = SimpleUploadedFile("../../etc/passwd", jsonl([line()]), content_type="text/plain")
    response = client.post(
        f"{API}/projects/{project.id}/imports/?format=native", {"file": file}, format="multipart"
    )
    assert response.status_code == 201
    assert response.json()["prompts_created"] == 1
    assert "/" not in response.json()["filename"]


def test_the_content_type_that_curl_sends_is_taken_too(owned):
    project, client = owned
    for kind in ("application/x-www-form-urlencoded", "text/csv", "application/json", "application/x-ndjson"):
        response = client.post(
            f"{API}/projects/{project.id}/imports/", jsonl([line(kind)]), content_type=kind
        )
        assert response.status_code == 201, (kind, response.content)
        assert response.json()["prompts_created"] == 1


def test_nothing_to_read_is_refused(owned):
    project, client = owned
    address = f"{API}/projects/{project.id}/imports/"
    assert send(client, project, b"").json()["error"]["code"] == "no_file"
    assert client.post(address, {"file": "text"}, format="multipart").json()["error"]["code"] == "no_file"
    empty = SimpleUploadedFile("a.jsonl", b"")
    assert client.post(address, {"file": empty}, format="multipart").json()["error"]["code"] == "no_file"


@pytest.mark.parametrize(
    "query",
    ["format=nope", "map=nope", "map={", "map={}", "map=[]", "wait=soon", "annotator=" + "a" * 201, "annotator=%00",
     'map={"prompt":1}', 'map={"prompt":"{a}","completions":[{"text":"{b}"}],"judgments":[{}]}'],
)  # fmt: skip
def test_parameters_that_cannot_be_used_are_refused_before_the_file_is_kept(owned, query):
    project, client = owned
    response = client.post(
        f"{API}/projects/{project.id}/imports/?{query}", jsonl([line()]), content_type="text/plain"
    )
    assert response.status_code in {400, 422}, response.content
    assert Import.objects.count() == 0


def test_members_without_the_role_cannot_import_and_strangers_see_nothing(owned, client_of):
    project, client = owned
    report = imported(client, project, [line()])
    member, stranger = make_user(), make_user()
    Member.objects.create(project=project, user=member, role="annotator")
    assert send(client_of(member), project, jsonl([line("p2")])).status_code == 403
    assert client_of(member).get(f"{API}/imports/{report['id']}/").status_code == 403
    for method in ("get", "delete"):
        assert getattr(client_of(stranger), method)(f"{API}/imports/{report['id']}/").status_code == 404
    assert send(client_of(stranger), project, jsonl([line("p2")])).status_code == 404


def test_an_upload_over_the_limit_is_413_and_nothing_is_kept(owned, settings):
    project, client = owned
    before = uploads()
    settings.UPLOAD_LIMIT = 1 << 17
    assert send(client, project, b"x" * (1 << 18)).status_code == 413
    assert send(client, project, b"x" * ((1 << 17) + 1)).status_code == 413
    file = SimpleUploadedFile("a.jsonl", b"x" * ((1 << 17) + 1))
    response = client.post(f"{API}/projects/{project.id}/imports/", {"file": file}, format="multipart")
    assert response.status_code == 413
    assert uploads() == before
    assert Import.objects.count() == 0


def test_a_dry_run_writes_nothing_and_tells_what_would_come(owned, small_batches):
    project, client = owned
    lines = [line(f"p{n}", 2, [vote("a")]) for n in range(5)]
    lines += [
        line("p0", 3),
        {"id": "p1", "judgments": [vote("b"), vote("a")]},
        line("bad", 2, [vote(choice="c7")]),
    ]
    report = imported(client, project, lines, dry_run=1)
    assert report["dry_run"]
    assert not report["undoable"]
    assert (report["prompts_created"], report["completions_created"], report["judgments_created"]) == (
        5,
        11,
        6,
    )
    assert (report["duplicates"], report["errors_total"]) == (1, 1)
    assert [entry["id"] for entry in report["preview"]] == ["p0", "p1", "p2", "p3", "p4"]
    assert counts(project) == NOTHING
    real = imported(client, project, lines)
    for name in ("prompts_created", "completions_created", "judgments_created", "duplicates", "errors"):
        assert real[name] == report[name]
    assert imported(client, project, lines, dry_run=1)["prompts_created"] == 0


def test_a_dry_run_of_a_table_tells_columns_a_guessed_map_and_a_preview(owned):
    project, client = owned
    table = b"prompt,response_a,response_b\nq1,x,y\nq2,v,w\n"
    report = imported(client, project, table, filename="t.csv", dry_run=1)
    assert report["detected_format"] == "csv"
    assert report["columns"] == ["prompt", "response_a", "response_b"]
    assert report["detected_map"] is not None
    assert len(report["preview"]) == 2
    unknown = imported(client, project, b"foo,bar\n1,2\n", filename="t.csv", dry_run=1)
    assert unknown["columns"] == ["foo", "bar"]
    assert unknown["detected_map"] is None


def test_a_table_with_a_map_is_read_by_it(owned):
    project, client = owned
    mapping = {
        "id": "{n}",
        "prompt": "{q}",
        "completions": [{"text": "{x}"}, {"text": "{y}"}],
        "judgments": [{
            "annotator": "{who}", "question": "overall", "value": "{v}",
            "values": {"1": {"choice": 0}, "2": {"choice": 1}, "*": {"choice": "tie"}},
        }],
    }  # fmt: skip
    body = b"n,q,x,y,who,v\n1,a,b,c,ann,1\n1,a,b,c,bob,2\n2,d,e,f,ann,0\n"
    report = imported(client, project, body, filename="t.csv", map=orjson.dumps(mapping).decode())
    assert (report["errors"], report["prompts_created"], report["judgments_created"]) == ([], 2, 3)


def test_a_strict_import_writes_nothing_if_any_row_is_wrong(owned, small_batches):
    project, client = owned
    lines = [line(f"p{n}", 2, [vote("a")]) for n in range(7)]
    wrong = imported(client, project, [*lines, line("bad", 2, [vote(choice="c7")])], strict=1)
    assert (wrong["status"], wrong["errors_total"], wrong["rows_read"]) == ("succeeded", 1, 8)
    assert (wrong["prompts_created"], wrong["completions_created"], wrong["judgments_created"]) == (0, 0, 0)
    assert not wrong["undoable"]
    assert counts(project) == NOTHING
    right = imported(client, project, lines, strict=1)
    assert (right["prompts_created"], right["errors_total"]) == (7, 0)
    assert counts(project)["judgments"] == 7


def test_a_strict_import_takes_back_what_it_wrote_when_the_project_changes_meanwhile(
    small_batches, monkeypatch
):
    project = make_project()
    lines = [line(f"p{n}") for n in range(7)]
    check = Reading._check

    def check_then_another_import(self, *, share):
        tally = check(self, share=share)
        monkeypatch.setattr(Reading, "_check", check)
        read_in(project, [line("p5", messages=[{"role": "user", "content": "something else"}])])
        return tally

    monkeypatch.setattr(Reading, "_check", check_then_another_import)
    record = read_in(project, lines, strict=True)
    assert record.status == "failed"
    assert "changed while" in record.failure
    assert record.prompts_created == 0
    assert list(Prompt.objects.values_list("external_id", flat=True)) == ["p5"]


def test_a_file_that_cannot_be_read_fails_with_a_message(owned):
    project, client = owned
    report = imported(client, project, b"foo,bar\n1,2\n", filename="t.csv")
    assert report["status"] == "failed"
    assert report["errors"][0]["row"] is None
    assert "columns" in report["errors"][0]["message"]
    report = imported(client, project, b"\x00\x01\x02" * 1000, filename="t.parquet")
    assert report["status"] == "failed"
    assert uploads() == []


def test_archives_that_unpack_without_end_are_refused(owned):
    project, client = owned
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b" " * (64 << 20))
    report = imported(client, project, packed.getvalue(), filename="bomb.xlsx")
    assert report["status"] == "failed"
    ukp = imported(client, project, packed.getvalue(), filename="bomb.zip", map="ukp-convarg")
    assert ukp["status"] == "failed"
    one_line = gzip.compress(b" " * (64 << 20))
    report = imported(client, project, one_line, filename="bomb.jsonl.gz", format="native")
    assert report["prompts_created"] == 0
    assert counts(project) == NOTHING


def test_names_from_outside_are_only_ever_shown(owned):
    project, client = owned
    for name in ("../../x.jsonl", "a\x01b\r\nX: y.jsonl", "x" * 3000, "<script>.jsonl", "=cmd|' /C calc'!A0"):
        report = imported(client, project, [line(name[:20])], filename=name, format="native")
        assert report["status"] == "succeeded"
        assert len(report["filename"]) <= 500
        assert not set(report["filename"]) & set("\x01\r\n")


def test_a_large_file_is_answered_202_and_a_worker_reads_it(
    owned, django_capture_on_commit_callbacks, monkeypatch
):
    project, client = owned
    monkeypatch.setattr("annotation.api.data.INLINE_BYTES", 10)
    response = send(client, project, jsonl([line()]), wait=0)
    assert response.status_code == 202
    report = response.json()
    assert (report["status"], report["progress"], report["finished_at"]) == ("queued", 0, None)
    imports.import_run(import_id=int(report["id"]))
    imports.import_run(import_id=int(report["id"]))
    report = client.get(f"{API}/imports/{report['id']}/").json()
    assert (report["status"], report["prompts_created"], report["duplicates"]) == ("succeeded", 1, 0)


def silent(record: Import, attempt: int = 1) -> None:
    """Make it look as if its reader died long ago."""
    Import.objects.filter(id=record.id).update(
        status="running", attempt=attempt, heartbeat_at=timezone.now() - timedelta(minutes=6)
    )


@pytest.mark.parametrize("strict", [False, True])
def test_an_import_whose_reader_died_goes_on_after_the_last_batch(small_batches, monkeypatch, strict):
    project = make_project()
    lines = [line(f"p{n}", 2, [vote("a")]) for n in range(8)]
    lines.insert(1, line("p0"))
    record = read_in(project, lines, run=False, strict=strict)
    stored = Reading._store_batch

    def die_after_the_first(self, intake, batch, progress):
        if self.tally.rows_read:
            raise SystemExit
        return stored(self, intake, batch, progress)

    monkeypatch.setattr(Reading, "_store_batch", die_after_the_first)
    with pytest.raises(SystemExit):
        imports.import_run(import_id=record.id)
    monkeypatch.setattr(Reading, "_store_batch", stored)
    record.refresh_from_db()
    assert (record.status, record.rows_read, record.prompts_created, record.duplicates) == (
        "running",
        3,
        2,
        1,
    )
    silent(record)
    for _ in range(2):
        housekeep()
        record.refresh_from_db()
        assert record.status == "queued"
    imports.import_run(import_id=record.id)
    record.refresh_from_db()
    assert (record.status, record.rows_read, record.attempt) == ("succeeded", 9, 2)
    assert (record.prompts_created, record.judgments_created, record.duplicates) == (8, 8, 1)
    assert counts(project)["judgments"] == 8


def test_an_import_whose_readers_die_again_and_again_has_failed_and_says_so():
    record = read_in(make_project(), [line()], run=False)
    silent(record, attempt=3)
    housekeep()
    record.refresh_from_db()
    assert (record.status, record.path) == ("failed", "")
    assert "broke off 3 times" in record.errors[0]["message"]


def test_a_reader_that_was_replaced_writes_nothing_more(small_batches, monkeypatch):
    project = make_project()
    record = read_in(project, [line(f"p{n}") for n in range(7)], run=False)
    stored = Reading._store_batch

    def replaced_after_the_first(self, intake, batch, progress):
        if self.tally.rows_read:
            silent(record)
            housekeep()
        return stored(self, intake, batch, progress)

    monkeypatch.setattr(Reading, "_store_batch", replaced_after_the_first)
    imports.import_run(import_id=record.id)
    record.refresh_from_db()
    assert (record.status, record.rows_read) == ("queued", 3)
    assert Path(record.path).exists()
    assert Prompt.objects.count() == 3


def test_a_failure_in_the_middle_reports_what_was_written(small_batches, monkeypatch):
    project = make_project()
    record = read_in(project, [line(f"p{n}") for n in range(7)], run=False)
    take_rows = Reading._take

    def fail_in_the_second(self, intake, batch, tally):
        take_rows(self, intake, batch, tally)
        if tally.rows_read > 3:
            raise RuntimeError("disk on fire")

    monkeypatch.setattr(Reading, "_take", fail_in_the_second)
    imports.import_run(import_id=record.id)
    record.refresh_from_db()
    assert (record.status, record.prompts_created, record.rows_read) == ("failed", 3, 3)
    assert Prompt.objects.count() == 3
    assert "RuntimeError" in record.errors[0]["message"]


def test_undo_takes_back_all_that_an_import_brought(owned, monkeypatch):
    project, client = owned
    monkeypatch.setattr("annotation.services.import_undo.PART", 2)
    imported(client, project, [line("old", 2, [vote("a", id=uuid(1))])])
    before = counts(project)
    lines = [
        line(f"p{n}", 3, [vote("a", shown=["c1", "c2"]), vote("b", "c2", shown=["c2", "c3"])])
        for n in range(5)
    ]
    more = line(
        "old",
        4,
        [
            vote("a", "c2", id=uuid(2), supersedes=uuid(1), shown=["c1", "c2"]),
            vote("c", "c3", shown=["c3", "c4"]),
        ],
    )
    report = imported(client, project, [*lines, more])
    assert report["errors"] == []
    assert report["undoable"]
    address = f"{API}/imports/{report['id']}/"
    assert client.delete(address).status_code == 204
    assert counts(project) == before
    assert Judgment.objects.get().superseded is False
    assert Item.objects.get().filled == 1
    assert client.get(address).json()["undone_at"] is not None
    assert client.delete(address).json()["error"]["code"] == "not_undoable"
    again = imported(client, project, [*lines, more])
    assert again["judgments_created"] == 12


def test_undo_leaves_room_for_completions_that_came_later():
    project = make_project()
    read_in(project, [line("p1", 2)])
    second = read_in(project, [line("p1", 3)])
    four = line("p1", 4)
    del four["completions"][2]
    read_in(project, [four])
    before = Prompt.objects.get().completions.count()
    from annotation.services.import_undo import import_undo

    import_undo(record=second)
    assert Prompt.objects.get().completions.count() == before - 1
    assert read_in(project, [line("p1", 6)]).completions_created == 3
    assert list(Prompt.objects.get().completions.values_list("external_id", flat=True)) == [
        "c1", "c2", "c4", "c3", "c5", "c6",
    ]  # fmt: skip


def test_an_import_that_somebody_has_judged_cannot_be_undone(owned):
    project, client = owned
    report = imported(client, project, [line()])
    put(client, choose(take(client, project)[0]))
    address = f"{API}/imports/{report['id']}/"
    assert client.get(address).json()["undoable"] is False
    response = client.delete(address)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "import_in_use")
    assert counts(project)["judgments"] == 1


def test_completions_that_a_later_ranking_names_cannot_be_undone(client_of):
    owner = make_user()
    project, client = make_project(owner, questions=[RANKING]), client_of(owner)
    imported(client, project, [line("p1", 2)])
    second = imported(client, project, [line("p1", 3)])
    [item] = take(client, project)
    tiers = [[completion] for completion in item["shown"]]
    put(client, choose(item) | {"answers": {"order": {"tiers": tiers}}})
    assert client.delete(f"{API}/imports/{second['id']}/").status_code == 409


def test_undo_frees_the_leases_of_prompts_that_lose_a_completion(client_of):
    owner = make_user()
    project, client = make_project(owner, questions=[RANKING]), client_of(owner)
    imported(client, project, [line("p1", 2)])
    second = imported(client, project, [line("p1", 3)])
    take(client, project)
    assert client.delete(f"{API}/imports/{second['id']}/").status_code == 204
    assert Item.objects.get().reserved == 0
    assert len(take(client, project)[0]["shown"]) == 2


def test_undo_removes_no_annotator_that_has_an_account(owned):
    project, client = owned
    report = imported(client, project, [line("p1", 2, [vote("machine", annotator_kind="model")])])
    take(client, project)
    Prompt.objects.get()
    assert client.delete(f"{API}/imports/{report['id']}/").status_code == 204
    assert [row.user_id is None for row in Annotator.objects.all()] == [False]


def test_recipes_are_listed_with_their_questions(owned):
    _, client = owned
    rows = client.get(f"{API}/import-recipes/").json()["results"]
    assert {row["name"] for row in rows} == {"pandalm", "tulu-human-eval", "ukp-convarg"}
    assert all(row["questions"] for row in rows)


def test_a_dry_run_of_an_archive_leaves_it_to_the_recipe(owned):
    project, client = owned
    rows = "#id\tlabel\ta1\ta2\n1_2\ta1\tIt is fair.\tNo.\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("topic_side.csv", rows)
    refused = imported(client, project, packed.getvalue(), filename="all.zip", dry_run=1)
    assert refused["status"] == "failed"
    read = imported(client, project, packed.getvalue(), filename="all.zip", dry_run=1, map="ukp-convarg")
    assert (read["status"], read["prompts_created"], read["detected_format"]) == ("succeeded", 1, None)
