"""Repeats: shares by hand and by simulation, and what answers of each kind say twice."""

from __future__ import annotations

import json

import numpy as np
import pytest

from annotation.annotators.repeats import Repeat, Twice, count_table, repeats_read, repeats_report, shares
from annotation.questions import question_clean


def simulated(count: int, view: float, first: float, seed: int = 0) -> list[Repeat]:
    """Repeats turned around by people with a view, people who take the first, and people who roll a die."""
    random = np.random.default_rng(seed)
    made = []
    for group in range(count):
        shown, kind = int(random.integers(2)), random.random()
        one, two = (int(side) for side in random.integers(0, 2, 2))
        if kind < view:
            two = one
        elif kind < view + first:
            one, two = shown, 1 - shown
        made.append(Repeat(group, "ann", one, two, shown, 1 - shown))
    return made


@pytest.mark.parametrize("counts", [(16, 3, 1), (10, 5, 5), (0, 20, 0), (3, 17, 0), (1, 9, 3), (4, 6, 6)])
def test_shares_have_the_highest_likelihood(counts: tuple[int, int, int]) -> None:
    same, first, last = counts

    def level(view: float, position: float) -> float:
        chance = max(1 - view - position, 0.0)
        high, low = max(first, last), min(first, last)
        probabilities = np.array([view + chance / 2, position + chance / 4, chance / 4])
        seen = np.array([same, high, low])
        with np.errstate(divide="ignore"):
            return float((seen[seen > 0] * np.log(probabilities[seen > 0])).sum())

    grid = np.linspace(0, 1, 101)
    best = max(level(view, position) for view in grid for position in grid if view + position <= 1 + 1e-9)
    view, position, chance = shares(np.array(counts, dtype=np.float64))
    assert view + abs(position) + chance == pytest.approx(1)
    assert level(float(view), abs(float(position))) >= best - 1e-9


def test_what_was_simulated_comes_out() -> None:
    found = repeats_report(simulated(4000, 0.6, 0.3), None)
    json.dumps(found, allow_nan=False)
    values = [found["shares"][name]["value"] for name in ("view", "position", "chance")]
    assert values == pytest.approx([0.6, 0.3, 0.1], abs=0.05)
    assert found["reading"] == "first_place"
    for name, true in (("view", 0.6), ("position", 0.3), ("chance", 0.1)):
        low, high = found["shares"][name]["interval"]
        assert low < true < high
    assert repeats_report(simulated(400, 0.97, 0), None)["reading"] == "steady"
    assert repeats_report(simulated(400, 0.1, 0), None)["reading"] == "mostly_chance"


def test_turning_the_screen_around_turns_the_position_around() -> None:
    turned = [
        Repeat(one.group, one.annotator, one.chosen, one.again, one.second_shown, one.first_shown)
        for one in simulated(500, 0.5, 0.4)
    ]
    found = repeats_report(turned, None)
    assert found["shares"]["position"]["value"] < -0.25
    assert found["reading"] == "last_place"


def test_taste_is_what_people_hold_to_but_do_not_share() -> None:
    others = {"value": 0.6, "interval": [0.58, 0.62], "n": 900}
    found = repeats_report(simulated(1000, 1.0, 0), others)
    assert found["taste"]["value"] == pytest.approx(0.4)
    assert found["self_agreement"]["value"] == 1
    assert found["taste"]["interval"][0] > 0.35


def test_few_repeats_say_nothing_yet_and_how_many_are_needed() -> None:
    found = repeats_report(simulated(3, 1, 0), None)
    assert (found["repeats"], found["needed"], found["reading"]) == (3, 30, "not_enough")
    assert found["shares"] is None
    assert found["taste"]["reason"] == "not_enough"
    assert repeats_report([], None)["reading"] == "not_enough"


def test_the_same_order_again_tells_no_place() -> None:
    table = count_table([Repeat(0, "ann", 0, 0, 1, 1), Repeat(1, "ann", 0, "tie", 0, 1)])
    assert table.sum() == 0
    again = [Repeat(group, "ann", 0, 0, 1, 1) for group in range(40)]
    assert repeats_report(again, None)["reading"] == "no_swapped"


def twice(answer: dict, again: dict, shown: list[str], shown_again: list[str]) -> list[Twice]:
    return [Twice("ann", {"q": answer}, {"q": again}, shown, shown_again)]


def ask(kind: str, **options):
    return question_clean({"name": "q", "kind": kind, **options})


def test_comparisons_are_read_by_output_not_by_place() -> None:
    said = twice({"choice": "x", "strength": 1}, {"choice": "x", "strength": 1}, ["x", "y"], ["y", "x"])
    assert repeats_read(ask("comparison"), said) == [Repeat(0, "ann", 0, 0, 0, 1)]
    tied = twice({"choice": "tie"}, {"choice": "y", "strength": 1}, ["x", "y"], ["y", "x"])
    assert repeats_read(ask("comparison"), tied) == [Repeat(0, "ann", "tie", 1, 0, 1)]


def test_rankings_are_read_pair_by_pair_and_count_once() -> None:
    shown, again = ["x", "y", "z"], ["z", "y", "x"]
    said = twice({"tiers": [["x"], ["y"], ["z"]]}, {"tiers": [["x"], ["z"], ["y"]]}, shown, again)
    found = repeats_read(ask("ranking"), said)
    assert [(one.chosen, one.again) for one in found] == [(0, 0), (0, 0), (0, 1)]
    assert count_table(found)[0] == pytest.approx([2 / 3, 1 / 3, 0])


def test_scores_and_choices_are_read_value_by_value() -> None:
    said = twice({"scores": {"x": 3, "y": 4}}, {"scores": {"x": 3, "y": 5}}, ["x", "y"], ["y", "x"])
    assert [(one.chosen, one.again) for one in repeats_read(ask("rating"), said)] == [(3, 3), (4, 5)]
    chosen = twice({"values": ["b", "a"]}, {"values": ["a", "b"]}, ["x"], ["x"])
    choice = ask("choice", options=["a", "b"], multiple=True)
    assert [one.chosen == one.again for one in repeats_read(choice, chosen)] == [True]
    assert repeats_read(choice, [Twice("ann", {}, {}, [], [])]) == []
