"""What a further judgment is worth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.allocation.ballots import Ballot
from annotation.allocation.priorities import (
    disagreement,
    expected_disagreement,
    uncertainty,
    uncertainty_of_outputs,
)

MARGIN = st.floats(-1e6, 1e6)
COUNTS = st.lists(st.integers(0, 6), min_size=2, max_size=5)


def ballot(*votes: int, scale: bool = False, question: str = "q") -> Ballot:
    return Ballot(question, (), tuple(range(len(votes))), votes, scale)


@given(MARGIN, MARGIN, st.floats(0, 1e3))
def test_a_smaller_margin_is_never_less_uncertain(one: float, other: float, spread: float) -> None:
    small, large = sorted([one, other], key=abs)
    assert 0 <= uncertainty(large, spread) <= uncertainty(small, spread) <= 1
    assert uncertainty(one, spread) == uncertainty(-one, spread)


@given(MARGIN, st.floats(0, 1e3), st.floats(0, 1e3))
def test_a_larger_spread_is_never_less_uncertain(margin: float, one: float, other: float) -> None:
    small, large = sorted([one, other])
    assert uncertainty(margin, small) <= uncertainty(margin, large)


@pytest.mark.parametrize(("margin", "spread"), [(0.5, 1.0), (2.0, 1.5), (3.0, 0.5)])
def test_the_spread_is_integrated_over(margin: float, spread: float) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    wins = float((weights / (1 + np.exp(-(margin + spread * nodes)))).sum() / weights.sum())
    entropy = -(wins * math.log2(wins) + (1 - wins) * math.log2(1 - wins))
    assert uncertainty(margin, spread) == pytest.approx(entropy, abs=0.02)


@pytest.mark.parametrize("bad", [(math.nan, 0.0), (math.inf, 0.0), (0.0, -1.0), (0.0, math.inf)])
def test_what_is_no_margin_or_spread_is_refused(bad: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        uncertainty(*bad)


def test_of_several_outputs_neighbours_count_in_whatever_order_they_come() -> None:
    assert uncertainty_of_outputs([5.0, 0.0, 5.0]) == pytest.approx((1 + uncertainty(5.0)) / 2)
    assert uncertainty_of_outputs([0.0, 1.0], [3.0, 4.0]) == uncertainty(1.0, 5.0)
    assert uncertainty_of_outputs([1.0]) == uncertainty_of_outputs([]) == 0.0


@given(st.integers(2, 6), st.data())
def test_one_vote_is_not_contested(categories: int, data: st.DataObject) -> None:
    chosen = data.draw(st.integers(0, categories - 1))
    votes = [int(place == chosen) for place in range(categories)]
    untouched = expected_disagreement([ballot(*[0] * categories)])
    assert expected_disagreement([ballot(*votes)]) == pytest.approx(untouched)
    assert disagreement([ballot(*votes)]) is None


@pytest.mark.parametrize("categories", [2, 3, 4])
def test_contested_items_come_before_untouched_ones_and_these_before_settled_ones(categories: int) -> None:
    rest = [0] * (categories - 2)
    contested = [ballot(1, 1, *rest), ballot(2, 2, *rest), ballot(2, 1, *rest)]
    settled = [ballot(2, 0, *rest), ballot(3, 0, *rest), ballot(5, 0, *rest)]
    untouched = expected_disagreement([ballot(0, 0, *rest)])
    assert all(expected_disagreement([each]) > untouched for each in contested)
    assert all(expected_disagreement([each]) < untouched for each in settled)
    falling = [expected_disagreement([each]) for each in settled]
    assert falling == sorted(falling, reverse=True)


@given(COUNTS, st.randoms())
def test_names_of_categories_change_nothing(votes: list[int], shuffler) -> None:
    value = expected_disagreement([ballot(*votes)])
    assert 0 <= value <= 1
    shuffler.shuffle(votes)
    assert expected_disagreement([ballot(*votes)]) == pytest.approx(value)


def test_on_a_scale_distant_scores_disagree_more_than_near_ones() -> None:
    near, far = ballot(0, 1, 1, 0, 0, scale=True), ballot(1, 0, 0, 0, 1, scale=True)
    assert expected_disagreement([near]) < expected_disagreement([far])
    # By hand: a = (1.2, .2, .2, .2, 1.2), sum a = 3, sum a i = 6, sum a i^2 = 22; 2 * 2 (3 * 22 - 36) / 16 / 12.
    assert expected_disagreement([far]) == pytest.approx(0.625)


def test_an_item_is_as_contested_as_its_most_contested_question_on_average() -> None:
    calm, split = ballot(3, 0), ballot(2, 2)
    other = ballot(2, 2, question="other")
    one = expected_disagreement([calm])
    both = (one + expected_disagreement([split])) / 2
    assert expected_disagreement([calm, split]) == pytest.approx(both)
    assert expected_disagreement([calm, split, other]) == expected_disagreement([other])
    assert disagreement([calm, ballot(1, 0)]) == one
    assert disagreement([]) is None
    assert expected_disagreement([]) == 0.0
