"""How often rewards order pairs of outputs as people do.

Every function takes the test pairs (``targets.consensus``), rewards of shape (rows,) and the bootstrap
shared by all figures. A pair with equal rewards counts as half right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.intervals import ClusterBootstrap, Figure, divide, ratio, undefined_figure
from training.rewards.targets import Pairs

NO_DECIDED = "no held-out pair that one side won"
CLASSES = ("first", "tie", "second")
_DIAGONAL = [0, 4, 8]


def credit(margins: NDArray[np.float64], outcome: NDArray[np.int64]) -> NDArray[np.float64]:
    """1 where the margin has the outcome's sign, 0 where the opposite one, 0.5 for a margin of 0."""
    return (1 + np.sign(margins) * outcome) / 2


def macro_weights(prompts: NDArray[np.int64]) -> NDArray[np.float64]:
    """One over the number of units of the same prompt, so that every prompt weighs 1."""
    _, inverse, counts = np.unique(prompts, return_inverse=True, return_counts=True)
    weights: NDArray[np.float64] = 1.0 / counts[inverse]
    return weights


def pair_accuracy(pairs: Pairs, rewards: NDArray[np.float64], bootstrap: ClusterBootstrap) -> Figure:
    """Share of decided pairs ordered as their consensus, averaged over prompts; n counts pairs."""
    decided = pairs.decided
    prompts = pairs.prompt[decided]
    right = credit(pairs.margins(rewards)[decided], pairs.outcome[decided])
    return bootstrap.mean(prompts, right, macro_weights(prompts), undefined=NO_DECIDED)


def accuracy_by_judgment(pairs: Pairs, rewards: NDArray[np.float64], bootstrap: ClusterBootstrap) -> Figure:
    """Share of single votes for one side that the rewards agree with, each vote counting once."""
    votes = pairs.votes
    decided = votes.value != 0
    margins = rewards[votes.first[decided]] - rewards[votes.second[decided]]
    right = credit(margins, np.sign(votes.value[decided]).astype(np.int64))
    return bootstrap.mean(
        votes.prompt[decided],
        right,
        np.ones(len(right)),
        undefined="no held-out judgment that prefers one side",
    )


def length_balanced_accuracy(
    pairs: Pairs, rewards: NDArray[np.float64], lengths: NDArray[np.int64], bootstrap: ClusterBootstrap
) -> Figure:
    """Mean of the accuracy where the longer output won and of the accuracy where the shorter one won.

    ``lengths`` are code points by row; pairs of equal length are left out. A reward that knows length
    alone gets one half.
    """
    gap = np.sign(lengths[pairs.first] - lengths[pairs.second]) * pairs.outcome
    unequal = gap != 0
    prompts = pairs.prompt[unequal]
    longer_won = gap[unequal] > 0
    right = credit(pairs.margins(rewards)[unequal], pairs.outcome[unequal])
    weights = np.empty(len(prompts))
    for side in (longer_won, ~longer_won):
        weights[side] = macro_weights(prompts[side])
    columns = [weights * longer_won * right, weights * longer_won]
    columns += [weights * ~longer_won * right, weights * ~longer_won]
    return bootstrap.figure(
        prompts,
        np.stack(columns, axis=1),
        lambda sums: (ratio(sums[..., :2]) + ratio(sums[..., 2:])) / 2,
        n=len(prompts),
        undefined="needs held-out pairs that the longer output won and pairs that the shorter one won",
    )


def log_loss(pairs: Pairs, rewards: NDArray[np.float64], bootstrap: ClusterBootstrap) -> Figure:
    """Mean of -log sigmoid(margin towards the winner) over decided pairs, in nats, averaged over prompts.

    ln 2 = 0.693 is the loss of knowing nothing.
    """
    decided = pairs.decided
    prompts = pairs.prompt[decided]
    losses = np.logaddexp(0, -pairs.margins(rewards)[decided] * pairs.outcome[decided])
    return bootstrap.mean(prompts, losses, macro_weights(prompts), undefined=NO_DECIDED, bounded=False)


