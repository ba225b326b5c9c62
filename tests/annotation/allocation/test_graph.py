"""The pairs of a prompt: first a spanning tree, then the rest."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from annotation.allocation.graph import Components, Edge, edges_rank


def complete(outputs: int, loads: dict[int, int] | None = None, priorities: dict[int, float] | None = None):
    """Every pair of so many outputs, numbered in their order."""
    return [
        Edge(item, first, second, (loads or {}).get(item, 0), (priorities or {}).get(item, 0.0))
        for item, (first, second) in enumerate(combinations(range(outputs), 2))
    ]


@given(st.integers(2, 7), st.integers())
def test_the_first_pairs_connect_all_outputs(outputs: int, seed: int) -> None:
    edges = complete(outputs)
    tree = edges_rank(edges, seed=seed)[: outputs - 1]
    components = Components()
    assert all(components.join(edges[item].first, edges[item].second) for item in tree)


@given(st.integers(2, 6), st.data())
def test_ranking_leaves_no_pair_out_and_smaller_loads_come_first(outputs: int, data: st.DataObject) -> None:
    count = outputs * (outputs - 1) // 2
    loads = data.draw(st.lists(st.integers(-1, 3), min_size=count, max_size=count))
    edges = complete(outputs, dict(enumerate(loads)))
    ranked = edges_rank(edges, seed=3)
    assert sorted(ranked) == list(range(count))
    assert [loads[item] for item in ranked] == sorted(loads)


def test_judged_pairs_connect_and_only_what_they_leave_apart_comes_first() -> None:
    edges = complete(4, {0: 1, 5: 1})  # 0-1 and 2-3 are judged
    first, *rest = [item for item in edges_rank(edges, seed=1) if edges[item].load == 0]
    assert {edges[first].first, edges[first].second} not in ({0, 1}, {2, 3})
    assert len(rest) == 3


def test_of_several_trees_the_one_of_the_most_urgent_pairs_is_taken() -> None:
    edges = complete(3, priorities={0: 0.1, 1: 0.9, 2: 0.5})
    assert edges_rank(edges, seed=1) == [1, 2, 0]


def test_no_output_is_always_the_centre() -> None:
    degrees: Counter[int] = Counter()
    for seed in range(600):
        edges = complete(4)
        for item in edges_rank(edges, seed=seed)[:3]:
            degrees[edges[item].first] += 1
            degrees[edges[item].second] += 1
    assert max(degrees.values()) < 1.15 * min(degrees.values())


def test_a_second_round_connects_again_what_the_second_judgments_left_apart() -> None:
    edges = complete(3, {0: 2, 1: 1, 2: 1})
    second_round = [item for item in edges_rank(edges, seed=1) if edges[item].load == 1]
    assert set(second_round) == {1, 2}
    assert edges_rank([], seed=1) == []
