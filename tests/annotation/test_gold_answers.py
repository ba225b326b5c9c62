"""Known answers: tolerances of each kind, and matches worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.wilson import wilson_interval
from annotation.gold_answers import answers_agreed, answers_checked, checker, gold_clean
from annotation.questions import KINDS, AnswerError, Question, question_clean
from tests.annotation.test_questions import JSON, MINIMAL

IDS = ["a", "b", "c", "d"]


def ask(kind: str, **options: Any) -> Question:
    return question_clean({"name": "q", "kind": kind, **MINIMAL[kind], **options})


def meets(question: Question, gold: object, answer: object, **tolerance: object) -> bool:
    known, accepted = gold_clean([question], {"q": gold}, {"q": tolerance} if tolerance else {}, IDS)
    given, _ = gold_clean([question], {"q": answer}, {}, IDS)
    return answers_checked([question], known, accepted, given, IDS)["q"]


def refusal(question: Question, gold: object, tolerance: object) -> dict[str, list[str]]:
    with pytest.raises(AnswerError) as caught:
        gold_clean([question], gold, tolerance, IDS)
    return caught.value.fields


COMPARE = ask("comparison", strengths=3, ties=True, both_bad=True)


@pytest.mark.parametrize(
    ("gold", "answer", "tolerance", "met"),
    [
        ({"choice": "a"}, {"choice": "a"}, {}, True),
        ({"choice": "a"}, {"choice": "b"}, {}, False),
        ({"choice": "a"}, {"choice": "tie"}, {}, False),
        ({"choice": "a"}, {"choice": "tie"}, {"accept": ["tie"]}, True),
        ({"choice": "a"}, {"choice": "b"}, {"accept": ["tie"]}, False),
        ({"choice": "tie"}, {"choice": "both_bad"}, {"accept": ["either"]}, False),
        ({"choice": "tie"}, {"choice": "b"}, {"accept": ["either"]}, True),
        # Any strength is right unless said; 3 and 1 are two apart.
        ({"choice": "a", "strength": 3}, {"choice": "a", "strength": 1}, {}, True),
        ({"choice": "a", "strength": 3}, {"choice": "a", "strength": 1}, {"strength": 1}, False),
        ({"choice": "a", "strength": 3}, {"choice": "a", "strength": 2}, {"strength": 1}, True),
    ],
)
def test_a_comparison_is_right_by_side_and_strength(gold, answer, tolerance, met):
    assert meets(COMPARE, gold, answer, **tolerance) is met


RANK = ask("ranking", ties=True)


@pytest.mark.parametrize(
    ("gold", "answer", "tolerance", "met"),
    [
        ([["a"], ["b"], ["c"]], [["a"], ["b"], ["c"]], {}, True),
        # b and c exchanged: one pair of three is discordant.
        ([["a"], ["b"], ["c"]], [["a"], ["c"], ["b"]], {}, False),
        ([["a"], ["b"], ["c"]], [["a"], ["c"], ["b"]], {"pairs": 1}, True),
        # Reversed: all three pairs.
        ([["a"], ["b"], ["c"]], [["c"], ["b"], ["a"]], {"pairs": 2}, False),
        ([["a"], ["b"], ["c"]], [["c"], ["b"], ["a"]], {"pairs": 3}, True),
        # Two pairs tied on one side only: a half each, one pair together.
        ([["a"], ["b"], ["c"]], [["a", "b", "c"]], {"pairs": 1}, False),  # three halves
        ([["a"], ["b"], ["c"]], [["a", "b"], ["c"]], {"pairs": 1}, True),
        # c is left out: the pairs a-c and b-c count whole.
        ([["a"], ["b"], ["c"]], [["a"], ["b"]], {"pairs": 1}, False),
        ([["a"], ["b"], ["c"]], [["a"], ["b"]], {"pairs": 2}, True),
        # What the known ranking leaves open does not count.
        ([["a"], ["b"]], [["d"], ["a"], ["c"], ["b"]], {}, True),
        ([["a"], ["b"], ["c"]], [["a"], ["c"], ["b"]], {"best": True}, True),
        ([["a"], ["b"], ["c"]], [["a", "b"], ["c"]], {"best": True}, False),
        ([["a", "b"], ["c"]], [["b"], ["a"], ["c"]], {"best": True}, True),
    ],
)
def test_a_ranking_is_right_by_pairs_in_another_order(gold, answer, tolerance, met):
    assert meets(RANK, {"tiers": gold}, {"tiers": answer}, **tolerance) is met


@pytest.mark.parametrize(
    ("gold", "answer", "tolerance", "met"),
    [
        ({"a": 4, "b": 2}, {"a": 5, "b": 1}, {}, True),  # a quarter of 1 to 5 is one step
        ({"a": 4, "b": 2}, {"a": 5, "b": 4}, {}, False),
        ({"a": 4, "b": 2}, {"a": 4, "b": 2}, {"within": 0}, True),
        ({"a": 4, "b": 2}, {"a": 4, "b": 2.5}, {"within": 0}, False),
        ({"a": 4, "b": 2}, {"a": 4, "b": 2.5}, {"within": 0.5}, True),
        ({"a": 4, "b": 2}, {"a": 4}, {"within": 4}, False),
        ({"a": 4}, {"a": 4, "b": 1}, {"within": 0}, True),
    ],
)
def test_a_rating_is_right_where_each_score_is_near_enough(gold, answer, tolerance, met):
    assert meets(ask("rating"), {"scores": gold}, {"scores": answer}, **tolerance) is met


@pytest.mark.parametrize(
    ("answer", "tolerance", "met"),
    [
        ({"best": "a", "worst": "b"}, {}, True),
        ({"best": "a", "worst": "c"}, {}, False),
        ({"best": "a", "worst": "c"}, {"ends": "best"}, True),
        ({"best": "c", "worst": "b"}, {"ends": "best"}, False),
        ({"best": "c", "worst": "b"}, {"ends": "worst"}, True),
    ],
)
def test_best_and_worst_count_both_or_one(answer, tolerance, met):
    assert meets(ask("best_worst"), {"best": "a", "worst": "b"}, answer, **tolerance) is met


def test_a_choice_is_right_by_the_overlap_of_the_sets():
    several = ask("choice", options=["x", "y", "z"], multiple=True)
    assert meets(several, {"values": ["x", "y"]}, {"values": ["y", "x"]})
    assert not meets(several, {"values": ["x", "y"]}, {"values": ["x"]})
    # One of two options chosen here or there: a half.
    assert meets(several, {"values": ["x", "y"]}, {"values": ["x"]}, overlap=0.5)
    # One of three: a third.
    assert not meets(several, {"values": ["x", "y"]}, {"values": ["x", "z"]}, overlap=0.5)


def test_a_choice_per_output_is_right_where_each_is():
    each = ask("choice", options=["x", "y"], per_completion=True)
    gold = {"values": {"a": ["x"], "b": ["y"]}}
    assert meets(each, gold, {"values": {"a": ["x"], "b": ["y"], "c": ["x"]}})
    assert not meets(each, gold, {"values": {"a": ["x"]}})


def span(start: int, end: int, label: str = "wrong", completion: str = "a") -> dict[str, Any]:
    return {"completion": completion, "start": start, "end": end, "label": label}


@pytest.mark.parametrize(
    ("answer", "tolerance", "met"),
    [
        ([span(0, 10)], {"f1": 1}, True),
        # 5 of 10 and 5 characters in common: F1 = 2 * 5 / 15 = 2/3.
        ([span(0, 5)], {"f1": 0.66}, True),
        ([span(0, 5)], {"f1": 0.67}, False),
        # Overlapping passages count a character once.
        ([span(0, 7), span(3, 10)], {"f1": 1}, True),
        ([span(0, 10, "good")], {}, False),
        ([span(0, 10, "good")], {"f1": 1, "labels": False}, True),
        ([span(0, 10, completion="b")], {}, False),
        ([span(10, 20)], {"f1": 0.1}, False),
    ],
)
def test_a_highlight_is_right_by_the_characters_in_common(answer, tolerance, met):
    question = ask("highlight", labels=["wrong", "good"])
    assert meets(question, {"spans": [span(0, 10)]}, {"spans": answer}, **tolerance) is met


def test_nothing_to_mark_is_met_by_marking_nothing():
    question = Question("q", "highlight", "q", True, {"labels": ["wrong"]})
    checked = answers_checked([question], {"q": {"spans": []}}, {}, {"q": {"spans": []}}, IDS)
    assert checked == {"q": True}


def test_what_is_written_in_words_cannot_be_checked():
    assert sorted(kind for kind in KINDS if checker(ask(kind)) is None) == ["comment", "rewrite"]
    fields = refusal(ask("comment"), {"q": {"text": "well"}}, {})
    assert fields == {"answers": ["Answer at least one question that can be checked."]}


@pytest.mark.parametrize(
    ("question", "gold", "tolerance", "path"),
    [
        (COMPARE, {"q": {"choice": "nobody"}}, {}, "answers.q.choice"),
        (COMPARE, {"q": {"choice": "a"}}, {"q": {"strength": 9}}, "tolerance.q.strength"),
        (COMPARE, {"q": {"choice": "a"}}, {"q": {"accept": "tie"}}, "tolerance.q.accept"),
        (COMPARE, {"q": {"choice": "a"}}, {"other": {}}, "tolerance.other"),
        (COMPARE, {"q": {"choice": "a"}}, {"q": 1}, "tolerance.q"),
        (COMPARE, {"q": {"choice": "a"}}, [], "tolerance"),
        (RANK, {"q": {"tiers": [["a"], ["b"]]}}, {"q": {"pairs": -1}}, "tolerance.q.pairs"),
        (ask("rating"), {"q": {"scores": {"a": 1}}}, {"q": {"within": "much"}}, "tolerance.q.within"),
        (
            ask("best_worst"),
            {"q": {"best": "a", "worst": "b"}},
            {"q": {"ends": ["best"]}},
            "tolerance.q.ends",
        ),
        (ask("choice"), {"q": {"values": ["yes"]}}, {"q": {"overlap": 2}}, "tolerance.q.overlap"),
        (ask("highlight"), {"q": {"spans": [span(0, 1, "error")]}}, {"q": {"f1": None}}, "tolerance.q.f1"),
    ],
)
def test_a_wrong_tolerance_is_refused_with_its_place(question, gold, tolerance, path):
    assert path in refusal(question, gold, tolerance)


@given(kind=st.sampled_from(sorted(KINDS)), raw=JSON, tolerance=JSON)
def test_bad_input_is_refused_by_fields_and_nothing_else(kind, raw, tolerance):
    question = ask(kind)
    try:
        known, accepted = gold_clean([question], {"q": raw}, {"q": tolerance}, IDS)
    except AnswerError as error:
        assert error.fields
    else:
        assert answers_checked([question], known, accepted, known, IDS) == {"q": True}


def test_a_question_asked_in_another_way_since_is_left_out():
    known, accepted = gold_clean([COMPARE], {"q": {"choice": "tie"}}, {}, IDS)
    strict = ask("comparison", ties=False)
    assert answers_checked([strict], known, accepted, {"q": {"choice": "a"}}, IDS) == {}
    assert answers_checked([COMPARE], known, accepted, {}, IDS) == {"q": False}


def test_people_agree_where_one_answer_has_all_others_near_it():
    rate = ask("rating")
    scores = [{"q": {"scores": {"a": score}}} for score in (2, 3, 4)]
    assert answers_agreed([rate], scores, IDS, at_least=3) == {"q": {"scores": {"a": 3}}}
    assert answers_agreed([rate], [*scores, {"q": {"scores": {"a": 5}}}], IDS, at_least=3) is None
    assert answers_agreed([rate], scores[:2], IDS, at_least=3) is None


def test_wilson_interval_has_the_published_values():
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    for hits, number, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        assert wilson_interval(hits, number) == pytest.approx((low, high), abs=5e-5)
    assert wilson_interval(20, 20)[1] == 1
    with pytest.raises(ValueError):
        wilson_interval(0, 0)