def top_1(pairs: Pairs, rewards: NDArray[np.float64], bootstrap: ClusterBootstrap) -> Figure:
    """Share of prompts whose highest reward is on an output that people put first.

    People's first are the outputs with the largest share of pairs won (ties count half); prompts where
    all share the lead are left out. Where several outputs share the highest reward, the share of them
    that people put first counts. n counts prompts.
    """
    undefined = "no held-out prompt with an output that people put first"
    if len(pairs) == 0:
        return undefined_figure(undefined)
    rows, position = np.unique(np.concatenate([pairs.first, pairs.second]), return_inverse=True)
    wins = np.bincount(position, weights=np.concatenate([1 + pairs.outcome, 1 - pairs.outcome]) / 2)
    rates = wins / np.bincount(position)
    prompt_of_row = np.empty(len(rows), dtype=np.int64)
    prompt_of_row[position] = np.tile(pairs.prompt, 2)
    prompts, start = np.unique(prompt_of_row, return_index=True)
    sizes = np.diff(np.append(start, len(rows)))
    best = rates == np.repeat(np.maximum.reduceat(rates, start), sizes)
    chosen = rewards[rows] == np.repeat(np.maximum.reduceat(rewards[rows], start), sizes)
    hits = np.add.reduceat((best & chosen).astype(np.float64), start) / np.add.reduceat(
        chosen, start, dtype=np.float64
    )
    led = np.add.reduceat(best.astype(np.int64), start) < sizes
    return bootstrap.mean(prompts[led], hits[led], np.ones(int(led.sum())), undefined=undefined)


def longer_rate(
    pairs: Pairs, rewards: NDArray[np.float64], lengths: NDArray[np.int64], bootstrap: ClusterBootstrap
) -> Figure:
    """How often the model and how often people prefer the longer output, on the same decided pairs.

    ``{"model": share, "people": share, "n": pairs, "intervals": {"model": [lo, hi], "people": ...}}``.
    """
    longer = np.sign(lengths[pairs.first] - lengths[pairs.second])
    kept = pairs.decided & (longer != 0)
    if not kept.any():
        reason = "no held-out pair of outputs of different length that one side won"
        return {"model": None, "people": None, "reason": reason}
    prompts = pairs.prompt[kept]
    weights = macro_weights(prompts)
    shares = {
        "model": credit(pairs.margins(rewards)[kept], longer[kept]),
        "people": credit(pairs.outcome[kept].astype(np.float64), longer[kept]),
    }
    figures = {name: bootstrap.mean(prompts, share, weights, undefined="") for name, share in shares.items()}
    return {
        **{name: figure["value"] for name, figure in figures.items()},
        "n": len(prompts),
        "intervals": {name: figure["interval"] for name, figure in figures.items()},
    }


def choose_tie_band(margins: NDArray[np.float64], outcome: NDArray[np.int64]) -> float | None:
    """Largest |margin| to call a tie, by the macro F1 of first, tie and second on validation pairs.

    None where the validation pairs have no tie or nothing but ties. Of equally good bands the
    narrowest is taken.

    >>> choose_tie_band(np.array([0.1, 2.0, -3.0]), np.array([0, 1, -1]))
    1.05
    """
    if not (outcome == 0).any() or (outcome == 0).all():
        return None
    order = np.argsort(np.abs(margins), kind="stable")
    size, sign, truth = np.abs(margins)[order], np.sign(margins)[order], outcome[order]
    tied_so_far = np.concatenate([[0], np.cumsum(truth == 0)])
    predicted_ties = np.arange(len(size) + 1)
    scores = 2 * tied_so_far / (predicted_ties + tied_so_far[-1])
    for side in (1, -1):
        predicted = _left(sign == side)
        actual = int(np.sum(truth == side))
        hits = _left((sign == side) & (truth == side))
        scores += 2 * hits / np.maximum(predicted + actual, 1)
    boundary = np.concatenate([[size[0] > 0], np.diff(size) > 0, [True]])
    candidates = np.flatnonzero(boundary)
    cut = int(candidates[np.argmax(scores[candidates])])
    if cut == 0:
        return 0.0
    return float(size[-1] if cut == len(size) else (size[cut - 1] + size[cut]) / 2)


