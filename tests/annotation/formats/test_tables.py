"""Tables and maps: csv, tsv, xlsx, parquet, JSON; what the map language says; what is guessed."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotation.formats import (
    Bad,
    FormatError,
    Line,
    MapError,
    Skipped,
    archives,
    columns_of,
    detect,
    guess_map,
    map_clean,
    read,
    samples_of,
)
from annotation.formats.base import NativeMessage
from tests.annotation.formats.helpers import good, jsonl, only_bad, rows_of

MAP: dict[str, Any] = {
    "id": "{idx}",
    "prompt": "{instruction}\n\n{input}",
    "completions": [{"text": "{r1}", "source": "{m1}"}, {"text": "{r2}"}],
    "judgments": [
        {
            "annotator": "ann",
            "question": "overall",
            "value": "{label}",
            "values": {"1": {"choice": 0}, "2": {"choice": 1, "strength": 2}, "*": {"choice": "tie"}},
        }
    ],
}
HEADER = "idx,instruction,input,r1,r2,m1,label\n"


def csv_file(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())


def answers(line: Any, question: str = "overall") -> list[dict[str, Any]]:
    """Return the answers with the completions' texts in place of their ids."""
    texts = {completion.id: completion.text for completion in line.completions}
    return [
        {
            key: texts.get(value, value) if isinstance(value, str) else value
            for key, value in j.answers[question].items()
        }
        for j in line.judgments
    ]


def test_csv_row_becomes_a_line_through_the_map() -> None:
    file = csv_file("\ufeff" + HEADER + '7,Say hi,"in French,\nplease",Salut,"Bon""jour",m,2\n')
    (line,) = good(rows_of(file, format="csv", mapping=MAP))
    assert (line.id, line.messages) == ("7", (NativeMessage("user", "Say hi\n\nin French,\nplease"),))
    assert [(c.text, c.source) for c in line.completions] == [("Salut", "m"), ('Bon"jour', "")]
    assert answers(line) == [{"choice": 'Bon"jour', "strength": 2}]


def test_empty_column_of_a_template_is_trimmed_and_a_full_one_keeps_its_ends() -> None:
    file = csv_file(HEADER + "1,Say hi,,a,b,m,1\n2, Say hi , x ,a,b,m,1\n")
    first, second = good(rows_of(file, format="csv", mapping=MAP))
    assert first.messages[0].content == "Say hi"
    assert second.messages[0].content == " Say hi \n\n x "


def test_star_means_any_other_value_and_an_empty_value_no_judgment() -> None:
    file = csv_file(HEADER + "1,q,,a,b,m,garbage\n2,q,,a,b,m,\n")
    first, second = good(rows_of(file, format="csv", mapping=MAP))
    assert answers(first) == [{"choice": "tie"}]
    assert second.judgments == ()


def test_value_that_the_map_does_not_know_is_a_bad_row() -> None:
    mapping = {**MAP, "judgments": [{**MAP["judgments"][0], "values": {"1": {"choice": 0}}}]}
    file = csv_file(HEADER + "1,q,,a,b,m,9\n")
    assert (
        only_bad(rows_of(file, format="csv", mapping=mapping))
        == 'judgments[0].values does not say what "9" means'
    )


def test_entries_of_one_annotator_make_one_judgment() -> None:
    entry = {"annotator": "{who}", "question": "ok"}
    mapping = {
        "prompt": "{q}",
        "completions": [{"text": "{a}"}, {"text": "{b}"}],
        "judgments": [
            {
                **entry,
                "value": "{ok_a}",
                "values": {"y": {"values": {"0": ["yes"]}}, "n": {"values": {"0": ["no"]}}},
            },
            {
                **entry,
                "value": "{ok_b}",
                "values": {"y": {"values": {"1": ["yes"]}}, "n": {"values": {"1": ["no"]}}},
            },
            {**entry, "question": "rank", "answer": {"tiers": [[1], [0]]}},
            {**entry, "question": "score", "answer": {"scores": {"0": "{s}", "1": "{t}"}}},
        ],
    }
    file = csv_file("q,a,b,who,ok_a,ok_b,s,t\nx,1,2,Ann,y,n,4.5,\n")
    (line,) = good(rows_of(file, format="csv", mapping=mapping))
    first, second = (completion.id for completion in line.completions)
    (judgment,) = line.judgments
    assert judgment.annotator == "Ann"
    assert judgment.answers == {
        "ok": {"values": {first: ["yes"], second: ["no"]}},
        "rank": {"tiers": [[second], [first]]},
        "score": {"scores": {first: 4.5}},
    }


