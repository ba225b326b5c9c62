"""Which of a prompt's pairs to compare first: those that connect its outputs.

Rewards of outputs can be told apart only as far as comparisons connect them (Ford 1957), so a spanning tree
of judged pairs comes before any pair that closes a circle.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
    """A pair of a prompt's completions, how often it is judged or out to be judged, and how urgent it is."""

    item: int
    first: int
    second: int
    load: int = 0
    priority: float = 0.0


class Components:
    """Which outputs are connected: a union-find structure with path halving."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def root(self, node: int) -> int:
        """The node that stands for all that are connected with this one."""
        parent = self._parent
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, one: int, other: int) -> bool:
        """Connect two nodes; False where they are connected already."""
        one, other = self.root(one), self.root(other)
        self._parent[one] = other
        return one != other


def edges_rank(edges: Sequence[Edge], *, seed: int) -> list[int]:
    """The items of all pairs of one prompt in the order in which they should be judged.

    Pairs with the smallest load come first. Of pairs with a load of n those come first that connect outputs
    which the pairs judged more than n times leave apart (with n = 0: outputs that no judged pair connects):
    together with these they make a spanning tree. Of several trees it is the one of the most urgent pairs,
    and of equally urgent ones a random one by `seed`, so that it is not always the first output that is
    compared with all others. The redundant pairs follow, by urgency.

    >>> edges_rank([Edge(1, 10, 11, load=1), Edge(2, 10, 12), Edge(3, 11, 12)], seed=0)[-1]
    1
    >>> triangle = [Edge(1, 10, 11, load=1), Edge(2, 10, 12, load=1), Edge(3, 11, 12), Edge(4, 12, 13)]
    >>> edges_rank(triangle, seed=0)[:2]
    [4, 3]
    """
    ordered = sorted(edges, key=lambda edge: (edge.load, -edge.priority, _draw(seed, edge.item)))
    ranked: list[int] = []
    for load in sorted({edge.load for edge in edges}):
        components = Components()
        for edge in edges:
            if edge.load > load:
                components.join(edge.first, edge.second)
        level = [edge for edge in ordered if edge.load == load]
        connecting = {edge.item for edge in level if components.join(edge.first, edge.second)}
        ranked += sorted((edge.item for edge in level), key=lambda item: item not in connecting)
    return ranked


def _draw(seed: int, item: int) -> bytes:
    return hashlib.sha256(f"{seed}:{item}".encode()).digest()
