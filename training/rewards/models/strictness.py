"""How strongly a linear fit is held back, and what each block of features may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.features.space import FeatureSpace

# The unit that the other blocks' variances are multiples of: they are chosen in training, never by hand.
ENCODER_VARIANCE: Final = 1.0
VARIANCES: Final = ("encoder", "numbers", "product", "ngrams", "minilm")
VARIANCE_OF_BLOCK: Final[Mapping[str, str]] = {
    "encoder": "encoder",
    "style": "numbers",
    "given": "numbers",
    "cosine": "numbers",
    "product": "product",
    "words": "ngrams",
    "characters": "ngrams",
    "minilm": "minilm",
}


@dataclass(frozen=True, slots=True)
class Strictness:
    """``l2`` on all weights, and prior variances of blocks of features beside the encoder's, which is 1.

    ``numbers`` is that of style, given numbers and the likeness of prompt and output; ``product`` that of
    how prompt and output go together; ``ngrams`` that of words and of characters; ``minilm`` that of
    the hidden states.
    """

    l2: float = 1.0
    numbers: float = 0.1
    product: float = 0.3
    ngrams: float = 0.3
    minilm: float = 1.0

    @property
    def variances(self) -> tuple[float, ...]:
        """Prior variances in the order of ``VARIANCES``, before ``l2``."""
        return ENCODER_VARIANCE, self.numbers, self.product, self.ngrams, self.minilm

    def variance(self, block: str) -> float:
        """Prior variance of one block's part of a reward difference."""
        return self.variances[VARIANCES.index(VARIANCE_OF_BLOCK[block])]


def block_scales(space: FeatureSpace, strictness: Strictness) -> NDArray[np.float64]:
    """Standard deviation that the prior allows each column's block, shape (width,)."""
    scales = np.zeros(space.width)
    for name, (start, end) in space.columns.items():
        scales[start:end] = np.sqrt(strictness.variance(name))
    return scales
