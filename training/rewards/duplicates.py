"""Prompts of the test part that the training part has seen in other words.

Two prompts are near-duplicates where the shingles of their normalised text overlap by 0.8 (Jaccard),
found by MinHash with banding and then verified exactly (see `annotation.similarity`); or where an
output of the one is, normalised, an output of the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from annotation.similarity import BANDS, SIMILAR, band_keys, normalise, shingles
from training.rewards.data import Dataset

FEWEST_CHARACTERS: Final = 24
TEXTS_AT_ONCE: Final = 500


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


def _once(known: dict[str, str], text: str) -> str:
    if text not in known:
        known[text] = normalise(text)
    return known[text]


def _conversation(dataset: Dataset, prompt: int) -> str:
    return "\n".join(message.content for message in dataset.prompts[prompt].messages)


def _similar_texts(texts: Sequence[str]) -> list[set[int]]:
    """For each of these distinct texts, the positions of those similar to it, its own included."""
    similar = [{position} for position in range(len(texts))]
    keys = np.concatenate(
        [np.empty((0, BANDS), dtype=np.int64)]
        + [band_keys(texts[at : at + TEXTS_AT_ONCE]) for at in range(0, len(texts), TEXTS_AT_ONCE)]
    )
    checked: set[tuple[int, int]] = set()
    sets: dict[int, set[int]] = {}
    for band in range(BANDS):
        buckets: dict[int, list[int]] = defaultdict(list)
        for position, key in enumerate(keys[:, band].tolist()):
            buckets[key].append(position)
        for bucket in buckets.values():
            # A text is held against the bucket's first and its neighbour: large buckets stay linear.
            for here, position in enumerate(bucket[1:]):
                for other in {bucket[0], bucket[here]}:
                    if (other, position) in checked:
                        continue
                    checked.add((other, position))
                    for side in (other, position):
                        if side not in sets:
                            sets[side] = set(shingles(texts[side]).tolist())
                    both = len(sets[other] & sets[position])
                    if both >= SIMILAR * len(sets[other] | sets[position]):
                        similar[other].add(position)
                        similar[position].add(other)
    return similar
