"""Allocation policies: which of the items an annotator may have come next, and in which order they are shown.

A policy that looks for informative items makes a biased sample of what it labels. Therefore a fixed share of
the prompts' groups, told by a hash, is kept apart from it (the *random arm*) and handed out in random order,
so that the labelled part of that arm is at every moment a random sample of the project.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from annotation.allocation.graph import Edge, edges_rank
from annotation.splits import group_position

FEWEST_FIRST: Final = "fewest-first"
UNCERTAIN_FIRST: Final = "uncertain-first"
DISAGREEMENT_FIRST: Final = "disagreement-first"
ACTIVE_POLICIES: Final = frozenset({UNCERTAIN_FIRST, DISAGREEMENT_FIRST})

MAIN_ARM: Final = "main"
ACTIVE_ARM: Final = "active"
RANDOM_ARM: Final = "random"

Key = tuple[float | int, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that an annotator may have: not full, not parked, not yet seen by this annotator.

    `load` is the number of its judgments and open leases less the places it has more than others, `number`
    the prompt's place in the project, `priority` what was prepared for the policy (see `priorities`), and
    `first` and `second` the completions of a pair.
    """

    item: int
    prompt: int
    number: int
    load: int
    priority: float = 0.0
    random_arm: bool = False
    first: int | None = None
    second: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An item to hand out, with the policy and arm that chose it and the probability with which they did.

    The order inside an arm is fixed, so the probability is the one with which the arm was drawn:
    `random_share` for the random arm and the rest for the active one where both had something to give, and 1
    where only one had, for `fewest-first`, and for the pairs that follow because their prompt was begun.
    """

    item: int
    policy: str
    arm: str
    probability: float


def in_random_arm(salt: str, group: str, share: float) -> bool:
    """Whether the group of prompts belongs to the random arm when `share` of all groups do.

    A hash of the project's salt and the group decides, so that it holds for good; a smaller share is a part of
    a larger one. The hash is independent of the one that decides who is tested on.
    """
    return group_position(salt, "arm", group) < share


def fewest_first(
    candidates: Sequence[Candidate],
    count: int,
    *,
    seed: int = 0,
    current_prompt: int | None = None,
    others: Sequence[Candidate] = (),
) -> list[Choice]:
    """Choose up to `count` items: those with the fewest judgments and leases first, then by prompt number.

    The items of one prompt come one after the other, those first that connect its outputs (`graph`); a prompt
    the annotator has begun (`current_prompt`) is finished before another begins. The rule is deterministic:
    every probability is 1. `others` and `seed` are those of `items_choose`.

    >>> fewest_first([Candidate(7, 1, 1, 2), Candidate(8, 2, 2, 0)], 1)
    [Choice(item=8, policy='fewest-first', arm='main', probability=1.0)]
    """
    prompts = _prompts(candidates, others, seed)
    begun = [] if current_prompt is None else prompts.pop(current_prompt, [])
    rest = _queue(prompts, lambda candidate: (candidate.load, candidate.number))
    ordered = [*begun, *(candidate for members in rest for candidate in members)]
    return [Choice(candidate.item, FEWEST_FIRST, MAIN_ARM, 1.0) for candidate in ordered[:count]]


def items_choose(
    policy: str,
    candidates: Sequence[Candidate],
    count: int,
    *,
    random_share: float,
    random: random.Random,
    seed: int = 0,
    current_prompt: int | None = None,
    others: Sequence[Candidate] = (),
) -> list[Choice]:
    """Choose up to `count` items by the named policy.

    Under the active policies each new prompt is taken from the random arm with probability `random_share` and
    else from the active one, from the other where one has nothing. The active arm gives the prompt that holds
    the item of the highest priority, then the smallest load, then by number; the random arm the prompt with
    the smallest load, then by its id, which is random. All free items of a prompt follow one another.

    `candidates` are the first `count` items of each arm, in that order, and the other free items of their
    prompts; `others` are these prompts' items that this annotator cannot have, which only tell which outputs
    are connected already. `seed`, an annotator's, says which spanning tree a prompt's pairs begin with.

    Raises ValueError for an unknown policy.

    >>> rare, plain = Candidate(7, 1, 1, 0, priority=0.9), Candidate(8, 2, 2, 0, random_arm=True)
    >>> items_choose(UNCERTAIN_FIRST, [rare, plain], 1, random_share=0.0, random=random.Random(1))
    [Choice(item=7, policy='uncertain-first', arm='active', probability=1.0)]
    """
    if policy == FEWEST_FIRST:
        return fewest_first(candidates, count, seed=seed, current_prompt=current_prompt, others=others)
    if policy not in ACTIVE_POLICIES:
        raise ValueError(f"there is no allocation policy {policy!r}")
    prompts = _prompts(candidates, others, seed)
    chosen: list[Choice] = []
    if current_prompt in prompts:
        members = prompts.pop(current_prompt)
        chosen += [Choice(member.item, policy, _arm(member), 1.0) for member in members]
    active = {prompt: members for prompt, members in prompts.items() if not members[0].random_arm}
    apart = {prompt: members for prompt, members in prompts.items() if members[0].random_arm}
    queues = {
        ACTIVE_ARM: _queue(active, lambda each: (-each.priority, each.load, each.number)),
        RANDOM_ARM: _queue(apart, lambda each: (each.load, each.prompt)),
    }
    shares = {ACTIVE_ARM: 1 - random_share, RANDOM_ARM: random_share}
    while len(chosen) < count and any(queues.values()):
        arm = RANDOM_ARM if random.random() < random_share else ACTIVE_ARM
        probability = shares[arm]
        if not all(queues.values()):
            arm, probability = next(name for name, queue in queues.items() if queue), 1.0
        first, *following = queues[arm].pop(0)
        chosen.append(Choice(first.item, policy, arm, probability))
        chosen += [Choice(member.item, policy, arm, 1.0) for member in following]
    return chosen[:count]


def _arm(candidate: Candidate) -> str:
    return RANDOM_ARM if candidate.random_arm else ACTIVE_ARM


def _queue(prompts: dict[int, list[Candidate]], key: Callable[[Candidate], Key]) -> list[list[Candidate]]:
    """Each prompt's candidates, the prompt with the most urgent one first; of equals by prompt."""
    urgency = {prompt: min(map(key, members)) for prompt, members in prompts.items()}
    return [prompts[prompt] for prompt in sorted(prompts, key=lambda prompt: (urgency[prompt], prompt))]


def _prompts(
    candidates: Iterable[Candidate], others: Iterable[Candidate], seed: int
) -> dict[int, list[Candidate]]:
    """Each prompt's candidates in the order in which they follow one another."""
    free: dict[int, list[Candidate]] = defaultdict(list)
    taken: dict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        free[candidate.prompt].append(candidate)
    for other in others:
        taken[other.prompt].append(other)
    return {prompt: _in_order(members, taken[prompt], seed) for prompt, members in free.items()}


def _in_order(members: list[Candidate], others: list[Candidate], seed: int) -> list[Candidate]:
    """Pairs by the comparison graph of their prompt, whole prompts by item id."""
    by_item = {member.item: member for member in members}
    edges = [
        Edge(each.item, each.first, each.second, each.load, each.priority)
        for each in (*members, *others)
        if each.first is not None and each.second is not None
    ]
    if len(edges) < len(members):
        return [by_item[item] for item in sorted(by_item)]
    return [by_item[item] for item in edges_rank(edges, seed=seed) if item in by_item]


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