def _left(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many of the mask remain after the first 0, 1, ... entries are taken away."""
    return int(mask.sum()) - np.concatenate([[0], np.cumsum(mask)])


def three_way(
    pairs: Pairs, margins: NDArray[np.float64], bands: NDArray[np.float64], bootstrap: ClusterBootstrap
) -> tuple[dict[str, Figure], dict[str, object] | None]:
    """Accuracy and macro precision, recall and F1 of first, tie and second; and the confusion matrix.

    ``margins`` and ``bands`` have shape (pairs,); a pair whose band is NaN (its fold's validation part
    had no tie to choose by) is left out. Rows of the matrix are people's answers, columns the model's.
    Precision and recall of a class that is never predicted or never occurs are undefined, and so is
    their mean. Every pair counts once. "First" is the lower position within the prompt.
    """
    kept = ~np.isnan(bands)
    truth = 1 - pairs.outcome[kept]
    if not (pairs.outcome == 0).any():
        reason = "no ties among the held-out pairs"
    elif not kept.any():
        reason = "no ties among the validation pairs to choose a tie band by"
    elif not (truth == 1).any():
        reason = "no ties among the held-out pairs that have a tie band"
    else:
        answered = margins[kept]
        predicted = 1 - np.where(np.abs(answered) <= bands[kept], 0, np.sign(answered)).astype(np.int64)
        cells = np.eye(9)[3 * truth + predicted]
        prompts, n = pairs.prompt[kept], int(kept.sum())
        figures = {
            name: bootstrap.figure(prompts, cells, statistic, n=n, undefined=why)
            for name, (statistic, why) in _THREE_WAY.items()
        }
        matrix = cells.sum(axis=0).reshape(3, 3).astype(int).tolist()
        return figures, {"labels": list(CLASSES), "matrix": matrix}
    return {name: undefined_figure(reason) for name in _THREE_WAY}, None


def _accuracy(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    return divide(cells[..., _DIAGONAL].sum(axis=-1), cells.sum(axis=-1))


def _macro_precision(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    _, predicted = _marginals(cells)
    return _mean_of_classes(divide(cells[..., _DIAGONAL], predicted))


def _macro_recall(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    actual, _ = _marginals(cells)
    return _mean_of_classes(divide(cells[..., _DIAGONAL], actual))


def _macro_f1(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    actual, predicted = _marginals(cells)
    return _mean_of_classes(divide(2 * cells[..., _DIAGONAL], actual + predicted))


def _mean_of_classes(values: NDArray[np.float64]) -> NDArray[np.float64]:
    means: NDArray[np.float64] = values.sum(axis=-1) / len(CLASSES)
    return means


def _marginals(cells: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How often each class was given and predicted, shapes (..., 3), from cells (..., 9)."""
    matrix = cells.reshape(*cells.shape[:-1], 3, 3)
    return matrix.sum(axis=-1), matrix.sum(axis=-2)


_THREE_WAY: Final[dict[str, tuple[Callable[[NDArray[np.float64]], NDArray[np.float64]], str]]] = {
    "accuracy": (_accuracy, "no held-out pair"),
    "macro_precision": (_macro_precision, "one of first, tie and second is never predicted"),
    "macro_recall": (_macro_recall, "one of first, tie and second never occurs"),
    "macro_f1": (_macro_f1, "one of first, tie and second neither occurs nor is predicted"),
}
