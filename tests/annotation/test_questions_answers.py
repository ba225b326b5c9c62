"""Reading answers: canonical forms, refusals by path, orderings, renaming."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.orderings import Ordering
from annotation.questions import (
    KINDS,
    AnswerError,
    Question,
    answer_clean,
    answer_map,
    answers_clean,
    answers_map,
    ordering,
    question_clean,
)
from tests.annotation.test_questions import JSON, MINIMAL

IDS = ["c1", "c2", "c3"]


def ask(kind: str, **options: Any) -> Question:
    return question_clean({"name": "q", "kind": kind, **MINIMAL[kind], **options})


def refusal(question: Question, raw: object, completions: list[str] | None = None) -> dict[str, list[str]]:
    with pytest.raises(AnswerError) as caught:
        answer_clean(question, raw, completions or IDS)
    return caught.value.fields


CANONICAL = [
    (ask("comparison", strengths=2), {"choice": "c2"}, {"choice": "c2", "strength": 1}),
    (ask("comparison", strengths=2), {"choice": "c2", "strength": None}, {"choice": "c2", "strength": 1}),
    (ask("comparison"), {"choice": "tie"}, {"choice": "tie"}),
    (ask("comparison", both_bad=True), {"choice": "both_bad"}, {"choice": "both_bad"}),
    (ask("ranking"), {"tiers": [["c3"], ["c2", "c1"]]}, {"tiers": [["c3"], ["c1", "c2"]]}),
    (ask("rating"), {"scores": {"c2": 4.0, "c1": 2, "c3": None}}, {"scores": {"c1": 2, "c2": 4}}),
    (ask("rating"), {"scores": {"c1": 3.5}}, {"scores": {"c1": 3.5}}),
    (ask("best_worst"), {"best": "c1", "worst": "c3"}, {"best": "c1", "worst": "c3"}),
    (ask("choice", multiple=True), {"values": ["no", "yes"]}, {"values": ["yes", "no"]}),
    (ask("choice", per_completion=True), {"values": {"c2": ["no"], "c1": []}}, {"values": {"c2": ["no"]}}),
    (ask("comment"), {"text": " so so\n"}, {"text": " so so\n"}),
    (
        ask("highlight"),
        {"spans": [{"completion": "c2", "start": 0, "end": 2, "label": "error"}]},
        {"spans": [{"completion": "c2", "start": 0, "end": 2, "label": "error", "comment": ""}]},
    ),
    (ask("highlight"), {"spans": []}, {"spans": []}),
    (ask("rewrite"), {"completion": "c1", "text": "Better."}, {"completion": "c1", "text": "Better."}),
]


@pytest.mark.parametrize(("question", "raw", "canonical"), CANONICAL)
def test_an_answer_has_one_canonical_form(
    question: Question, raw: dict[str, Any], canonical: dict[str, Any]
) -> None:
    assert answer_clean(question, raw, IDS) == canonical
    assert answer_clean(question, canonical, IDS) == canonical


@pytest.mark.parametrize(("question", "raw", "canonical"), CANONICAL)
def test_renaming_there_and_back_changes_nothing(
    question: Question, raw: dict[str, Any], canonical: dict[str, Any]
) -> None:
    there = {"c1": "x", "c2": "y", "c3": "z"}
    renamed = answer_map(question, canonical, there)
    assert answer_clean(question, renamed, list("xyz")) == renamed
    assert answer_map(question, renamed, {new: old for old, new in there.items()}) == canonical


@pytest.mark.parametrize(
    ("question", "raw", "path"),
    [
        (ask("comparison"), {"choice": "c9"}, "choice"),
        (ask("comparison"), {"choice": ["c1"]}, "choice"),
        (ask("comparison"), {}, "choice"),
        (ask("comparison"), {"choice": "c1", "strength": 2}, "strength"),
        (ask("comparison"), {"choice": "c1", "strength": True}, "strength"),
        (ask("comparison"), {"choice": "c1", "strength": 10**400}, "strength"),
        (ask("comparison", ties=False), {"choice": "tie"}, "choice"),
        (ask("comparison"), {"choice": "both_bad"}, "choice"),
        (ask("comparison"), {"choice": "c1", "why": "x"}, "why"),
        (ask("comparison"), ["c1"], ""),
        (ask("ranking"), {"tiers": [["c1"], ["c1"]]}, "tiers.1.0"),
        (ask("ranking"), {"tiers": [["c1"], []]}, "tiers.1"),
        (ask("ranking"), {"tiers": [["c1"]]}, "tiers"),
        (ask("ranking"), {"tiers": [["c1"], ["c9"]]}, "tiers.1.0"),
        (ask("ranking", ties=False), {"tiers": [["c1", "c2"]]}, "tiers.0"),
        (ask("ranking"), {"tiers": "c1"}, "tiers"),
        (ask("rating"), {"scores": {"c9": 1}}, "scores.c9"),
        (ask("rating"), {"scores": {"c1": 6}}, "scores.c1"),
        (ask("rating"), {"scores": {"c1": True}}, "scores.c1"),
        (ask("rating"), {"scores": {"c1": float("nan")}}, "scores.c1"),
        (ask("rating"), {"scores": {"c1": float("inf")}}, "scores.c1"),
        (ask("rating"), {"scores": {"c1": 10**400}}, "scores.c1"),
        (ask("rating"), {"scores": {"c1": "4"}}, "scores.c1"),
        (ask("rating"), {"scores": {}}, "scores"),
        (ask("best_worst"), {"best": "c1"}, "worst"),
        (ask("best_worst"), {"best": "c1", "worst": "c1"}, "worst"),
        (ask("choice"), {"values": ["yes", "no"]}, "values"),
        (ask("choice"), {"values": ["perhaps"]}, "values"),
        (ask("choice"), {"values": [["yes"]]}, "values"),
        (ask("choice"), {"values": {"c1": ["yes"]}}, "values"),
        (ask("choice", per_completion=True), {"values": {"c9": ["yes"]}}, "values.c9"),
        (ask("choice", per_completion=True), {"values": ["yes"]}, "values"),
        (ask("comment"), {"text": "a\x00"}, "text"),
        (ask("comment"), {"text": "\udfff"}, "text"),
        (ask("comment"), {"text": " "}, "text"),
        (ask("comment"), {"text": "x" * 100_001}, "text"),
        (
            ask("highlight"),
            {"spans": [{"completion": "c1", "start": 2, "end": 2, "label": "error"}]},
            "spans.0",
        ),
        (
            ask("highlight"),
            {"spans": [{"completion": "c1", "start": 0, "end": 1, "label": "x"}]},
            "spans.0.label",
        ),
        (ask("rewrite"), {"text": "Better."}, "completion"),
    ],
)
def test_what_the_question_does_not_allow_is_refused_by_path(
    question: Question, raw: object, path: str
) -> None:
    assert path in refusal(question, raw)


def test_required_questions_must_be_answered_and_unknown_ones_are_refused() -> None:
    questions = [ask("comparison"), question_clean({"name": "why", "kind": "comment", "required": False})]
    with pytest.raises(AnswerError) as caught:
        answers_clean(questions, {"other": {}}, IDS)
    assert set(caught.value.fields) == {"answers.other", "answers.q"}
    with pytest.raises(AnswerError) as caught:
        answers_clean(questions, {"q": {"choice": "c9"}}, IDS)
    assert set(caught.value.fields) == {"answers.q.choice"}


@pytest.mark.parametrize("empty", [None, {}, {"text": ""}, {"text": " \n"}])
def test_an_empty_answer_to_an_optional_question_is_dropped(empty: object) -> None:
    questions = [ask("comparison"), question_clean({"name": "why", "kind": "comment", "required": False})]
    answers = answers_clean(questions, {"q": {"choice": "c1"}, "why": empty}, IDS)
    assert answers == {"q": {"choice": "c1", "strength": 1}}
    assert answers_map(questions, answers, {"c1": "x"}) == {"q": {"choice": "x", "strength": 1}}


def test_renaming_an_unknown_completion_is_refused() -> None:
    with pytest.raises(AnswerError) as caught:
        answer_map(ask("rating"), {"scores": {"c1": 2}}, {"c2": "y"})
    assert list(caught.value.fields) == ["scores.c1"]


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (
            ask("comparison", strengths=3),
            {"choice": "c2", "strength": 3},
            Ordering((("c2",), ("c1",)), strength=3, strengths=3),
        ),
        (ask("comparison"), {"choice": "tie"}, Ordering((("c1", "c2"),))),
        (ask("comparison"), {"choice": "both_bad"}, Ordering((("c1", "c2"),), both_bad=True)),
        (ask("ranking"), {"tiers": [["c2"], ["c1"]]}, Ordering((("c2",), ("c1",)))),
        (ask("rating"), {"scores": {"c1": 2, "c2": 4}}, Ordering((("c2",), ("c1",)))),
        (ask("rating"), {"scores": {"c1": 2}}, None),
        (ask("best_worst"), {"best": "c2", "worst": "c1"}, Ordering((("c2",), ("c1",)))),
        (ask("choice"), {"values": ["yes"]}, None),
        (ask("comment"), {"text": "so"}, None),
        (ask("highlight"), {"spans": []}, None),
        (ask("rewrite"), {"completion": "c1", "text": "so"}, None),
    ],
)
def test_answers_imply_orderings(
    question: Question, answer: dict[str, Any], expected: Ordering | None
) -> None:
    assert ordering(question, answer, ["c1", "c2"]) == expected


FIELDS = ["choice", "strength", "tiers", "scores", "best", "worst", "values", "text", "spans", "completion"]


@settings(deadline=None)
@given(
    st.sampled_from(sorted(KINDS)),
    st.booleans(),
    st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3),
)
def test_any_json_is_read_or_refused(kind: str, required: bool, raw: dict[str, Any]) -> None:
    question = ask(kind, required=required)
    try:
        answers = answers_clean([question], {"q": raw}, IDS)
    except AnswerError as error:
        assert error.fields
        str(error.fields).encode()
    else:
        assert answers_clean([question], answers, IDS) == answers
