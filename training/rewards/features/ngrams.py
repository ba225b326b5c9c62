"""Hashed word and character n-grams, for any script, without a vocabulary.

Counts are damped (1 + log count) and each text is scaled to length 1. Nothing is learned from other texts:
document frequencies gave no better rewards, and without them a text has the same numbers in every fold. Characters of Chinese, Japanese and Thai are words of their own, so word
n-grams are character n-grams there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.rewards.features.style import words_of

BUCKETS: Final = 2**16
WORD_SIZES: Final = (1, 2)
CHARACTER_SIZES: Final = (2, 4)
LONGEST_TEXT: Final = 50_000
_BASE: Final = 0x9E3779B97F4A7C15


def word_ngrams(text: str) -> list[str]:
    """Lower-case words and neighbouring pairs of them, with repetitions.

    >>> word_ngrams("Not bad")
    ['not', 'bad', 'not bad']
    """
    words = words_of(text[:LONGEST_TEXT].lower())
    return words + [f"{left} {right}" for left, right in pairwise(words)]


def character_line(text: str) -> str:
    """The text that character n-grams are runs of: lower case, any white space one space, also at both ends."""
    return f" {' '.join(text[:LONGEST_TEXT].lower().split())} "


def character_ngrams(text: str) -> list[str]:
    """Runs of two to four characters of ``character_line``."""
    line = character_line(text)
    shortest, longest = CHARACTER_SIZES
    return [
        line[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(len(line) - size + 1)
    ]


def ngram_vectors(texts: Sequence[str], kind: str) -> sparse.csr_array:
    """Damped counts of n-grams by bucket, shape (texts, BUCKETS), rows of length 1 (an empty text's 0).

    ``kind`` is "word" or "character".
    """
    text, bucket = _word_buckets(texts) if kind == "word" else _character_buckets(texts)
    cells, counts = np.unique(text * BUCKETS + bucket, return_counts=True)
    rows, values = cells // BUCKETS, 1.0 + np.log(counts)
    lengths = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(texts)))
    starts = np.searchsorted(rows, np.arange(len(texts) + 1))
    return sparse.csr_array((values / lengths[rows], cells % BUCKETS, starts), shape=(len(texts), BUCKETS))


def buckets_of(ngrams: Sequence[str]) -> NDArray[np.int64]:
    """The bucket of each n-gram, none of them empty: a polynomial of its characters, mixed."""
    if not ngrams:
        return np.zeros(0, dtype=np.int64)
    codes, starts = _codes(ngrams)
    sizes = np.diff(np.append(starts, len(codes)))
    places = np.arange(len(codes)) - np.repeat(starts, sizes)
    return _mixed(np.add.reduceat(codes * _powers(int(sizes.max()))[places], starts))


def _word_buckets(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Text and bucket of every word n-gram."""
    known: dict[str, int] = {}
    found = [[known.setdefault(ngram, len(known)) for ngram in word_ngrams(text)] for text in texts]
    text = np.repeat(np.arange(len(texts)), [len(each) for each in found])
    which = np.array([place for each in found for place in each], dtype=np.int64)
    return text, buckets_of(list(known))[which]


def _character_buckets(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Text and bucket of every character n-gram."""
    if not texts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    codes, starts = _codes([character_line(text) for text in texts])
    text = np.repeat(np.arange(len(texts)), np.diff(np.append(starts, len(codes))))
    shortest, longest = CHARACTER_SIZES
    powers = _powers(longest)
    parts = []
    for size in range(shortest, longest + 1):
        count = max(len(codes) - size + 1, 0)
        sums = np.zeros(count, dtype=np.uint64)
        for place in range(size):
            sums += codes[place : place + count] * powers[place]
        inside = text[:count] == text[len(codes) - count :]
        parts.append((text[:count][inside], _mixed(sums[inside])))
    return np.concatenate([text for text, _ in parts]), np.concatenate([bucket for _, bucket in parts])


def _codes(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Code points of the texts, one after the other, and where each text begins."""
    joined = "".join(texts).encode("utf-32-le", "surrogatepass")
    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    return np.frombuffer(joined, dtype="<u4").astype(np.uint64) + np.uint64(1), np.cumsum(sizes) - sizes


def _powers(count: int) -> NDArray[np.uint64]:
    """Powers of an odd number modulo 2^64."""
    return np.cumprod(np.full(count, _BASE, dtype=np.uint64), dtype=np.uint64)


def _mixed(sums: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Buckets that use every bit (the finaliser of SplitMix64: Steele, Lea & Flood 2014)."""
    mixed = (sums ^ (sums >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) % np.uint64(BUCKETS)).astype(np.int64)
