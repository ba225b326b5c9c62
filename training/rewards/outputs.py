"""How well a reward finds good outputs among all outputs: precision, recall, F1, AUC, MCC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.intervals import ClusterBootstrap, Figure, divide, undefined_figure
from training.rewards.targets import Outputs

AUC_RESAMPLES: Final = 300
_CELLS_AT_ONCE: Final = 4_000_000
FIGURES: Final = ("precision", "recall", "f1", "auc", "mcc", "constant_f1")


def output_scores(
    rewards: NDArray[np.float64], offsets: NDArray[np.int64], target: str
) -> NDArray[np.float64]:
    """What is held against a threshold, by row: rewards, centred per prompt for the target "won_more".

    Winning more is relative to the prompt's other outputs, so only rewards relative to them can tell it.
    """
    if target != "won_more" or len(rewards) == 0:
        return rewards
    sizes = np.diff(offsets)
    filled = sizes > 0
    means = np.add.reduceat(rewards, offsets[:-1][filled]) / sizes[filled]
    return rewards - np.repeat(means, sizes[filled])


def choose_threshold(scores: NDArray[np.float64], good: NDArray[np.bool_]) -> float | None:
    """Score from which an output is called good, by F1 on validation outputs; None if none is good.

    Thresholds lie half-way between neighbouring scores; of equally good ones the highest is taken.

    >>> choose_threshold(np.array([1.0, 2.0, 4.0]), np.array([False, True, True]))
    1.5
    """
    if not good.any():
        return None
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    called = np.arange(1, len(ranked) + 1)
    f1 = 2 * np.cumsum(good[order]) / (called + int(good.sum()))
    last_of_equals = np.append(np.diff(ranked) < 0, True)
    candidates = np.flatnonzero(last_of_equals)
    cut = int(candidates[np.argmax(f1[candidates])])
    return float(ranked[cut] if cut == len(ranked) - 1 else (ranked[cut] + ranked[cut + 1]) / 2)


def output_metrics(
    outputs: Outputs,
    scores: NDArray[np.float64],
    thresholds: NDArray[np.float64],
    fold: NDArray[np.int64],
    bootstrap: ClusterBootstrap,
) -> tuple[dict[str, Any], dict[str, object] | None]:
    """The figures of the test outputs, and the confusion matrix (rows people's answers, columns ours).

    ``scores``, ``thresholds`` and ``fold`` have shape (outputs,). Outputs whose threshold is NaN (no
    good output in their fold's validation part) count only in AUC, which compares outputs of the same
    fold: rewards of different fold models share no zero.
    """
    if len(outputs.good) == 0:
        reason = "no held-out output is known to be good or not"
        return {"target": None, **{name: undefined_figure(reason) for name in FIGURES}}, None
    auc = _auc_figure(outputs, scores, fold, bootstrap)
    kept = ~np.isnan(thresholds)
    if not kept.any():
        reason = "no good output in the validation part to choose a threshold by"
        figures = {name: undefined_figure(reason) for name in FIGURES}
        return {"target": outputs.target, **figures, "auc": auc}, None
    good = outputs.good[kept]
    called = scores[kept] >= thresholds[kept]
    split = [good & called, good & ~called, ~good & called, ~good & ~called]
    cells = np.stack(split, axis=1).astype(np.float64)
    figures = {
        name: bootstrap.figure(outputs.prompt[kept], cells, statistic, n=int(kept.sum()), undefined=reason)
        for name, (statistic, reason) in _STATISTICS.items()
    }
    matrix = cells.sum(axis=0).reshape(2, 2).astype(int).tolist()
    result = {"target": outputs.target, **{name: {**figures, "auc": auc}[name] for name in FIGURES}}
    return result, {"labels": ["good", "not_good"], "matrix": matrix}


def _precision(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    return divide(cells[..., 0], cells[..., 0] + cells[..., 2])


def _recall(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    return divide(cells[..., 0], cells[..., 0] + cells[..., 1])


def _f1(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    return divide(2 * cells[..., 0], 2 * cells[..., 0] + cells[..., 1] + cells[..., 2])


def _mcc(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matthews correlation; the four roots are taken one by one so that large counts do not overflow."""
    hit, missed, false, right = (cells[..., column] for column in range(4))
    scale = np.sqrt(hit + false) * np.sqrt(hit + missed) * np.sqrt(right + false) * np.sqrt(right + missed)
    return divide(hit * right - false * missed, scale)


def _constant_f1(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """F1 of calling every output good: 2 p / (1 + p) for a share p of good outputs; undefined for p = 0."""
    good = cells[..., 0] + cells[..., 1]
    return np.where(good > 0, divide(2 * good, good + cells.sum(axis=-1)), np.nan)


_Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_STATISTICS: Final[dict[str, tuple[_Statistic, str]]] = {
    "precision": (_precision, "no held-out output is called good"),
    "recall": (_recall, "no held-out output is good"),
    "f1": (_f1, "no held-out output is good or called good"),
    "mcc": (_mcc, "needs good and other outputs, and both called"),
    "constant_f1": (_constant_f1, "no held-out output is good"),
}


def _auc_figure(
    outputs: Outputs, scores: NDArray[np.float64], fold: NDArray[np.int64], bootstrap: ClusterBootstrap
) -> Figure:
    order = np.lexsort((scores, fold))
    good = outputs.good[order]
    ranked = _Ranked(scores[order], fold[order], good)
    value = float(ranked.auc(np.ones((1, len(good))))[0])
    if np.isnan(value):
        return undefined_figure("needs a good output and another one in the same held-out part")
    prompts = outputs.prompt[order]
    clusters = len(np.unique(bootstrap.clusters_of(prompts)))
    step = max(1, _CELLS_AT_ONCE // len(good))
    blocks = [slice(start, min(start + step, AUC_RESAMPLES)) for start in range(0, AUC_RESAMPLES, step)]
    samples = [ranked.auc(bootstrap.resample_weights(prompts, block)) for block in blocks]
    return bootstrap.summary(value, np.concatenate(samples), n=len(good), clusters=clusters)


class _Ranked:
    """Outputs sorted by fold and score, ready for the AUC under many weightings at once."""

    def __init__(self, scores: NDArray[np.float64], fold: NDArray[np.int64], good: NDArray[np.bool_]) -> None:
        new_fold = np.concatenate([[True], np.diff(fold) != 0])
        new_value = new_fold | np.concatenate([[True], np.diff(scores) != 0])
        self._good = good
        self._starts = np.flatnonzero(new_value)
        self._fold_of_value = (np.cumsum(new_fold) - 1)[self._starts]
        self._fold_starts = np.flatnonzero(np.concatenate([[True], np.diff(self._fold_of_value) != 0]))

    def auc(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of (good, other) pairs of one fold in which the good one scores higher, ties half.

        ``weights`` (resamples, outputs) to values (resamples,); NaN where there is no such pair.
        """
        good = np.add.reduceat(weights * self._good, self._starts, axis=1)
        other = np.add.reduceat(weights * ~self._good, self._starts, axis=1)
        total = np.add.reduceat(other, self._fold_starts, axis=1)
        before = np.cumsum(other, axis=1) - other
        below = before - before[:, self._fold_starts][:, self._fold_of_value]
        won = (good * (below + other / 2)).sum(axis=1)
        possible = (np.add.reduceat(good, self._fold_starts, axis=1) * total).sum(axis=1)
        return divide(won, possible)
