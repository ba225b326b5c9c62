"""Does a model of annotators say better than the majority what one more person would answer?

On each unit that three or more people labelled, one label is held out, drawn with a fixed seed. Model and majority
see the unit's others alone, and what the model knows of the annotators comes from the other half of the units: known
from the same ones, it would lean against the label that is missing. Where all annotators are equally good the two
agree, and the difference is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from annotation.annotators.base import Floats, Integers, normal_interval
from annotation.annotators.posterior import majority

SEED = 20_260_102
LEAST_LABELS = 3
LEAST_UNITS = 30

Predict = Callable[[np.ndarray, np.ndarray], Floats]
"""Fits to the labels of one mask and returns each category's probability by those of another: (units, categories)."""


def held_out_mask(unit: Integers) -> np.ndarray:
    """Mark one label of each unit with three or more: (n,)."""
    number = np.bincount(unit)
    lot = np.random.default_rng(SEED).random(len(unit))
    order = np.lexsort((lot, unit))
    first = np.ones(len(unit), dtype=bool)
    first[1:] = unit[order][1:] != unit[order][:-1]
    mask = np.zeros(len(unit), dtype=bool)
    mask[order[first]] = True
    return mask & (number[unit] >= LEAST_LABELS)


def held_out_compare(
    unit: Integers, category: Integers, predict: Predict, *, units: int, categories: int
) -> dict[str, Any]:
    """Return the shares of held-out labels that model and majority name, with the interval of the difference.

    Where several categories have the majority each counts in equal parts.
    """
    mask = held_out_mask(unit)
    number = int(mask.sum())
    if number < LEAST_UNITS:
        return {"n": number, "reason": "too_few_held_out", "needed": LEAST_UNITS}
    kept = ~mask
    at, truth = unit[mask], category[mask]
    by_majority = majority(unit[kept], category[kept], units, categories)[at, truth]
    half = np.random.default_rng(SEED + 1).random(units) < 0.5
    probabilities = np.zeros((number, categories))
    for own in (half, ~half):
        if own[at].any() and (~own)[unit].any():
            probabilities[own[at]] = predict(~own[unit], own[unit] & kept)[at[own[at]]]
    top = probabilities >= probabilities.max(axis=1, keepdims=True) - 1e-12
    by_model = (top / top.sum(axis=1, keepdims=True))[np.arange(number), truth]
    return {
        "n": number,
        "model": _mean(by_model),
        "majority": _mean(by_majority),
        "difference": _mean(by_model - by_majority),
    }


def _mean(values: Floats) -> dict[str, Any]:
    error = float(values.std(ddof=1)) / np.sqrt(len(values))
    return {
        "value": float(values.mean()),
        "interval": list(normal_interval(float(values.mean()), float(error))),
        "n": len(values),
    }
