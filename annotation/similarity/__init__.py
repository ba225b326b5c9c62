"""Texts that are nearly equal: shingles, MinHash signatures and their bands.

Normalised texts are cut into overlapping runs of characters (shingles), and two texts are near-duplicates where
their sets of shingles overlap by `SIMILAR` (Jaccard). Candidates are found by MinHash with banding (Broder 1997;
Leskovec et al., Mining of Massive Datasets, chapter 3) and then verified on the shingles themselves.
"""

from annotation.similarity.minhash import BANDS, ROWS, band_keys, signatures
from annotation.similarity.shingles import LONGEST, SIMILAR, normalise, shingles, similarity

__all__ = [
    "BANDS",
    "LONGEST",
    "ROWS",
    "SIMILAR",
    "band_keys",
    "normalise",
    "shingles",
    "signatures",
    "similarity",
]
