"""Allocation policies: which of the items an annotator may have come next, and in which order they are shown."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_FIRST = "fewest-first"
MAIN_ARM = "main"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that an annotator may have: not full, not parked, not yet seen by this annotator.

    `load` is the number of its judgments and open leases, `number` the prompt's place in the project.
    """

    item: int
    prompt: int
    number: int
    load: int


@dataclass(frozen=True, slots=True)
class Choice:
    """An item to hand out, with the policy and arm that chose it and the probability with which they did."""

    item: int
    policy: str
    arm: str
    probability: float


def fewest_first(
    candidates: Sequence[Candidate], count: int, *, current_prompt: int | None = None
) -> list[Choice]:
    """Choose up to `count` items: those with the fewest judgments and leases first, then by prompt number.

    The items of one prompt come one after the other, by item id; a prompt the annotator has begun
    (`current_prompt`) is finished before another begins. The rule is deterministic: every probability is 1.

    >>> fewest_first([Candidate(7, 1, 1, 2), Candidate(8, 2, 2, 0)], 1)
    [Choice(item=8, policy='fewest-first', arm='main', probability=1.0)]
    """
    urgency: dict[int, tuple[bool, int, int]] = {}
    for candidate in candidates:
        key = (candidate.prompt != current_prompt, candidate.load, candidate.number)
        urgency[candidate.prompt] = min(key, urgency.get(candidate.prompt, key))
    ordered = sorted(
        candidates, key=lambda candidate: (urgency[candidate.prompt], candidate.prompt, candidate.item)
    )
    return [Choice(candidate.item, FEWEST_FIRST, MAIN_ARM, 1.0) for candidate in ordered[:count]]


def shown_order(completions: Sequence[str], *, annotator: int, item: int, shuffle: bool) -> list[str]:
    """The order in which an annotator sees an item's completions, given in the order of import.

    Shuffled by a seed of annotator and item, so that a reload shows the same order and over many items every
    completion comes first equally often.
    """
    shown = list(completions)
    if shuffle:
        seed = hashlib.sha256(f"{annotator}:{item}".encode()).digest()
        random.Random(seed).shuffle(shown)
    return shown
