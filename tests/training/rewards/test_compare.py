from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.rewards.factories import margins, two_output_dataset
from training.rewards.compare import Difference, decide, error_share, paired_difference

EVERY = np.arange(100)
DATASET = two_output_dataset([0] * 100)


def _right(count: int, n: int = 100) -> np.ndarray:
    """Rewards that order the first ``count`` of ``n`` pairs rightly."""
    return margins(*[1] * count, *[-1] * (n - count))


def test_difference_is_candidates_accuracy_less_the_champions() -> None:
    difference = paired_difference(DATASET, _right(80), _right(65), EVERY)
    assert difference.value == pytest.approx(0.15)
    assert difference.n == 100
    assert difference.interval is not None
    assert difference.interval[0] < 0.15 < difference.interval[1]
    assert difference.p_better < 0.001
    assert difference.p_worse > 0.99


def test_swapping_the_models_turns_everything_around() -> None:
    up = paired_difference(DATASET, _right(60), _right(55), EVERY)
    down = paired_difference(DATASET, _right(55), _right(60), EVERY)
    assert up.value == -down.value
    assert up.interval == pytest.approx((-down.interval[1], -down.interval[0]))
    assert (up.p_better, up.p_worse) == (down.p_worse, down.p_better)


def test_pairing_sees_a_difference_that_two_intervals_would_not() -> None:
    difference = paired_difference(DATASET, _right(60), _right(52), EVERY)
    assert difference.interval[0] > 0


def test_equal_models_differ_by_nothing() -> None:
    difference = paired_difference(DATASET, _right(60), 2 * _right(60), EVERY)
    assert difference == Difference(0.0, (0.0, 0.0), 100, 1.0, 1.0)


def test_same_data_give_the_same_difference() -> None:
    one, other = (paired_difference(DATASET, _right(60), _right(55), EVERY) for _ in range(2))
    assert one == other


def test_pairs_that_either_model_did_not_score_are_left_out() -> None:
    candidate, champion = _right(100), _right(0)
    candidate[:20], champion[10:40] = np.nan, np.nan
    assert paired_difference(DATASET, candidate, champion, EVERY).n == 80
    nothing = paired_difference(DATASET, np.full(200, np.nan), champion, EVERY)
    assert nothing == Difference(None, None, 0, 1.0, 1.0)


def test_only_the_given_prompts_are_compared() -> None:
    assert paired_difference(DATASET, _right(50), _right(0), np.arange(50, 100)).value == 0.0


def test_few_groups_are_never_surer_than_the_sign_test() -> None:
    three = two_output_dataset([0] * 3)
    difference = paired_difference(three, _right(3, 3), _right(0, 3), np.arange(3))
    assert difference.p_better == 0.125
    one = paired_difference(two_output_dataset([0]), _right(1, 1), _right(0, 1), np.array([0]))
    assert (one.value, one.interval, one.p_better) == (1.0, None, 1.0)


def test_false_promotions_are_as_rare_as_promised() -> None:
    rng = np.random.default_rng(0)
    promoted = 0
    for _ in range(200):
        candidate, champion = (margins(*(rng.normal(size=100) + 0.3)) for _ in range(2))
        difference = paired_difference(DATASET, candidate, champion, EVERY)
        promoted += decide(difference, same_recipe=False, tries=1, alpha=0.1).promoted
    assert promoted / 200 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)


def test_first_model_is_promoted() -> None:
    decision = decide(None, same_recipe=False, tries=1)
    assert (decision.promoted, decision.code) == (True, "first")


@pytest.mark.parametrize(
    ("p_better", "p_worse", "same", "tries", "promoted", "code"),
    [
        (0.5, 0.5, True, 1, True, "not_worse"),
        (0.5, 0.5, False, 1, False, "within_noise"),
        (0.04, 0.96, True, 9, True, "better"),
        (0.04, 0.96, False, 1, False, "within_noise"),
        (0.02, 0.98, False, 1, True, "better"),
        (0.02, 0.98, False, 2, False, "within_noise"),
        (0.98, 0.02, True, 1, False, "worse"),
        (0.98, 0.02, False, 1, False, "worse"),
    ],
)
def test_decision(p_better: float, p_worse: float, same: bool, tries: int, promoted: bool, code: str) -> None:
    difference = Difference(0.01, (-0.01, 0.03), 230, p_better, p_worse)
    decision = decide(difference, same_recipe=same, tries=tries)
    assert (decision.promoted, decision.code) == (promoted, code)
    assert "+1.0 points on 230 held-out pairs (95 % interval -1.0 to +3.0)" in decision.message


def test_models_that_cannot_be_compared_follow_the_recipe_rule() -> None:
    unknown = Difference(None, None, 0, 1.0, 1.0)
    assert decide(unknown, same_recipe=True, tries=1).code == "not_worse"
    assert decide(unknown, same_recipe=False, tries=1).code == "within_noise"
    assert "could not be compared" in decide(unknown, same_recipe=True, tries=1).message


@given(st.integers(1, 500), st.floats(0.001, 0.5))
def test_error_spent_over_all_tries_stays_under_alpha(tries: int, alpha: float) -> None:
    spent = sum(error_share(count, alpha) for count in range(1, tries + 1))
    assert spent == pytest.approx(alpha * tries / (tries + 1))
    assert spent < alpha


def test_tries_count_from_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        error_share(0, 0.05)
