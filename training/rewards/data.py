"""What a reward model is fitted on and judged by: prompts, completions, and what people said of them.

Pure data, no Django: positions are zero-based indices. A *row* is one completion in the flat order
``prompts[0].completions[0], prompts[0].completions[1], ..., prompts[1].completions[0], ...``;
feature matrices and reward vectors are indexed by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

AnnotatorKind = Literal["human", "model", "simulated", "adjudicated"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation in chat form."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Completion:
    """One model output. ``features`` are numbers given at import, the same count for all outputs."""

    id: str
    text: str
    source: str = ""
    features: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """A conversation and its outputs. Prompts of one ``group`` are never split between train and test."""

    id: str
    messages: tuple[Message, ...]
    completions: tuple[Completion, ...]
    group: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Preference:
    """A weak order over some completions of one prompt, from a comparison, ranking or best-worst answer.

    ``tiers`` holds positions in ``prompt.completions``, best tier first; positions in one tier are
    tied; positions left out were not ordered. ``strength`` runs from 1 to ``strengths``.
    ``both_bad`` marks a comparison answered "both bad": one tier, and both outputs are bad.
    ``reason`` is what the annotator gave as the reason, "" for none. ``shown`` holds positions in the order
    in which they stood on the screen, empty where that is not known.
    """

    id: str
    prompt: int
    annotator: str
    annotator_kind: AnnotatorKind
    question: str
    kind: Literal["comparison", "ranking", "best_worst"]
    tiers: tuple[tuple[int, ...], ...]
    strength: int = 1
    strengths: int = 1
    both_bad: bool = False
    reason: str = ""
    shown: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rating:
    """One score on the scale ``minimum`` to ``maximum`` for one completion; ``question`` is the criterion."""

    id: str
    prompt: int
    completion: int
    annotator: str
    annotator_kind: AnnotatorKind
    question: str
    value: float
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """A yes/no judgment of one completion (a per-completion choice such as "acceptable")."""

    id: str
    prompt: int
    completion: int
    annotator: str
    annotator_kind: AnnotatorKind
    question: str
    good: bool


@dataclass(frozen=True, slots=True)
class ImpliedPairs:
    """Pairs implied by preferences, arrays of shape (pairs,).

    ``judgment`` is the place in ``Dataset.preferences``, ``first`` and ``second`` are rows, ``outcome``
    is 1 where first won and 0 for a tie, ``strength`` is 0 for a tie. ``shown`` is 1 where first stood before
    second on the screen, -1 where after it, 0 where that is not known.
    """

    judgment: NDArray[np.int64]
    prompt: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    outcome: NDArray[np.int64]
    strength: NDArray[np.int64]
    shown: NDArray[np.int64]


def _stood(preference: Preference, first: int, second: int) -> int:
    """1 where ``first`` stood before ``second`` on the screen, -1 where after it, 0 where not known."""
    if first not in preference.shown or second not in preference.shown:
        return 0
    return 1 if preference.shown.index(first) < preference.shown.index(second) else -1


def implied_pairs(preference: Preference) -> list[tuple[int, int, int]]:
    """(better, worse, 1) for positions of different tiers, (one, other, 0) for tied ones.

    In a best-worst answer the outputs between best and worst were not compared with each other.
    """
    pairs: list[tuple[int, int, int]] = []
    for level, tier in enumerate(preference.tiers):
        if preference.kind != "best_worst" and len(tier) > 1:
            pairs += [(one, other, 0) for one, other in combinations(tier, 2)]
        pairs += [
            (better, worse, 1)
            for lower in preference.tiers[level + 1 :]
            for better in tier
            for worse in lower
        ]
    return pairs


@dataclass(frozen=True)
class Dataset:
    """Prompts with every judgment on them; ``good_at`` is the mean rating from which an output is good.

    ``arms`` says of judgments, by id, which arm of an allocation policy their item was given out by.
    """

    prompts: tuple[Prompt, ...]
    preferences: tuple[Preference, ...] = ()
    ratings: tuple[Rating, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    good_at: float | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    arms: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Row of each prompt's first completion, shape (prompts + 1,); the last entry is the row count."""
        counts = [len(prompt.completions) for prompt in self.prompts]
        return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])

    @cached_property
    def rows(self) -> tuple[tuple[Prompt, Completion], ...]:
        """Every completion beside its prompt, in row order."""
        return tuple((prompt, completion) for prompt in self.prompts for completion in prompt.completions)

    @cached_property
    def implied(self) -> ImpliedPairs:
        """Every pair that the preferences imply, in their order."""
        offsets = self.offsets.tolist()
        found = [
            (
                place,
                judged.prompt,
                offsets[judged.prompt] + first,
                offsets[judged.prompt] + second,
                outcome,
                judged.strength if outcome else 0,
                _stood(judged, first, second),
            )
            for place, judged in enumerate(self.preferences)
            for first, second, outcome in implied_pairs(judged)
        ]
        return ImpliedPairs(*np.array(found, dtype=np.int64).reshape(-1, 7).T.copy())

    @property
    def row_count(self) -> int:
        """Number of completions over all prompts."""
        return int(self.offsets[-1])

    def row(self, prompt: int, completion: int) -> int:
        """Row of a completion given by its positions."""
        return int(self.offsets[prompt]) + completion
