"""How sure an item's answer is, and how many people it needs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.allocation.adaptive import (
    Leading,
    item_confidence,
    leading,
    leading_known,
    mean_known,
    places_extra,
)
from annotation.allocation.ballots import Ballot

COUNTS = st.lists(st.integers(0, 8), min_size=2, max_size=5)


def pair(*votes: int, question: str = "q") -> list[Ballot]:
    return [Ballot(question, (), tuple(range(len(votes))), votes)]


def test_with_a_uniform_prior_on_two_answers_it_is_the_beta_distribution() -> None:
    assert leading([3, 0], [1, 1]).probability == pytest.approx(15 / 16)  # 1 - (1/2)^4
    assert leading([2, 1], [1, 1]).probability == pytest.approx(11 / 16)  # at least 3 of 4 fair coins fail
    assert leading([0, 3], [1, 1]) == Leading(1, pytest.approx(15 / 16))


def test_with_three_answers_it_is_the_integral_worked_by_hand() -> None:
    # Dirichlet(2, 1, 1): the integral of x e^-x (1 - e^-x)^2 = 1 - 2/4 + 1/9.
    assert leading([1, 0, 0], [1, 1, 1]).probability == pytest.approx(11 / 18, abs=1e-12)
    assert leading([0, 0, 0], [1, 1, 1]).probability == pytest.approx(1 / 3, abs=1e-12)


@pytest.mark.parametrize("votes", [(2, 0, 0), (3, 1, 0), (2, 2, 1, 0), (1, 0, 0, 0, 0), (40, 30, 3)])
def test_it_is_the_share_of_draws_in_which_the_answer_is_the_commonest(votes: tuple[int, ...]) -> None:
    generator = np.random.default_rng(5)
    draws = generator.dirichlet(np.array(votes) + 1 / len(votes), size=100_000)
    best = leading(votes)
    assert best.probability == pytest.approx((draws.argmax(axis=1) == best.category).mean(), abs=0.006)


@given(COUNTS)
def test_a_vote_for_the_leading_answer_makes_it_surer_and_one_against_it_less_sure(votes: list[int]) -> None:
    best = leading(votes)
    assert 1 / len(votes) - 1e-9 <= best.probability <= 1 + 1e-9
    more = list(votes)
    more[best.category] += 1
    assert leading(more).probability > best.probability - 1e-9
    rivals = [place for place in range(len(votes)) if place != best.category]
    rival = max(rivals, key=votes.__getitem__)
    if votes[rival] < votes[best.category]:
        less = list(votes)
        less[rival] += 1
        assert leading(less).probability < best.probability + 1e-9


@pytest.mark.parametrize("bad", [([3], None), ([1, 1], [0, 1])])
def test_votes_without_a_rival_or_a_prior_are_refused(bad: tuple[list[int], list[float] | None]) -> None:
    with pytest.raises(ValueError, match="two categories"):
        leading(*bad)


def test_known_skills_weigh_votes() -> None:
    good, poor = 0.9, 0.6
    votes = [
        [math.log(good), math.log(1 - good)],
        [math.log(1 - poor), math.log(poor)],
        [math.log(1 - poor), math.log(poor)],
    ]
    # .9 * .4 * .4 against .1 * .6 * .6: the good annotator outweighs two poor ones.
    assert leading_known(votes) == Leading(0, pytest.approx(0.144 / (0.144 + 0.036)))
    assert leading_known(votes, [0.1, 0.9]).category == 1
    with pytest.raises(ValueError, match="above 0"):
        leading_known(votes, [0.0, 1.0])


def test_likelihoods_far_apart_do_not_overflow() -> None:
    assert leading_known([[-5000.0, 0.0]]) == Leading(1, 1.0)


def test_a_mean_is_surer_the_closer_its_scores_lie_and_the_more_there_are() -> None:
    assert mean_known((0, 0, 0, 2, 0)).category == 3
    sure = [mean_known(votes).probability for votes in [(0, 0, 1, 1, 0), (0, 1, 0, 1, 0), (1, 0, 0, 0, 1)]]
    assert sure == sorted(sure, reverse=True)
    assert mean_known((0, 0, 2, 2, 0)).probability > mean_known((0, 0, 1, 1, 0)).probability


def test_an_item_is_as_sure_as_its_least_sure_question() -> None:
    sure, unsure = pair(3, 0), pair(2, 1, question="other")
    assert item_confidence([*sure, *unsure]) == leading([2, 1]).probability
    mixed = [*pair(3, 0), *pair(2, 1)]
    assert item_confidence(mixed) == pytest.approx(
        (leading([3, 0]).probability + leading([2, 1]).probability) / 2
    )
    assert item_confidence(pair(1, 0)) == 0.0
    assert item_confidence([]) is None


def test_two_who_agree_settle_an_item_and_a_contested_one_gets_one_more_at_a_time() -> None:
    rule = {"overlap": 3, "most": 5, "confidence": 0.9}
    extra = [
        places_extra(pair(*votes), judgments=sum(votes), **rule)
        for votes in [(0, 0), (1, 0), (2, 0), (1, 1), (3, 0), (2, 1), (3, 1), (2, 2), (4, 1), (3, 2)]
    ]
    assert extra == [0, 0, -1, 0, 0, 1, 2, 2, 2, 2]


def test_work_already_begun_keeps_its_place() -> None:
    rule = {"overlap": 5, "most": 7, "confidence": 0.9}
    assert places_extra(pair(2, 0), judgments=2, reserved=2, **rule) == -1  # 2 filled + 2 out = 4 places
    assert places_extra(pair(3, 2), judgments=5, reserved=1, **rule) == 1  # the sixth is out already


def test_where_one_judgment_was_enough_a_second_is_asked_for_before_anything_is_settled() -> None:
    assert places_extra(pair(1, 0), judgments=1, overlap=1, most=3, confidence=0.5) == 1
    assert places_extra(pair(2, 0), judgments=2, overlap=1, most=3, confidence=0.9) == 1


def test_a_better_judgment_of_how_sure_it_is_takes_the_place_of_the_votes() -> None:
    rule = {"judgments": 3, "overlap": 3, "most": 5, "confidence": 0.9}
    assert places_extra(pair(2, 1), **rule, sure=0.95) == 0
    assert places_extra(pair(3, 0), **rule, sure=0.6) == 1


def test_items_without_votes_and_a_cap_below_the_overlap_keep_the_overlap() -> None:
    assert places_extra([], judgments=2, overlap=3, most=5, confidence=0.9) == 0
    assert places_extra(pair(2, 1), judgments=3, overlap=3, most=2, confidence=0.9) == 0


@given(
    COUNTS,
    st.integers(1, 6),
    st.integers(0, 5),
    st.floats(0.5, 0.999),
    st.floats(0.5, 0.999),
    st.integers(0, 4),
)
def test_places_stay_between_what_is_taken_and_the_cap_and_grow_with_both_settings(
    votes: list[int], overlap: int, more: int, one: float, other: float, reserved: int
) -> None:
    most, cast = overlap + more, sum(votes)

    def places(confidence: float, most: int) -> int:
        extra = places_extra(
            pair(*votes), judgments=cast, overlap=overlap, most=most, confidence=confidence, reserved=reserved
        )
        return overlap + extra

    low, high = sorted([one, other])
    assert places(low, most) <= places(high, most) <= places(high, most + 1)
    taken = cast + reserved
    assert taken <= places(high, most) <= max(most, taken)
    if cast < 2:
        assert places(high, most) >= overlap
