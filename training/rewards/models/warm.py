"""Starting a linear fit from the last model's weights: the end is the same, the way is shorter."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.features.space import SPARSE_BLOCKS, FeatureSpace
from training.rewards.models.linear_fit import Fitter
from training.rewards.models.weights import Weights

Vector = NDArray[np.float64]
STARTED: Final = "The fit started from the weights of the last model with these settings."


def carried(space: FeatureSpace, weights: Weights, fitter: Fitter) -> Weights | None:
    """The weights of rewards in ``space`` as weights in the fitter's space; None where features differ.

    An n-gram that was not known has weight 0. A level in a rating's units is brought to the fitter's
    standardised ones.
    """
    if dict(space.groups) != dict(fitter.space.groups) or space.columns.keys() != fitter.space.columns.keys():
        return None
    columns = np.zeros(fitter.space.width)
    for name, (start, end) in fitter.space.columns.items():
        old = weights.columns[slice(*space.columns[name])] * space.arrays[f"{name}.scale"]
        if name in SPARSE_BLOCKS:
            _, place, own = np.intersect1d(
                space.arrays[f"{name}.buckets"],
                fitter.space.arrays[f"{name}.buckets"],
                assume_unique=True,
                return_indices=True,
            )
            raw = np.zeros(end - start)
            raw[own] = old[place]
        elif len(old) != end - start:
            return None
        else:
            raw = old
        scale = np.broadcast_to(fitter.space.arrays[f"{name}.scale"], raw.shape)
        columns[start:end] = np.divide(raw, scale, out=np.zeros_like(raw), where=scale > 0)
    if fitter.targets is None:
        return Weights(columns, 0.0, weights.tie_level, 0.0)
    mean, spread = fitter.targets.mean, fitter.targets.spread
    return Weights(columns / spread, (weights.intercept - mean) / spread, None, 0.0)
