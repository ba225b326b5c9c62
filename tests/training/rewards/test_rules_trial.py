"""Rules tried on a sample."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from training.rewards.data import Completion, Dataset, Message, Preference, Prompt
from training.rewards.models.rules import rules_clean
from training.rewards.models.rules.checks import Outcome
from training.rewards.models.rules.trial import (
    PASSAGE_LONGEST,
    TIMEOUTS_MOST,
    Trial,
    passage,
    rules_try,
)

PLEASE = {"check": "terms", "terms": ["please"], "weight": 2.0, "name": "polite"}
SHORT = {"check": "length", "max": 2, "weight": -1.0}
# One prompt each: the output that people preferred, and the other one.
PAIRS = [
    ("please wait", "wait"),
    ("please do wait a bit", "please"),
    ("go away from here", "please go away"),
    ("no", "never"),
]


def sample(pairs: list[tuple[str, str]], more: tuple[str, ...] = ()) -> Dataset:
    """Pairs of which the first was preferred, and outputs that nobody has judged."""
    prompts = [
        Prompt(
            f"p{place}", (Message("user", "?"),), (Completion("a", one), Completion("b", other)), f"g{place}"
        )
        for place, (one, other) in enumerate(pairs)
    ]
    prompts += [
        Prompt(f"q{place}", (Message("user", "?"),), (Completion("a", text),), f"h{place}")
        for place, text in enumerate(more)
    ]
    judged = [
        Preference(f"{place}", place, "ann", "human", "overall", "comparison", ((0,), (1,)))
        for place in range(len(pairs))
    ]
    return Dataset(tuple(prompts), tuple(judged))


def tried(*rules: dict[str, Any], on: Dataset, **more: Any) -> Trial:
    return rules_try(rules_clean(list(rules)), on, **more)


def test_hits_shares_and_agreement_worked_by_hand() -> None:
    found = tried(PLEASE, SHORT, on=sample(PAIRS, ("Please, please!", "")))
    polite, short = found.rules
    assert (found.outputs, polite.tried, polite.held, polite.share, polite.mean) == (10, 10, 5, 0.5, 1.0)
    # "please wait", "wait", "please", "no", "never", "Please, please!" and "" are of two words at most.
    assert (short.held, short.mean) == (7, -0.7)
    # Told apart by "please": the first pair rightly, the third wrongly; the second has it on both sides.
    assert (polite.preferred["value"], polite.preferred["n"]) == (0.5, 2)
    # Sums: 2-1 over -1; 2 over 2-1; 0 below 2; -1 equals -1, which counts half.
    assert (found.agreement["value"], found.agreement["n"], found.equal) == (2.5 / 4, 4, 1)
    assert [(one.holds, one.text, one.hits) for one in polite.examples[:1]] == [
        (True, "please wait", ((0, 6),))
    ]
    assert [one.holds for one in polite.examples] == [True] * 3 + [False] * 3


def test_an_expression_that_takes_for_ever_is_left_alone_and_the_others_go_on() -> None:
    slow = {"check": "pattern", "pattern": r"(a|aa)+$"}
    found = tried(slow, PLEASE, on=sample([("a" * 60 + "!", "please")] * 5))
    first, second = found.rules
    assert (first.timeouts, first.stopped, first.tried - first.held) == (TIMEOUTS_MOST, True, 2)
    assert first.tried < found.outputs == 10
    assert (second.stopped, second.tried, second.held) == (False, 10, 5)
    assert found.agreement["value"] is None
    assert "too long" in found.agreement["reason"]


def test_a_trial_ends_with_its_time_and_says_how_far_it_came() -> None:
    ticks = count()
    found = tried(PLEASE, on=sample(PAIRS), seconds=3, clock=lambda: float(next(ticks)))
    assert (found.outputs, found.rules[0].tried, found.agreement["n"]) == (3, 3, 1)


@pytest.mark.parametrize("on", [sample([]), sample([], ("please",))])
def test_a_project_without_labels_or_outputs_has_no_agreement(on: Dataset) -> None:
    found = tried(PLEASE, on=on)
    assert found.agreement == {
        "value": None,
        "reason": "no pair of the sample that people decided",
    }
    assert found.rules[0].share == (1.0 if on.prompts else None)


def test_a_long_output_is_cut_to_the_passage_with_its_first_hit() -> None:
    text = "😀" * 5_000 + "here" + "x" * 5_000
    found = passage(3, text, Outcome(True, ((5_000, 5_004), (5_350, 9_000), (9_900, 9_901))))
    assert len(found.text) == PASSAGE_LONGEST
    assert [found.text[start:end] for start, end in found.hits] == ["here", "x" * 100]
    assert found.start + len(found.text) + found.rest == len(text)
