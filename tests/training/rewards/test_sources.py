"""Leave one source out, on a source whose labels say the opposite of all others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.training.rewards.factories import prompt, vote
from training.rewards.data import Dataset, Preference
from training.rewards.sources import KIND, ONE_SOURCE, TOO_FEW_LABELS, leave_sources_out, without_source
from training.rewards.splits import Split

SOURCES = ("plain", "plain", "odd")


def places(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def judged(*tiers: tuple[int, ...], kind: str = "ranking") -> Dataset:
    ordered = Preference("1", 0, "ann", "human", "overall", kind, tiers)
    return Dataset((prompt(0, "a", "b", "c", sources=SOURCES),), (ordered,))


@pytest.mark.parametrize(
    ("kind", "tiers", "left"),
    [
        ("ranking", ((2,), (0,), (1,)), [((0,), (1,))]),
        ("ranking", ((0, 2), (1,)), [((0,), (1,))]),
        ("ranking", ((2,), (0, 1)), [((0, 1),)]),
        ("comparison", ((0,), (2,)), []),
        ("comparison", ((0,), (1,)), [((0,), (1,))]),
        ("best_worst", ((2,), (0,), (1,)), [((0,), (1,))]),
    ],
)
def test_a_sources_outputs_leave_the_orders_they_stand_in(kind, tiers, left):
    assert [each.tiers for each in without_source(judged(*tiers, kind=kind), "odd").preferences] == left


def test_what_a_best_worst_answer_did_not_compare_stays_uncompared():
    data = Dataset(
        (prompt(0, "a", "b", "c", sources=("odd", "plain", "plain")),),
        (Preference("1", 0, "ann", "human", "overall", "best_worst", ((0,), (1, 2))),),
    )
    assert without_source(data, "odd").preferences == ()


def reversed_source() -> Dataset:
    """40 prompts: of two plain outputs the first wins, of a plain and an odd one it loses. 20 learn, 20 test.

    Outputs 0 and 1 are plain, 2 and 3 odd; the compared pair of prompt i is (0, 1) for even i, else (2, 1).
    """
    prompts = tuple(prompt(i, "good", "bad", "good", sources=("plain", "plain", "odd")) for i in range(80))
    even = [vote(i, 0) for i in range(0, 80, 2)]
    odd = [replace(vote(i, 0), tiers=((1,), (2,))) for i in range(1, 80, 2)]
    return Dataset(prompts, (*even, *odd))


def by_majority(_: int, data: Dataset, learning: np.ndarray) -> np.ndarray:
    """ "good" is worth its wins less its losses among the judgments that are left; "bad" nothing."""
    inside = set(learning.tolist())
    balance = 0
    for each in data.preferences:
        if each.prompt in inside:
            balance += 1 if each.tiers[0][0] != 1 else -1
    return np.tile([float(np.sign(balance)), 0.0, float(np.sign(balance))], len(data.prompts))


def test_a_source_with_reversed_labels_is_ordered_wrongly_by_fits_without_it_and_rightly_known_ones_stand():
    data = reversed_source()
    split = Split(places(*range(40)), places(), places(*range(40, 80)))
    # A model that knows each source: "good" wins among plain outputs and loses where an odd one writes it.
    knowing = np.tile([1.0, 0.0, -1.0], 80)
    found = leave_sources_out(data, [split], knowing, by_majority)
    assert [row["source"] for row in found["sources"]] == ["plain", "odd"]
    plain, odd = found["sources"]
    # Without "odd", 20 judgments say that "good" wins: all 20 held-out pairs with "odd" come out wrong.
    assert (odd["labels"], odd["within"]["value"], odd["without"]["value"]) == (20, 1.0, 0.0)
    assert (odd["change"]["value"], odd["change"]["n"]) == (-1.0, 20)
    # Every judgment has a plain output: without that source nothing is left to learn from.
    assert plain["labels"] == 0
    assert plain["without"] == plain["change"] == {"value": None, "reason": TOO_FEW_LABELS}


def test_fits_are_made_without_the_source_and_without_the_test_prompts():
    data = reversed_source()
    split = Split(places(*range(30)), places(*range(30, 40)), places(*range(40, 80)))
    seen = []

    def fit(number, reduced, learning):
        sources = {
            data.rows[reduced.row(each.prompt, at)][1].source
            for each in reduced.preferences
            for tier in each.tiers
            for at in tier
        }
        seen.append((number, sources, learning.tolist()))
        return np.zeros(data.row_count)

    leave_sources_out(data, [split], np.zeros(data.row_count), fit)
    assert seen == [(0, {"plain"}, list(range(0, 40, 2)))]


def test_one_source_is_said_and_so_is_a_kind_that_takes_too_long():
    data = reversed_source()
    split = Split(places(*range(40)), places(), places(*range(40, 80)))
    nothing = np.zeros(data.row_count)
    assert leave_sources_out(data, [split], nothing, None) == {"reason": KIND, "sources": [], "left_out": 2}
    alone = replace(
        data, prompts=tuple(prompt(i, "good", "bad", "good", sources=("plain",) * 3) for i in range(80))
    )
    assert leave_sources_out(alone, [split], nothing, by_majority)["reason"] == ONE_SOURCE
