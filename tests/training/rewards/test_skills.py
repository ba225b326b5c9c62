from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from training.rewards.data import Completion, Dataset, Message, Preference, Prompt
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import GROUPS, extract, items_of
from training.rewards.models.base import FitInput
from training.rewards.models.linear import fit
from training.rewards.models.skills import fit_skills
from training.rewards.splits import Split

GIVEN = {**dict.fromkeys(GROUPS, False), "given": True}
TASTE = np.array([1.0, -0.8, 0.6, 0.4, -0.4, 0.3])
# How somebody's votes go by what outputs are worth, and by the first place.
CROWD = {
    "ann": (2.0, 0.0),
    "ben": (1.0, 0.0),
    "careless": (0.0, 0.0),
    "first": (0.3, 3.0),
    "rash": (0.0, 0.3),
}


def crowd(prompts: int, seed: int) -> tuple[Dataset, np.ndarray]:
    """Pairs of outputs that are six numbers each, one vote a pair by the crowd in turn; and what they are worth."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(prompts, 2, len(TASTE)))
    worth = numbers @ TASTE
    made, votes = [], []
    for place in range(prompts):
        texts = [
            Completion(f"c{side}", f"output {place} {side}", features=tuple(numbers[place, side].tolist()))
            for side in (0, 1)
        ]
        made.append(Prompt(f"p{place}", (Message("user", f"task {place}"),), tuple(texts), f"g{place}"))
        name = list(CROWD)[place % len(CROWD)]
        skill, position = CROWD[name]
        shown = (0, 1) if rng.random() < 0.5 else (1, 0)
        chance = expit(skill * (worth[place, shown[0]] - worth[place, shown[1]]) + position)
        won = shown[0] if rng.random() < chance else shown[1]
        votes.append(
            Preference(
                f"{place}", place, name, "human", "overall", "comparison", ((won,), (1 - won,)), shown=shown
            )
        )
    return Dataset(tuple(made), tuple(votes)), worth


def learned(dataset: Dataset, worth: np.ndarray, **options: object) -> tuple[float, dict]:
    """Accuracy on the last half of the prompts against what outputs are worth, and how judgments were read."""
    raw = extract(items_of(dataset.rows), GIVEN, Encoder(None))
    half = len(dataset.prompts) // 2
    split = Split(np.arange(half), np.zeros(0, dtype=int), np.arange(half, 2 * half))
    output = fit(FitInput(dataset, raw, split, GIVEN, options, 0, None, lambda *_: None, lambda: None))
    reward = output.scores.reward[raw.index].reshape(-1, 2)[half:]
    margin, truth = reward[:, 0] - reward[:, 1], worth[half:, 0] - worth[half:, 1]
    return float(np.mean(margin * truth > 0)), output.likelihood["annotators"]


def test_careless_and_first_choosing_annotators_are_discounted_and_more_is_learned() -> None:
    gains = []
    for seed in range(4):
        dataset, worth = crowd(1000, seed)
        apart, read = learned(dataset, worth, annotators="auto")
        alike, _ = learned(dataset, worth, annotators="off")
        gains.append(apart - alike)
        found = {row["annotator"]: row for row in read["fitted"]}
        assert found["careless"]["skill"] < found["ann"]["skill"] / 2
        assert found["first"]["position"] > 1.5 > abs(found["ann"]["position"])
        assert read["used"]
        assert read["losses"]["by_annotator"] < read["losses"]["alike"]
    assert np.mean(gains) > 0.02


def test_skills_are_found_at_known_rewards() -> None:
    dataset, worth = crowd(5000, 1)
    found = fit_skills(dataset, np.arange(5000), worth.ravel())
    assert found is not None
    # The unit of skill is what all have in common, and each is drawn a little towards that.
    assert found.skill["ben"] / found.skill["ann"] == pytest.approx(0.5, abs=0.12)
    assert found.skill["careless"] / found.skill["ann"] == pytest.approx(0.0, abs=0.08)
    assert found.position["first"] == pytest.approx(3.0, abs=0.35)
    assert found.position["ann"] == pytest.approx(0.0, abs=0.25)


def test_somebody_with_few_votes_has_what_all_have_in_common() -> None:
    dataset, worth = crowd(1000, 2)
    renamed = tuple(
        replace(vote, annotator="new") if number < 19 else vote
        for number, vote in enumerate(dataset.preferences)
    )
    found = fit_skills(replace(dataset, preferences=renamed), np.arange(1000), worth.ravel())
    assert found is not None
    assert "new" not in found.skill
    skill, position = found.of(renamed[:1])
    assert skill.tolist() == [1.0]
    assert position.tolist() == [found.common]


def test_somebody_reversed_is_left_out_rather_than_turned_round() -> None:
    dataset, worth = crowd(1000, 3)
    better = worth.argmax(axis=1).tolist()
    votes = tuple(
        replace(vote, tiers=((better[vote.prompt],), (1 - better[vote.prompt],)))
        if vote.annotator in ("careless", "rash")  # now those who always know
        else replace(vote, tiers=vote.tiers[::-1])
        if vote.annotator == "ben"
        else vote
        for vote in dataset.preferences
    )
    found = fit_skills(replace(dataset, preferences=votes), np.arange(1000), worth.ravel())
    assert found is not None
    assert found.skill["ben"] == 0.0
    assert found.skill["rash"] > 1.0


def test_votes_of_other_prompts_and_unknown_rewards_play_no_part() -> None:
    dataset, worth = crowd(1000, 4)
    rewards = worth.ravel().copy()
    some = fit_skills(dataset, np.arange(600), rewards)
    rewards[1200:] = np.nan
    assert some == fit_skills(dataset, np.arange(1000), rewards)


def test_nothing_is_told_apart_where_rewards_do_not_explain_the_votes() -> None:
    dataset, worth = crowd(400, 5)
    assert fit_skills(dataset, np.arange(400), np.zeros(800)) is None
    assert fit_skills(dataset, np.arange(60), worth.ravel()) is None  # 12 votes each


def test_a_single_annotator_whose_screen_is_not_known_is_read_as_he_is() -> None:
    dataset, worth = crowd(400, 6)
    alone = tuple(replace(vote, annotator="ann", shown=()) for vote in dataset.preferences)
    assert fit_skills(replace(dataset, preferences=alone), np.arange(400), worth.ravel()) is None


def test_votes_of_a_ranking_weigh_as_many_as_the_choices_it_takes() -> None:
    """A ranking that repeats a comparison's three votes is read like two of them, so it is less sure of its author."""
    dataset, worth = crowd(300, 7)
    numbers = np.random.default_rng(0).normal(size=(300, 1))
    third = np.concatenate([worth, numbers], axis=1)
    prompts = tuple(
        replace(each, completions=(*each.completions, Completion("c2", f"third {each.id}")))
        for each in dataset.prompts
    )
    ranked, pairs = [], []
    for place, order in enumerate((-third).argsort(axis=1).tolist()):
        ranked.append(
            Preference(f"{place}", place, "ann", "human", "q", "ranking", tuple((o,) for o in order))
        )
        pairs += [
            Preference(f"{place}{a}{b}", place, "ann", "human", "q", "comparison", ((order[a],), (order[b],)))
            for a, b in ((0, 1), (0, 2), (1, 2))
        ]
    random = tuple(replace(vote, annotator="ben") for vote in dataset.preferences)
    found = [
        fit_skills(Dataset(prompts, (*own, *random)), np.arange(300), third.ravel())
        for own in (ranked, pairs)
    ]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].votes["ann"] * 3 == found[1].votes["ann"]
    assert found[0].skill["ann"] < found[1].skill["ann"]
