"""Labels to look at again: labels that were flipped on purpose are found, others hardly ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.training.rewards.experiments import politeness
from tests.training.rewards.factories import two_output_dataset, vote
from training.rewards.data import Dataset
from training.rewards.experiment import ExperimentResult, run_experiment
from training.rewards.recipe import recipe_clean
from training.rewards.second_look import FEW_PAIRS, KIND, second_look


def margins(*values: float) -> np.ndarray:
    return np.array([side for value in values for side in (value / 2, -value / 2)])


def test_a_pair_is_listed_where_every_set_is_strongly_against_a_unanimous_label():
    data = two_output_dataset([0] * 40)
    split_vote = replace(vote(39, 1, by="bob"))
    tied = replace(data, preferences=(*data.preferences, split_vote))
    usual = [1.0] * 35
    # 35: against in both; 36: the stronger of two; 37: weakly in one; 38: one set only; 39: people disagree.
    one = margins(*usual, -2.0, -3.0, -0.4, -3.0, -9.0)
    two = margins(*usual, -4.0, -9.0, -4.0, +1.0, -9.0)
    found = second_look(tied, np.arange(40), [one, 2 * two])
    assert (found["refits"], found["looked_at"], found["found"]) == (2, 39, 2)
    assert [(each["prompt"], each["margins"]) for each in found["pairs"]] == [
        ("p36", [-3.0, -9.0]),
        ("p35", [-2.0, -4.0]),
    ]
    assert found["pairs"][0] == {
        "prompt": "p36", "preferred": "c0", "rejected": "c1", "votes": 1, "margins": [-3.0, -9.0],
    }  # fmt: skip


def test_the_preferred_output_is_the_one_that_won_wherever_it_stands():
    data = two_output_dataset([1] * 40)
    rewards = margins(*[-1.0] * 39, 5.0)
    (pair,) = second_look(data, np.arange(40), [rewards])["pairs"]
    assert (pair["prompt"], pair["preferred"], pair["rejected"], pair["margins"]) == (
        "p39",
        "c1",
        "c0",
        [-5.0],
    )


def test_few_pairs_and_constant_rewards_list_nothing():
    few = two_output_dataset([0] * 29)
    assert second_look(few, np.arange(29), [margins(*[1.0] * 29)])["reason"] == FEW_PAIRS
    data = two_output_dataset([0] * 40)
    assert second_look(data, np.arange(40), [np.zeros(80)])["pairs"] == []


def flipped(data: Dataset, share: float) -> tuple[Dataset, set[tuple[str, str]]]:
    """The data with the winner and the loser of some comparisons exchanged, and which."""
    rng = np.random.default_rng(7)
    preferences, which = [], set()
    for each in data.preferences:
        turn = rng.random() < share
        preferences.append(replace(each, tiers=each.tiers[::-1]) if turn else each)
        if turn:
            outputs = data.prompts[each.prompt].completions
            which.add((f"p{each.prompt}", outputs[each.tiers[1][0]].id + outputs[each.tiers[0][0]].id))
    return replace(data, preferences=tuple(preferences)), which


def experiment(data: Dataset, **changes: object) -> ExperimentResult:
    request = {
        "model": {"kind": "linear", "features": {"style": True, "ngrams": True, "encoder": False}},
        **changes,
    }
    return run_experiment(
        data, recipe_clean(request), salt="s", cache_dir=None,
        report=lambda *_: None, should_stop=lambda: False,
    )  # fmt: skip


@pytest.mark.parametrize("scheme", ["cross-validation", "holdout"])
def test_flipped_labels_are_found_and_a_holdouts_test_part_is_left_alone(scheme):
    clean = politeness(240, noise=0.0)
    data, wrong = flipped(clean, 0.08)
    result = experiment(data, evaluation={"scheme": scheme})
    listed = {(each["prompt"], each["preferred"] + each["rejected"]) for each in result.second_look["pairs"]}
    tested = {f"p{place}" for place in result.test_prompts} if scheme == "holdout" else set()
    findable = {each for each in wrong if each[0] not in tested}
    assert len(listed & wrong) / len(listed) > 0.9
    assert len(listed & wrong) / len(findable) > 0.7
    assert not {name for name, _ in listed} & tested
    assert result.evaluation["second_look"]["found"] == len(listed)
    assert result.evaluation["second_look"]["refits"] == (4 if scheme == "cross-validation" else 3)
    assert result.evaluation["sources"]["reason"] == ""


def test_a_kind_without_features_lists_nothing_and_says_so():
    rules = [{"check": "length", "max": 40, "weight": 1.0}]
    result = experiment(politeness(60), model={"kind": "rules", "rules": rules})
    assert result.second_look["reason"] == KIND
    assert result.evaluation["sources"]["reason"] == "kind"
