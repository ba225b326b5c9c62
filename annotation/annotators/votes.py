"""Votes on pairs of completions, as the preference models read them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.rows import Judgments, Ratings
from annotation.annotators.base import Floats, Integers


@dataclass(frozen=True, eq=False)
class Votes:
    """One vote per entry, (n,) each, on numbered pairs with a first and a second side.

    outcome: 1 where the first side is preferred, -1 the second, 0 a tie. shown: 1 where the first side stood
    before the second on the screen, -1 after it, 0 where that is not known. longer: 1 where the first side is the
    longer text, -1 the shorter, 0 equal; the same in all votes on a pair. weight: how much of an independent
    comparison the vote is. row: the judgment it comes from.
    """

    unit: Integers
    annotator: Integers
    outcome: Integers
    shown: Integers
    longer: Integers
    weight: Floats
    row: Integers
    units: int
    annotators: int

    def select(self, kept: np.ndarray) -> Votes:
        """Return some of the votes, units and annotators numbered as before."""
        return Votes(
            unit=self.unit[kept],
            annotator=self.annotator[kept],
            outcome=self.outcome[kept],
            shown=self.shown[kept],
            longer=self.longer[kept],
            weight=self.weight[kept],
            row=self.row[kept],
            units=self.units,
            annotators=self.annotators,
        )


def votes_read(judgments: Judgments, ratings: Ratings) -> Votes:
    """Return the votes that the answers to one question imply.

    A comparison is one vote. A ranking of k completions is k (k - 1) / 2 votes of weight 2 / k, together the k - 1
    choices that a ranking takes (as in Plackett & Luce), so that long rankings do not count as many people.
    “Both bad” says nothing about the difference and is left out.
    """
    pairs = ratings.pairs
    assert pairs is not None
    row, first, second = pairs.judgment, pairs.first, pairs.second
    width = judgments.width
    key = (judgments.item[row] * width + first) * width + second
    _, unit = np.unique(key, return_inverse=True)
    start = judgments.length_start[row]
    number = np.bincount(row, minlength=len(judgments.rows))[row]  # k (k - 1) / 2
    members = (1 + np.sqrt(1 + 8 * number)) / 2
    place = _screen_places(judgments)
    before, after = place[start + first], place[start + second]
    return Votes(
        unit=unit.astype(np.int64),
        annotator=judgments.annotator[row],
        outcome=pairs.sign,
        shown=np.where((before < 0) | (after < 0), 0, np.sign(after - before)).astype(np.int64),
        longer=np.sign(judgments.lengths[start + first] - judgments.lengths[start + second]),
        weight=2 / members,
        row=row,
        units=int(unit.max()) + 1 if len(unit) else 0,
        annotators=len(judgments.annotators),
    )


def _screen_places(judgments: Judgments) -> Integers:
    """The place of each completion on the screen, flat like the lengths; -1 where it is not known."""
    places: list[int] = []
    for row in judgments.rows:
        if row.shown:
            order = {completion: place for place, completion in enumerate(row.shown)}
            places += [order.get(completion, -1) for completion in row.completions]
        else:
            places += [-1] * len(row.completions)
    return np.array(places, dtype=np.int64)