def test_map_without_texts_adds_judgments_to_completions_by_their_ids() -> None:
    mapping = {
        "id": "{idx}",
        "completions": [{"id": "left"}, {"id": "right"}],
        "judgments": [{"annotator": "j", "annotator_kind": "model", "question": "q", "value": "{v}",
                       "values": {"1": {"choice": 0}, "2": {"choice": 1}}}],
    }  # fmt: skip
    (line,) = good(rows_of(csv_file("idx,v\n5,2\n"), format="csv", mapping=mapping))
    assert line.completions == ()
    assert line.judgments[0].answers == {"q": {"choice": "right"}}


def test_optional_completion_is_left_out_where_its_column_is_empty() -> None:
    mapping = {"prompt": "{q}", "completions": [{"text": "{a}"}, {"text": "{b}", "optional": True}]}
    (line,) = good(rows_of(csv_file("q,a,b\nx,1,\n"), format="csv", mapping=mapping))
    assert [completion.text for completion in line.completions] == ["1"]


def test_json_values_that_are_no_text_are_kept_with_a_note_and_objects_refused() -> None:
    mapping = {"prompt": "{q}", "completions": [{"text": "{a.text}"}]}
    rows = rows_of(
        jsonl(
            {"q": "x", "a": {"text": True}},
            {"q": "x", "a": {"text": {}}},
            {"q": "x"},
            {"q": "x", "a": {"text": None}},
        ),
        format="jsonl",
        mapping=mapping,
    )
    assert isinstance(rows[0], Line)
    assert rows[0].native.completions[0].text == "true"
    assert rows[0].notes == ('completions[0].text was true, not text; kept as "true"',)
    assert [row.message for row in rows if isinstance(row, Bad)] == [
        "completions[0].text must be text, got an object",
        "completions[0].text: the row has no column “a.text”",
        "completions[0].text is missing: the column “a.text” is empty",
    ]


def test_doubled_brace_is_a_brace() -> None:
    mapping = {"prompt": "{{{q}}}", "completions": [{"text": "{a}"}]}
    (line,) = good(rows_of(csv_file("q,a\nx,1\n"), format="csv", mapping=mapping))
    assert line.messages[0].content == "{x}"


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ([], "the map must be an object, got a list."),
        ({"completions": []}, "The map needs either prompt or messages."),
        (
            {"prompt": "{q", "completions": [{"text": "{a}"}]},
            "prompt has a brace that is not closed; write {{ for a brace itself.",
        ),
        ({"prompt": "{q}", "colour": 1}, "the map has “colour”, which is no part of a map."),
        ({"prompt": "{q}", "completions": [{}]}, "completions[0] needs a text."),
        ({"prompt": 3, "completions": []}, "prompt must be a text with columns in braces, got 3."),
        (
            {
                "prompt": "{q}",
                "completions": [{"text": "{a}"}],
                "judgments": [{"annotator": "x", "question": "q"}],
            },
            "judgments[0] needs either value and values, or answer.",
        ),
        (
            {"prompt": "{nope}", "completions": [{"text": "{a}"}]},
            "The file has no column “nope”. It has: q, a.",
        ),
    ],
)
def test_wrong_map_is_refused_with_its_place(mapping: Any, message: str) -> None:
    with pytest.raises(MapError) as caught:
        rows_of(csv_file("q,a\nx,1\n"), format="csv", mapping=mapping)
    assert caught.value.message == message
    assert caught.value.code == "invalid_map"


def test_place_that_is_not_there_is_a_bad_row() -> None:
    mapping = {"prompt": "{q}", "completions": [{"text": "{a}"}], "judgments": [
        {"annotator": "x", "question": "o", "answer": {"choice": 1}}]}  # fmt: skip
    message = only_bad(rows_of(csv_file("q,a\nx,1\n"), format="csv", mapping=mapping))
    assert message == "judgments[0].choice names completion 1, counted from 0; the map has 1"


def test_csv_reports_odd_rows_and_reads_on() -> None:
    body = b"q,a\nx,1\nx\nx,\xff\n\nx,\x00\nx,2\n"
    mapping = {"prompt": "{q}", "completions": [{"text": "{a}"}]}
    rows = rows_of(io.BytesIO(body), format="csv", mapping=mapping)
    assert [type(row) for row in rows] == [Line, Bad, Bad, Skipped, Bad, Line]
    assert [row.message for row in rows if isinstance(row, Bad)] == [
        "the row has 1 fields where the header has 2",
        "the row is not UTF-8: byte 3 of line 4 cannot be read",
        "completions[0].text holds a NUL character, which a text cannot have",
    ]


