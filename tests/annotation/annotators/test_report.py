"""The report of a project's annotators: who is found, what is said where nothing can be."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from annotation.agreement.rows import JudgmentRow, read_judgments, read_ratings
from annotation.annotators.report import annotator_models
from annotation.annotators.votes import votes_read
from annotation.questions import question_clean

PEOPLE = ["ann", "bob", "cid", "dee", "eve", "fay", "spam", "reversed", "first", "longer"]


def ask(kind: str, **options: Any):
    return question_clean({"name": "q", "kind": kind, **options})


def model(rows: list[JudgmentRow], kind: str, **options: Any) -> dict[str, Any]:
    found = annotator_models(rows, [ask(kind, **options)])
    json.dumps(found, allow_nan=False)
    question: dict[str, Any] = found["questions"][0]
    return question


def said(
    name: str, unit: int, answer: dict[str, Any], completions: tuple[str, ...], lengths, shown
) -> JudgmentRow:
    return JudgmentRow(f"p{unit:04d}", completions, lengths, name, "human", {"q": answer}, shown)


def strength(name: str, gap: float, shown: int, longer: int) -> float:
    """The logit of preferring the first side."""
    return {
        "spam": 0.0,
        "reversed": -2.5 * gap,
        "first": 4.0 * shown + 0.3 * gap,
        "longer": 4.0 * longer + 0.3 * gap,
    }.get(name, 2.5 * gap)


def comparisons(units: int = 700, seed: int = 0, people: list[str] = PEOPLE) -> list[JudgmentRow]:
    random = np.random.default_rng(seed)
    made = []
    for unit in range(units):
        gap, lengths = float(random.normal()), tuple(int(one) for one in random.permutation([50, 120]))
        for name in random.permutation(people)[:4]:
            shown = ["a", "b"] if random.random() < 0.5 else ["b", "a"]
            x = strength(str(name), gap, 1 if shown[0] == "a" else -1, 1 if lengths[0] > lengths[1] else -1)
            choice = "a" if random.random() < 1 / (1 + np.exp(-x)) else "b"
            made.append(said(str(name), unit, {"choice": choice}, ("a", "b"), lengths, shown))
    return made


def flags(question: dict[str, Any]) -> dict[str, list[str]]:
    return {one["name"]: one["flags"] for one in question["annotators"]}


def test_comparisons_find_everybody_and_beat_the_majority() -> None:
    question = model(comparisons(units=1200), "comparison")
    assert question["model"] == "bradley_terry"
    found = flags(question)
    assert found["spam"] == ["careless"]
    assert found["reversed"] == ["reversed"]
    assert "first_choosing" in found["first"]
    assert "longer_choosing" in found["longer"]
    assert [found[name] for name in PEOPLE[:6]] == [[]] * 6
    by_name = {one["name"]: one for one in question["annotators"]}
    assert by_name["ann"]["competence"] > 0.75
    assert by_name["reversed"]["competence"] < 0.3
    low, high = by_name["spam"]["competence_interval"]
    assert low < 0.5 < high
    held_out = question["held_out"]
    assert held_out["difference"]["interval"][0] > 0
    assert held_out["model"]["value"] > held_out["majority"]["value"]
    assert question["labels"]["units"] == 1200
    assert question["labels"]["outvoted"] > 10
    assert {example["preferred"] for example in question["labels"]["examples"]} <= {"first", "second"}


def test_where_all_are_equally_good_the_model_does_no_worse_than_the_majority() -> None:
    question = model(comparisons(people=PEOPLE[:6]), "comparison")
    assert all(not one for one in flags(question).values())
    low, high = question["held_out"]["difference"]["interval"]
    assert low > -0.03
    assert high < 0.05


def test_rankings_are_models_of_pairs_and_count_as_the_choices_they_take() -> None:
    random = np.random.default_rng(1)
    made = []
    for unit in range(200):
        quality = random.normal(size=3)
        for name in random.permutation([*PEOPLE[:5], "spam"])[:3]:
            seen = quality + 0.4 * random.normal(size=3) if name != "spam" else random.normal(size=3)
            order = [["a", "b", "c"][place] for place in np.argsort(-seen)]
            shown = [str(one) for one in random.permutation(["a", "b", "c"])]
            answer = {"tiers": [[one] for one in order]}
            made.append(said(str(name), unit, answer, ("a", "b", "c"), (1, 2, 3), shown))
    judgments = read_judgments(made)
    ratings = read_ratings(judgments, ask("ranking"))
    assert ratings is not None
    votes = votes_read(judgments, ratings)
    assert votes.weight.sum() == pytest.approx(2 * len(made))  # two choices put three outputs into order
    assert set(votes.shown.tolist()) == {-1, 1}
    found = flags(model(made, "ranking"))
    assert found["spam"] == ["careless"]
    assert [found[name] for name in PEOPLE[:5]] == [[]] * 5


def test_ratings_find_everybody() -> None:
    random = np.random.default_rng(2)
    made = []
    people = {"ann": (0, 1), "bob": (0, 1), "cid": (0, 1), "dee": (0, 1), "spam": (0, 0), "reversed": (0, -1)}
    people |= {"lenient": (1.5, 1), "strict": (-1.5, 1), "narrow": (0, 0.3)}
    for unit in range(400):
        value = random.normal()
        for name in random.permutation(list(people))[:4]:
            offset, scale = people[str(name)]
            score = float(
                np.clip(round((4 + offset + scale * 1.5 * value + 0.5 * random.normal()) * 2) / 2, 0, 10)
            )
            made.append(said(str(name), unit, {"scores": {"a": score}}, ("a",), (5,), ["a"]))
    question = model(made, "rating", min=0, max=10)
    found = flags(question)
    assert found["spam"] == ["careless"]
    assert found["reversed"] == ["reversed"]
    assert found["lenient"] == ["lenient"]
    assert found["strict"] == ["strict"]
    assert found["narrow"] == ["narrow_scale"]
    assert [found[name] for name in ("ann", "bob", "cid", "dee")] == [[]] * 4
    assert question["labels"]["units"] == 400


def test_choices_find_careless_and_reversed_annotators() -> None:
    random = np.random.default_rng(3)
    made = []
    right = {"ann": 0.9, "bob": 0.9, "cid": 0.9, "dee": 0.9, "spam": 0.5, "reversed": 0.05}
    for unit in range(500):
        for name in random.permutation(list(right))[:4]:
            correct = random.random() < right[str(name)]
            value = "yes" if (unit % 2 == 0) == correct else "no"
            made.append(said(str(name), unit, {"values": [value]}, ("a",), (5,), ["a"]))
    question = model(made, "choice", options=["yes", "no"])
    assert question["model"] == "dawid_skene"
    found = flags(question)
    assert found["spam"] == ["careless"]
    assert found["reversed"] == ["reversed"]
    assert [found[name] for name in ("ann", "bob", "cid", "dee")] == [[]] * 4
    assert question["held_out"]["difference"]["interval"][0] > 0


def test_what_cannot_be_said_has_a_reason() -> None:
    rows = comparisons(units=40)
    assert model(rows[:8], "comparison")["reason"] == "too_few_shared"
    assert model([row for row in rows if row.annotator == "ann"], "comparison")["reason"] == "one_annotator"
    assert model(rows, "comment")["reason"] == "no_model"
    assert model([], "comparison")["reason"] == "one_annotator"
    few = model(rows, "comparison")
    assert {(one["competence"], one["reason"]) for one in few["annotators"] if one["shared"] < 20} == {
        (None, "not_enough")
    }
    same = [
        said(name, unit, {"scores": {"a": 3}}, ("a",), (5,), ["a"])
        for unit in range(12)
        for name in ("x", "y")
    ]
    assert model(same, "rating")["reason"] == "no_variation"
    bad = [row._replace(answers={"q": {"choice": "both_bad"}}) for row in rows]
    assert model(bad, "comparison", both_bad=True)["reason"] == "no_variation"


def test_positions_that_are_not_known_are_not_judged() -> None:
    question = model([row._replace(shown=()) for row in comparisons()], "comparison")
    assert all("position" not in one["effects"] for one in question["annotators"])
    assert all("first_choosing" not in one["flags"] for one in question["annotators"])


def test_the_order_of_judgments_and_of_completions_changes_nothing() -> None:
    rows = comparisons(units=300)
    mixed = [rows[index] for index in np.random.default_rng(9).permutation(len(rows))]
    turned = [row._replace(completions=row.completions[::-1], lengths=row.lengths[::-1]) for row in rows]
    one = model(rows, "comparison")
    for other in (model(mixed, "comparison"), model(turned, "comparison")):
        assert flags(other) == flags(one)
        for before, after in zip(one["annotators"], other["annotators"], strict=True):
            assert after["competence"] == pytest.approx(before["competence"], abs=2e-3)
