"""How well people predict one another on the target a reward model is judged on.

It is no ceiling: a model that has learned from many people can agree with the next one more often than
a handful of others do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import AnnotatorKind, Dataset
from training.rewards.intervals import ClusterBootstrap, Figure, undefined_figure
from training.rewards.targets import Votes, graded_sign, pair_votes, plurality


def human_reference(
    dataset: Dataset,
    prompts: NDArray[np.int64],
    *,
    kinds: Sequence[AnnotatorKind] = ("human",),
    bootstrap: ClusterBootstrap | None = None,
) -> Figure:
    """Share of single votes for one side that the other annotators' majority predicts.

    Each annotator in turn is left out. Their vote for one side, on one question, counts 1 where most of
    the others on that pair and question chose the same side, 0 where the other side, 0.5 where a tie or
    no majority. ``n`` counts votes. Undefined where no pair has a second annotator. Comparable with the
    model's ``accuracy_by_judgment``.
    """
    return reference_and_model(dataset, prompts, None, kinds=kinds, bootstrap=bootstrap)["accuracy"]


def reference_and_model(
    dataset: Dataset,
    prompts: NDArray[np.int64],
    rewards: NDArray[np.float64] | None,
    *,
    kinds: Sequence[AnnotatorKind] = ("human",),
    bootstrap: ClusterBootstrap | None = None,
    votes: Votes | None = None,
) -> dict[str, Figure]:
    """``human_reference`` as "accuracy" and, with rewards, the model on the very same votes as "model".

    ``votes`` saves deriving the dataset's votes again.
    """
    votes = (pair_votes(dataset) if votes is None else votes).on(prompts)
    votes = votes.take(np.isin(votes.kind.astype(str), list(kinds)))
    if bootstrap is None:
        bootstrap = ClusterBootstrap([prompt.group for prompt in dataset.prompts], prompts)
    others, prediction = _predicted_by_others(votes)
    kept = (votes.value != 0) & (others > 0)
    names = ("accuracy",) if rewards is None else ("accuracy", "model")
    if not kept.any():
        reason = "no held-out pair was judged by two people"
        if tuple(kinds) != ("human",):
            reason = f"no held-out pair was judged by two annotators of kind {' or '.join(kinds)}"
        return {name: undefined_figure(reason) for name in names}
    side = np.sign(votes.value[kept])
    ones = np.ones(len(side))
    predictions = {"accuracy": prediction[kept].astype(np.float64)}
    if rewards is not None:
        predictions["model"] = np.sign(rewards[votes.first[kept]] - rewards[votes.second[kept]])
    return {
        name: bootstrap.mean(votes.prompt[kept], (1 + side * predicted) / 2, ones, undefined="")
        for name, predicted in predictions.items()
    }


def _predicted_by_others(votes: Votes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each vote, the number of other annotators' votes on its pair and question, and their answer.

    An annotator's repeated votes on one pair and question are all left out together.
    """
    _, question = np.unique(votes.question.astype(str), return_inverse=True)
    _, annotator = np.unique(votes.annotator.astype(str), return_inverse=True)
    _, unit = np.unique(np.stack([votes.first, votes.second, question]), axis=1, return_inverse=True)
    unit = unit.reshape(-1)
    _, own = np.unique(np.stack([unit, annotator]), axis=1, return_inverse=True)
    own = own.reshape(-1)
    sign = np.sign(votes.value)
    others = np.stack([_of_others(sign == side, unit, own) for side in (1, 0, -1)], axis=1).astype(np.int64)
    count = others.sum(axis=1)
    if not votes.graded:
        return count, plurality(others)
    return count, graded_sign(_of_others(votes.value, unit, own))


def _of_others(
    values: NDArray[np.float64] | NDArray[np.bool_], unit: NDArray[np.int64], own: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Sum of ``values`` (votes,) over each vote's unit, less the annotator's own part of it."""
    whole = np.bincount(unit, weights=values).astype(np.float64)
    part = np.bincount(own, weights=values).astype(np.float64)
    return whole[unit] - part[own]
