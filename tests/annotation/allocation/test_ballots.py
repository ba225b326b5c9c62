"""Answers as votes, for every kind of question."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.allocation.ballots import Ballot, ballots_of, unvoted
from annotation.allocation.priorities import expected_disagreement, unjudged_disagreement
from annotation.questions import Question, question_clean


def question(kind: str, **options: Any) -> Question:
    return question_clean({"name": "q", "kind": kind, **options})


def votes(asked: Question, answers: list[Any], completions: list[str]) -> dict[tuple[str, ...], Any]:
    """By what it is about: the votes by category."""
    return {
        ballot.about: {
            category: count for category, count in zip(ballot.categories, ballot.votes, strict=True) if count
        }
        for ballot in ballots_of([asked], [{"q": answer} for answer in answers], completions)
    }


def test_a_comparison_is_one_ballot_by_the_order_of_import() -> None:
    asked = question("comparison", both_bad=True)
    answers = [{"choice": choice} for choice in ["a", "a", "b", "tie", "both_bad"]]
    assert votes(asked, answers, ["a", "b"]) == {
        ("a", "b"): {"first": 2, "tie": 1, "second": 1, "both_bad": 1}
    }
    assert votes(asked, answers[:3], ["b", "a"]) == {("b", "a"): {"first": 1, "second": 2}}


def test_a_ranking_is_a_ballot_for_each_pair_that_was_ranked() -> None:
    answers = [{"tiers": [["c"], ["a", "b"]]}, {"tiers": [["b"], ["c"]]}]
    assert votes(question("ranking"), answers, ["a", "b", "c"]) == {
        ("a", "b"): {"tie": 1},
        ("a", "c"): {"second": 1},
        ("b", "c"): {"second": 1, "first": 1},
    }


def test_best_and_worst_say_nothing_of_those_in_between() -> None:
    answers = [{"best": "a", "worst": "d"}]
    found = votes(question("best_worst"), answers, ["a", "b", "c", "d"])
    assert ("b", "c") not in found
    assert found["a", "d"] == found["b", "d"] == {"first": 1}


def test_scores_are_steps_of_their_scale() -> None:
    answers = [{"scores": {"a": 1, "b": 5}}, {"scores": {"a": 2}}]
    found = ballots_of([question("rating")], [{"q": answer} for answer in answers], ["a", "b"])
    assert found == [
        Ballot("q", ("a",), (0, 1, 2, 3, 4), (1, 1, 0, 0, 0), scale=True),
        Ballot("q", ("b",), (0, 1, 2, 3, 4), (0, 0, 0, 0, 1), scale=True),
    ]


def test_a_long_scale_is_read_in_eleven_steps() -> None:
    answers = [{"scores": {"a": score}} for score in (0, 4, 6, 100, 87.5)]
    [ballot] = ballots_of([question("rating", min=0, max=100)], [{"q": each} for each in answers], ["a"])
    assert ballot.votes == (2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1)


def test_a_choice_is_a_ballot_for_each_output_or_for_the_item() -> None:
    per_output = question("choice", options=["yes", "no"], per_completion=True)
    answers = [{"values": {"a": ["yes"], "b": ["no"]}}, {"values": {"a": ["no"]}}]
    assert votes(per_output, answers, ["a", "b"]) == {("a",): {"yes": 1, "no": 1}, ("b",): {"no": 1}}
    whole = question("choice", options=["safe", "unsafe"])
    assert votes(whole, [{"values": ["safe"]}], ["a", "b"]) == {(): {"safe": 1}}


def test_of_options_that_may_be_combined_each_is_chosen_or_not() -> None:
    asked = question("choice", options=["rude", "wrong"], multiple=True)
    assert votes(asked, [{"values": ["rude"]}, {"values": ["rude", "wrong"]}], ["a"]) == {
        ("rude",): {True: 2},
        ("wrong",): {False: 1, True: 1},
    }


@pytest.mark.parametrize("kind", ["comment", "highlight", "rewrite"])
def test_texts_are_no_votes(kind: str) -> None:
    asked = question(kind, **({"labels": ["error"]} if kind == "highlight" else {}))
    assert ballots_of([asked], [{"q": {"text": "fine", "completion": "a", "spans": []}}], ["a"]) == []
    assert unvoted([asked]) == []
    assert unjudged_disagreement([asked]) == 0.0


@pytest.mark.parametrize("kind", ["comparison", "ranking", "rating", "best_worst", "choice"])
def test_answers_of_another_shape_or_about_other_outputs_are_passed_over(kind: str) -> None:
    asked = question(kind, **({"options": ["yes", "no"]} if kind == "choice" else {}))
    odd: list[dict[str, Any]] = [
        {},
        {"q": None},
        {"other": {"choice": "a"}},
        {"q": {"tiers": [["z"]], "choice": "z", "scores": {"z": 1}, "best": "z", "worst": "y", "values": {}}},
        {"q": {"text": "words"}},
    ]
    assert ballots_of([asked], odd, ["a", "b"]) == []


@given(st.lists(st.sampled_from(["a", "b", "tie"]), max_size=8))
def test_the_order_of_import_changes_no_disagreement(choices: list[str]) -> None:
    asked = question("comparison")
    answers = [{"q": {"choice": choice}} for choice in choices]
    one = expected_disagreement(ballots_of([asked], answers, ["a", "b"]))
    other = expected_disagreement(ballots_of([asked], answers, ["b", "a"]))
    assert one == pytest.approx(other, abs=1e-12)


def test_items_nobody_judged_have_one_empty_ballot_for_each_question() -> None:
    asked = [question("comparison"), question("rating"), question("comment")]
    assert [ballot.cast for ballot in unvoted(asked)] == [0, 0]
    assert unjudged_disagreement(asked[:1]) == pytest.approx(2 / 3)
