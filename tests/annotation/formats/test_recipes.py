"""Recipes on small files made here, and on the published ones where they are."""

from __future__ import annotations

import io
import json
import struct
import tarfile
import zipfile
from collections import Counter
from typing import Any

import openpyxl
import pytest

from annotation.formats import (
    RECIPES,
    Bad,
    DamagedFileError,
    FormatError,
    Line,
    MapError,
    NativeLine,
    Skipped,
    columns_of,
    read,
    suggested_recipe,
)
from annotation.formats.recipes.ukp_convarg import topic_of
from annotation.questions import answers_clean, questions_clean
from tests.annotation.formats.helpers import good, only_bad, rows_of
from tests.conftest import data_set


def checked(recipe: str, lines: list[NativeLine]) -> None:
    """Check that the recipe's questions can be asked and allow the answers of its lines."""
    questions = questions_clean(list(RECIPES[recipe].questions))
    for line in lines:
        ids = [completion.id for completion in line.completions] or ["response1", "response2"]
        for judgment in line.judgments:
            assert answers_clean(questions, judgment.answers, ids)


PAIR = {"idx": 4, "cmp_key": "m1_m2", "instruction": "Do", "input": "", "response1": True, "response2": "b",
        "annotator1": 1, "annotator2": 0, "annotator3": 2}  # fmt: skip


def listed(*entries: Any) -> io.BytesIO:
    return io.BytesIO(json.dumps(entries).encode())


def test_pandalm_pair_has_three_judgments_and_a_note_on_what_was_no_text() -> None:
    (row,) = rows_of(listed(PAIR), mapping="pandalm")
    assert isinstance(row, Line)
    assert row.notes == ('response1 was true, not text; kept as "true"',)
    assert (row.native.id, row.native.messages[0].content) == ("4", "Do")
    assert [(c.id, c.text, c.source) for c in row.native.completions] == [
        ("response1", "true", "m1"),
        ("response2", "b", "m2"),
    ]
    assert [(j.annotator, j.answers["overall"]["choice"]) for j in row.native.judgments] == [
        ("annotator1", "response1"),
        ("annotator2", "tie"),
        ("annotator3", "response2"),
    ]
    checked("pandalm", [row.native])


def test_pandalm_judge_adds_verdicts_of_a_model_and_anything_odd_is_a_tie() -> None:
    verdicts = [
        {"idx": n, "gpt_result": v, "gpt_reason": "r"} for n, v in enumerate(["1", "2", "Tie", "garbage"])
    ]
    lines = good(rows_of(listed(*verdicts), mapping="pandalm", filename="gpt-x-testset-v1.json"))
    assert [line.judgments[0].answers["overall"]["choice"] for line in lines] == [
        "response1",
        "response2",
        "tie",
        "tie",
    ]
    assert {(line.judgments[0].annotator, line.judgments[0].annotator_kind) for line in lines} == {
        ("gpt-x", "model")
    }
    lines = good(rows_of(listed(*verdicts), mapping="pandalm", options={"annotator": "GPT"}))
    assert lines[0].judgments[0].annotator == "GPT"
    checked("pandalm", lines)


def test_pandalm_verdict_out_of_range_is_reported() -> None:
    assert (
        only_bad(rows_of(listed({**PAIR, "annotator2": 7}), mapping="pandalm"))
        == "annotator2 must be 0, 1 or 2, got 7"
    )
    assert only_bad(rows_of(listed({"idx": 1}), mapping="pandalm")).startswith("the row is neither")


COLUMNS = ["id", "prompt", "model_a", "model_b", "completion_a", "completion_b", "completion_a_is_acceptable", "completion_b_is_acceptable", "preference", "comment", "evaluator", "timestamp"]  # fmt: skip


