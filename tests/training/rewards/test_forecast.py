from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.training.rewards.factories import margins, two_output_dataset
from training.rewards.forecast import exponent, forecast, gain
from training.rewards.intervals import ClusterBootstrap
from training.rewards.readiness import readiness, spread_within
from training.rewards.targets import consensus, pair_votes


def of(errors: list[int], labels: list[int], count: int = 100) -> dict[str, Any]:
    """A forecast from models that order so many of `count` pairs wrongly."""
    dataset = two_output_dataset([0] * count)
    bootstrap = ClusterBootstrap([p.group for p in dataset.prompts], np.arange(count))
    rewards = [margins(*([-1.0] * wrong + [1.0] * (count - wrong))) for wrong in errors]
    return forecast(consensus(pair_votes(dataset)), labels, rewards, bootstrap)


def test_a_power_law_is_found_and_carried_on() -> None:
    """Error 40, 20, 10 % at 100, 400, 1,600 labels is n^-1/2: at four times as many it is 5 %."""
    found = of([40, 20, 10], [100, 400, 1600])
    assert found["exponent"]["value"] == pytest.approx(0.5)
    by_labels = {each["labels"]: each["gain"]["value"] for each in found["gains"]}
    assert by_labels[500] == pytest.approx(0.1 * (1 - (2100 / 1600) ** -0.5))
    assert float(gain(np.array(0.1), np.array(0.5), 1600, 4800)) == pytest.approx(0.05)
    low, high = found["exponent"]["interval"]
    assert low < 0.5 < high


def test_nothing_is_said_far_beyond_the_labels_there_are() -> None:
    assert max(each["labels"] for each in of([40, 30, 20], [25, 50, 100])["gains"]) <= 800


def test_a_flat_curve_promises_nothing() -> None:
    found = of([30, 30, 30], [100, 200, 400])
    assert [each["gain"]["value"] for each in found["gains"]] == pytest.approx([0.0] * len(found["gains"]))


@pytest.mark.parametrize(("errors", "labels"), [([40, 30], [10, 20]), ([40, 30, 20], [10, 10, 20])])
def test_too_few_points_say_so(errors: list[int], labels: list[int]) -> None:
    found = of(errors, labels)
    assert found["gains"] == []
    assert "three points" in found["exponent"]["reason"]


def test_no_errors_have_no_exponent() -> None:
    assert of([20, 10, 0], [10, 20, 40])["exponent"]["reason"] == "no errors are left to fall"


def test_slopes_are_those_of_least_squares() -> None:
    counts, errors = np.log([1.0, 2.0, 8.0]), np.array([0.5, 0.4, 0.2])
    assert float(exponent(counts, errors)) == pytest.approx(-np.polyfit(counts, np.log(errors), 1)[0])


def evaluation(**changes: Any) -> dict[str, Any]:
    return {
        "pairs": {"accuracy": {"value": 0.8, "interval": [0.75, 0.85]}},
        "baselines": {"length": {"accuracy": {"value": 0.6}}, "style": {"accuracy": {"value": None}}},
        "best_of_n": [
            {"reward": {"value": 0.5, "interval": [0.5, 0.5]}},
            {"reward": {"value": 0.7, "interval": [0.65, 0.75]}},
        ],
        "hackability": [{"exploitable": False}, {"exploitable": None}],
        **changes,
    }


def test_a_model_is_ready_when_everything_speaks_for_it() -> None:
    found = readiness(evaluation(), labels=2_000, spread=0.5)
    assert found["ready"]
    assert [check["passed"] for check in found["checks"]] == [True] * 5


@pytest.mark.parametrize(
    ("code", "changes", "labels", "spread"),
    [
        ("labels", {}, 1_999, 0.5),
        ("baselines", {"baselines": {"length": {"accuracy": {"value": 0.76}}}}, 5_000, 0.5),
        ("best_of_n", {"best_of_n": [{"reward": {"value": 0.7, "interval": [0.6, 0.8]}}] * 2}, 5_000, 0.5),
        ("spread", {}, 5_000, 0.1),
        ("exploitable", {"hackability": [{"exploitable": True}]}, 5_000, 0.5),
    ],
)
def test_what_speaks_against_it_is_named(code: str, changes: Any, labels: int, spread: float) -> None:
    found = readiness(evaluation(**changes), labels=labels, spread=spread)
    assert not found["ready"]
    assert [check["code"] for check in found["checks"] if not check["passed"]] == [code]


def test_what_cannot_be_told_is_not_passed() -> None:
    found = readiness(evaluation(hackability=[], best_of_n=[]), labels=5_000, spread=None)
    assert not found["ready"]
    assert [check["passed"] for check in found["checks"]] == [True, True, None, None, None]


def test_the_spread_is_within_prompts() -> None:
    dataset = two_output_dataset([0, 1])
    rewards = np.array([10.0, 12.0, -5.0, -5.0])
    assert spread_within(dataset, rewards, np.arange(2)) == pytest.approx(1.0)
    assert spread_within(dataset, rewards, np.arange(0)) is None
