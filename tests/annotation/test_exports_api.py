"""Files out over the wire, and the way back in."""

from __future__ import annotations

import csv
import io
from urllib.parse import unquote

import orjson
import pyarrow.parquet as pq
import pytest

from annotation.models import Annotator, Judgment, Member
from annotation.selectors.agreement import agreement_read
from tests.annotation.importing import API, export, imported, jsonl, line, read_in, uuid, vote
from tests.annotation.labelling import choose, put, skip, take
from tests.factories import COMPARISON, make_project, make_user

pytestmark = pytest.mark.django_db
SEVERAL = [
    COMPARISON | {"options": {"strengths": 3, "ties": True, "both_bad": True}},
    {"name": "quality", "kind": "rating", "title": "Quality", "required": False, "options": {"min": 1, "max": 5}},
    {"name": "fit", "kind": "choice", "title": "Acceptable?", "required": False,
     "options": {"options": ["yes", "no"], "multiple": False, "per_completion": True}},
    {"name": "notes", "kind": "comment", "title": "Notes", "required": False, "options": {}},
]  # fmt: skip


def full_lines():
    """Lines with everything that a line can hold."""
    for number in range(6):
        ratings = {
            "quality": {"scores": {"c1": 4, "c2": number % 5 + 1}},
            "notes": {"text": "  a “note”\n\t末尾 "},
        }
        judgments = [
            vote("ann", "c1", id=uuid(number * 10 + 1), submitted_at="2026-01-31T10:00:00.000001Z", active_ms=0),
            vote("ann", "c2", id=uuid(number * 10 + 2), supersedes=uuid(number * 10 + 1), shown=["c2", "c1"],
                 submitted_at="2026-01-30T10:00:00Z", started_at="2026-01-30T09:59:00+02:00", active_ms=8300),
            vote("bob", "tie", id=uuid(number * 10 + 3), reason="hm"),
            vote("cleo", "both_bad", id=uuid(number * 10 + 4), surplus=True),
            vote("judge", "c1", annotator_kind="model"),
            vote("sim", "c2", annotator_kind="simulated", id=uuid(number * 10 + 5)),
            vote("dan", status="skipped", reason="too long") | {"answers": {}},
            vote("eve", status="flagged", reason="unsafe"),
        ]  # fmt: skip
        judgments[2]["answers"] |= ratings
        judgments[3]["answers"]["fit"] = {"values": {"c1": ["yes"]}}
        judgments[4]["answers"]["overall"]["strength"] = 3
        if number == 5:
            judgments = [one | {"shown": ["c2", "c1"]} for one in judgments]
        fields = {
            "metadata": {"language": "zh", "n": {"deep": [1, 2.5, None, True]}},
            "group": f"g{number // 2}",
        }
        prompt = line(f"p {number} 提示", 3 if number == 5 else 2, judgments, **(fields if number else {}))
        prompt["completions"][0] |= {"features": [0.1, 1.0, -3e-7], "metadata": {"t": 0.7}}
        prompt["completions"][1] |= {"text": " \n\u2028 empty-ish \U0001f600 ", "source": ""}
        yield prompt


def test_what_is_exported_and_imported_again_is_exported_equal_byte_for_byte(client_of):
    owner = make_user()
    client = client_of(owner)
    first, second = (make_project(owner, questions=SEVERAL, overlap=2) for _ in range(2))
    assert imported(client, first, full_lines(), strict=1)["errors"] == []
    [item] = take(client, first)
    put(client, choose(item, strength=2), uuid(900))
    put(client, {"supersedes": uuid(900), "answers": {"overall": {"choice": "tie"}}}, uuid(901))
    [item] = take(client, first)
    put(client, skip(item))
    body = export(client, first)
    report = imported(client, second, body, strict=1)
    assert (report["errors"], report["notes"], report["duplicates"]) == ([], [], 0)
    assert report["judgments_created"] == Judgment.objects.filter(project=first).count() == 51
    assert export(client, second) == body
    kinds = ["human", "model", "simulated"]
    assert agreement_read(project=second, kinds=kinds) == agreement_read(project=first, kinds=kinds)
    for name in ("filled", "skips"):
        values = [list(project.items.order_by("prompt_number", "first__position", "second__position").values_list(name, flat=True))
                  for project in (first, second)]  # fmt: skip
        assert values[0] == values[1]
    assert imported(client, first, body)["judgments_created"] == 0


def test_a_judgment_is_its_authors_in_the_project_where_it_was_made(client_of):
    owner, ann, other = make_user(), make_user("ann"), make_user()
    first, second = make_project(owner, annotators=[ann, other]), make_project(owner, annotators=[ann])
    read_in(first, [line()])
    [item] = take(client_of(ann), first)
    body = choose(item)
    assert put(client_of(ann), body, uuid(7)).status_code == 201
    imported(client_of(owner), second, export(client_of(owner), first))
    assert Judgment.objects.filter(uuid=uuid(7)).count() == 2
    assert put(client_of(ann), body, uuid(7)).status_code == 200
    assert (
        put(client_of(ann), body | {"reason": "new"}, uuid(7)).json()["error"]["code"] == "judgment_conflict"
    )
    assert put(client_of(other), body, uuid(7)).status_code == 404
    assert client_of(ann).get(f"{API}/judgments/{uuid(7)}/").json()["project"] == str(first.id)
    assert client_of(owner).get(f"{API}/judgments/{uuid(7)}/").status_code == 200
    assert client_of(other).get(f"{API}/judgments/{uuid(7)}/").status_code == 404


