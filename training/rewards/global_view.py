"""What a reward goes by, for any kind of model: how much of it length and style alone account for.

A linear surrogate of held-out rewards on how outputs are written, looked at within prompts: rewards and
features are taken less their mean over the prompt's outputs, so that only differences between outputs of
one prompt count. Every prompt weighs the same: its outputs weigh 1 / (outputs - 1), which makes the
weighted sum of squares the mean squared difference of two of its outputs (halved), summed over prompts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.features.style import STYLE_NAMES, style_matrix
from training.rewards.intervals import ClusterBootstrap, Figure, divide, undefined_figure

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
LENGTH: Final = STYLE_NAMES.index("log characters")
FEWEST_GROUPS: Final = 10
FOLDS: Final = 5
QUINTILES: Final = (0.2, 0.4, 0.6, 0.8)
FEATURES_MOST: Final = 12
_NOTHING: Final = 1e-9  # a spread below this is rounding


@dataclass(frozen=True)
class _Within:
    """Centred outputs: ``prompt``, ``weight``, ``reward`` (n,), ``style`` (n, STYLE_NAMES), ``bends`` (n, 4).

    ``style`` and ``bends`` (what the length exceeds each of its quintiles by, so that there can be too much
    of it) have unit spread within prompts; a column that does not vary there is 0. The weights sum to the
    degrees of freedom, outputs less prompts.
    """

    prompt: NDArray[np.int64]
    weight: Vector
    reward: Vector
    style: Matrix
    bends: Matrix


def global_view(
    dataset: Dataset, rewards: Vector, prompts: NDArray[np.int64], *, style: Matrix | None = None
) -> dict[str, Any]:
    """``{"prompts", "outputs", "shares", "features"}`` of the held-out ``prompts``.

    ``rewards`` (rows,) are by fits that did not see the row's prompt; ``style`` (rows, STYLE_NAMES) saves
    computing it. ``shares`` are parts of the variance of the reward within prompts that a surrogate
    fitted on other prompts accounts for (cross-fitted R squared, 0 where it accounts for none):

    - length: the logarithm of the length, in a line with a bend at each quintile;
    - style: these and every feature of ``features/style.py``;
    - style_beyond_length: the one less the other.

    ``features`` hold length first, then the features most correlated with the reward: ``correlation``
    within prompts, and ``weight``, the coefficient in a joint regression on all of them, both in standard
    deviations. Intervals resample groups of prompts.
    """
    bootstrap = ClusterBootstrap([prompt.group for prompt in dataset.prompts], prompts)
    within = _within(dataset, rewards, prompts, style)
    view: dict[str, Any] = {
        "prompts": len(np.unique(within.prompt)),
        "outputs": len(within.prompt),
        "features": [],
    }
    reason = _too_little(within, bootstrap)
    if reason:
        view["shares"] = dict.fromkeys(("length", "style", "style_beyond_length"), undefined_figure(reason))
        return view
    return {**view, "shares": _shares(within, bootstrap), "features": _features(within, bootstrap)}


def _within(dataset: Dataset, rewards: Vector, prompts: NDArray[np.int64], style: Matrix | None) -> _Within:
    """The outputs of those of the prompts that have two and more with a reward."""
    prompt_of_row = np.repeat(np.arange(len(dataset.prompts)), np.diff(dataset.offsets))
    rows = np.flatnonzero(np.isin(prompt_of_row, prompts) & np.isfinite(rewards))
    counts = np.bincount(prompt_of_row[rows], minlength=len(dataset.prompts))
    rows = rows[counts[prompt_of_row[rows]] > 1]
    prompt = prompt_of_row[rows]
    values = style_matrix([dataset.rows[row] for row in rows]) if style is None else style[rows]
    length = values[:, LENGTH]
    knots = np.quantile(length, QUINTILES) if len(rows) else np.zeros(len(QUINTILES))
    bends = np.maximum(0.0, length[:, None] - knots)
    centred = _centred(np.column_stack([rewards[rows], values, bends]), prompt)
    used = counts[counts > 1]
    weight = (used - 1).sum() / max(len(used), 1) / np.maximum(counts[prompt] - 1, 1)
    columns = _scaled(centred[:, 1:], weight)
    return _Within(
        prompt, weight, centred[:, 0], columns[:, : len(STYLE_NAMES)], columns[:, len(STYLE_NAMES) :]
    )


def _centred(values: Matrix, prompt: NDArray[np.int64]) -> Matrix:
    """Columns less their mean over the rows of the same prompt, which stand together."""
    if not len(prompt):
        return values
    starts = np.flatnonzero(np.concatenate([[True], np.diff(prompt) != 0]))
    sizes = np.diff(np.append(starts, len(prompt)))
    means = np.add.reduceat(values, starts, axis=0) / sizes[:, None]
    centred: Matrix = values - np.repeat(means, sizes, axis=0)
    return centred


def _scaled(columns: Matrix, weight: Vector) -> Matrix:
    spread = np.sqrt(divide(weight @ columns**2, np.full(columns.shape[1], weight.sum())))
    varies = spread > _NOTHING
    return np.where(varies, columns / np.where(varies, spread, 1.0), 0.0)


def _too_little(within: _Within, bootstrap: ClusterBootstrap) -> str:
    groups = len(np.unique(bootstrap.clusters_of(within.prompt)))
    if groups < FEWEST_GROUPS:
        return f"fewer than {FEWEST_GROUPS} groups of held-out prompts with two outputs"
    return "" if np.abs(within.reward).max() > _NOTHING else "the rewards of a prompt's outputs are all equal"


def _shares(within: _Within, bootstrap: ClusterBootstrap) -> dict[str, Figure]:
    length = np.column_stack([within.style[:, LENGTH], within.bends])
    style = np.column_stack([within.style, within.bends])
    fold = bootstrap.clusters_of(within.prompt) % FOLDS
    errors = [
        within.weight * (within.reward - _cross_fitted(columns, within, fold)) ** 2
        for columns in (length, style)
    ]
    sums = np.column_stack([*errors, within.weight * within.reward**2])

    def figure(part: Matrix) -> Figure:
        """The share is (first - second) / third; an estimate below 0 is a share of 0."""
        return bootstrap.figure(
            within.prompt,
            part,
            lambda totals: np.maximum(0.0, divide(totals[..., 0] - totals[..., 1], totals[..., 2])),
            n=len(within.prompt),
            undefined="",
        )

    return {
        "length": figure(sums[:, [2, 0, 2]]),
        "style": figure(sums[:, [2, 1, 2]]),
        "style_beyond_length": figure(sums[:, [0, 1, 2]]),
    }


def _cross_fitted(columns: Matrix, within: _Within, fold: NDArray[np.int64]) -> Vector:
    """Each output's reward by a regression on the other folds' prompts, shape (n,)."""
    predicted = np.zeros(len(fold))
    for number in range(FOLDS):
        inside = fold == number
        weighted = columns[~inside] * within.weight[~inside, None]
        coefficients = _ridge(weighted.T @ columns[~inside], weighted.T @ within.reward[~inside])
        predicted[inside] = columns[inside] @ coefficients
    return predicted


def _ridge(gram: Matrix, moment: Matrix) -> Matrix:
    """Coefficients of columns of unit spread, shapes (..., k, k) and (..., k) to (..., k).

    The penalty is the number of columns: what a normal prior comes to under which the columns together
    account for half of the variance, each as much as the next (Hoerl, Kennard & Baldwin 1975). It keeps
    counts of characters and of words, which say nearly the same, from taking opposite weights.
    """
    count = gram.shape[-1]
    solved: Matrix = np.linalg.solve(gram + count * np.eye(count), moment[..., None])[..., 0]
    return solved


def _features(within: _Within, bootstrap: ClusterBootstrap) -> list[dict[str, Any]]:
    """Correlation and joint weight of the length and of the features most correlated with the reward."""
    correlation = [
        bootstrap.figure(
            within.prompt,
            within.weight[:, None] * np.column_stack([column * within.reward, column**2, within.reward**2]),
            lambda sums: divide(sums[..., 0], np.sqrt(sums[..., 1] * sums[..., 2])),
            n=len(within.prompt),
            undefined="does not vary within prompts",
        )
        for column in within.style.T
    ]
    weights = _weights(within, bootstrap)
    known = [place for place, figure in enumerate(correlation) if figure["value"] is not None]
    order = sorted(known, key=lambda place: (place != LENGTH, -abs(correlation[place]["value"])))
    return [
        {"name": STYLE_NAMES[place], "correlation": correlation[place], "weight": weights[place]}
        for place in order[:FEATURES_MOST]
    ]


def _weights(within: _Within, bootstrap: ClusterBootstrap) -> list[Figure]:
    """Coefficients of the joint regression, refitted in every resample."""
    spread = float(np.sqrt(within.weight @ within.reward**2 / within.weight.sum()))
    target = within.reward / spread
    sums = _cluster_products(np.column_stack([within.style, target]), within, bootstrap)
    whole, resampled = sums.sum(axis=0), bootstrap.resampled(sums.reshape(len(sums), -1))
    drawn = resampled.reshape(-1, *whole.shape)
    values = _ridge(whole[:-1, :-1], whole[:-1, -1])
    samples = _ridge(drawn[:, :-1, :-1], drawn[:, :-1, -1])
    clusters = len(np.unique(bootstrap.clusters_of(within.prompt)))
    return [
        bootstrap.summary(float(value), column, n=len(target), clusters=clusters)
        for value, column in zip(values, samples.T, strict=True)
    ]


def _cluster_products(columns: Matrix, within: _Within, bootstrap: ClusterBootstrap) -> Matrix:
    """Weighted sums of products of columns by cluster, shape (clusters, k, k)."""
    cluster = bootstrap.clusters_of(within.prompt)
    order = np.argsort(cluster, kind="stable")
    ends = np.searchsorted(cluster[order], np.arange(bootstrap.clusters + 1))
    sums = np.zeros((bootstrap.clusters, columns.shape[1], columns.shape[1]))
    for number in range(bootstrap.clusters):
        part = order[ends[number] : ends[number + 1]]
        sums[number] = (columns[part] * within.weight[part, None]).T @ columns[part]
    return sums
