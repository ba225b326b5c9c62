"""What an ordering implies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.orderings import Ordering, ordering_from_best_worst, ordering_from_scores


def test_pairs_and_ties_are_those_of_the_tiers() -> None:
    ordering = Ordering((("a",), ("b", "c"), ("d",)))
    assert set(ordering.pairs()) == {("a", "b"), ("a", "c"), ("a", "d"), ("b", "d"), ("c", "d")}
    assert list(ordering.ties()) == [("b", "c")]
    assert ordering.winner == "a"


def test_pair_outcome_is_the_signed_strength() -> None:
    ordering = Ordering((("a",), ("b",)), strength=2, strengths=3)
    assert ordering.pair_outcome("a", "b") == 2
    assert ordering.pair_outcome("b", "a") == -2
    assert ordering.pair_outcome("a", "z") is None
    assert Ordering((("a", "b"),)).pair_outcome("a", "b") == 0


def test_a_shared_first_tier_has_no_winner() -> None:
    assert Ordering((("a", "b"), ("c",))).winner is None
    assert Ordering((("a",),)).winner is None


@pytest.mark.parametrize(
    ("tiers", "strength", "strengths"),
    [(((),), 1, 1), ((("a",), ("a",)), 1, 1), ((("a",), ("b",)), 3, 2), ((("a",), ("b",)), 0, 2)],
)
def test_impossible_orderings_are_refused(
    tiers: tuple[tuple[str, ...], ...], strength: int, strengths: int
) -> None:
    with pytest.raises(ValueError, match=r"ordering|strength"):
        Ordering(tiers, strength, strengths)


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.integers(-5, 5), min_size=2))
def test_scores_order_every_pair_as_they_compare(scores: dict[str, float]) -> None:
    ordering = ordering_from_scores(scores)
    assert ordering is not None
    assert set(ordering.completions) == set(scores)
    assert all(scores[winner] > scores[loser] for winner, loser in ordering.pairs())
    assert all(scores[one] == scores[other] for one, other in ordering.ties())


def test_one_score_orders_nothing() -> None:
    assert ordering_from_scores({"a": 3}) is None


def test_best_worst_puts_the_rest_between() -> None:
    assert ordering_from_best_worst("c", "a", ["a", "b", "c", "d"]).tiers == (("c",), ("b", "d"), ("a",))
    assert ordering_from_best_worst("b", "a", ["a", "b"]).tiers == (("b",), ("a",))
