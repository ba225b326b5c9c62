"""How a model's held-out accuracy grows with the number of labels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.forecast import forecast
from training.rewards.intervals import ClusterBootstrap
from training.rewards.metrics import pair_accuracy
from training.rewards.models.linear_fit import rows_of_prompts
from training.rewards.splits import Split
from training.rewards.targets import Pairs, consensus, pair_votes

Vector = NDArray[np.float64]
CURVE_SHARES: Final = (0.0625, 0.125, 0.25, 0.5)
CURVE_FOLDS: Final = 5


class LearningCurve:
    """Held-out accuracy with a sixteenth, an eighth, ... and all of the labels, and what more would bring.

    Smaller parts lie inside larger ones and whole groups enter in the order of a hash; strictness stays
    as chosen on everything. Pooled over at most ``CURVE_FOLDS`` folds; ``labels`` is their mean.
    """

    def __init__(self, dataset: Dataset, splits: Sequence[Split]) -> None:
        self._dataset, self._splits = dataset, list(splits[:CURVE_FOLDS])
        self._groups = [prompt.group for prompt in dataset.prompts]
        self._counts = label_counts(dataset)
        self._rewards = [np.full(dataset.row_count, np.nan) for _ in CURVE_SHARES]
        self._labels = np.zeros((len(CURVE_SHARES) + 1, len(self._splits)))

    def parts(self, fold: int) -> tuple[NDArray[np.int64], ...]:
        """The prompts to fit on besides all of this fold's."""
        if fold >= len(self._splits):
            return ()
        split = self._splits[fold]
        learning = np.concatenate([split.train, split.validation])
        parts = [nested_part(learning, self._groups, self._counts, share) for share in CURVE_SHARES]
        self._labels[:, fold] = [int(self._counts[part].sum()) for part in (*parts, learning)]
        return tuple(parts)

    def add(self, fold: int, rewards: Sequence[Vector]) -> None:
        """Take the rewards (rows,) of the fits on a fold's parts."""
        if fold < len(self._splits):
            rows = rows_of_prompts(self._dataset, self._splits[fold].test)
            for pooled, part in zip(self._rewards, rewards, strict=True):
                pooled[rows] = part[rows]

    def points(self, rewards: Vector) -> list[dict[str, Any]]:
        """The curve, ``{"labels", "accuracy"}`` each; it ends with ``rewards`` (rows,) of the fits on everything."""
        pairs, bootstrap = self._held_out()
        return [
            {"labels": round(float(labels)), "accuracy": pair_accuracy(pairs, pooled, bootstrap)}
            for labels, pooled in zip(self._labels.mean(axis=1), (*self._rewards, rewards), strict=True)
        ]

    def forecast(self, rewards: Vector) -> dict[str, Any]:
        """How the curve goes on (see ``training.rewards.forecast``)."""
        pairs, bootstrap = self._held_out()
        labels = self._labels.mean(axis=1).tolist()
        return forecast(pairs, labels, [*self._rewards, rewards], bootstrap)

    def _held_out(self) -> tuple[Pairs, ClusterBootstrap]:
        test = np.concatenate([split.test for split in self._splits])
        return consensus(pair_votes(self._dataset).on(test)), ClusterBootstrap(self._groups, test)


def label_counts(dataset: Dataset) -> NDArray[np.int64]:
    """Judgments of each prompt, shape (prompts,)."""
    places = [
        judged.prompt
        for judgments in (dataset.preferences, dataset.ratings, dataset.verdicts)
        for judged in judgments
    ]
    return np.bincount(np.array(places, dtype=np.int64), minlength=len(dataset.prompts))


def nested_part(
    prompts: NDArray[np.int64], groups: Sequence[str], counts: NDArray[np.int64], share: float
) -> NDArray[np.int64]:
    """Prompts of the first groups, by a hash, that hold ``share`` of the labels; at least one group."""
    order = sorted(prompts.tolist(), key=lambda p: (hashlib.sha256(groups[p].encode()).digest(), p))
    goal = share * float(counts[prompts].sum())
    taken: list[int] = []
    total = 0
    for place, prompt in enumerate(order):
        same_group = place > 0 and groups[prompt] == groups[order[place - 1]]
        if total >= goal and not same_group:
            break
        taken.append(prompt)
        total += int(counts[prompt])
    return np.array(sorted(taken), dtype=np.int64)