def workbook(*rows: list[Any]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for cells in (COLUMNS, *rows):
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def test_tulu_rows_of_one_pair_are_one_prompt_whatever_the_order() -> None:
    file = workbook(
        [1, "Q", "m", "n", "X", "Y", "yes", "no", "a-is-better", None, "al", "2023-05-19 13:11:45"],
        [None] * 12,
        [2, "Q", "n", "m", "Y", "X", "yes", "yes", "b-is-slightly-better", None, "bo", None],
        [3, "Q", "n", "m", "#N/A", "X", "yes", "yes", "tie", None, "bo", None],
        [4, "Q", "n", "m", "Y", "X", "maybe", "yes", "tie", None, "bo", None],
    )
    first, blank, second, third, fourth = rows_of(file, mapping="tulu-human-eval", filename="x.xlsx")
    assert isinstance(first, Line)
    assert isinstance(second, Line)
    assert isinstance(blank, Skipped)
    assert first.native.id == second.native.id
    better = next(c.id for c in first.native.completions if c.text == "X")
    assert first.native.judgments[0].answers["overall"] == {"choice": better, "strength": 2}
    assert second.native.judgments[0].answers["overall"] == {"choice": better, "strength": 1}
    assert first.native.judgments[0].answers["acceptable"]["values"][better] == ["yes"]
    assert second.native.judgments[0].shown == first.native.judgments[0].shown[::-1]
    assert isinstance(third, Line)
    assert third.notes == ("completion_a reads #N/A, a spreadsheet's error; kept as text",)
    assert isinstance(fourth, Bad)
    assert fourth.message == 'completion_a_is_acceptable must be yes or no, got "maybe"'
    checked("tulu-human-eval", [first.native, second.native, third.native])


def ukp_table() -> bytes:
    return b'#id\tlabel\ta1\ta2\n1_2\ta2\t"quoted\tplain <br/>\n3_4\ta9\tx\ty\n'


def test_ukp_file_is_known_by_its_name() -> None:
    rows = rows_of(io.BytesIO(ukp_table()), mapping="ukp-convarg", filename="/tmp/tv-or-books_tv.csv")
    assert isinstance(rows[0], Line)
    line = rows[0].native
    assert (line.id, line.group, line.messages[0].content) == (
        "tv-or-books_tv.csv/1_2",
        "tv-or-books_tv.csv",
        "Tv or books: tv",
    )
    assert [(c.id, c.text) for c in line.completions] == [("a1", '"quoted'), ("a2", "plain <br/>")]
    assert isinstance(rows[1], Bad)
    assert rows[1].message == 'label must be a1 or a2, got "a9"'
    checked("ukp-convarg", [line])


def test_ukp_archives_are_read_file_by_file() -> None:
    tarred = io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w:xz") as archive:
        for name in ("a_x.csv", "README.txt", "b_y.csv"):
            info = tarfile.TarInfo("./sub/" + name)
            info.size = len(ukp_table())
            archive.addfile(info, io.BytesIO(ukp_table()))
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as zip_archive:
        zip_archive.writestr("sub/a_x.csv", ukp_table())
        zip_archive.writestr("sub/b_y.csv", ukp_table())
    for file in (tarred, zipped):
        file.seek(0)
        rows = rows_of(file, mapping="ukp-convarg", filename="all")
        assert [row.row for row in rows] == [2, 3, 5, 6]
        assert [row.native.group for row in rows if isinstance(row, Line)] == ["a_x.csv", "b_y.csv"]
        assert isinstance(rows[3], Bad)
        assert rows[3].message.startswith("b_y.csv, row 3: label")


def test_ukp_archive_that_is_damaged_or_empty_is_refused() -> None:
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("x.txt", "x")
    for content in (empty.getvalue(), b"PK\x03\x04 nonsense"):
        with pytest.raises(FormatError):
            rows_of(io.BytesIO(content), mapping="ukp-convarg")


def spoiled_zip(kind: str) -> bytes:
    """A zip archive of one table with one thing about it wrong."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a_x.csv", ukp_table())
    content = bytearray(file.getvalue())
    central = content.index(b"PK\x01\x02")
    # Where a header has the value, in the file's own record and in the list at the end, and what to put there.
    local, listed, value = {"encrypted": (6, 8, 1), "method": (8, 10, 99), "checksum": (14, 16, 1)}[kind]
    for place in (local, central + listed):
        struct.pack_into("<H", content, place, value)
    return bytes(content)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("encrypted", "without a password"), ("method", "unknown way"), ("checksum", "damaged")],
)
def test_a_zip_that_cannot_be_unpacked_is_refused_and_says_so(kind: str, said: str) -> None:
    with pytest.raises(DamagedFileError, match=said):
        rows_of(io.BytesIO(spoiled_zip(kind)), mapping="ukp-convarg", filename="all")


def test_topic_is_the_debate_and_the_side() -> None:
    assert topic_of("is-porn-wrong-_yes-porn-is-wrong.csv") == "Is porn wrong: yes porn is wrong"
    assert topic_of("plain.csv") == "Plain"


def test_unknown_recipe_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(MapError) as caught:
        rows_of(io.BytesIO(b"{}"), mapping="nope")
    assert "pandalm, tulu-human-eval, ukp-convarg" in caught.value.message


def counted(name: str, **keywords: Any) -> tuple[Counter[str], list[NativeLine]]:
    """Read a published file and count its rows by kind."""
    path = data_set(name)
    kinds: Counter[str] = Counter()
    lines = []
    for row in read(path, **keywords):
        kinds[type(row).__name__] += 1
        if isinstance(row, Line):
            lines.append(row.native)
            kinds["notes"] += len(row.notes)
    return kinds, lines


def test_published_pandalm_has_999_pairs_and_2997_judgments() -> None:
    kinds, lines = counted("pandalm/testset-v1.json", mapping="pandalm")
    assert kinds == {"Line": 999, "notes": 6}
    assert len({line.id for line in lines}) == 999
    assert sum(len(line.judgments) for line in lines) == 2997
    assert suggested_recipe(columns_of(data_set("pandalm/testset-v1.json"))) == "pandalm"
    checked("pandalm", lines)


def test_published_pandalm_judges_have_999_verdicts_each() -> None:
    for name, ties in (("gpt-3.5-turbo", 63), ("pandalm-7b", 107)):
        kinds, lines = counted(f"pandalm/{name}-testset-v1.json", mapping="pandalm")
        assert kinds == {"Line": 999, "notes": 0}
        assert {line.judgments[0].annotator for line in lines} == {name}
        assert sum(line.judgments[0].answers["overall"]["choice"] == "tie" for line in lines) == ties


def test_published_tulu_workbook_has_1141_judgments_on_996_items() -> None:
    kinds, lines = counted("tulu1-human-eval/eval_annotations_tulu_1.xlsx", mapping="tulu-human-eval")
    assert (kinds["Line"], kinds["Skipped"], kinds["Bad"]) == (1150, 152, 0)
    assert len({line.id for line in lines}) == 996
    assert len({(line.id, line.judgments[0].annotator) for line in lines}) == 1141
    assert len({line.judgments[0].annotator for line in lines}) == 16
    assert sum(c.text == "#N/A" for line in lines for c in line.completions) == 1
    checked("tulu-human-eval", lines)


def test_published_ukp_archive_has_11650_pairs_of_1038_texts_in_32_groups() -> None:
    kinds, lines = counted("ukpconvarg1-strict/UKPConvArg1Strict-CSV.tar.xz", mapping="ukp-convarg")
    assert kinds == {"Line": 11_650, "notes": 0}
    assert len({line.id for line in lines}) == 11_650
    assert len({line.group for line in lines}) == 32
    assert len({c.text for line in lines for c in line.completions}) == 1038


def test_published_harmless_file_has_2312_pairs() -> None:
    kinds, lines = counted("hh-rlhf/harmless-base-test.jsonl.gz")
    assert kinds == {"Line": 2312, "notes": 5}
    assert all(len(line.completions) == 2 and line.judgments for line in lines)


@pytest.mark.parametrize(("options", "groups", "pairs"), [({}, 207, 732), ({"synthetic": "1"}, 212, 754)])
def test_published_trees_have_so_many_ranked_groups(options: dict[str, str], groups: int, pairs: int) -> None:
    _, lines = counted("oasst-sample/en_100_tree.jsonl", options=options)
    rankings = [j.answers["overall"]["tiers"] for line in lines for j in line.judgments]
    assert len(rankings) == groups
    assert sum(len(tiers) * (len(tiers) - 1) // 2 for tiers in rankings) == pairs