def test_formula_cells_are_text() -> None:
    mapping = {"prompt": "{q}", "completions": [{"text": "{a}"}]}
    (line,) = good(rows_of(csv_file('q,a\nx,"=HYPERLINK(""http://x"")"\n'), format="csv", mapping=mapping))
    assert line.completions[0].text == '=HYPERLINK("http://x")'


def test_semicolons_and_tabs_are_found_in_the_header() -> None:
    for separator in ";\t":
        (line,) = good(rows_of(csv_file(f"prompt{separator}answer\nx{separator}1\n"), format="csv"))
        assert line.completions[0].text == "1"
    (line,) = good(rows_of(csv_file('prompt\tanswer\nx\t"1\n'), format="tsv", options={"quoting": "none"}))
    assert line.completions[0].text == '"1'


def test_unusable_header_is_an_error_of_the_file() -> None:
    for text, code in (("", "no_header"), ("a,a\n", "column_twice"), ("foo,bar\n1,2\n", "map_needed")):
        with pytest.raises(FormatError) as caught:
            rows_of(csv_file(text), format="csv")
        assert caught.value.code == code


def test_workbook_gives_whole_numbers_dates_and_blank_rows() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in (["q", "a", "n"], ["x", 5, 1], [None, None, None], ["=1+1", "y", 2.5]):
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    mapping = {"prompt": "{q}", "completions": [{"text": "{a}"}], "metadata": {"n": "{n}"}}
    rows = rows_of(file, format="auto", filename="book.xlsx", mapping=mapping)
    assert isinstance(rows[0], Line)
    assert rows[0].native.completions[0].text == "5"
    assert rows[0].native.metadata == {"n": 1}
    assert isinstance(rows[1], Skipped)
    file.seek(0)
    assert columns_of(file, filename="book.xlsx") == ("q", "a", "n")


def test_sheet_may_begin_anywhere_be_named_and_hold_error_cells() -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("judged")
    for place, value in {"B3": "q", "C3": "a", "B4": "x", "C4": "#N/A", "B6": "y", "C6": "=1+1"}.items():
        sheet[place] = value
    file = io.BytesIO()
    book.save(file)
    mapping = {"prompt": "{q}", "completions": [{"text": "{a}"}]}
    rows = rows_of(file, format="xlsx", mapping=mapping, options={"sheet": "judged"})
    assert [(type(row), row.row) for row in rows] == [(Line, 4), (Skipped, 5), (Line, 6)]
    assert isinstance(rows[0], Line)
    assert rows[0].native.completions[0].text == "#N/A"
    with pytest.raises(FormatError) as caught:
        rows_of(file, format="xlsx", options={"sheet": "nope"})
    assert caught.value.message == "The workbook has no sheet “nope”."


def test_archive_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 1000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 2000)
    file.seek(0)
    with pytest.raises(FormatError) as caught:
        rows_of(file, format="xlsx")
    assert caught.value.code == "too_large"


def test_broken_workbook_and_parquet_are_errors_of_the_file() -> None:
    for name in ("xlsx", "parquet"):
        with pytest.raises(FormatError):
            rows_of(io.BytesIO(b"PK\x03\x04 nonsense"), format=name)


def test_parquet_is_read_with_its_types() -> None:
    table = pa.table({"q": ["x", "y"], "outs": [["1", "2"], ["3", "4"]], "score": [1.0, float("nan")]})
    file = io.BytesIO()
    pq.write_table(table, file)
    file.seek(0)
    mapping = {
        "prompt": "{q}",
        "completions": [{"text": "{outs.0}"}, {"text": "{outs.1}"}],
        "metadata": {"s": "{score}"},
    }
    lines = good(rows_of(file, mapping=mapping))
    assert [completion.text for completion in lines[1].completions] == ["3", "4"]
    assert [line.metadata for line in lines] == [{"s": 1}, {"s": None}]


def test_long_text_that_many_parquet_rows_share_is_held_once() -> None:
    table = pa.table({"prompt": ["x" * 1_000_000] * 2_000, "answer": [str(n) for n in range(2_000)]})
    file = io.BytesIO()
    pq.write_table(table, file)
    del table
    file.seek(0)
    before = pa.total_allocated_bytes()
    first = next(iter(read(file)))
    assert isinstance(first, Line)
    assert pa.total_allocated_bytes() - before < 50_000_000


def test_json_list_is_read_one_by_one_and_reported_where_it_breaks_off() -> None:
    text = json.dumps([{"prompt": "x", "answer": "1"}, 5, {"prompt": "y", "answer": "2"}]).encode()
    rows = rows_of(io.BytesIO(text), format="json")
    assert [type(row) for row in rows] == [Line, Bad, Line]
    rows = rows_of(io.BytesIO(text[:-10]), format="json")
    assert [type(row) for row in rows] == [Line, Bad, Bad]
    assert isinstance(rows[2], Bad)
    assert rows[2].message.startswith("the file is no valid JSON from here on")


