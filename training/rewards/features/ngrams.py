"""Hashed word and character n-grams, for any script, without a vocabulary.

Counts are damped (1 + log count); the space that uses them adds the inverse document frequency and
scales each text to length 1. Characters of Chinese, Japanese and Thai are words of their own, so word
n-grams are character n-grams there.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from scipy import sparse

from training.rewards.features.style import words_of

BUCKETS: Final = 2**16
WORD_SIZES: Final = (1, 2)
CHARACTER_SIZES: Final = (2, 4)
LONGEST_TEXT: Final = 50_000


def word_ngrams(text: str) -> list[str]:
    """Lower-case words and neighbouring pairs of them, with repetitions.

    >>> word_ngrams("Not bad")
    ['not', 'bad', 'not bad']
    """
    words = words_of(text[:LONGEST_TEXT].lower())
    return words + [f"{left} {right}" for left, right in pairwise(words)]


def character_ngrams(text: str) -> list[str]:
    """Runs of two to four lower-case characters; any white space is one space, also at both ends."""
    line = f" {' '.join(text[:LONGEST_TEXT].lower().split())} "
    shortest, longest = CHARACTER_SIZES
    return [
        line[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(len(line) - size + 1)
    ]


def ngram_counts(texts: Sequence[str], kind: str) -> sparse.csr_array:
    """Damped counts of n-grams by bucket, shape (texts, BUCKETS); ``kind`` is "word" or "character"."""
    from sklearn.feature_extraction.text import HashingVectorizer

    analyzer = word_ngrams if kind == "word" else character_ngrams
    hasher = HashingVectorizer(analyzer=analyzer, n_features=BUCKETS, alternate_sign=False, norm=None)
    counts = sparse.csr_array(hasher.transform(texts), dtype=np.float64)
    counts.data = 1.0 + np.log(counts.data)
    return counts


def buckets_of(ngrams: Sequence[str]) -> list[int]:
    """The bucket of each n-gram, as ``ngram_counts`` has it: to name what a weight stands for."""
    from sklearn.feature_extraction import FeatureHasher

    hasher = FeatureHasher(n_features=BUCKETS, input_type="string", alternate_sign=False)
    return [int(index) for index in hasher.transform([[ngram] for ngram in ngrams]).indices]
