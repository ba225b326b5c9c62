"""A criterion's part of a linear reward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.rewards.features.space import Design
from training.rewards.models.strictness import Strictness

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Head:
    """Weights (width,) of a criterion in deviations of its ratings, what it counts, its mean in training."""

    criterion: str
    columns: Vector
    share: float
    centre: float
    strictness: Strictness

    def contributions(self, design: Design) -> Vector:
        """What it adds to the reward of each item of the design; 0 on average in training."""
        result: Vector = self.share * (design.forward(self.columns) - self.centre)
        return result

    def describe(self) -> dict[str, Any]:
        """What JSON holds of it; the weights are stored beside."""
        told = {"criterion": self.criterion, "share": self.share, "centre": self.centre}
        return {**told, "strictness": asdict(self.strictness)}

    @classmethod
    def restore(cls, told: Mapping[str, Any], columns: Vector) -> Head:
        """The head that ``describe`` and ``columns`` came from."""
        return cls(
            told["criterion"], columns, told["share"], told["centre"], Strictness(**told["strictness"])
        )
