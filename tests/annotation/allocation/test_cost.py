"""What more labels buy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.allocation.adaptive import leading, places_extra
from annotation.allocation.ballots import Ballot
from annotation.allocation.cost import (
    Crowd,
    Scale,
    adaptive_cost,
    agreement_of,
    crowd_fit,
    label_error,
    scale_fit,
    share_halfwidth,
    shares_of,
)

UNIFORM = Crowd((0.5, 0.5), 2.0)  # the crowd's share is Beta(1, 1): anything is as likely


def test_errors_worked_by_hand_for_a_uniform_share() -> None:
    # Every count of three votes has probability 1/4; 3-0 is wrong with 1/16, 2-1 with 5/16.
    assert label_error(UNIFORM, 1) == pytest.approx(1 / 4)
    assert label_error(UNIFORM, 2) == pytest.approx(1 / 4)
    assert label_error(UNIFORM, 3) == pytest.approx(3 / 16)


def test_stopping_after_two_who_agree_costs_a_third_less_of_the_third_and_no_error() -> None:
    # 2-0 has probability 2/3 and settles the item; a third vote could not have overturned it.
    cost = adaptive_cost(UNIFORM, most=3, confidence=0.9)
    assert cost.labels == pytest.approx(2 * 2 / 3 + 3 / 3)
    assert cost.error == pytest.approx(label_error(UNIFORM, 3))
    assert cost.settled == pytest.approx(2 / 3)


def test_people_who_always_agree_need_one_label() -> None:
    crowd = crowd_fit([0.7, 0.3], 1.0)
    assert crowd == Crowd((0.7, 0.3), 0.0)
    assert [label_error(crowd, overlap) for overlap in (1, 2, 5)] == [0, 0, 0]
    assert adaptive_cost(crowd, most=5, confidence=0.9).labels == 2


def test_where_people_agree_by_chance_alone_there_is_no_crowd_to_fit() -> None:
    assert crowd_fit([0.5, 0.5], 0.5) is None
    assert crowd_fit([0.9, 0.1], 0.8) is None
    assert crowd_fit([1.0], 1.0) == Crowd((1.0,), 0.0)


@given(st.floats(0.05, 0.95), st.floats(0.05, 30))
def test_fitting_gives_back_the_crowd(share: float, mass: float) -> None:
    shares = (share, 1 - share)
    chance = share**2 + (1 - share) ** 2
    fitted = crowd_fit(shares, (mass * chance + 1) / (mass + 1))
    assert fitted is not None
    assert fitted.mass == pytest.approx(mass, rel=1e-6)
    assert fitted.within == pytest.approx(1 / (1 + mass), rel=1e-6)


@pytest.mark.parametrize(
    "crowd", [Crowd((0.5, 0.5), 1.2), Crowd((0.4, 0.4, 0.2), 2.0), Crowd((0.3, 0.7), 5.0)]
)
def test_more_labels_are_never_wrong_more_often(crowd: Crowd) -> None:
    errors = [label_error(crowd, overlap) for overlap in range(1, 8)]
    assert errors == pytest.approx(sorted(errors, reverse=True))
    costs = [adaptive_cost(crowd, most=6, confidence=level, categories=3) for level in (0.6, 0.8, 0.9, 0.99)]
    labels, wrong = [cost.labels for cost in costs], [cost.error for cost in costs]
    assert labels == pytest.approx(sorted(labels))
    assert wrong == pytest.approx(sorted(wrong, reverse=True))
    assert costs[-1].labels <= 6


def test_an_unreachable_confidence_gives_every_item_the_most_labels() -> None:
    cost = adaptive_cost(UNIFORM, most=5, confidence=0.9999)
    assert (cost.labels, cost.settled) == (pytest.approx(5), pytest.approx(0))
    assert cost.error == pytest.approx(label_error(UNIFORM, 5))


def test_what_is_worked_out_is_what_happens_when_people_vote() -> None:
    crowd, most, confidence = Crowd((0.4, 0.35, 0.25), 1.5), 6, 0.85
    generator = np.random.default_rng(3)
    labels, wrong = [], []
    for shares in generator.dirichlet(crowd.mass * np.array(crowd.shares), size=4000):
        counts, places = [0, 0, 0], 3
        while sum(counts) < places:
            counts[generator.choice(3, p=shares)] += 1
            ballot = Ballot("q", (), (0, 1, 2), tuple(counts))
            places = 3 + places_extra(
                [ballot], judgments=sum(counts), overlap=3, most=most, confidence=confidence
            )
        best = leading(counts, [crowd.mass * share for share in crowd.shares]).category
        labels.append(sum(counts))
        wrong.append(best != shares.argmax())
    cost = adaptive_cost(crowd, most=most, confidence=confidence, categories=3)
    assert np.mean(labels) == pytest.approx(cost.labels, abs=0.08)
    assert np.mean(wrong) == pytest.approx(cost.error, abs=0.02)


def test_agreement_is_averaged_over_items_with_two_votes_or_more() -> None:
    votes = [(2, 0)] * 15 + [(1, 1)] * 10 + [(2, 1)] * 5 + [(1, 0)] * 100
    found = agreement_of(votes)
    assert found is not None
    assert found.value == pytest.approx((15 + 5 / 3) / 30)
    assert found.items == 30
    assert found.interval is not None
    assert found.interval[0] < found.value < found.interval[1]
    assert agreement_of(votes[:19]) is None


def test_shares_are_averaged_over_items_and_rare_answers_counted_together() -> None:
    assert shares_of([(2, 0), (0, 1)]) == (0.5, 0.5)
    assert shares_of([(3, 1), (3, 1), (0, 0)]) == (0.75, 0.25)
    assert shares_of([(6, 2, 1, 1), (6, 1, 1, 2)] * 2) == pytest.approx((0.6, 0.15, 0.15, 0.1))
    many = shares_of([(10, 5, 2, 1, 1, 1)])
    assert many == pytest.approx((0.5, 0.25, 0.1, 0.15))


def test_the_two_sides_of_a_pair_have_one_share() -> None:
    assert shares_of([(8, 0, 2)], mirrored=True) == pytest.approx((0.5, 0.5))
    assert shares_of([(6, 2, 2)], mirrored=True) == pytest.approx((0.4, 0.4, 0.2))
    assert shares_of([(9, 1)], mirrored=True) == (0.5, 0.5)


def test_a_mean_over_items_gains_less_from_labels_on_the_same_items() -> None:
    # Independent answers: the binomial interval of 4 n answers. Equal answers: that of n.
    plain = 1.96 * math.sqrt(0.25 / 400)
    assert share_halfwidth(0.25, 0.0, items=100, overlap=4) == pytest.approx(plain, rel=1e-4)
    assert share_halfwidth(0.25, 1.0, items=100, overlap=4) == pytest.approx(2 * plain, rel=1e-4)


def test_scores_vary_between_people_and_between_items() -> None:
    # Ten items scored 1 and 3, ten scored 5 and 7: 2 between people; between items (means 2 and 6) the
    # mean square is 2 * 20 * 4 / 19, less 2, over 2 scores an item.
    votes = [(0, 1, 0, 1, 0, 0, 0, 0)] * 10 + [(0, 0, 0, 0, 0, 1, 0, 1)] * 10
    assert scale_fit(votes) == Scale(pytest.approx(2.0), pytest.approx((160 / 19 - 2) / 2))
    assert scale_fit(votes[:19]) is None
    equal = scale_fit([(0, 2, 0)] * 20)
    assert equal == Scale(0.0, 0.0)
    assert equal.within == 0.0
