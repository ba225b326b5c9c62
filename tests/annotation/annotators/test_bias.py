"""Habits: rates, hurry and drift with their readings, and people who have none."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from annotation.agreement.rows import JudgmentRow, read_judgments, read_ratings
from annotation.annotators.bias import LEAST, agreement_figure, bias_report, drift, hurry
from annotation.questions import question_clean

QUESTION = question_clean({"name": "q", "kind": "comparison"})


def report(rows: list[JudgmentRow]) -> dict[str, Any]:
    found = bias_report(rows, [QUESTION])
    json.dumps(found, allow_nan=False)
    return found


def rows(
    units: int = 400, seed: int = 0, *, late_noise: str = "", quick_noise: str = ""
) -> list[JudgmentRow]:
    """Six people who mostly agree; one takes the first, one the longer; those named get careless late or quickly."""
    random = np.random.default_rng(seed)
    people = ["ann", "bob", "cid", "dee", "first", "longer"]
    made = []
    for unit in range(units):
        lengths = tuple(int(length) for length in random.permutation([40, 90]))
        for name in random.permutation(people)[:4]:
            shown = ["a", "b"] if random.random() < 0.5 else ["b", "a"]
            active = float(random.uniform(1000, 10_000))
            wrong = 0.1
            if name == late_noise:
                wrong = 0.5 * unit / units
            if name == quick_noise:
                wrong = 0.5 if active < 4000 else 0.05
            choice = "a" if (unit % 2 == 0) != (random.random() < wrong) else "b"
            if name == "first":
                choice = shown[0]
            if name == "longer":
                choice = "a" if lengths[0] > lengths[1] else "b"
            answer = {"q": {"choice": choice}}
            made.append(
                JudgmentRow(
                    f"p{unit:04d}", ("a", "b"), lengths, str(name), "human", answer, shown, int(active), unit
                )
            )
    return made


def readings(found: dict[str, Any]) -> dict[str, list[str]]:
    habits = ("first_position", "longer", "hurry", "drift")
    return {one["name"]: [one[habit]["reading"] for habit in habits] for one in found["annotators"]}


def test_who_takes_the_first_and_who_the_longer_stands_out_and_nobody_else() -> None:
    found = readings(report(rows()))
    assert found["first"][0] == "first_choosing"
    assert found["longer"][1] == "longer_choosing"
    for name in ("ann", "bob", "cid", "dee"):
        assert found[name] == ["none"] * 4


def test_swapping_what_is_shown_first_turns_the_reading_around() -> None:
    swapped = [row._replace(shown=row.shown[::-1]) for row in rows()]
    assert readings(report(swapped))["first"][0] == "last_choosing"


def test_growing_carelessness_is_read_as_decline_and_hurry_as_hurry() -> None:
    late = report(rows(late_noise="ann"))
    one = late["annotators"][0]
    assert one["drift"]["reading"] == "declining"
    assert one["drift"]["interval"][1] < 0
    assert one["drift"]["values"]["early"] > one["drift"]["values"]["late"] + 0.1
    assert [point["n"] > 0 for point in one["drift"]["course"]] == [True] * 6
    quick = report(rows(quick_noise="bob"))["annotators"][1]
    assert quick["hurry"]["reading"] == "hurried"
    assert quick["hurry"]["values"]["slow"] > quick["hurry"]["values"]["quick"] + 0.1


def test_the_line_and_the_thirds_by_hand() -> None:
    place = np.linspace(0, 1, 31)
    found = drift(1 - 0.5 * place, place)
    assert found["value"] == pytest.approx(-0.5)
    assert found["values"] == {"early": pytest.approx(1), "late": pytest.approx(0.5)}
    speed = np.arange(1, 31) / 30
    found = hurry(np.where(speed <= 1 / 3, 0.2, 0.8) + 0.01 * np.arange(30) % 0.02, speed)
    assert found["value"] == pytest.approx(-0.6, abs=0.02)
    assert (found["n"], found["reading"]) == (20, "hurried")


def test_what_rests_on_too_little_is_not_read() -> None:
    found = report(rows(units=5))
    for habits in (found["project"], *found["annotators"]):
        for habit in ("first_position", "longer", "hurry", "drift"):
            if habits[habit]["n"] < LEAST:
                assert habits[habit]["reading"] == "not_enough"
    assert report([])["project"]["drift"]["reading"] == "not_enough"


def test_times_that_are_all_equal_say_nothing_about_drift() -> None:
    same = [row._replace(submitted=5.0, active_ms=None) for row in rows()]
    found = report(same)["annotators"][0]
    assert found["drift"]["reading"] == found["hurry"]["reading"] == "not_enough"


def test_agreement_between_people_by_hand() -> None:
    """Three people on one unit, two of them alike: one of three pairs agrees."""
    said = [
        JudgmentRow("p", ("a", "b"), (1, 1), name, "human", {"q": {"choice": choice}})
        for name, choice in (("x", "a"), ("y", "a"), ("z", "b"))
    ]
    ratings = read_ratings(read_judgments(said), QUESTION)
    assert ratings is not None
    figure = agreement_figure(ratings)
    assert figure is not None
    assert figure["value"] == pytest.approx(1 / 3)
