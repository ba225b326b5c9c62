from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.training.rewards.factories import margins, prompt, random_dataset, rating, vote
from training.rewards.data import Dataset
from training.rewards.reference import human_reference, reference_and_model

TWO = (prompt(0, "a", "b"), prompt(1, "a", "b"))
ALL = np.array([0, 1])


def test_left_out_annotator_is_predicted_by_the_majority_of_the_others() -> None:
    votes = (
        *(vote(0, choice, by=name) for name, choice in (("x", 0), ("y", 0), ("z", 1))),
        *(vote(1, choice, by=name) for name, choice in (("x", 1), ("y", 1))),
    )
    # Prompt 0: x and y each see one vote for and one against (half each), z sees two against it (0).
    # Prompt 1: both are predicted rightly.
    figure = human_reference(Dataset(TWO, votes), ALL)
    assert figure["value"] == pytest.approx((0.5 + 0.5 + 0 + 1 + 1) / 5)
    assert figure["n"] == 5


def test_ties_are_not_predicted_but_predict_one_half() -> None:
    votes = (vote(0, 0, by="x"), vote(0, "tie", by="y"), vote(1, 1, by="x"), vote(1, 1, by="y"))
    figure = human_reference(Dataset(TWO, votes), ALL)
    assert figure["value"] == pytest.approx((0.5 + 1 + 1) / 3)


def test_single_labels_have_no_reference() -> None:
    figure = human_reference(Dataset(TWO, (vote(0, 0), vote(1, 1))), ALL)
    assert figure == {"value": None, "reason": "no held-out pair was judged by two people"}


def test_annotators_own_repeated_vote_does_not_predict_them() -> None:
    votes = (vote(0, 0, by="x"), vote(0, 0, by="x"))
    assert human_reference(Dataset(TWO, votes), ALL)["value"] is None


def test_votes_on_another_question_do_not_predict() -> None:
    votes = (vote(0, 0, by="x", question="style"), vote(0, 0, by="y", question="facts"))
    assert human_reference(Dataset(TWO, votes), ALL)["value"] is None


def test_only_humans_unless_asked() -> None:
    votes = tuple(
        vote(position, 0, by=name, kind="simulated") for position in (0, 1) for name in ("s1", "s2")
    )
    dataset = Dataset(TWO, votes)
    assert human_reference(dataset, ALL)["value"] is None
    assert human_reference(dataset, ALL, kinds=["simulated"])["value"] == 1.0
    assert (
        "simulated or model" in human_reference(Dataset(TWO, ()), ALL, kinds=["simulated", "model"])["reason"]
    )


def test_only_the_given_prompts_count() -> None:
    votes = tuple(vote(position, 0, by=name) for position in (0, 1) for name in ("x", "y"))
    assert human_reference(Dataset(TWO, votes), np.array([1]))["n"] == 2


def test_ratings_are_predicted_by_the_mean_difference_of_the_others() -> None:
    scores = (("x", 5, 4), ("y", 1, 5), ("z", 4, 3))
    ratings = tuple(
        rating(0, completion, value, by=name)
        for name, *values in scores
        for completion, value in enumerate(values)
    )
    # x: the others' mean difference is (-4 + 1) / 2, wrong; y: (1 + 1) / 2, wrong; z: (1 - 4) / 2, wrong.
    figure = human_reference(Dataset(TWO, ratings=ratings), ALL)
    assert (figure["value"], figure["n"]) == (0.0, 3)


def test_model_is_measured_on_the_very_same_votes() -> None:
    votes = (vote(0, 0, by="x"), vote(0, 0, by="y"), vote(1, 0, by="x"))
    both = reference_and_model(Dataset(TWO, votes), ALL, margins(-1, 1))
    assert (both["accuracy"]["value"], both["accuracy"]["n"]) == (1.0, 2)
    assert (both["model"]["value"], both["model"]["n"]) == (0.0, 2)


def test_renaming_annotators_changes_nothing() -> None:
    dataset = random_dataset(3)
    renamed = Dataset(
        dataset.prompts,
        tuple(replace(answer, annotator="z" + answer.annotator[::-1]) for answer in dataset.preferences),
    )
    everything = np.arange(60)
    assert human_reference(dataset, everything) == human_reference(renamed, everything)
