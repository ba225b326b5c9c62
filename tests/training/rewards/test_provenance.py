from __future__ import annotations

import platform

import numpy as np
import pytest

from tests.training.rewards.factories import prompt, rating, two_output_dataset, verdict, vote
from training.rewards.data import Dataset
from training.rewards.provenance import agreement, packages_installed, provenance
from training.rewards.targets import pair_votes


def test_agreement_is_the_share_of_annotators_who_order_two_outputs_alike() -> None:
    """Three pairs judged by two: alike, alike, and not. Alpha by hand from the table below.

    Values 0,0 / 1,1 / 0,1: D_o = 1/3 and D_e = (3 * 3) / C(6, 2) = 9/15, so alpha = 1 - (1/3) / (3/5) = 4/9.
    """
    prompts = tuple(prompt(index, "one", "two") for index in range(4))
    choices = [(0, 0), (1, 1), (0, 1)]
    votes = [
        vote(at, choice, by=by)
        for at, pair in enumerate(choices)
        for by, choice in zip("ab", pair, strict=True)
    ]
    dataset = Dataset(prompts, (*votes, vote(3, 0, by="a")))
    [row] = agreement(pair_votes(dataset))
    assert row["question"] == "overall"
    assert (row["percent"]["value"], row["percent"]["n"]) == (pytest.approx(2 / 3), 3)
    assert row["alpha"]["value"] == pytest.approx(4 / 9)


def test_annotator_does_not_agree_with_themselves() -> None:
    dataset = Dataset((prompt(0, "one", "two"),), (vote(0, 0, by="a"), vote(0, 0, by="a")))
    [row] = agreement(pair_votes(dataset))
    assert row["percent"] == row["alpha"] == {"value": None, "reason": "no unit has two ratings"}


def test_questions_are_kept_apart() -> None:
    dataset = Dataset(
        (prompt(0, "one", "two"),),
        tuple(vote(0, choice, by=by, question=name) for name, choice, by in
              [("clear", 0, "a"), ("clear", 0, "b"), ("true", 0, "a"), ("true", 1, "b")]),
    )  # fmt: skip
    found = {row["question"]: row["percent"]["value"] for row in agreement(pair_votes(dataset))}
    assert found == {"clear": 1.0, "true": 0.0}


def test_answers_are_counted_by_kind() -> None:
    dataset = Dataset(
        (prompt(0, "one", "two"),),
        (vote(0, 0),),
        (rating(0, 0, 3), rating(0, 1, 4)),
        (verdict(0, 0, True),),
    )
    assert provenance(dataset)["labels"] == {"choice": 1, "comparison": 1, "rating": 2}
    assert provenance(two_output_dataset([0, 1, "tie"]))["labels"] == {"comparison": 3}


def test_packages_have_the_versions_that_run() -> None:
    found = packages_installed()
    assert found["numpy"] == np.__version__
    assert found["python"] == platform.python_version()
