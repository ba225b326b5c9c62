"""The native line: what is read, what is refused, and that writing and reading give the same again."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.formats import (
    Bad,
    Line,
    NativeCompletion,
    NativeJudgment,
    NativeLine,
    NativeMessage,
    content_key,
    line_from,
    read,
)
from annotation.formats import base as limits
from annotation.formats.write import write_jsonl
from tests.annotation.formats.helpers import good, jsonl, only_bad, rows_of

PAIR = {"id": "p1", "prompt": "Hi", "completions": [{"id": "a", "text": "Hello"}, {"id": "b", "text": "Yo"}]}


def test_full_line_is_read_with_every_field() -> None:
    raw = {
        "id": "p1",
        "messages": [{"role": "system", "content": "Be short."}, {"role": "user", "content": "Hi"}],
        "group": "greetings",
        "completions": [
            {"id": "c1", "text": "Hello", "source": "m", "features": [0.5, 1], "metadata": {"t": 1}}
        ],
        "metadata": {"k": ["v"]},
        "judgments": [
            {
                "id": "6F9619FF-8B86-D011-B42D-00C04FC964FF",
                "annotator": "ann",
                "annotator_kind": "simulated",
                "status": "flagged",
                "answers": {"q": {"scores": {"c1": 4}}},
                "shown": ["c1"],
                "started_at": "2026-01-31T11:00:00+01:00",
                "submitted_at": "2026-01-31T10:00:09Z",
                "active_ms": 8300,
                "reason": "odd",
                "surplus": True,
            }
        ],
    }
    (line,) = good(rows_of(jsonl(raw), format="native"))
    assert line == NativeLine(
        id="p1",
        messages=(NativeMessage("system", "Be short."), NativeMessage("user", "Hi")),
        completions=(NativeCompletion("c1", "Hello", "m", (0.5, 1.0), {"t": 1}),),
        group="greetings",
        metadata={"k": ["v"]},
        judgments=(
            NativeJudgment(
                annotator="ann",
                answers={"q": {"scores": {"c1": 4}}},
                id="6f9619ff-8b86-d011-b42d-00c04fc964ff",
                annotator_kind="simulated",
                status="flagged",
                shown=("c1",),
                started_at=datetime(2026, 1, 31, 10, tzinfo=UTC),
                submitted_at=datetime(2026, 1, 31, 10, 0, 9, tzinfo=UTC),
                active_ms=8300,
                reason="odd",
                surplus=True,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            {**PAIR, "completions": [{"text": "x"}, {"text": True}]},
            "completions[1].text must be text, got true",
        ),
        ({**PAIR, "completions": [{"text": None}]}, "completions[0].text must be text, got nothing"),
        ({**PAIR, "prompt": "a\0b"}, "prompt holds a NUL character, which a text cannot have"),
        ({**PAIR, "metadata": {"k": ["\0"]}}, "metadata.k holds a NUL character, which a text cannot have"),
        ({**PAIR, "prompt": " "}, "prompt is empty"),
        ({**PAIR, "completions": {}}, "completions must be a list, got an object"),
        ({**PAIR, "completions": []}, "completions are missing"),
        ({**PAIR, "id": ["x"]}, "id must be text, got a list"),
        ({**PAIR, "messages": [{"role": "user", "content": "x"}]}, "prompt and messages are both given"),
        (
            {"id": "p", "messages": ["x"], "completions": [{"text": ""}]},
            'messages[0] must be an object, got "x"',
        ),
        (
            {**PAIR, "completions": [{"id": "tie", "text": "x"}]},
            "completions[0].id cannot be “tie”: the word is reserved",
        ),
        (
            {**PAIR, "completions": [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]},
            "completions[1].id “a” is there twice",
        ),
        (
            {**PAIR, "completions": [{"text": "x", "features": ["1"]}]},
            'completions[0].features[0] must be a number, got "1"',
        ),
        ({**PAIR, "judgments": [{"answers": {}}]}, "judgments[0].annotator is missing"),
        (
            {**PAIR, "judgments": [{"annotator": "x", "annotator_kind": "robot"}]},
            'judgments[0].annotator_kind must be one of human, model, simulated, adjudicated, got "robot"',
        ),
        (
            {**PAIR, "judgments": [{"annotator": "x", "submitted_at": "soon"}]},
            'judgments[0].submitted_at must be an ISO 8601 time, got "soon"',
        ),
        ({**PAIR, "judgments": [{"annotator": "x", "id": "7"}]}, 'judgments[0].id must be a uuid, got "7"'),
        (
            {**PAIR, "judgments": [{"annotator": "x", "active_ms": -1}]},
            "judgments[0].active_ms must be a whole number of milliseconds, got -1",
        ),
        (
            {**PAIR, "judgments": [{"annotator": "x", "answers": {"q": 3}}]},
            "judgments[0].answers.q must be an object, got 3",
        ),
        (
            {**PAIR, "judgments": [{"annotator": "x", "shown": ["z"]}]},
            "judgments[0].shown names “z”, which is no completion here",
        ),
        ([1], "the line must be a JSON object"),
    ],
)
def test_wrong_field_is_reported_by_its_name(raw: object, message: str) -> None:
    assert only_bad(rows_of(jsonl(raw), format="native")) == message


def test_bad_lines_are_reported_by_number_and_good_ones_are_read() -> None:
    rows = rows_of(
        jsonl(PAIR, b"", b'{"id": "p2", ', b'{"id": "\xff"}', {**PAIR, "id": "p3"}), format="native"
    )
    assert [type(row) for row in rows] == [Line, Bad, Bad, Line]
    assert [row.row for row in rows] == [1, 3, 4, 5]
    assert isinstance(rows[1], Bad)
    assert rows[1].message.startswith("the line is no valid JSON")
    assert isinstance(rows[2], Bad)
    assert rows[2].message == "the line is not UTF-8: byte 9 of it cannot be read"


def test_byte_order_mark_is_no_part_of_the_first_line() -> None:
    file = io.BytesIO(b"\xef\xbb\xbf" + jsonl(PAIR).getvalue())
    assert good(rows_of(file, format="native"))[0].id == "p1"


def test_unknown_fields_are_left_out_with_a_note() -> None:
    (row,) = rows_of(jsonl({**PAIR, "colour": "red"}), format="native")
    assert isinstance(row, Line)
    assert row.notes == ("colour: not a field of a native line, left out",)


def test_line_without_completions_adds_judgments_by_id() -> None:
    raw = {
        "id": "p1",
        "judgments": [{"annotator": "x", "answers": {"q": {"choice": "a"}}, "shown": ["b", "a"]}],
    }
    (line,) = good(rows_of(jsonl(raw), format="native"))
    assert (line.completions, line.judgments[0].shown) == ((), ("b", "a"))


def test_completions_without_ids_are_called_by_their_place() -> None:
    line, _ = line_from({"id": "p", "prompt": "x", "completions": [{"text": "1"}, {"text": "2"}]})
    assert [completion.id for completion in line.completions] == ["c1", "c2"]


def test_line_without_id_is_the_same_whatever_the_order_of_its_completions() -> None:
    texts = [{"text": "x", "source": "m"}, {"text": "y"}]
    one, _ = line_from({"prompt": "q", "completions": texts, "judgments": [_choice("c1")]})
    other, _ = line_from({"prompt": "q", "completions": texts[::-1], "judgments": [_choice("c2")]})
    assert one.id == other.id
    assert content_key(one) == content_key(other)
    assert one.judgments[0].answers == other.judgments[0].answers
    assert {c.id: c.text for c in one.completions} == {c.id: c.text for c in other.completions}
    assert one.by_content


def test_equal_completions_of_a_line_without_id_stay_two() -> None:
    line, _ = line_from({"prompt": "q", "completions": [{"text": "x"}, {"text": "x"}]})
    first, second = line.completions
    assert second.id == f"{first.id}-2"


def test_other_source_or_prompt_is_other_content() -> None:
    raws = [
        {"prompt": "q", "completions": [{"text": "x"}]},
        {"prompt": "q", "completions": [{"text": "x", "source": "m"}]},
        {"prompt": "r", "completions": [{"text": "x"}]},
    ]
    assert len({line_from(raw)[0].id for raw in raws}) == 3


def test_text_over_the_limit_is_refused_and_one_at_the_limit_is_read() -> None:
    at_limit = "é" * (limits.MAX_TEXT_BYTES // 2)
    line, _ = line_from({"prompt": "q", "completions": [{"text": at_limit}]})
    assert line.completions[0].text == at_limit
    message = only_bad(
        rows_of(jsonl({"prompt": "q", "completions": [{"text": at_limit + "x"}]}), format="native")
    )
    assert message == "completions[0].text has 1,048,577 bytes; at most 1,048,576 are read"


def test_too_many_completions_are_refused() -> None:
    raw = {"prompt": "q", "completions": [{"text": str(n)} for n in range(limits.MAX_COMPLETIONS + 1)]}
    assert only_bad(rows_of(jsonl(raw), format="native")) == "completions has 65 entries; at most 64 are read"


def test_line_over_the_row_limit_is_reported_and_the_next_one_read() -> None:
    huge = b'{"id": "' + b"x" * limits.MAX_ROW_BYTES + b'"}'
    rows = rows_of(jsonl(huge, PAIR), format="native")
    assert isinstance(rows[0], Bad)
    assert rows[0].message == "the line has more than 16,777,216 bytes"
    assert isinstance(rows[1], Line)


def test_deep_nesting_is_refused() -> None:
    nested: object = 1
    for _ in range(200):
        nested = [nested]
    assert "nested more than 64 deep" in only_bad(
        rows_of(jsonl({**PAIR, "metadata": {"k": nested}}), format="native")
    )


def _choice(name: str) -> dict[str, object]:
    return {"annotator": "a", "answers": {"q": {"choice": name}}}


texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
words = texts.filter(lambda text: bool(text) and text not in ("tie", "both_bad"))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
objects = st.dictionaries(texts, json_values, max_size=3)
times = st.none() | st.datetimes(timezones=st.just(UTC))
uuids = st.none() | st.uuids().map(str)


@st.composite
def native_lines(draw: st.DrawFn) -> NativeLine:
    ids = draw(st.lists(words, min_size=1, max_size=3, unique=True))
    return NativeLine(
        id=draw(words),
        messages=(
            *draw(st.lists(st.builds(NativeMessage, words, texts), max_size=2)),
            NativeMessage("user", "Why?"),
        ),
        completions=tuple(
            NativeCompletion(
                name,
                draw(texts),
                draw(texts),
                tuple(draw(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=2))),
                draw(objects),
            )
            for name in ids
        ),
        group=draw(st.none() | words),
        metadata=draw(objects),
        judgments=tuple(
            draw(
                st.lists(
                    st.builds(
                        NativeJudgment,
                        annotator=words,
                        answers=st.dictionaries(texts, objects, max_size=2),
                        id=uuids,
                        annotator_kind=st.sampled_from(["human", "model", "simulated"]),
                        status=st.sampled_from(["submitted", "skipped", "flagged"]),
                        shown=st.permutations(ids).map(tuple),
                        started_at=times,
                        submitted_at=times,
                        active_ms=st.none() | st.integers(0, 2**31 - 1),
                        supersedes=uuids,
                        reason=texts,
                        surplus=st.booleans(),
                    ),
                    max_size=2,
                )
            )
        ),
    )


@settings(deadline=None)
@given(st.lists(native_lines(), max_size=3))
def test_written_lines_are_read_back_equal_and_written_again_alike(lines: list[NativeLine]) -> None:
    written = b"".join(write_jsonl(lines))
    again = good(read(io.BytesIO(written), format="native"))
    assert again == lines
    assert b"".join(write_jsonl(again)) == written
    assert all(judgment.id is None or UUID(judgment.id) for line in again for judgment in line.judgments)


@settings(deadline=None)
@given(json_values)
def test_any_json_value_is_either_read_or_reported(value: object) -> None:
    for row in rows_of(jsonl(value), format="native"):
        assert isinstance(row, Line | Bad)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: json_values
            | st.lists(
                st.dictionaries(
                    st.sampled_from(
                        [
                            "id",
                            "text",
                            "source",
                            "role",
                            "content",
                            "annotator",
                            "answers",
                            "shown",
                            "features",
                            "metadata",
                        ]
                    ),
                    json_values,
                ),
                max_size=2,
            )
            for name in ["id", "prompt", "messages", "completions", "judgments", "group", "metadata"]
        },
    )
)
def test_any_object_with_our_names_is_either_read_or_reported(value: object) -> None:
    (row,) = rows_of(jsonl(value), format="native")
    assert isinstance(row, Line | Bad)
