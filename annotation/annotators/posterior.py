"""Labels with probabilities from the models of annotators, and majority vote beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from annotation.annotators.base import Z95, Floats, Integers
from annotation.annotators.dawid_skene import DawidSkene
from annotation.annotators.pairwise import POINTS, Pairwise, accuracy_of, grid_of, upper_half
from annotation.annotators.ratings import RatingModel

SIDES = 2  # categories of a pair: 0 the first is better, 1 the second


@dataclass(frozen=True, eq=False)
class Labels:
    """The most probable category of each unit and its probability: (units,); `probabilities` of all of them."""

    label: Integers
    probability: Floats
    probabilities: Floats


def labels_of_categories(fit: DawidSkene) -> Labels:
    """Return the most probable true categories; of equally probable ones the first."""
    return _labels(fit.posterior)


def labels_of_pairs(fit: Pairwise) -> Labels:
    """Return the better side of each pair: 0 the first, 1 the second."""
    first = fit.first_better
    return _labels(np.stack([first, 1 - first], axis=1))


def values_of_ratings(fit: RatingModel) -> tuple[Floats, Floats, Floats]:
    """Return each unit's corrected score with the ends of its 95 % interval."""
    return fit.value, fit.value - Z95 * fit.value_error, fit.value + Z95 * fit.value_error


def _labels(probabilities: Floats) -> Labels:
    label = probabilities.argmax(axis=1)
    return Labels(label, probabilities[np.arange(len(label)), label], probabilities)


def majority(unit: Integers, category: Integers, units: int, categories: int) -> Floats:
    """Return (units, categories): 1 at the most frequent category, shared alike where several are; 0 without any.

    >>> majority(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 1]), 2, 2)
    array([[0. , 1. ],
           [0.5, 0.5]])
    """
    counts = np.bincount(unit * categories + category, minlength=units * categories)
    counts = counts.reshape(units, categories)
    most = counts.max(axis=1, keepdims=True)
    tops = (counts == most) & (most > 0)
    return np.asarray(tops / np.maximum(tops.sum(axis=1, keepdims=True), 1))


def side_log_likelihoods(
    beta: float, position: float = 0.0, longer: float = 0.0, *, shown: int = 0, length: int = 0
) -> Floats:
    """Return (better side, preferred side), each 0 first and 1 second: log P(vote | which side is better).

    `shown` and `length` are 1 where the first side stood first, or is longer. The difference of the pair is
    averaged over half of a standard normal distribution, as the model expects it.

    >>> np.exp(side_log_likelihoods(0.0)).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    middle = POINTS[-1] // 2
    points, weights = grid_of(POINTS[-1])[middle:], upper_half(POINTS[-1])[middle:]
    level = np.log(weights) - 0.5 * points**2
    level -= special.logsumexp(level)
    habit = position * shown + longer * length
    table = np.empty((SIDES, SIDES))
    for better, sign in enumerate((1, -1)):
        for said, direction in enumerate((1, -1)):
            x = direction * (beta * sign * points + habit)
            table[better, said] = special.logsumexp(level + special.log_expit(x))
    return table


def category_log_likelihoods(accuracy: float, categories: int) -> Floats:
    """Return (true, said): log probabilities of somebody right with `accuracy`, wrong answers equally likely.

    >>> np.exp(category_log_likelihoods(0.8, 3)).round(2).tolist()[0]
    [0.8, 0.1, 0.1]
    """
    wrong = (1 - accuracy) / (categories - 1)
    with np.errstate(divide="ignore"):  # somebody who is never wrong
        return np.asarray(np.log(np.where(np.eye(categories, dtype=bool), accuracy, wrong)))


__all__ = [
    "Labels",
    "accuracy_of",
    "category_log_likelihoods",
    "labels_of_categories",
    "labels_of_pairs",
    "majority",
    "side_log_likelihoods",
    "values_of_ratings",
]