@pytest.fixture
def judged(client_of):
    owner = make_user()
    project, client = make_project(owner, name="Ünïcode “名前” / ../x"), client_of(owner)
    lines = [
        line("p1", 2, [vote("ann"), vote("bob"), vote("cleo", "c2"), vote("late", "c2", surplus=True),
                       vote("gone", status="skipped") | {"answers": {}}]),
        line("p2", 2, [vote("ann", "c1"), vote("bob", "c2")]),
        line("p3", 2, [vote("judge", "c2", annotator_kind="model", submitted_at="2020-01-01T00:00:00Z")]),
    ]  # fmt: skip
    imported(client, project, lines, strict=1)
    return project, client


def test_preferences_are_one_consensus_row_for_each_decided_pair(judged):
    project, client = judged
    response = client.get(f"{API}/projects/{project.id}/export/?format=trl-preference")
    rows = [orjson.loads(row) for row in b"".join(response.streaming_content).splitlines()]
    assert [(row["prompt"][0]["content"] if isinstance(row["prompt"], list) else row["prompt"], row["n"]) for row in rows] == [
        ("question p1?", 3), ("question p3?", 1),
    ]  # fmt: skip
    assert response["X-Plaudit-Rows"] == "2"
    assert response["X-Plaudit-Undecided"] == "1"
    votes = export(client, project, format="trl-preference", consensus=0).splitlines()
    assert len(votes) == 6
    agreed = export(client, project, format="trl-preference", min_agreement=0.9).splitlines()
    assert len(agreed) == 1


def test_filters_choose_judgments_by_time_annotator_and_kind(judged):
    project, client = judged

    def rows(**parameters):
        lines = [orjson.loads(row) for row in export(client, project, **parameters).splitlines()]
        assert len(lines) == 3
        return sum(len(row["judgments"]) for row in lines)

    assert rows() == 8
    assert rows(annotator="ann") == 2
    assert rows(annotator_kind="model") == 1
    assert rows(annotator_kind="human,model") == 8
    assert rows(since="2021-01-01T00:00:00Z") == 7
    assert rows(since="2021-01-01") == 7
    names = {one["annotator"] for row in export(client, project, names="pseudonyms").splitlines()
             for one in orjson.loads(row)["judgments"]}  # fmt: skip
    assert names == {f"annotator-{number}" for number in range(1, 7)}


def test_surplus_and_skips_are_in_jsonl_alone(judged):
    project, client = judged
    assert b'"surplus":true' in export(client, project)
    table = list(csv.DictReader(io.StringIO(export(client, project, format="csv").decode("utf-8-sig"))))
    names = {value for row in table for value in row.values()}
    assert "cleo" in names
    assert not {"late", "gone"} & names
    parquet = pq.read_table(io.BytesIO(export(client, project, format="parquet")))
    assert b"late" not in str(parquet.to_pydict()).encode()


def test_cells_that_a_spreadsheet_would_run_are_written_as_text(client_of):
    owner = make_user()
    project, client = make_project(owner), client_of(owner)
    evil = line("=1+1", 2, [vote("@SUM(A1)"), vote("-2+3"), vote("+cmd|' /C calc'!A0")])
    evil["completions"][0]["text"] = '=HYPERLINK("http://x","y")'
    evil["completions"][1]["text"] = "\t=1"
    assert imported(client, project, [evil])["errors"] == []
    table = csv.reader(io.StringIO(export(client, project, format="csv").decode("utf-8-sig")))
    cells = [cell for row in table for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@", "-", "\t", "\r"}]
    assert b'"=1+1"' in export(client, project)


def test_the_name_of_the_file_says_project_and_format_and_nothing_else(judged):
    project, client = judged
    response = client.get(f"{API}/projects/{project.id}/export/?format=csv")
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''")
    assert unquote(disposition).endswith("ünïcode-名前-x-csv.csv")
    assert "/" not in disposition
    assert response["Content-Type"].startswith("text/csv")
    b"".join(response.streaming_content)


@pytest.mark.parametrize(
    "query",
    ["format=nope", "since=yesterday", "since=2026-13-45T00:00:00", "since=0001-01-01T00:00:00%2B23:00",
     "min_agreement=2", "min_agreement=nan", "min_agreement=x", "annotator_kind=robot"],
)  # fmt: skip
def test_filters_that_cannot_be_are_refused(judged, query):
    project, client = judged
    response = client.get(f"{API}/projects/{project.id}/export/?{query}")
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_an_export_is_for_reviewers(judged, client_of):
    project, _ = judged
    for role, status in (("annotator", 403), ("reviewer", 200)):
        user = make_user()
        Member.objects.create(project=project, user=user, role=role)
        assert client_of(user).get(f"{API}/projects/{project.id}/export/").status_code == status
    assert client_of(make_user()).get(f"{API}/projects/{project.id}/export/").status_code == 404


def test_an_empty_project_exports_empty_files(client_of):
    owner = make_user()
    project, client = make_project(owner), client_of(owner)
    for name in ("jsonl", "csv", "parquet", "trl-preference", "trl-unpaired"):
        body = export(client, project, format=name)
        assert len(body.splitlines()) <= 1 or name == "parquet"


def test_an_export_asks_for_a_page_of_prompts_at_a_time(
    client_of, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("annotation.selectors.exports.PROMPTS_AT_ONCE", 5)
    owner = make_user()
    project, client = make_project(owner), client_of(owner)
    read_in(project, jsonl(line(f"p{number}", 2, [vote()]) for number in range(20)))
    with django_assert_max_num_queries(25):
        assert len(export(client, project).splitlines()) == 20
    assert Annotator.objects.count() == 1
