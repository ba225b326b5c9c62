"""Prompts of the test part that the training part has seen in other words.

Two prompts are near-duplicates where the character 5-grams of their normalised text overlap by 0.8
(Jaccard), found by MinHash with banding (Broder 1997; Leskovec et al., Mining of Massive Datasets,
chapter 3) and then verified exactly; or where an output of the one is, normalised, an output of the
other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset

SIMILAR: Final = 0.8
SHINGLE: Final = 5
LONGEST: Final = 4_000
FEWEST_CHARACTERS: Final = 24
BANDS: Final = 8
ROWS: Final = 4
_NOT_WORD: Final = re.compile(r"[\W_]+")


class Duplicates:
    """Texts of a dataset sorted into classes of near-equals once, to be looked up for any split."""

    def __init__(self, dataset: Dataset) -> None:
        normalised: dict[str, str] = {}
        prompts = [_once(normalised, _conversation(dataset, i)) for i in range(len(dataset.prompts))]
        texts = sorted(set(prompts))
        position = {text: i for i, text in enumerate(texts)}
        self._prompt_text = [position[text] for text in prompts]
        self._similar = _similar_texts(texts)
        self._outputs = [
            {
                text
                for completion in prompt.completions
                if len(text := _once(normalised, completion.text)) >= FEWEST_CHARACTERS
            }
            for prompt in dataset.prompts
        ]

    def count(self, train: NDArray[np.int64], test: NDArray[np.int64]) -> int:
        """Test prompts with a near-duplicate among ``train``, by prompt text or by an equal output.

        Outputs under 24 letters and digits ("Yes.") prove nothing and are left out.
        """
        seen: set[int] = set()
        for text in {self._prompt_text[position] for position in train}:
            seen |= self._similar[text]
        outputs: set[str] = set().union(*(self._outputs[position] for position in train))
        return sum(
            self._prompt_text[position] in seen or not self._outputs[position].isdisjoint(outputs)
            for position in test
        )


def near_duplicates(dataset: Dataset, train: NDArray[np.int64], test: NDArray[np.int64]) -> int:
    """Number of ``test`` prompts that have a near-duplicate among the ``train`` prompts."""
    return Duplicates(dataset).count(train, test)


def normalise(text: str) -> str:
    """Letters and digits alone, compatibility forms and case folded, single spaces between runs.

    >>> normalise("  Ｗhat's   up?! ")
    'what s up'
    """
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def _once(known: dict[str, str], text: str) -> str:
    if text not in known:
        known[text] = normalise(text)
    return known[text]


def _conversation(dataset: Dataset, prompt: int) -> str:
    return "\n".join(message.content for message in dataset.prompts[prompt].messages)


def _similar_texts(texts: Sequence[str]) -> list[set[int]]:
    """For each of these distinct texts, the positions of those similar to it, its own included."""
    similar = [{position} for position in range(len(texts))]
    signatures = _signatures(texts)
    checked: set[tuple[int, int]] = set()
    shingles: dict[int, set[int]] = {}
    for band in range(BANDS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for position, signature in enumerate(signatures[:, band * ROWS : (band + 1) * ROWS]):
            buckets[signature.tobytes()].append(position)
        for bucket in buckets.values():
            # A text is held against the bucket's first and its neighbour: large buckets stay linear.
            for here, position in enumerate(bucket[1:]):
                for other in {bucket[0], bucket[here]}:
                    if (other, position) in checked:
                        continue
                    checked.add((other, position))
                    for side in (other, position):
                        if side not in shingles:
                            shingles[side] = set(_shingles(texts[side]).tolist())
                    both = len(shingles[other] & shingles[position])
                    if both >= SIMILAR * len(shingles[other] | shingles[position]):
                        similar[other].add(position)
                        similar[position].add(other)
    return similar


def _shingles(text: str) -> NDArray[np.uint64]:
    """Hashes of the character 5-grams of a text; one hash for a text of fewer characters."""
    codes = np.frombuffer(text[:LONGEST].encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    width = min(SHINGLE, len(codes))
    if width == 0:
        return np.zeros(1, dtype=np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(codes.astype(np.uint64) + 1, width)
    factors = np.array(
        [0x9E3779B97F4A7C15 * 31**power % 2**64 | 1 for power in range(width)], dtype=np.uint64
    )
    mixed = (windows * factors).sum(axis=1, dtype=np.uint64)
    hashes: NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(29))
    return hashes


def _signatures(texts: Sequence[str]) -> NDArray[np.uint64]:
    """MinHash signatures, shape (texts, BANDS * ROWS)."""
    rng = np.random.default_rng(0)
    factors = rng.integers(0, 2**63, size=BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    offsets = rng.integers(0, 2**63, size=BANDS * ROWS, dtype=np.uint64)
    result = np.empty((len(texts), BANDS * ROWS), dtype=np.uint64)
    for position, text in enumerate(texts):
        hashed = _shingles(text)[:, None] * factors + offsets
        result[position] = (hashed >> np.uint64(20)).min(axis=0)
    return result
