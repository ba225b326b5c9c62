"""Pair accuracy on parts of the held-out pairs: where a model is good and where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.intervals import ClusterBootstrap
from training.rewards.metrics import pair_accuracy
from training.rewards.targets import Pairs, Votes, consensus, rating_votes

MOST_NAMES: Final = 20
FEWEST_OF_REASON: Final = 5  # pairs; a reason in words of one's own is hardly ever given twice
LENGTH_BANDS: Final = ((1.1, "up to 1.1 times"), (1.5, "1.1 to 1.5 times"), (2.0, "1.5 to 2 times"))
LONGEST_BAND: Final = "over 2 times"


def accuracy_slices(
    dataset: Dataset,
    pairs: Pairs,
    rewards: NDArray[np.float64],
    prompts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    bootstrap: ClusterBootstrap,
) -> list[dict[str, Any]]:
    """``{"by", "name", "value", "interval", "n"}`` for each slice that has a decided pair.

    - source: pairs that an output of this source takes part in (the 20 most frequent);
    - criterion: consensus of this question alone, ratings of the test prompts included;
    - agreement: "unanimous" or "majority" for two votes and more, else "single vote";
    - strength: mean strength of the votes for the winner, rounded;
    - reason: pairs where a vote for the winner gave it (those given for 5 pairs and more, the 20 most
      frequent); a pair with several reasons is in several of these parts;
    - length_gap: how many times longer the longer output is; language: the prompt's.

    A dimension with one slice only tells nothing beyond the whole and is left out.
    """
    lowest = pairs.first[pairs.decided], pairs.second[pairs.decided]
    sources = np.array([completion.source for _, completion in dataset.rows], dtype=object)
    languages = np.array([prompt.language for prompt in dataset.prompts], dtype=object)
    dimensions: dict[str, list[tuple[str, Pairs]]] = {
        "source": list(_by_source(pairs, sources, lowest)),
        "criterion": list(_by_criterion(dataset, pairs.votes, prompts)),
        "agreement": list(_by_label(pairs, _agreement(pairs))),
        "strength": list(_by_label(pairs, _strength(pairs))),
        "reason": list(_by_reason(pairs)),
        "length_gap": list(_by_label(pairs, _length_gap(pairs, lengths))),
        "language": list(_by_label(pairs, languages[pairs.prompt])),
    }
    return [
        {"by": dimension, "name": name, **pair_accuracy(part, rewards, bootstrap)}
        for dimension, parts in dimensions.items()
        if len(parts) > 1
        for name, part in parts
    ]


def _by_label(pairs: Pairs, labels: NDArray[np.object_]) -> Iterator[tuple[str, Pairs]]:
    """A part for each label of a decided pair but "", which means that the dimension does not apply."""
    used = labels[pairs.decided]
    for name in sorted(set(used) - {""})[:MOST_NAMES]:
        yield name, pairs.take(pairs.decided & (labels == name))


def _by_source(
    pairs: Pairs, sources: NDArray[np.object_], decided: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> Iterator[tuple[str, Pairs]]:
    names, counts = np.unique(sources[np.concatenate(decided)].astype(str), return_counts=True)
    ranked = [name for name in names[np.argsort(-counts, kind="stable")].tolist() if name]
    for name in ranked[:MOST_NAMES]:
        mask = (sources[pairs.first] == name) | (sources[pairs.second] == name)
        yield name, pairs.take(pairs.decided & mask)


def _by_criterion(dataset: Dataset, votes: Votes, prompts: NDArray[np.int64]) -> Iterator[tuple[str, Pairs]]:
    kinds = [votes] if votes.graded else [votes, rating_votes(dataset).on(prompts)]
    for part in kinds:
        for name in sorted(set(part.question)):
            pairs = consensus(part.take(part.question == name))
            if pairs.decided.any():
                yield name, pairs


def _by_reason(pairs: Pairs) -> Iterator[tuple[str, Pairs]]:
    """A part for each reason that votes for the winner gave, the most frequent first."""
    votes = pairs.votes
    given = (votes.reason != "") & (np.sign(votes.value) == pairs.outcome[pairs.pair_of_vote])
    given &= votes.value != 0
    pairs_of: dict[str, set[int]] = {}
    for reason, pair in zip(votes.reason[given], pairs.pair_of_vote[given].tolist(), strict=True):
        pairs_of.setdefault(reason, set()).add(pair)
    for reason in sorted(pairs_of, key=lambda name: (-len(pairs_of[name]), name))[:MOST_NAMES]:
        if len(pairs_of[reason]) >= FEWEST_OF_REASON:
            mask = np.zeros(len(pairs), dtype=bool)
            mask[sorted(pairs_of[reason])] = True
            yield reason, pairs.take(mask)


def _agreement(pairs: Pairs) -> NDArray[np.object_]:
    total, most = pairs.counts.sum(axis=1), pairs.counts.max(axis=1)
    labels = np.where(total == most, "unanimous", "majority").astype(object)
    labels[total == 1] = "single vote"
    return labels


def _strength(pairs: Pairs) -> NDArray[np.object_]:
    """Rounded mean strength of the winner's votes; "" for ratings."""
    if pairs.votes.graded:
        return np.full(len(pairs), "", dtype=object)
    winning = np.sign(pairs.votes.value) == pairs.outcome[pairs.pair_of_vote]
    where = pairs.pair_of_vote[winning]
    sums = np.bincount(where, weights=pairs.votes.strength[winning], minlength=len(pairs))
    counts = np.bincount(where, minlength=len(pairs))
    labels = np.full(len(pairs), "", dtype=object)
    decided = pairs.decided
    labels[decided] = np.floor(sums[decided] / counts[decided] + 0.5).astype(int).astype(str)
    return labels


def _length_gap(pairs: Pairs, lengths: NDArray[np.int64]) -> NDArray[np.object_]:
    longer = np.maximum(lengths[pairs.first], lengths[pairs.second])
    shorter = np.minimum(lengths[pairs.first], lengths[pairs.second])
    labels = np.full(len(pairs), LONGEST_BAND, dtype=object)
    for limit, name in reversed(LENGTH_BANDS):
        labels[longer <= limit * shorter] = name
    return labels
