"""A text as the set of its short runs of characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIMILAR: Final = 0.8
SHINGLE: Final = 5  # characters: about a word in scripts with letters
SHINGLE_HAN: Final = 2  # characters: about a word in Chinese, Japanese and Korean
LONGEST: Final = 4_000  # characters of a text that are looked at
_NOT_WORD: Final = re.compile(r"[\W_]+")
_HAN: Final = ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_FACTORS: Final = [np.uint64(0x9E3779B97F4A7C15 * 31**power % 2**64 | 1) for power in range(SHINGLE)]
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)


def normalise(text: str) -> str:
    """Letters and digits alone, compatibility forms and case folded, single spaces between runs.

    >>> normalise("  Ｗhat's   up?! ")
    'what s up'
    """
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def shingles_flat(
    texts: Sequence[str], *, longest: int = LONGEST
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hashed shingles of normalised texts one after the other, and where those of each text begin.

    A shingle is 5 characters long, or 2 where it begins with a Han, kana or Hangul character: in Chinese a word
    has about two, and one word changed must not weigh more than in English. A text shorter than a shingle is
    one. Every text has at least one, the empty text too.
    """
    # Zeros between the texts: a shingle that begins in one cannot reach into the next.
    gap = "\0" * SHINGLE
    cut = [text[:longest] for text in texts]
    raw = (gap.join(cut) + gap).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(raw, dtype=np.uint32).astype(np.uint64)
    positions = len(codes) - SHINGLE + 1
    hashed = codes[:positions] * _FACTORS[0]
    short = hashed + codes[1 : 1 + positions] * _FACTORS[1]
    hashed = short.copy()
    for power in range(SHINGLE_HAN, SHINGLE):
        hashed += codes[power : power + positions] * _FACTORS[power]
    first = codes[:positions]
    han = np.zeros(positions, dtype=bool)
    for least, most in _HAN:
        han |= (first >= least) & (first <= most)
    hashed[han] = short[han]
    lengths = np.array([len(text) for text in cut], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths + SHINGLE)[:-1])).astype(np.int64)
    # A shingle must end inside its text; the first one of a text stands in any case.
    widths = np.where(han, SHINGLE_HAN, SHINGLE)
    ends = np.repeat(starts + lengths, lengths + SHINGLE)[:positions]
    kept = np.arange(positions) + widths <= ends
    if len(starts):
        kept[starts] = True
    counts = np.add.reduceat(kept.astype(np.int64), starts)
    begins = np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64)
    flat = hashed[kept]
    flat ^= flat >> np.uint64(29)
    flat *= _MIX
    flat ^= flat >> np.uint64(32)
    return flat, begins


def shingles(text: str, *, longest: int = LONGEST) -> NDArray[np.uint64]:
    """The set of hashed shingles of a normalised text, sorted."""
    flat, _ = shingles_flat([text], longest=longest)
    return np.unique(flat)


def similarity(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """The Jaccard similarity of two sets of shingles, 0..1.

    >>> similarity(shingles("abcdef"), shingles("abcdefg"))  # abcde bcdef | abcde bcdef cdefg
    0.6666666666666666
    """
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)
