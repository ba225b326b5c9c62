"""Reading questions: defaults, refusals, the way back to the wire."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.questions import (
    KINDS,
    QuestionError,
    item_kind,
    question_clean,
    question_wire,
    questions_clean,
)

MINIMAL: dict[str, dict[str, Any]] = {
    "comparison": {},
    "ranking": {},
    "rating": {},
    "best_worst": {},
    "choice": {"options": ["yes", "no"]},
    "comment": {},
    "highlight": {"labels": ["error"]},
    "rewrite": {},
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def refusal(raw: object) -> dict[str, list[str]]:
    with pytest.raises(QuestionError) as caught:
        question_clean(raw)
    return caught.value.fields


def test_every_kind_has_a_minimal_example() -> None:
    assert set(MINIMAL) == set(KINDS)


@pytest.mark.parametrize("kind", MINIMAL)
def test_a_question_survives_the_way_to_the_wire_and_back(kind: str) -> None:
    question = question_clean({"name": "q", "kind": kind, **MINIMAL[kind]})
    assert question_clean(question_wire(question)) == question


def test_defaults_are_filled_in() -> None:
    question = question_clean({"name": "overall", "kind": "comparison"})
    assert question_wire(question) == {
        "name": "overall",
        "kind": "comparison",
        "title": "overall",
        "description": "",
        "required": True,
        "strengths": 1,
        "ties": True,
        "both_bad": False,
    }
    rating = question_clean({"name": "fluency", "kind": "rating"})
    assert rating.options == {"min": 1, "max": 5, "labels": {}}


def test_rating_labels_may_be_a_list_from_the_lowest_score() -> None:
    raw = {"name": "q", "kind": "rating", "min": 0, "max": 1, "labels": ["bad", "good"]}
    assert question_clean(raw).options["labels"] == {"0": "bad", "1": "good"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": "1st"}, "name"),
        ({"name": "a.b"}, "name"),
        ({"name": "q\n"}, "name"),
        ({"name": None}, "name"),
        ({"kind": "guess"}, "kind"),
        ({"kind": []}, "kind"),
        ({"title": 3}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"required": 1}, "required"),
        ({"strengths": 4}, "strengths"),
        ({"strengths": True}, "strengths"),
        ({"strengths": 2.0}, "strengths"),
        ({"ties": "no"}, "ties"),
        ({"strenghts": 2}, "strenghts"),
        ({"kind": "rating", "min": 5, "max": 5}, "max"),
        ({"kind": "rating", "max": 10**30}, "max"),
        ({"kind": "rating", "labels": {"9": "superb"}}, "labels.9"),
        ({"kind": "rating", "labels": "good"}, "labels"),
        ({"kind": "choice"}, "options"),
        ({"kind": "choice", "options": ["yes"]}, "options"),
        ({"kind": "choice", "options": ["yes", "yes"]}, "options.1"),
        ({"kind": "choice", "options": ["yes", " "]}, "options.1"),
        ({"kind": "highlight", "labels": []}, "labels"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_path(change: dict[str, Any], path: str) -> None:
    fields = refusal({"name": "q", "kind": "comparison", **change})
    assert path in fields
    assert all(message.endswith(".") for messages in fields.values() for message in messages)


def test_questions_need_different_names() -> None:
    with pytest.raises(QuestionError) as caught:
        questions_clean([{"name": "q", "kind": "ranking"}, {"name": "q", "kind": "comment"}])
    assert list(caught.value.fields) == ["questions.1.name"]


@pytest.mark.parametrize("raw", [[], None, {}, "x", [3]])
def test_a_project_asks_at_least_one_question(raw: object) -> None:
    with pytest.raises(QuestionError):
        questions_clean(raw)


def test_a_comparison_makes_items_of_pairs() -> None:
    ranking = question_clean({"name": "a", "kind": "ranking"})
    comparison = question_clean({"name": "b", "kind": "comparison"})
    assert item_kind([ranking]) == "prompt"
    assert item_kind([ranking, comparison]) == "pair"


@settings(deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.dictionaries(st.text(max_size=10), JSON, max_size=3), st.data())
def test_any_json_is_read_or_refused(kind: str, junk: dict[str, Any], data: st.DataObject) -> None:
    options = {name: data.draw(JSON) for name in KINDS[kind].OPTIONS}
    try:
        question = question_clean({"name": "q", "kind": kind, **options, **junk})
    except QuestionError as error:
        assert error.fields
        str(error.fields).encode()
    else:
        assert question_clean(question_wire(question)) == question
