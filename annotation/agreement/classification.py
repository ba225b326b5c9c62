"""How well one annotator's categories match a reference: accuracy, macro precision, recall and F1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.intervals import Interval, percentile_intervals, point_estimate
from annotation.agreement.sample import Evaluate, Floats, Integers

FIGURES = ("accuracy", "macro_precision", "macro_recall", "macro_f1")


@dataclass(frozen=True, slots=True)
class Classification:
    """Figures by name with their 95 % bootstrap intervals over units."""

    units: int
    values: dict[str, float | None]
    intervals: dict[str, Interval | None]


def classification(truth: ArrayLike, predicted: ArrayLike) -> Classification:
    """Compare categories, (n,) and (n,).

    Macro figures are plain means over the categories that occur in either. As is usual, a category that was
    never predicted has precision 0, and one that never is the truth has recall 0.

    >>> classification(["a", "b", "b"], ["a", "b", "a"]).values["macro_f1"]
    0.6666666666666666
    """
    one, two = np.asarray(truth), np.asarray(predicted)
    if not len(one):
        return Classification(0, dict.fromkeys(FIGURES), dict.fromkeys(FIGURES))
    labels, codes = np.unique(np.concatenate((one, two)), return_inverse=True)
    width = len(labels)
    cells, multiplicity = np.unique(codes[: len(one)] * width + codes[len(one) :], return_counts=True)
    measures = {name: _evaluator(name, cells // width, cells % width, width) for name in FIGURES}
    weights = multiplicity.astype(np.int64)
    return Classification(
        len(one),
        {name: point_estimate(evaluate, weights) for name, evaluate in measures.items()},
        percentile_intervals(measures, weights),
    )


def _evaluator(name: str, truth: Integers, predicted: Integers, width: int) -> Evaluate:
    """Return one figure as a function of the weights of the cells of the confusion matrix."""
    is_truth = (truth[:, None] == np.arange(width)).astype(np.float64)
    is_predicted = (predicted[:, None] == np.arange(width)).astype(np.float64)
    right = truth == predicted

    def evaluate(weights: Floats) -> Floats:
        if name == "accuracy":
            accuracy: Floats = weights[:, right].sum(axis=1) / weights.sum(axis=1)
            return accuracy
        hits = weights @ (is_truth * right[:, None])
        true, said = weights @ is_truth, weights @ is_predicted
        present = (true + said) > 0
        whole = {"macro_precision": said, "macro_recall": true, "macro_f1": (true + said) / 2}[name]
        figures = np.divide(hits, whole, out=np.zeros_like(hits), where=whole > 0)
        mean: Floats = figures.sum(axis=1) / present.sum(axis=1)
        return mean

    return evaluate


def majority(unit: Integers, category: Integers) -> tuple[Integers, Integers]:
    """Return the units where more than half of the ratings name one category, and that category: (m,), (m,)."""
    width = int(category.max()) + 1 if len(category) else 1
    keys, counts = np.unique(unit * width + category, return_counts=True)
    ratings = np.bincount(unit)
    won = 2 * counts > ratings[keys // width] if len(keys) else np.zeros(0, dtype=bool)
    return keys[won] // width, keys[won] % width
