"""Weak orders of completions: what an answer says about which completion is better.

An `Ordering` is a tuple of tiers, best first; completions of one tier are tied, completions in no tier were
not ordered. Comparisons, rankings, ratings and best-worst choices all come down to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

RESERVED_IDS = frozenset({"tie", "both_bad"})
"""Words that mean a verdict, so that no completion may have them as its id."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """Tiers of completion ids, best first, with the strength of the preference.

    `strength` counts from 1 to `strengths` and is 1 where the question knows no strengths. `both_bad` marks a
    comparison whose annotator refused both sides; its completions then stand in one tier.

    >>> Ordering((("a",), ("b", "c")))
    Ordering(tiers=(('a',), ('b', 'c')), strength=1, strengths=1, both_bad=False)
    """

    tiers: tuple[tuple[str, ...], ...]
    strength: int = 1
    strengths: int = 1
    both_bad: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for an empty tier, a completion that stands twice, or an impossible strength."""
        ids = self.completions
        if not all(self.tiers):
            raise ValueError("an ordering has no empty tiers")
        if len(set(ids)) != len(ids):
            raise ValueError("a completion stands in an ordering once")
        if not 1 <= self.strength <= self.strengths:
            raise ValueError("strength lies between 1 and strengths")

    @property
    def completions(self) -> tuple[str, ...]:
        """The ordered completions, best first."""
        return tuple(completion for tier in self.tiers for completion in tier)

    @property
    def winner(self) -> str | None:
        """The one completion above all others, or None where the first tier is shared or stands alone."""
        if len(self.tiers) > 1 and len(self.tiers[0]) == 1:
            return self.tiers[0][0]
        return None

    def tier_of(self) -> dict[str, int]:
        """Return the tier of each ordered completion, 0 for the best."""
        return {completion: index for index, tier in enumerate(self.tiers) for completion in tier}

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the implied (winner, loser) pairs."""
        for better, worse in combinations(self.tiers, 2):
            for winner in better:
                for loser in worse:
                    yield winner, loser

    def ties(self) -> Iterator[tuple[str, str]]:
        """Yield the pairs that stand in one tier."""
        for tier in self.tiers:
            yield from combinations(tier, 2)

    def pair_outcome(self, first: str, second: str) -> int | None:
        """Return the signed strength of `first` over `second`: positive, 0 for a tie, negative.

        None where one of the two was not ordered.

        >>> Ordering((("a",), ("b",)), strength=2, strengths=3).pair_outcome("b", "a")
        -2
        """
        tiers = self.tier_of()
        if first not in tiers or second not in tiers:
            return None
        if tiers[first] == tiers[second]:
            return 0
        return self.strength if tiers[first] < tiers[second] else -self.strength


def ordering_from_scores(scores: Mapping[str, float]) -> Ordering | None:
    """Order completions by score, the highest first, equal scores tied; None with fewer than two scores.

    >>> ordering_from_scores({"a": 2, "b": 5, "c": 2}).tiers
    (('b',), ('a', 'c'))
    """
    if len(scores) < 2:
        return None
    tiers: dict[float, list[str]] = {}
    for completion, score in scores.items():
        tiers.setdefault(score, []).append(completion)
    return Ordering(tuple(tuple(tiers[score]) for score in sorted(tiers, reverse=True)))


def ordering_from_best_worst(best: str, worst: str, completions: Sequence[str]) -> Ordering:
    """Order best > everything else > worst.

    >>> ordering_from_best_worst("c", "a", ["a", "b", "c", "d"]).tiers
    (('c',), ('b', 'd'), ('a',))
    """
    rest = tuple(completion for completion in completions if completion not in (best, worst))
    return Ordering(((best,), rest, (worst,)) if rest else ((best,), (worst,)))
