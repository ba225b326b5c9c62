"""Policies at work on people made up of known truths: each does what it says, and the random arm stays fair."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from annotation.allocation.adaptive import leading, places_extra
from annotation.allocation.ballots import Ballot
from annotation.allocation.policies import (
    ACTIVE_ARM,
    DISAGREEMENT_FIRST,
    FEWEST_FIRST,
    RANDOM_ARM,
    UNCERTAIN_FIRST,
    Candidate,
    Choice,
    in_random_arm,
    items_choose,
)
from annotation.allocation.priorities import expected_disagreement, uncertainty

PAIRS, OVERLAP, SHARE = 400, 3, 0.25


@dataclass
class World:
    """A project of pairs: how often people prefer the first, what the champion thinks, and what was said."""

    wins: np.ndarray
    champion: np.ndarray
    votes: list[list[int]] = field(default_factory=list)
    candidates: dict[int, Candidate] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)

    @property
    def right(self) -> np.ndarray:
        """Where the champion prefers what people mostly prefer."""
        return (self.champion > 0) == (self.wins > 0.5)

    def labelled(self, arm: str) -> np.ndarray:
        """Items that were given out by this arm."""
        return np.array(sorted({choice.item for choice in self.choices if choice.arm == arm}), dtype=int)


def world(seed: int) -> World:
    """True margins, a champion that errs where they are small, and a hash that sets the random arm apart."""
    generator = np.random.default_rng(seed)
    truth = generator.normal(0, 1.5, PAIRS)
    found = World(1 / (1 + np.exp(-truth)), truth + generator.normal(0, 1, PAIRS))
    found.votes = [[0, 0] for _ in range(PAIRS)]
    ids = random.Random(seed).sample(range(10**6), PAIRS)
    for item, prompt in enumerate(ids):
        apart = in_random_arm(str(seed), str(prompt), SHARE)
        found.candidates[item] = Candidate(item, prompt, item, 0, random_arm=apart)
    return found


def label(
    found: World, policy: str, labels: int, seed: int, priority: Callable[[World, int], float]
) -> World:
    """Let people answer so many items one after the other, with priorities kept up to date."""
    source, people = random.Random(seed), np.random.default_rng(seed + 1)
    for item in found.candidates:
        found.candidates[item] = replace(found.candidates[item], priority=priority(found, item))
    for _ in range(labels):
        free = [candidate for candidate in found.candidates.values() if candidate.load < OVERLAP]
        [choice] = items_choose(policy, free, 1, random_share=SHARE, random=source)
        found.choices.append(choice)
        found.votes[choice.item][int(people.random() > found.wins[choice.item])] += 1
        judged = found.candidates[choice.item]
        found.candidates[choice.item] = replace(
            judged, load=judged.load + 1, priority=priority(found, choice.item)
        )
    return found


def by_champion(found: World, item: int) -> float:
    return uncertainty(float(found.champion[item]))


def by_votes(found: World, item: int) -> float:
    return expected_disagreement([Ballot("q", (), ("first", "second"), tuple(found.votes[item]))])


def test_uncertain_first_gives_out_small_margins_first() -> None:
    found = label(world(1), UNCERTAIN_FIRST, 240, 1, by_champion)
    active, apart = found.labelled(ACTIVE_ARM), found.labelled(RANDOM_ARM)
    margins = np.abs(found.champion)
    others = [item for item, each in found.candidates.items() if not each.random_arm and each.load == 0]
    assert margins[active].max() <= margins[others].min()
    assert margins[active].mean() < 0.4 * margins.mean()
    assert margins[apart].mean() == pytest.approx(margins.mean(), rel=0.35)


def test_the_random_arm_tells_the_champions_accuracy_and_the_active_arm_does_not() -> None:
    covered, below, active_covered = 0, 0, 0
    for seed in range(24):
        found = label(world(seed), UNCERTAIN_FIRST, 160, seed, by_champion)
        population = found.right.mean()
        apart = found.right[found.labelled(RANDOM_ARM)]
        active = found.right[found.labelled(ACTIVE_ARM)]

        def inside(sample: np.ndarray, truth: float = population) -> bool:
            return bool(abs(sample.mean() - truth) < 1.96 * math.sqrt(truth * (1 - truth) / len(sample)))

        covered += inside(apart)
        active_covered += inside(active)
        below += active.mean() < population
    assert covered >= 20  # 95 % of 24, less chance
    assert below == 24
    assert active_covered <= 6


def test_the_random_arm_is_a_fixed_share_of_the_prompts_and_of_the_labels() -> None:
    found = label(world(2), UNCERTAIN_FIRST, 300, 2, by_champion)
    apart = sum(candidate.random_arm for candidate in found.candidates.values())
    assert apart / PAIRS == pytest.approx(SHARE, abs=0.06)
    assert sum(choice.arm == RANDOM_ARM for choice in found.choices) / 300 == pytest.approx(SHARE, abs=0.08)
    assert all(
        found.candidates[choice.item].random_arm == (choice.arm == RANDOM_ARM) for choice in found.choices
    )


def test_disagreement_first_sends_labels_to_contested_items() -> None:
    found = label(world(3), DISAGREEMENT_FIRST, 600, 3, by_votes)
    active = [item for item, each in found.candidates.items() if not each.random_arm]
    split = [item for item in active if min(found.votes[item]) >= 1]
    agreed = [item for item in active if found.votes[item] in ([2, 0], [0, 2])]
    assert sum(sum(found.votes[item]) < OVERLAP for item in split) <= 1  # filled before another is begun
    assert len(agreed) > 60  # people agreed: left for later


def test_fewest_first_gives_everything_one_label_before_any_a_second() -> None:
    found = label(world(4), FEWEST_FIRST, PAIRS + 10, 4, by_champion)
    assert [sum(votes) for votes in found.votes] == [2] * 10 + [1] * (PAIRS - 10)


def test_adaptive_overlap_saves_labels_at_equal_accuracy() -> None:
    generator = np.random.default_rng(7)
    shares = generator.beta(0.75, 0.75, size=4000)

    def vote_on(share: float, most: int, confidence: float) -> tuple[int, bool]:
        votes, places = [0, 0], OVERLAP
        while sum(votes) < places:
            votes[int(generator.random() > share)] += 1
            ballot = Ballot("q", (), ("first", "second"), (votes[0], votes[1]))
            extra = places_extra(
                [ballot], judgments=sum(votes), overlap=OVERLAP, most=most, confidence=confidence
            )
            places = OVERLAP + extra
        return sum(votes), leading(votes).category == int(share < 0.5)

    def fixed(share: float, overlap: int) -> bool:
        return bool((generator.binomial(overlap, share) > overlap / 2) == (share > 0.5))

    adaptive = [vote_on(share, most=7, confidence=0.9) for share in shares]
    labels = np.mean([count for count, _ in adaptive])
    right = np.mean([each for _, each in adaptive])
    assert labels < 3.6
    assert right >= np.mean([fixed(share, 5) for share in shares]) - 0.015  # as good as 5 labels each
    assert right > np.mean([fixed(share, 3) for share in shares]) + 0.01  # better than 3 labels each
