from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.training.rewards.factories import prompt, rating, verdict, vote
from training.rewards.data import Dataset, Preference, Rating
from training.rewards.targets import consensus, good_outputs, pair_votes

DATA = Path(os.environ.get("PLAUDIT_DATA_SETS", Path(__file__).parents[4] / "shared" / "data"))


def _won(dataset: Dataset) -> dict[tuple[int, int], int]:
    pairs = consensus(pair_votes(dataset))
    places = zip(pairs.first.tolist(), pairs.second.tolist(), pairs.outcome.tolist(), strict=True)
    return {(first, second): outcome for first, second, outcome in places}


def test_rows_count_over_all_prompts_and_first_is_the_lower_position() -> None:
    dataset = Dataset((prompt(0, "a", "b", "c"), prompt(1, "a", "b")), (vote(1, 1),))
    assert _won(dataset) == {(3, 4): -1}


def test_ranking_implies_all_pairs_of_its_outputs_and_none_of_the_others() -> None:
    ranking = Preference("r", 0, "ann", "human", "overall", "ranking", ((2,), (0, 1)))
    dataset = Dataset((prompt(0, "a", "b", "c", "d"),), (ranking,))
    assert _won(dataset) == {(0, 1): 0, (0, 2): -1, (1, 2): -1}


def test_both_bad_is_a_tie() -> None:
    answer = Preference("b", 0, "ann", "human", "overall", "comparison", ((0, 1),), both_bad=True)
    assert _won(Dataset((prompt(0, "a", "b"),), (answer,))) == {(0, 1): 0}


def test_strength_does_not_weigh() -> None:
    votes = (vote(0, 0, by="x", strength=3), vote(0, 1, by="y"), vote(0, 1, by="z"))
    assert _won(Dataset((prompt(0, "a", "b"),), votes)) == {(0, 1): -1}


def test_ratings_compare_outputs_within_one_annotator() -> None:
    """A mild and a severe annotator who scored one output each have compared nothing."""
    mild, severe = rating(0, 0, 5, by="mild"), rating(0, 1, 1, by="severe")
    assert _won(Dataset((prompt(0, "a", "b"),), ratings=(mild, severe))) == {}


def test_ratings_consensus_is_the_sign_of_the_mean_difference_and_equal_is_a_tie() -> None:
    apart = (
        rating(0, 0, 5, by="x"),
        rating(0, 1, 1, by="x"),
        rating(0, 0, 3, by="y"),
        rating(0, 1, 4, by="y"),
    )
    assert _won(Dataset((prompt(0, "a", "b"),), ratings=apart)) == {(0, 1): 1}
    scales = [("x", 1 / 3, 0.0), ("y", 1 / 3, 0.0), ("z", 0.0, 2 / 3)]
    equal = tuple(
        Rating(f"{by}{position}", 0, position, by, "human", "q", value, 0, 0.7)
        for by, *values in scales
        for position, value in enumerate(values)
    )
    assert _won(Dataset((prompt(0, "a", "b"),), ratings=equal)) == {(0, 1): 0}


def test_ratings_on_a_wider_scale_weigh_no_more() -> None:
    wide = tuple(Rating(f"w{i}", 0, i, "x", "human", "q", v, 0, 100) for i, v in enumerate((40, 60)))
    narrow = tuple(Rating(f"n{i}", 0, i, "y", "human", "r", v, 1, 5) for i, v in enumerate((4, 2)))
    assert _won(Dataset((prompt(0, "a", "b"),), ratings=wide + narrow)) == {(0, 1): 1}


def test_ratings_give_no_pairs_where_there_are_preferences() -> None:
    ratings = (rating(1, 0, 5), rating(1, 1, 1))
    dataset = Dataset((prompt(0, "a", "b"), prompt(1, "a", "b")), (vote(0, 0),), ratings)
    assert _won(dataset) == {(0, 1): 1}


def test_scale_without_extent_is_refused() -> None:
    flat = Rating("r", 0, 0, "x", "human", "q", 1, 3, 3)
    with pytest.raises(ValueError, match="maximum must be above"):
        pair_votes(Dataset((prompt(0, "a", "b"),), ratings=(flat,)))


def test_verdicts_come_first_and_even_splits_are_left_out() -> None:
    verdicts = (verdict(0, 0, True), verdict(0, 1, True), verdict(0, 1, False, by="y"), verdict(1, 0, False))
    dataset = Dataset(
        (prompt(0, "a", "b"), prompt(1, "a", "b")), (vote(0, 0),), (rating(0, 0, 5),), verdicts, good_at=3
    )
    outputs = good_outputs(dataset)
    assert outputs.target == "acceptable"
    assert dict(zip(outputs.row.tolist(), outputs.good.tolist(), strict=True)) == {0: True, 2: False}


def test_mean_rating_at_good_at_is_good() -> None:
    ratings = (
        rating(0, 0, 5, by="x"),
        rating(0, 0, 3, by="y"),
        rating(0, 1, 5, by="x"),
        rating(0, 1, 2, by="y"),
    )
    outputs = good_outputs(Dataset((prompt(0, "a", "b"),), (vote(0, 0),), ratings, good_at=4))
    assert (outputs.target, outputs.good.tolist()) == ("rating", [True, False])


def test_comparisons_alone_call_good_what_won_more_than_it_lost() -> None:
    ranking = Preference("r", 0, "ann", "human", "overall", "ranking", ((0,), (1,), (2,)))
    outputs = good_outputs(Dataset((prompt(0, "a", "b", "c", "d"),), (ranking,)))
    assert outputs.target == "won_more"
    assert dict(zip(outputs.row.tolist(), outputs.good.tolist(), strict=True)) == {
        0: True,
        1: False,
        2: False,
    }


def test_nothing_judged_gives_no_pairs_and_no_outputs() -> None:
    dataset = Dataset((prompt(0, "a", "b"),))
    assert len(consensus(pair_votes(dataset))) == 0
    assert len(good_outputs(dataset).row) == 0
    assert len(consensus(pair_votes(Dataset(())))) == 0


def test_votes_can_be_taken_by_prompt() -> None:
    dataset = Dataset((prompt(0, "a", "b"), prompt(1, "a", "b")), (vote(0, 0), vote(1, 1, by="z")))
    votes = pair_votes(dataset).on(np.array([1]))
    assert (votes.annotator.tolist(), votes.value.tolist()) == (["z"], [-1.0])


def test_pandalm_consensus_matches_its_published_counts() -> None:
    path = DATA / "pandalm" / "testset-v1.json"
    if not path.exists():
        pytest.skip(f"{path.name} of PandaLM is not on this machine (PLAUDIT_DATA_SETS)")
    rows = json.loads(path.read_text(encoding="utf-8"))
    choices: dict[int, int | str] = {1: 0, 2: 1, 0: "tie"}
    votes = tuple(
        vote(position, choices[row[f"annotator{rater}"]], by=str(rater))
        for position, row in enumerate(rows)
        for rater in (1, 2, 3)
    )
    prompts = tuple(prompt(position, "a", "b") for position in range(len(rows)))
    outcomes = consensus(pair_votes(Dataset(prompts, votes))).outcome.tolist()
    assert Counter(outcomes) == {1: 422, 0: 105, -1: 472}
