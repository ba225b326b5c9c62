"""Intervals of shares are the binomial distribution's own percentiles."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from annotation.agreement.intervals import share_intervals


def quantile(level: float, trials: int, share: float) -> int:
    """The least number of hits whose distribution function reaches the level, by adding up."""
    total = 0.0
    for hits in range(trials + 1):
        total += comb(trials, hits) * share**hits * (1 - share) ** (trials - hits)
        if total >= level:
            return hits
    return trials


@pytest.mark.parametrize("trials", [2, 3, 7, 20, 61])
def test_interval_of_a_share_is_what_adding_up_gives(trials):
    hits = np.arange(trials + 1)
    found = share_intervals(hits, np.full(trials + 1, trials))
    wanted = [
        (quantile(0.025, trials, hit / trials) / trials, quantile(0.975, trials, hit / trials) / trials)
        for hit in range(trials + 1)
    ]
    assert found == wanted


def test_interval_of_a_certain_share_is_the_share():
    assert share_intervals(np.array([0, 9]), np.array([9, 9])) == [(0.0, 0.0), (1.0, 1.0)]


def test_one_observation_has_no_interval():
    assert share_intervals(np.array([0, 1]), np.array([0, 1])) == [None, None]
