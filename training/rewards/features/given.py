"""Numbers that came with the completions at import."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def given_matrix(features: Sequence[tuple[float, ...]]) -> NDArray[np.float64]:
    """Given numbers of shape (completions, count); a completion without any has NaN in its row.

    Raises ValueError where counts differ or a number is not finite.
    """
    counts = {len(values) for values in features if values}
    if len(counts) > 1:
        raise ValueError(f"completions have different numbers of features: {sorted(counts)}")
    width = counts.pop() if counts else 0
    matrix = np.full((len(features), width), np.nan)
    for index, values in enumerate(features):
        if values:
            matrix[index] = values
            if not np.isfinite(matrix[index]).all():
                raise ValueError(f"features {values} hold a number that is not finite")
    return matrix
