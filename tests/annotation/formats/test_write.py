"""Exports: tables and training data for TRL, and what they leave out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from annotation.formats import NativeLine, line_from
from annotation.formats.write import (
    PreferenceCounts,
    UnpairedCounts,
    count_trl_preference,
    count_trl_unpaired,
    write_csv,
    write_jsonl,
    write_parquet,
    write_trl_preference,
    write_trl_unpaired,
)
from annotation.questions import question_clean
from tests.annotation.formats.helpers import good, rows_of
from tests.annotation.formats.test_native import native_lines

COMPARISON = question_clean(
    {"name": "overall", "kind": "comparison", "strengths": 3, "ties": True, "both_bad": True}
)
RANKING = question_clean({"name": "rank", "kind": "ranking"})
RATING = question_clean({"name": "stars", "kind": "rating", "min": 1, "max": 5})
ACCEPTABLE = question_clean(
    {"name": "acceptable", "kind": "choice", "options": ["yes", "no"], "per_completion": True}
)
UUIDS = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(10)]


def line(*answers: dict[str, Any], completions: str = "ab", **more: Any) -> NativeLine:
    """Return a line whose completions a, b, ... say A, B, ..., with one judgment for each answers object."""
    raw = {
        "id": "p",
        "prompt": "Q",
        "completions": [{"id": name, "text": name.upper()} for name in completions],
        "judgments": [
            {"id": UUIDS[n], "annotator": f"ann-{n}", "answers": answer, **more}
            for n, answer in enumerate(answers)
        ],
    }
    return line_from(raw)[0]


def prefers(choice: str, strength: int | None = None) -> dict[str, Any]:
    return {"overall": {"choice": choice, **({"strength": strength} if strength else {})}}


def rows(pieces: Iterable[bytes]) -> list[dict[str, Any]]:
    return [json.loads(text) for text in b"".join(pieces).splitlines()]


def test_consensus_pair_has_margin_count_and_agreement() -> None:
    votes = line(prefers("a", 3), prefers("a", 1), prefers("b", 1), prefers("tie"))
    (row,) = rows(write_trl_preference([votes], [COMPARISON], split=lambda _: "test"))
    assert row == {
        "prompt": [{"role": "user", "content": "Q"}],
        "chosen": [{"role": "assistant", "content": "A"}],
        "rejected": [{"role": "assistant", "content": "B"}],
        "margin": 0.75,
        "n": 4,
        "agreement": 0.5,
        "split": "test",
    }


def test_undecided_pairs_are_left_out_and_counted() -> None:
    lines = [
        line(prefers("a"), prefers("b")),
        line(prefers("tie"), prefers("tie"), prefers("a")),
        line(prefers("both_bad")),
        line(prefers("b")),
        line(prefers("a"), prefers("a"), prefers("b")),
        line(),
    ]
    assert count_trl_preference(lines, [COMPARISON]) == PreferenceCounts(rows=2, undecided=3)
    assert len(rows(write_trl_preference(lines, [COMPARISON]))) == 2
    counts = count_trl_preference(lines, [COMPARISON], min_agreement=0.9)
    assert counts == PreferenceCounts(rows=1, undecided=3, below_agreement=1)
    assert len(rows(write_trl_preference(lines, [COMPARISON], min_agreement=0.9))) == 1


def test_without_consensus_each_vote_is_a_row() -> None:
    lines = [line(prefers("a", 2), prefers("b"), prefers("tie"))]
    found = rows(write_trl_preference(lines, [COMPARISON], consensus=False))
    assert [(row["chosen"][0]["content"], row["margin"], row["n"]) for row in found] == [
        ("A", 2, 1),
        ("B", 1, 1),
    ]
    assert count_trl_preference(lines, [COMPARISON], consensus=False) == PreferenceCounts(rows=2, undecided=1)


def test_ranking_gives_a_row_for_each_pair_of_different_tiers() -> None:
    ranked = line({"rank": {"tiers": [["c"], ["a", "b"]]}}, completions="abc")
    found = rows(write_trl_preference([ranked], [RATING, RANKING]))
    assert [(row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in found] == [
        ("C", "A"),
        ("C", "B"),
    ]


def test_pair_of_many_is_the_one_that_was_shown() -> None:
    tie = line(prefers("tie"), completions="abc", shown=["a", "c"])
    assert count_trl_preference([tie], [COMPARISON]) == PreferenceCounts(undecided=1)


def test_surplus_superseded_and_skipped_judgments_do_not_vote() -> None:
    assert not rows(write_trl_preference([line(prefers("a"), surplus=True)], [COMPARISON]))
    assert not rows(write_trl_preference([line({}, status="skipped")], [COMPARISON]))
    both = orjson.loads(b"".join(write_jsonl([line(prefers("a"), prefers("b"))])))
    both["judgments"][1]["supersedes"] = both["judgments"][0]["id"]
    (row,) = rows(write_trl_preference([line_from(both)[0]], [COMPARISON]))
    assert (row["chosen"][0]["content"], row["n"]) == ("B", 1)


def test_answer_that_the_question_no_longer_allows_says_nothing() -> None:
    assert not rows(write_trl_preference([line(prefers("a", 9), {"other": {}})], [COMPARISON]))


def test_unpaired_label_is_acceptance_before_rating_before_preference() -> None:
    questions = [COMPARISON, RATING, ACCEPTABLE]
    judged = line(
        {
            "overall": {"choice": "c"},
            "stars": {"scores": {"a": 1, "b": 4}},
            "acceptable": {"values": {"a": ["yes"]}},
        },
        completions="abcde",
        shown=["c", "d"],
    )
    found = rows(write_trl_unpaired([judged], questions, good_at=3))
    assert [(row["completion"][0]["content"], row["label"]) for row in found] == [
        ("A", True),
        ("B", True),
        ("C", True),
        ("D", False),
    ]
    assert count_trl_unpaired([judged], questions, good_at=3) == UnpairedCounts(rows=4, unjudged=1)
    assert count_trl_unpaired([judged], questions) == UnpairedCounts(rows=3, unjudged=2)


def test_unpaired_votes_that_balance_are_undecided() -> None:
    votes = [{"acceptable": {"values": {"a": [word]}}} for word in ("yes", "no")]
    assert count_trl_unpaired([line(*votes)], [ACCEPTABLE]) == UnpairedCounts(undecided=1, unjudged=1)


def test_both_bad_counts_against_both() -> None:
    found = rows(write_trl_unpaired([line(prefers("both_bad"))], [COMPARISON]))
    assert [row["label"] for row in found] == [False, False]


def test_trl_export_is_read_back() -> None:
    exported = b"".join(write_trl_preference([line(prefers("a"))], [COMPARISON]))
    (again,) = good(rows_of(io.BytesIO(exported)))
    chosen = again.judgments[0].answers["overall"]["choice"]
    assert next(c.text for c in again.completions if c.id == chosen) == "A"
    exported = b"".join(write_trl_unpaired([line(prefers("a"))], [COMPARISON]))
    assert len(good(rows_of(io.BytesIO(exported)))) == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_cell_that_looks_like_a_formula_gets_an_apostrophe(start: str) -> None:
    raw = {"id": start + "x", "prompt": start + "1", "completions": [{"text": "t"}],
           "judgments": [{"annotator": start + "me", "answers": {"q": {"text": "fine"}}}]}  # fmt: skip
    text = b"".join(write_csv([line_from(raw)[0]])).decode()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["prompt_id"], row["prompt"], row["annotator"]) == (f"'{start}x", f"'{start}1", f"'{start}me")


def test_csv_has_a_row_for_each_answer() -> None:
    judged = line(
        {"overall": {"choice": "a", "strength": 2}, "stars": {"scores": {"a": 1}}},
        {},
        submitted_at="2026-01-31T10:00:00Z",
    )
    found = list(csv.DictReader(io.StringIO(b"".join(write_csv([judged])).decode(), newline="")))
    assert [(row["annotator"], row["question"], row["choice"], row["strength"]) for row in found] == [
        ("ann-0", "overall", "a", "2"),
        ("ann-0", "stars", "", ""),
        ("ann-1", "", "", ""),
    ]
    assert json.loads(found[1]["answer"]) == {"scores": {"a": 1}}
    assert found[0]["submitted_at"] == "2026-01-31T10:00:00Z"
    assert list(csv.reader(io.StringIO(b"".join(write_csv([])).decode()))) != []


def test_parquet_has_a_row_for_each_judgment_in_many_row_groups() -> None:
    lines = [line(prefers("a"), prefers("b"), submitted_at="2026-01-31T10:00:00Z") for _ in range(1_200)]
    pieces = list(write_parquet(lines))
    assert len(pieces) > 3
    table = pq.read_table(io.BytesIO(b"".join(pieces)))
    assert table.num_rows == 2_400
    first = table.slice(0, 1).to_pylist()[0]
    assert first["completions"][1] == {"id": "b", "text": "B", "source": ""}
    assert json.loads(first["answers"]) == {"overall": {"choice": "a"}}
    assert pq.read_table(io.BytesIO(b"".join(write_parquet([])))).num_rows == 0


@settings(deadline=None, max_examples=50)
@given(native_lines())
def test_any_line_can_be_written_in_every_format(native: NativeLine) -> None:
    questions = [COMPARISON, RANKING, RATING, ACCEPTABLE]
    assert b"".join(write_csv([native])).decode()
    assert pq.read_table(io.BytesIO(b"".join(write_parquet([native])))).num_rows <= len(native.judgments)
    rows(write_trl_preference([native], questions))
    rows(write_trl_unpaired([native], questions, good_at=3))
