"""Which judgments meet in one step: whole prompts, and every text of a step read once.

Where prompts share texts (a round-robin of the same outputs), the texts of a step are compared with one
another in all judged pairs, so that a pair costs a fraction of two texts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from training.rewards.models.heads import Judged

Integers = NDArray[np.int64]
SHUFFLED_BATCHES = 50  # steps within which texts of like lengths are brought together


@dataclass(frozen=True)
class Step:
    """Distinct `items`, places of judged pairs in `Judged`, and places of its points."""

    items: Integers
    pairs: Integers
    points: Integers


class Bundles:
    """Judgments by the set of outputs that pairs connect."""

    def __init__(self, judged: Judged, lengths: Integers) -> None:
        self._judged, self._lengths = judged, lengths
        count = len(lengths)
        ends = (judged.first, judged.second)
        graph = sparse.coo_array((np.ones(len(judged.first)), ends), shape=(count, count))
        _, component = connected_components(graph, directed=False)
        used = np.unique(np.concatenate([judged.first, judged.second, judged.item]))
        self._items = _grouped(component[used], used)
        pair_sets = _grouped(component[judged.first], np.arange(len(judged.first)))
        point_sets = _grouped(component[judged.item], np.arange(len(judged.item)))
        nothing = np.zeros(0, dtype=np.int64)
        self._pairs = [pair_sets.get(key, nothing) for key in self._items]
        self._points = [point_sets.get(key, nothing) for key in self._items]

    def epoch(self, size: int, random: np.random.Generator) -> list[Step]:
        """Steps of about `size` texts, in random order, that meet every connected set once.

        A set that is larger is cut at random, other every time: pairs across its parts wait for an epoch in
        which both ends fall together.
        """
        parts: list[Step] = []
        for (_, items), pairs, points in zip(self._items.items(), self._pairs, self._points, strict=True):
            if len(items) <= size:
                parts.append(Step(items, pairs, points))
            else:
                parts += self._pieces(items, pairs, points, size, random)
        order = random.permutation(len(parts))
        longest = np.array([int(self._lengths[part.items].max()) for part in parts])
        steps: list[Step] = []
        window = SHUFFLED_BATCHES * size
        for start in range(0, len(order), window):
            near = order[start : start + window]
            steps += _joined([parts[place] for place in near[np.argsort(longest[near], kind="stable")]], size)
        return [steps[place] for place in random.permutation(len(steps))]

    def _pieces(
        self, items: Integers, pairs: Integers, points: Integers, size: int, random: np.random.Generator
    ) -> list[Step]:
        number = -(-len(items) // size)
        piece_of = dict(zip(random.permutation(items).tolist(), np.arange(len(items)) % number, strict=True))
        first = np.array([piece_of[item] for item in self._judged.first[pairs].tolist()], dtype=np.int64)
        second = np.array([piece_of[item] for item in self._judged.second[pairs].tolist()], dtype=np.int64)
        point = np.array([piece_of[item] for item in self._judged.item[points].tolist()], dtype=np.int64)
        where = np.array([piece_of[item] for item in items.tolist()], dtype=np.int64)
        found = [
            Step(items[where == piece], pairs[(first == piece) & (second == piece)], points[point == piece])
            for piece in range(number)
        ]
        return [step for step in found if len(step.pairs) or len(step.points)]


def _grouped(keys: NDArray[np.int32] | Integers, values: Integers) -> dict[int, Integers]:
    """Values by key."""
    if not len(keys):
        return {}
    order = np.argsort(keys, kind="stable")
    names, starts = np.unique(keys[order], return_index=True)
    return dict(zip(names.tolist(), np.split(values[order], starts[1:]), strict=True))


def _joined(parts: list[Step], size: int) -> list[Step]:
    """Neighbours put together until a step has about `size` texts."""
    steps: list[Step] = []
    gathered: list[Step] = []
    count = 0
    for part in parts:
        if gathered and count + len(part.items) > size:
            steps.append(_union(gathered))
            gathered, count = [], 0
        gathered.append(part)
        count += len(part.items)
    if gathered:
        steps.append(_union(gathered))
    return steps


def _union(parts: list[Step]) -> Step:
    if len(parts) == 1:
        return parts[0]
    return Step(
        np.concatenate([part.items for part in parts]),
        np.concatenate([part.pairs for part in parts]),
        np.concatenate([part.points for part in parts]),
    )