def test_damaged_gzip_keeps_what_was_read_and_ends_with_a_bad_row() -> None:
    lines = [{"id": str(n), "prompt": "x", "completions": [{"text": str(n * n)}]} for n in range(20_000)]
    packed = gzip.compress(jsonl(*lines).getvalue())
    rows = rows_of(io.BytesIO(packed[: len(packed) // 2]), format="native")
    assert isinstance(rows[0], Line)
    assert isinstance(rows[-1], Bad)
    assert rows[-1].message == "The compressed file is damaged or cut short."


def test_rows_of_jsonl_may_be_native_flat_or_trl() -> None:
    lines = good(
        rows_of(
            jsonl(
                {"id": "p", "prompt": "q", "completions": [{"text": "x"}]},
                {"question": "q", "response_a": "x", "response_b": "y", "winner": "model_b", "judge": "Kim"},
                {"prompt": "q", "completion": "x", "label": False},
            ),
            format="jsonl",
        )
    )
    assert lines[0].id == "p"
    assert (lines[1].judgments[0].annotator, answers(lines[1])) == ("Kim", [{"choice": "y"}])
    assert answers(lines[2], "acceptable")[0]["values"] == {lines[2].completions[0].id: ["no"]}


@pytest.mark.parametrize(
    ("columns", "texts"),
    [
        (["Prompt", "Response A", "Response B"], ["{Response A}", "{Response B}"]),
        (["instruction", "input", "output"], ["{output}"]),
        (["question", "answer1", "answer2", "answer3"], ["{answer1}", "{answer2}", "{answer3}"]),
        (["src", "translation"], ["{translation}"]),
        (["foo", "bar"], None),
        (["prompt"], None),
    ],
)
def test_map_is_guessed_from_usual_names(columns: list[str], texts: list[str] | None) -> None:
    guessed = guess_map(columns)
    assert (None if guessed is None else [c["text"] for c in guessed["completions"]]) == texts
    if guessed is not None:
        map_clean(guessed)


def test_ids_are_not_guessed_where_each_row_is_a_judgment() -> None:
    assert "id" not in (guess_map(["id", "prompt", "answer", "annotator"]) or {})
    assert (guess_map(["id", "prompt", "answer"]) or {})["id"] == "{id}"


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("x.csv", b"a,b\n", "csv"),
        ("x.tsv", b"a\tb\n", "tsv"),
        ("x", b"prompt,answer\n", "csv"),
        ("x", b"PAR1", "parquet"),
        ("x.xlsx", b"PK\x03\x04", "xlsx"),
        ("x.json", b'\xef\xbb\xbf [{"a": 1}]', "json"),
        ("x", b'{"a": 1}\n', "jsonl"),
        ("x", b'{"prompt": "q", "completions": []}\n', "native"),
        ("x", b'{"prompt": "q", "chosen": "a", "rejected": "b"}\n', "trl"),
        ("x.gz", gzip.compress(b'{"chosen": "\\n\\nHuman: a", "rejected": "\\n\\nHuman: b"}\n'), "hh"),
        ("x", b'{"message_tree_id": "t", "prompt": {}}\n', "openassistant"),
        ("x.json", b'[{"id": 1, "data": {}, "annotations": []}]', "label-studio"),
        ("x.json", b'[{"fields": {}, "responses": []}]', "argilla"),
        ("x.json", b'[{"id": 1, "data": {"a": "cut', "json"),
    ],
)
def test_format_is_told_by_name_and_first_bytes(name: str, head: bytes, expected: str) -> None:
    assert detect(name, head) == expected


@pytest.mark.parametrize(
    ("name", "head"), [("x", b"hello"), ("x.zip", b"PK\x03\x04a.csv"), ("x.json", b'{\n "a": 1}')]
)
def test_unknown_formats_are_refused(name: str, head: bytes) -> None:
    with pytest.raises(FormatError):
        detect(name, head)


def test_path_and_open_file_give_the_same(tmp_path: Any) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"prompt,answer\nx,1\n")
    with path.open("rb") as file:
        assert list(read(path)) == list(read(file))


def test_samples_are_the_different_values_of_each_column_cut_short() -> None:
    table = "prompt,winner\n" + "".join(f"{'x' * 70}{row},{'AB'[row % 2]}\n" for row in range(50))
    assert samples_of(io.BytesIO(table.encode()), filename="t.csv") == {
        "prompt": ["x" * 60],
        "winner": ["A", "B"],
    }
