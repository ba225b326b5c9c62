"""How judgments were read, in figures, and what each criterion's head is worth on held-out prompts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.training.rewards.test_criteria import HEADS, two_criteria
from tests.training.rewards.test_experiment import run
from training.rewards.data import Preference, Verdict
from training.rewards.models.base import FitOutput, Scores
from training.rewards.models.rules import RulesModel
from training.rewards.reading import reading
from training.rewards.recipe import recipe_clean

PLAIN = recipe_clean({"model": {"kind": "linear"}}).options


def test_heads_are_published_with_their_weight_and_held_out_accuracy() -> None:
    result = run(two_criteria(counts=(1.0, 3.0)), {"model": HEADS})
    depth, tone = result.evaluation["criteria"]
    assert (depth["criterion"], tone["criterion"]) == ("depth", "tone")
    assert tone["weight"] > depth["weight"] > 0
    for row in (depth, tone):
        low, high = row["accuracy"]["interval"]
        assert 0.9 < row["accuracy"]["value"] <= 1
        assert low <= row["accuracy"]["value"] <= high
        assert row["accuracy"]["n"] == 3 * len(result.test_prompts)


def test_model_without_heads_publishes_no_criteria() -> None:
    result = run(two_criteria(counts=(1.0, 3.0)), {"model": HEADS | {"criteria": "together"}})
    assert result.evaluation["criteria"] == []
    assert result.evaluation["likelihood"]["labels"]["ratings"] == 80 * 3 * 2


def test_labels_are_counted_by_what_they_are_and_ties_carry_their_level() -> None:
    dataset = two_criteria(counts=(1.0, 3.0))
    tied = tuple(
        replace(each, tiers=((0, 1),), both_bad=place % 20 == 0) if place % 10 == 0 else each
        for place, each in enumerate(dataset.preferences)
    )
    result = run(replace(dataset, preferences=tied), {"model": HEADS | {"criteria": "together"}})
    told = result.evaluation["likelihood"]
    assert told["labels"]["comparisons"] == 216
    assert (told["labels"]["ties"], told["labels"]["both_bad"]) == (12, 12)
    assert told["ties"]["way"] == "davidson"
    assert np.isfinite(told["ties"]["level"])
    assert told["dropped"] == {"comparisons": 0, "verdicts": 0, "alike": 0}


def test_what_the_loss_cannot_read_is_told_as_dropped() -> None:
    dataset = two_criteria(counts=(1.0, 3.0))
    verdicts = tuple(Verdict(f"v{n}", n, 0, "ann", "human", "fine", n % 2 == 0) for n in range(30))
    flat = tuple(replace(each, value=3.0) if each.question == "tone" else each for each in dataset.ratings)
    output = empty_output()
    squared = reading(
        replace(dataset, verdicts=verdicts, ratings=flat), output, dict(PLAIN) | {"loss": "squared"}
    )
    assert squared["dropped"] == {"comparisons": 240, "verdicts": 30, "alike": 240}
    assert squared["labels"]["comparisons"] == squared["labels"]["verdicts"] == 0
    assert squared["labels"]["ratings"] == 240
    heads = reading(replace(dataset, verdicts=verdicts), output, dict(PLAIN) | {"criteria": "heads"})
    assert heads["dropped"]["verdicts"] == 30
    assert heads["labels"]["comparisons"] == 240


def test_rankings_and_best_worst_are_counted_apart() -> None:
    dataset = two_criteria()
    ranked = Preference("r", 0, "ann", "human", "order", "ranking", ((0,), (1,), (2,)))
    both = (ranked, replace(ranked, id="b", kind="best_worst"))
    told = reading(replace(dataset, preferences=both), empty_output(), PLAIN)
    assert (told["labels"]["rankings"], told["labels"]["best_worst"]) == (1, 1)
    assert told["rankings"] == PLAIN["rankings"]
    assert told["ties"] == {"way": None, "level": None}


def test_kind_that_reads_judgments_another_way_tells_what_it_told() -> None:
    assert reading(two_criteria(), empty_output(), {"rules": []}) == {}


def empty_output() -> FitOutput:
    """What a fit of a model without a tie level returns."""
    return FitOutput(RulesModel(()), Scores(np.zeros(0)), np.zeros(0), ())
