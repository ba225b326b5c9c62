"""More opinions or more prompts, where the answer is known."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from tests.training.rewards.factories import rating, vote
from training.rewards.data import Completion, Dataset, Message, Preference, Prompt, Rating
from training.rewards.experiment import run_experiment
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import extract, items_of
from training.rewards.overlap import opinions_of, overlap
from training.rewards.recipe import recipe_clean
from training.rewards.splits import Split

GROUPS = {"style": False, "ngrams": False, "encoder": False, "given": True}
NOBODY = np.zeros(0, dtype=np.int64)


def prompts_of(outputs: np.ndarray) -> tuple[Prompt, ...]:
    """A prompt for each of outputs (prompts, 2, numbers)."""
    return tuple(
        Prompt(
            f"p{number}",
            (Message("user", "Which?"),),
            tuple(
                Completion(f"c{place}", f"t{number}-{place}", "", tuple(row))
                for place, row in enumerate(pair)
            ),
            f"g{number}",
        )
        for number, pair in enumerate(outputs.tolist())
    )


def compared(
    flipped: float, opinions: int = 3, learning: int = 300, test: int = 200
) -> tuple[Dataset, Split]:
    """Pairs of 40 numbers each, of which annotators turn a share round while learning and none in the test."""
    rng = np.random.default_rng(0)
    outputs = rng.normal(size=(learning + test, 2, 40))
    first = (outputs[:, 0] - outputs[:, 1]) @ rng.normal(size=40) > 0
    votes = []
    for number in range(learning + test):
        for who in range(opinions):
            turned = number < learning and rng.random() < flipped
            votes.append(vote(number, int(first[number] == turned), by=f"a{who}"))
    return Dataset(prompts_of(outputs), tuple(votes)), split(learning, test)


def rated(noise: float, learning: int = 60, test: int = 400) -> tuple[Dataset, Split]:
    """Ratings by three people of outputs with 120 numbers each, as many as 60 prompts have outputs."""
    rng = np.random.default_rng(0)
    outputs = rng.normal(size=(learning + test, 2, 120))
    worth = outputs @ (rng.normal(size=120) / np.sqrt(120))
    ratings = [
        Rating(
            f"{number}-{who}", number, place, f"a{who}", "human", "quality",
            float(worth[number, place] + (noise * rng.normal() if number < learning else 0)), -10, 10,
        )
        for number in range(learning + test)
        for who in range(3)
        for place in range(2)
    ]  # fmt: skip
    return Dataset(prompts_of(outputs), (), tuple(ratings)), split(learning, test)


def split(learning: int, test: int) -> Split:
    return Split(np.arange(learning), NOBODY, np.arange(learning, learning + test))


def asked(made: tuple[Dataset, Split], **options: Any) -> dict[str, Any]:
    dataset, part = made
    raw = extract(items_of(dataset.rows), GROUPS, Encoder(None))
    found = overlap(dataset, raw, [part], options, GROUPS)
    json.dumps(found, allow_nan=False)
    return found


def test_of_careful_annotators_new_prompts_are_worth_more() -> None:
    found = asked(compared(0.0))
    assert (found["verdict"], found["reason"]) == ("prompts", "")
    assert (found["opinions"], found["prompts"], found["labels"]) == (3, 80, 240)
    low, high = found["difference"]["interval"]
    assert 0 < low < found["difference"]["value"] < high
    assert found["difference"]["n"] == 200


def test_noise_brings_the_two_together() -> None:
    """The log loss is linear in votes: at a chosen strictness second opinions come near new prompts, no more."""
    clean, noisy = asked(compared(0.0)), asked(compared(0.4))
    assert noisy["verdict"] == "unclear"
    assert noisy["difference"]["value"] < clean["difference"]["value"] / 2


def test_where_a_given_strictness_is_too_weak_for_noise_more_opinions_win() -> None:
    """As many single noisy ratings as there are weights are interpolated; a third as many means of three are not."""
    assert asked(rated(1.0), loss="squared", l2=1e-4)["verdict"] == "overlap"
    assert asked(rated(0.0), loss="squared", l2=1e-4)["verdict"] == "prompts"


def test_two_opinions_are_compared_where_nobody_gave_a_third() -> None:
    found = asked(compared(0.1, opinions=2))
    assert (found["opinions"], found["prompts"]) == (2, 120)


def test_without_overlap_nothing_is_said() -> None:
    found = asked(compared(0.0, opinions=1))
    assert (found["verdict"], found["reason"], found["difference"]) == (None, "little_overlap", None)


def test_too_few_held_out_prompts_say_nothing() -> None:
    assert asked(compared(0.0, test=10))["reason"] == "few_held_out"


def test_an_opinion_is_of_the_same_outputs_by_another_person() -> None:
    """Two people on one pair, one of them twice, and a third on another pair of the prompt: two opinions."""
    texts = tuple(Completion(f"c{place}", f"t{place}") for place in range(3))
    other = Preference("x", 0, "cat", "human", "overall", "comparison", ((2,), (0,)))
    again = Preference("y", 0, "ann", "human", "style", "comparison", ((1,), (0,)))
    dataset = Dataset(
        (Prompt("p", (Message("user", "Which?"),), texts, "g"),),
        (vote(0, 0, by="ann"), vote(0, 1, by="bob"), other, again),
        (rating(0, 0, 3.0, by="dan"),),
    )
    assert opinions_of(dataset) == {0: [["0-ann-overall", "y"], ["0-bob-overall"]]}


@pytest.mark.parametrize("kind", ["comparison", "rating"])
def test_an_evaluation_carries_it_and_says_why_it_is_silent(kind: str) -> None:
    recipe = recipe_clean({"model": {"kind": "linear", "features": {"encoder": False}}})
    result = run_experiment(
        politeness(60, kind=kind),
        recipe,
        salt="s",
        cache_dir=None,
        report=lambda *_: None,
        should_stop=lambda: False,
    )
    assert result.evaluation["forecast"]["overlap"]["reason"] == "little_overlap"
