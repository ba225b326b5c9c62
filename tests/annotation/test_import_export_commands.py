"""`manage.py import` and `manage.py export`."""

from __future__ import annotations

import io
import sys

import orjson
import pytest
from django.core.management import CommandError, call_command

from annotation.models import Prompt
from tests.annotation.importing import jsonl, line, vote
from tests.factories import make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_bytes(jsonl([line("p1", 2, [vote()]), line("p2")]))
    return path


def exported(monkeypatch, *arguments):
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    call_command("export", *arguments)
    return out.buffer.getvalue()


def test_a_file_is_read_reported_and_left_where_it_is(file, capsys):
    project = make_project()
    call_command("import", str(project.id), str(file))
    assert (
        "2 rows: 2 prompts, 4 completions, 1 judgments, 0 duplicates, 0 skipped, 0 errors"
        in capsys.readouterr().out
    )
    assert file.exists()
    assert Prompt.objects.filter(project=project).count() == 2


def test_a_project_may_be_named(file):
    project = make_project(name="the only one")
    call_command("import", "the only one", str(file))
    assert Prompt.objects.filter(project=project).count() == 2
    with pytest.raises(CommandError):
        call_command("import", "another one", str(file))


def test_bad_rows_are_told_on_standard_error(file, capsys):
    project = make_project()
    file.write_bytes(file.read_bytes() + b"nonsense\n")
    call_command("import", str(project.id), str(file))
    assert "row 3: " in capsys.readouterr().err
    strict = make_project()
    call_command("import", str(strict.id), str(file), "--strict")
    call_command("import", str(strict.id), str(file), "--dry-run")
    assert not Prompt.objects.filter(project=strict).exists()


def test_what_cannot_be_read_ends_with_an_error(file, tmp_path):
    project = str(make_project().id)
    table = tmp_path / "t.csv"
    table.write_text("foo,bar\n1,2\n")
    for arguments in (
        [str(tmp_path / "absent.jsonl")],
        [str(table)],
        [str(file), "--map", "{nonsense"],
        [str(file), "--map", "{}"],
        [str(file), "--map", "no-such-recipe"],
        [str(file), "--format", "no-such-format"],
    ):
        with pytest.raises(CommandError):
            call_command("import", project, *arguments)
    assert not Prompt.objects.exists()


def test_an_export_goes_to_standard_output(file, monkeypatch):
    project = make_project()
    call_command("import", str(project.id), str(file))
    rows = [orjson.loads(row) for row in exported(monkeypatch, str(project.id)).splitlines()]
    assert [row["id"] for row in rows] == ["p1", "p2"]
    [row] = exported(monkeypatch, str(project.id), "--format", "trl-preference").splitlines()
    assert orjson.loads(row)["n"] == 1
    hidden = exported(monkeypatch, str(project.id), "--pseudonyms")
    assert b'"annotator":"annotator-1"' in hidden
    with pytest.raises(CommandError):
        call_command("export", "0")
