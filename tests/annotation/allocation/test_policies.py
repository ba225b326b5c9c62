"""Which items come next, from which arm, and with which probability."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.allocation.policies import (
    ACTIVE_ARM,
    ACTIVE_POLICIES,
    DISAGREEMENT_FIRST,
    FEWEST_FIRST,
    MAIN_ARM,
    RANDOM_ARM,
    UNCERTAIN_FIRST,
    Candidate,
    Choice,
    fewest_first,
    in_random_arm,
    items_choose,
    shown_order,
)


def choose(candidates: list[Candidate], count: int = 1, share: float = 0.0, **more: object) -> list[Choice]:
    """Items by uncertain-first, by a fixed seed."""
    settings: dict[str, object] = {"random": random.Random(1), **more}
    return items_choose(UNCERTAIN_FIRST, candidates, count, random_share=share, **settings)  # type: ignore[arg-type]


def items(choices: list[Choice]) -> list[int]:
    return [choice.item for choice in choices]


def test_the_highest_priority_comes_first_then_the_smallest_load_then_the_number() -> None:
    candidates = [
        Candidate(1, 1, 1, 0, priority=0.2),
        Candidate(2, 2, 2, 1, priority=0.9),
        Candidate(3, 3, 4, 0, priority=0.9),
        Candidate(4, 4, 3, 0, priority=0.9),
    ]
    assert items(choose(candidates, 4)) == [4, 3, 2, 1]


def test_the_random_arm_comes_by_load_and_then_in_the_order_of_prompt_ids() -> None:
    candidates = [
        Candidate(1, 30, 1, 0, priority=0.9, random_arm=True),
        Candidate(2, 20, 2, 0, random_arm=True),
        Candidate(3, 10, 3, 1, random_arm=True),
    ]
    choices = choose(candidates, 3, share=0.5)
    assert items(choices) == [2, 1, 3]
    assert {choice.arm for choice in choices} == {RANDOM_ARM}


def test_an_arm_is_drawn_with_its_share_and_the_choice_records_it() -> None:
    candidates = [Candidate(n, n, n, 0, random_arm=n % 2 == 0) for n in range(10)]
    draws = [choose(candidates, random=random.Random(seed), share=0.2)[0] for seed in range(2000)]
    apart = [choice for choice in draws if choice.arm == RANDOM_ARM]
    assert pytest.approx(len(apart) / len(draws), abs=0.03) == 0.2
    assert {choice.probability for choice in apart} == {0.2}
    assert {choice.probability for choice in draws if choice.arm == ACTIVE_ARM} == {0.8}
    assert {choice.policy for choice in draws} == {UNCERTAIN_FIRST}


@pytest.mark.parametrize("apart", [True, False])
def test_where_one_arm_has_nothing_the_other_gives_for_sure(apart: bool) -> None:
    candidates = [Candidate(1, 1, 1, 0, random_arm=apart)]
    [choice] = choose(candidates, share=0.0 if apart else 1.0)
    assert choice == Choice(1, UNCERTAIN_FIRST, RANDOM_ARM if apart else ACTIVE_ARM, 1.0)


def test_a_prompt_is_given_whole_before_the_next_and_its_followers_are_certain() -> None:
    candidates = [
        Candidate(1, 1, 1, 0, 0.5, first=10, second=11),
        Candidate(2, 1, 1, 0, 0.1, first=11, second=12),
        Candidate(3, 2, 2, 0, 0.4, first=20, second=21),
        Candidate(4, 3, 3, 0, 0.3, random_arm=True),
    ]
    choices = choose(candidates, 3)
    assert items(choices) == [1, 2, 3]
    assert [choice.probability for choice in choices] == [1.0, 1.0, 1.0]
    assert choose(candidates, 3, share=1.0)[0].item == 4


def test_a_prompt_that_was_begun_is_finished_first_in_its_own_arm() -> None:
    candidates = [
        Candidate(1, 1, 1, 0, 0.9, first=10, second=11),
        Candidate(2, 2, 2, 2, 0.1, random_arm=True, first=20, second=21),
    ]
    choices = choose(candidates, 2, current_prompt=2)
    assert choices[0] == Choice(2, UNCERTAIN_FIRST, RANDOM_ARM, 1.0)
    assert items(choices) == [2, 1]


def test_a_prompt_that_was_begun_and_has_nothing_left_changes_nothing() -> None:
    candidates = [Candidate(1, 1, 1, 0)]
    assert items(choose(candidates, current_prompt=99)) == [1]
    assert items(fewest_first(candidates, 1, current_prompt=99)) == [1]


@pytest.mark.parametrize("policy", [FEWEST_FIRST, *sorted(ACTIVE_POLICIES)])
def test_pairs_that_connect_outputs_come_before_redundant_ones(policy: str) -> None:
    judged = Candidate(1, 1, 1, 1, 0.0, first=10, second=11)
    free = [
        Candidate(2, 1, 1, 0, 0.9, first=10, second=12),
        Candidate(3, 1, 1, 0, 0.8, first=11, second=12),
        Candidate(4, 1, 1, 0, 0.1, first=12, second=13),
    ]
    choices = items_choose(policy, free, 3, random_share=0.0, random=random.Random(1), others=[judged])
    assert set(items(choices)[:2]) in ({2, 4}, {3, 4})


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(ValueError, match="no allocation policy"):
        items_choose("guess", [], 1, random_share=0.0, random=random.Random(1))


def test_fewest_first_knows_no_arms() -> None:
    candidates = [Candidate(1, 1, 2, 0, 0.9), Candidate(2, 2, 1, 0, random_arm=True)]
    choices = items_choose(FEWEST_FIRST, candidates, 2, random_share=0.5, random=random.Random(1))
    assert choices == [Choice(2, FEWEST_FIRST, MAIN_ARM, 1.0), Choice(1, FEWEST_FIRST, MAIN_ARM, 1.0)]


@given(
    st.sampled_from([UNCERTAIN_FIRST, DISAGREEMENT_FIRST, FEWEST_FIRST]),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.floats(0, 1), st.booleans()), max_size=20),
    st.integers(0, 8),
    st.floats(0, 1),
    st.integers(0, 99),
)
def test_every_choice_is_a_candidate_once_and_as_many_as_there_are(
    policy: str, rows: list[tuple[int, int, float, bool]], count: int, share: float, seed: int
) -> None:
    arms = {prompt: apart for prompt, _, _, apart in rows}
    candidates = [
        Candidate(item, prompt, prompt, load, priority, random_arm=arms[prompt])
        for item, (prompt, load, priority, _) in enumerate(rows)
    ]
    choices = items_choose(policy, candidates, count, random_share=share, random=random.Random(seed))
    assert len(choices) == min(count, len(candidates))
    assert len(set(items(choices))) == len(choices)
    for choice in choices:
        assert 0 < choice.probability <= 1
        if policy != FEWEST_FIRST:
            assert (choice.arm == RANDOM_ARM) == candidates[choice.item].random_arm
    order = [candidates[choice.item].prompt for choice in choices]
    assert order == sorted(order, key=order.index)  # prompts are not interleaved


def test_the_random_arm_is_a_share_of_the_groups_and_smaller_shares_lie_in_larger_ones() -> None:
    groups = [f"group {n}" for n in range(4000)]
    tenth = {group for group in groups if in_random_arm("salt", group, 0.1)}
    half = {group for group in groups if in_random_arm("salt", group, 0.5)}
    assert len(tenth) / len(groups) == pytest.approx(0.1, abs=0.02)
    assert tenth < half
    assert not any(in_random_arm("salt", group, 0.0) for group in groups)
    assert all(in_random_arm("salt", group, 1.0) for group in groups)
    other = {group for group in groups if in_random_arm("pepper", group, 0.1)}
    assert len(tenth & other) / len(groups) == pytest.approx(0.01, abs=0.01)


def test_shown_order_is_each_annotators_own_and_stays() -> None:
    shown = [shown_order(["a", "b"], annotator=n, item=7, shuffle=True) for n in range(200)]
    assert 60 < sum(order[0] == "a" for order in shown) < 140
    assert shown[3] == shown_order(["a", "b"], annotator=3, item=7, shuffle=True)
