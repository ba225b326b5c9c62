"""MinHash signatures and the bands by which near-duplicates meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from annotation.similarity.shingles import shingles_flat

BANDS: Final = 8
ROWS: Final = 5
"""Texts with similarity s share a band with probability 1 - (1 - s^5)^8: .96 at .8, .999 at .9, .0000025 at .05."""

_RANDOM: Final = np.random.default_rng(0)
_FACTORS: Final = _RANDOM.integers(0, 2**31, size=BANDS * ROWS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
_OFFSETS: Final = _RANDOM.integers(0, 2**32, size=BANDS * ROWS, dtype=np.uint32)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


def signatures(texts: Sequence[str]) -> NDArray[np.uint32]:
    """MinHash signatures of normalised texts, shape (texts, BANDS * ROWS).

    The share of equal entries of two rows estimates the similarity of their texts with a standard error of
    sqrt(s (1 - s) / 40). Multiply-shift hashing of the mixed shingles stands for random orders of them.
    """
    result = np.empty((len(texts), BANDS * ROWS), dtype=np.uint32)
    if not texts:
        return result
    flat, begins = shingles_flat(texts)
    values = (flat >> np.uint64(16)).astype(np.uint32)
    ordered = np.empty_like(values)
    for column, (factor, offset) in enumerate(zip(_FACTORS, _OFFSETS, strict=True)):
        np.multiply(values, factor, out=ordered)
        np.add(ordered, offset, out=ordered)
        result[:, column] = np.minimum.reduceat(ordered, begins)
    return result


def band_keys(texts: Sequence[str]) -> NDArray[np.int64]:
    """One signed 64-bit key for each band of each text, shape (texts, BANDS); equal bands have equal keys."""
    rows = signatures(texts).reshape(len(texts), BANDS, ROWS).astype(np.uint64)
    keys = np.zeros((len(texts), BANDS), dtype=np.uint64)
    for row in range(ROWS):
        keys = (keys ^ rows[:, :, row]) * _MIX
        keys ^= keys >> np.uint64(32)
    return keys.view(np.int64)
