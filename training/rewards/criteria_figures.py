"""How well each criterion's own head orders held-out outputs as its raters did."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.features.space import Raw
from training.rewards.intervals import ClusterBootstrap
from training.rewards.metrics import pair_accuracy
from training.rewards.models.base import Fitted
from training.rewards.models.linear_reward import LinearModel
from training.rewards.targets import consensus, rating_votes


class CriterionFigures:
    """What the heads of models that did not learn from some prompts say of these, gathered fold by fold."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._values: dict[str, NDArray[np.float64]] = {}

    def add(self, model: Fitted, raw: Raw, rows: NDArray[np.int64]) -> None:
        """The heads' values on ``rows``; nothing of a model without heads."""
        if not isinstance(model, LinearModel) or not model.heads:
            return
        design = model.space.transform(raw)
        for head in model.heads:
            unknown = np.full(self._dataset.row_count, np.nan)
            values = self._values.setdefault(head.criterion, unknown)
            values[rows] = design.forward(head.columns)[raw.index[rows]]

    def table(self, served: Fitted, test: NDArray[np.int64]) -> list[dict[str, Any]]:
        """``{"criterion", "weight", "accuracy"}`` of each head of ``served``.

        ``weight`` multiplies the criterion's value, in deviations of its ratings. ``accuracy`` is the share of
        pairs of outputs on ``test`` prompts that the head orders as the ratings of its criterion do, every
        prompt counting once; undefined where no raters told two outputs apart.
        """
        if not isinstance(served, LinearModel) or not served.heads:
            return []
        bootstrap = ClusterBootstrap([prompt.group for prompt in self._dataset.prompts], test)
        votes = rating_votes(self._dataset).on(test)
        rows: list[dict[str, Any]] = []
        for head in served.heads:
            known = self._values.get(head.criterion, np.full(self._dataset.row_count, np.nan))
            seen = np.isfinite(known[votes.first]) & np.isfinite(known[votes.second])
            pairs = consensus(votes.take(seen & (votes.question == head.criterion)))
            accuracy = pair_accuracy(pairs, known, bootstrap)
            rows.append({"criterion": head.criterion, "weight": head.share, "accuracy": accuracy})
        return rows
