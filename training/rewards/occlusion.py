"""Which sentences carry a reward: the change of the reward when a sentence is taken out (Zeiler & Fergus 2014)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SENTENCES_MOST: Final = 40
_SENTENCE: Final = re.compile(
    r"[^\s].*?(?:[.!?]+[\"”’)\]]*(?=\s|$)|[。！？…]+[”’」』）]*|(?=\n)|$)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Code points ``start`` to ``end`` of the output, and what the reward owes them."""

    start: int
    end: int
    effect: float

    def wire(self) -> dict[str, Any]:
        """As JSON."""
        return {"start": self.start, "end": self.end, "effect": self.effect}


def sentences_of(text: str) -> list[tuple[int, int]]:
    """Ranges of the sentences, without the space between them; a line break ends one too.

    >>> sentences_of("It rains. 真的！ Yes")
    [(0, 9), (10, 13), (14, 17)]
    """
    return [match.span() for match in _SENTENCE.finditer(text) if match.group().strip()]


def occlusion(
    texts: Sequence[str], score: Callable[[Sequence[tuple[int, str]]], NDArray[np.float64]]
) -> list[tuple[Sentence, ...]]:
    """For each text its sentences with their effects; nothing for texts of one sentence.

    ``score`` gives rewards of (which text, changed text). Neighbouring sentences of texts with more than
    ``SENTENCES_MOST`` are taken out together.
    """
    spans = [_merged(sentences_of(text)) for text in texts]
    asked = [(place, text) for place, text in enumerate(texts) if len(spans[place]) > 1]
    asked += [
        (place, (texts[place][:start] + texts[place][end:]).strip())
        for place, ranges in enumerate(spans)
        if len(ranges) > 1
        for start, end in ranges
    ]
    if not asked:
        return [() for _ in texts]
    rewards = score(asked).tolist()
    many = [place for place, ranges in enumerate(spans) if len(ranges) > 1]
    whole = dict(zip(many, rewards, strict=False))
    without = iter(rewards[len(many) :])
    return [
        tuple(Sentence(start, end, whole[place] - next(without)) for start, end in ranges)
        if len(ranges) > 1
        else ()
        for place, ranges in enumerate(spans)
    ]


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    size = -(-len(ranges) // SENTENCES_MOST)
    if size <= 1:
        return ranges
    return [
        (ranges[start][0], ranges[min(start + size, len(ranges)) - 1][1])
        for start in range(0, len(ranges), size)
    ]
