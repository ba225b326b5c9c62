"""What choosing by the reward would bring: the human score of the best of n outputs, n growing.

A policy that samples n outputs and keeps the one of the highest reward gets, on a held-out prompt with m
judged outputs, the one of rank j with probability C(m - j, n - 1) / C(m, n) (Stiennon et al. 2020, appendix
G). The human score of an output is the share of its pairs that it won, ties counting half.
"""

from __future__ import annotations

from math import comb
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.intervals import ClusterBootstrap
from training.rewards.targets import Pairs

FEWEST_OUTPUTS: Final = 2
LARGEST_N: Final = 16


def best_of_n(
    pairs: Pairs, rewards: NDArray[np.float64], bootstrap: ClusterBootstrap
) -> list[dict[str, Any]]:
    """``{"n", "reward", "best", "prompts"}``: mean human score when choosing by reward, and by people themselves.

    For each n only prompts with at least n judged outputs count; n = 1 is choosing at random among the same
    prompts as n = 2.
    """
    outputs = _human_scores(pairs)
    sizes = {prompt: len(rows) for prompt, (rows, _) in outputs.items()}
    points: list[dict[str, Any]] = []
    for n in range(1, min(max(sizes.values(), default=0), LARGEST_N) + 1):
        chosen = [prompt for prompt, size in sizes.items() if size >= max(n, FEWEST_OUTPUTS)]
        if not chosen:
            break
        by_reward = np.array([_expected(*outputs[p], rewards[outputs[p][0]], n) for p in chosen])
        by_people = np.array([_expected(*outputs[p], outputs[p][1], n) for p in chosen])
        prompts, weights = np.array(chosen, dtype=np.int64), np.ones(len(chosen))
        points.append(
            {
                "n": n,
                "reward": bootstrap.mean(prompts, by_reward, weights, undefined=""),
                "best": bootstrap.mean(prompts, by_people, weights, undefined=""),
                "prompts": len(chosen),
            }
        )
    return points


def _human_scores(pairs: Pairs) -> dict[int, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """By prompt: its judged rows and the share of pairs each won."""
    rows = np.concatenate([pairs.first, pairs.second])
    won = np.concatenate([1 + pairs.outcome, 1 - pairs.outcome]) / 2
    prompt = np.tile(pairs.prompt, 2)
    distinct, place = np.unique(rows, return_inverse=True)
    scores = np.bincount(place, weights=won) / np.bincount(place)
    prompt_of = np.empty(len(distinct), dtype=np.int64)
    prompt_of[place] = prompt
    return {
        int(each): (distinct[prompt_of == each], scores[prompt_of == each]) for each in np.unique(prompt_of)
    }


def _expected(
    rows: NDArray[np.int64], scores: NDArray[np.float64], key: NDArray[np.float64], n: int
) -> float:
    """Expected score of the one with the highest key among n of the rows; equal keys share their ranks."""
    count = len(rows)
    order = np.argsort(-key, kind="stable")
    chances = np.array([comb(count - rank, n - 1) / comb(count, n) for rank in range(1, count + 1)])
    ordered = key[order]
    _, tied = np.unique(-ordered, return_inverse=True)
    shared = (np.bincount(tied, weights=chances) / np.bincount(tied))[tied]
    return float(shared @ scores[order])
