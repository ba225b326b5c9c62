"""The heads' networks as arrays: scoring needs numpy only, training needs torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Heads:
    """Layers of all heads: ``weights[k]`` (heads, in, out) and ``biases[k]`` (heads, out)."""

    weights: tuple[Matrix, ...]
    biases: tuple[Matrix, ...]

    def residuals(self, inputs: Matrix) -> Matrix:
        """Each head's addition to the linear reward, shape (heads, items)."""
        hidden = np.broadcast_to(inputs, (len(self.weights[0]), *inputs.shape))
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            hidden = hidden @ weight + bias[:, None, :]
            if layer < len(self.weights) - 1:
                hidden = np.maximum(hidden, 0.0)
        return hidden[:, :, 0]
