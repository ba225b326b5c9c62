"""Figures with their uncertainty: percentile intervals from a bootstrap that resamples whole groups.

Prompts of one group are alike, so groups, not pairs, are drawn with replacement (cluster bootstrap:
Davison & Hinkley 1997, section 3.8; Cameron, Gelbach & Miller 2008). A metric that is a function of
sums over units needs only the sums of each group: one matrix product gives every resample.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RESAMPLES: Final = 1000
LEVEL: Final = 0.95
MOST_CLUSTERS: Final = 2048
ONE_GROUP: Final = "one group only: no interval"

Figure = dict[str, Any]


class ClusterBootstrap:
    """Resamples of groups, drawn once with a fixed seed so that all figures share them.

    ``groups`` names the group of every prompt of the dataset. More than ``MOST_CLUSTERS`` groups are
    first dealt at random into that many clusters of whole groups, which leaves the intervals valid and
    the work bounded.
    """

    def __init__(
        self,
        groups: Sequence[str],
        prompts: NDArray[np.int64],
        *,
        resamples: int = RESAMPLES,
        seed: int = 0,
    ) -> None:
        rng = np.random.default_rng(seed)
        names, codes = np.unique(np.array([groups[p] for p in prompts], dtype=object), return_inverse=True)
        self.clusters = min(len(names), MOST_CLUSTERS)
        cluster_of_group = np.arange(len(names))
        if len(names) > MOST_CLUSTERS:
            cluster_of_group = rng.permutation(len(names)) % MOST_CLUSTERS
        self._cluster_of_prompt = np.full(len(groups), -1, dtype=np.int64)
        self._cluster_of_prompt[prompts] = cluster_of_group[codes]
        self._resamples = resamples
        self._counts = self._draw(rng)

    def _draw(self, rng: np.random.Generator) -> NDArray[np.float64]:
        """How often each cluster is drawn in each resample, shape (resamples, clusters)."""
        if self.clusters == 0:
            return np.zeros((self._resamples, 0))
        drawn = rng.integers(0, self.clusters, size=(self._resamples, self.clusters))
        flat = drawn + np.arange(self._resamples)[:, None] * self.clusters
        counts = np.bincount(flat.ravel(), minlength=self._resamples * self.clusters)
        return counts.reshape(self._resamples, self.clusters).astype(np.float64)

    def clusters_of(self, prompts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Cluster of each of these prompts; all must be among the prompts given at construction."""
        return self._cluster_of_prompt[prompts]

    def cluster_sums(self, prompts: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums by cluster of ``values`` (units, k), unit ``i`` belonging to ``prompts[i]``."""
        codes = self.clusters_of(prompts)
        columns = [np.bincount(codes, weights=column, minlength=self.clusters) for column in values.T]
        return np.stack(columns, axis=1)

    def resampled(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums (clusters, k) of every resample, shape (resamples, k)."""
        return self._counts @ sums

    def resample_weights(self, prompts: NDArray[np.int64], which: slice) -> NDArray[np.float64]:
        """How often each unit's cluster was drawn in these resamples, shape (resamples, units)."""
        return self._counts[which][:, self.clusters_of(prompts)]

    def figure(
        self,
        prompts: NDArray[np.int64],
        values: NDArray[np.float64],
        statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        *,
        n: int,
        undefined: str,
    ) -> Figure:
        """Figure of a statistic of sums.

        ``statistic`` maps sums of shape (..., k) to values of shape (...), NaN where undefined; a NaN
        for the whole sample gives ``{"value": None, "reason": undefined}``.
        """
        sums = self.cluster_sums(prompts, values)
        value = float(statistic(sums.sum(axis=0)))
        if np.isnan(value):
            return undefined_figure(undefined)
        return self.summary(value, statistic(self.resampled(sums)), n=n, clusters=_filled(sums))

    def mean(
        self,
        prompts: NDArray[np.int64],
        values: NDArray[np.float64],
        weights: NDArray[np.float64],
        *,
        undefined: str,
        bounded: bool = True,
    ) -> Figure:
        """Weighted mean over units; ``bounded`` says that the values lie between 0 and 1.

        A share of exactly 0 or 1 has no spread to resample; its other end is then the exact binomial
        bound for as many trials as there are groups (Clopper & Pearson 1934).
        """
        if len(prompts) == 0:
            return undefined_figure(undefined)
        pairs = np.stack([weights * values, weights], axis=1)
        result = self.figure(prompts, pairs, ratio, n=len(prompts), undefined=undefined)
        extreme = values[0] if bounded and np.all(values == values[0]) else None
        if extreme in (0.0, 1.0) and result["interval"] is not None:
            trials = len(np.unique(self.clusters_of(prompts)))
            lowest = float(((1 - LEVEL) / 2) ** (1 / trials))  # the quantile of Beta(trials, 1)
            result["interval"] = [lowest, 1.0] if extreme == 1.0 else [0.0, 1 - lowest]
        return result

    def summary(self, value: float, samples: NDArray[np.float64], *, n: int, clusters: int) -> Figure:
        """Figure from a value and its resampled values; resamples where it is undefined are left out."""
        if clusters < 2:
            return {"value": value, "interval": None, "n": n, "reason": ONE_GROUP}
        defined = samples[~np.isnan(samples)]
        if len(defined) < len(samples) / 2:
            return {"value": value, "interval": None, "n": n, "reason": "undefined in most resamples"}
        low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return {"value": value, "interval": [float(low), float(high)], "n": n}


def ratio(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """First sum over second, NaN where the second is zero; shape (..., 2) to (...)."""
    return divide(sums[..., 0], sums[..., 1])


def divide(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quotient, NaN where the denominator is zero."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    result = np.full(denominator.shape, np.nan)
    np.divide(numerator, denominator, out=result, where=denominator != 0)
    return result


def undefined_figure(reason: str) -> Figure:
    """A figure that does not exist, and why."""
    return {"value": None, "reason": reason}


def _filled(sums: NDArray[np.float64]) -> int:
    """Clusters that contribute anything."""
    return int(np.count_nonzero(np.any(sums != 0, axis=1)))
