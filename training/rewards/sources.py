"""Leave one source out: how well rewards order the outputs of a model that nothing was learned of.

A policy in training writes like none of the sources that were labelled, so this is nearer to what it will meet
than accuracy on new prompts of known sources.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset, Preference
from training.rewards.intervals import ClusterBootstrap, undefined_figure
from training.rewards.metrics import NO_DECIDED, credit, macro_weights, pair_accuracy
from training.rewards.models.linear_fit import rows_of_prompts
from training.rewards.splits import Split
from training.rewards.targets import Pairs, consensus, pair_votes

Vector = NDArray[np.float64]
Fit = Callable[[int, Dataset, NDArray[np.int64]], Vector]
"""Rewards (rows,) by a fit like that of a split, on a dataset with fewer judgments and on these prompts."""

MOST_SOURCES: Final = 6
FOLDS_MOST: Final = 5
FEWEST_LABELS: Final = 20
FEWEST_PAIRS: Final = 10
TOO_FEW_LABELS: Final = "too few labels without this source"

ONE_SOURCE: Final = "one_source"
FEW_PAIRS: Final = "few_pairs"
KIND: Final = "kind"
REASONS: Final = ("", ONE_SOURCE, FEW_PAIRS, KIND)


def without_source(dataset: Dataset, source: str) -> Dataset:
    """The dataset without what was said of this source's outputs; prompts and rows stay.

    Its outputs leave the orders they stand in. A comparison with one of them is gone, a ranking of three
    outputs becomes one of two.
    """
    own = [
        frozenset(place for place, one in enumerate(prompt.completions) if one.source == source)
        for prompt in dataset.prompts
    ]
    return replace(
        dataset,
        preferences=tuple(
            kept
            for judged in dataset.preferences
            if (kept := _without(judged, own[judged.prompt])) is not None
        ),
        ratings=tuple(each for each in dataset.ratings if each.completion not in own[each.prompt]),
        verdicts=tuple(each for each in dataset.verdicts if each.completion not in own[each.prompt]),
    )


def _without(judged: Preference, outputs: frozenset[int]) -> Preference | None:
    """The order of the other outputs; None where it says nothing."""
    if outputs.isdisjoint(place for tier in judged.tiers for place in tier):
        return judged
    tiers = [tuple(place for place in tier if place not in outputs) for tier in judged.tiers]
    left = tuple(tier for tier in tiers if tier)
    # Without its ends, a best-worst answer leaves only outputs that were not compared with each other.
    if sum(map(len, left)) < 2 or (judged.kind == "best_worst" and len(left) < 2):
        return None
    return replace(judged, tiers=left)


def leave_sources_out(
    dataset: Dataset, splits: Sequence[Split], rewards: Vector, fit: Fit | None
) -> dict[str, Any]:
    """``{"reason", "sources": [{"source", "labels", "within", "without", "change"}], "left_out"}``.

    For each of the ``MOST_SOURCES`` sources of most held-out pairs, ``fit`` learns from each split's training and
    validation prompts without what was said of the source. ``without`` is the accuracy of those fits on the
    splits' test pairs with an output of the source, ``within`` that of ``rewards`` (rows,), which knew the source
    from other prompts; ``change`` is the difference on the same pairs. ``labels`` are the judgments that were
    left to learn from, as a mean over splits: where they are few, that alone explains a part of the change. At most ``FOLDS_MOST`` splits are used.

    ``left_out`` counts the sources that were not tried; ``fit`` None gives no figures, with the reason.
    """
    used = list(splits[:FOLDS_MOST])
    test = np.sort(np.concatenate([split.test for split in used]))
    pairs = consensus(pair_votes(dataset).on(test))
    found = _by_source(dataset, pairs)
    if len({completion.source for _, completion in dataset.rows} - {""}) < 2:
        return {"reason": ONE_SOURCE, "sources": [], "left_out": 0}
    if not found:
        return {"reason": FEW_PAIRS, "sources": [], "left_out": 0}
    if fit is None:
        return {"reason": KIND, "sources": [], "left_out": len(found)}
    bootstrap = ClusterBootstrap([prompt.group for prompt in dataset.prompts], test)
    return {
        "reason": "",
        "sources": [
            _left_out(dataset, used, rewards, fit, bootstrap, source, part)
            for source, part in found[:MOST_SOURCES]
        ],
        "left_out": len(found[MOST_SOURCES:]),
    }


def _by_source(dataset: Dataset, pairs: Pairs) -> list[tuple[str, Pairs]]:
    """Sources with ``FEWEST_PAIRS`` decided pairs and those pairs, the source of most pairs first."""
    sources = np.array([completion.source for _, completion in dataset.rows], dtype=object)
    found = []
    for source in sorted(set(sources) - {""}):
        part = pairs.take(
            pairs.decided & ((sources[pairs.first] == source) | (sources[pairs.second] == source))
        )
        if len(part) >= FEWEST_PAIRS:
            found.append((source, part))
    return sorted(found, key=lambda each: -len(each[1]))


def _left_out(
    dataset: Dataset,
    splits: Sequence[Split],
    rewards: Vector,
    fit: Fit,
    bootstrap: ClusterBootstrap,
    source: str,
    pairs: Pairs,
) -> dict[str, Any]:
    """One source's row."""
    reduced = without_source(dataset, source)
    places = [
        judged.prompt
        for judgments in (reduced.preferences, reduced.ratings, reduced.verdicts)
        for judged in judgments
    ]
    counts = np.bincount(np.array(places, dtype=np.int64), minlength=len(dataset.prompts))
    learning = [np.sort(np.concatenate([split.train, split.validation])) for split in splits]
    labels = [int(counts[part].sum()) for part in learning]
    row = {
        "source": source,
        "labels": round(float(np.mean(labels))),
        "within": pair_accuracy(pairs, rewards, bootstrap),
    }
    if min(labels) < FEWEST_LABELS:
        undefined = undefined_figure(TOO_FEW_LABELS)
        return {**row, "without": undefined, "change": undefined}
    unknowing = np.full(dataset.row_count, np.nan)
    for number, (split, part) in enumerate(zip(splits, learning, strict=True)):
        rows = rows_of_prompts(dataset, split.test)
        unknowing[rows] = fit(number, reduced, part[counts[part] > 0])[rows]
    change = credit(pairs.margins(unknowing), pairs.outcome) - credit(pairs.margins(rewards), pairs.outcome)
    weights = macro_weights(pairs.prompt)
    return {
        **row,
        "without": pair_accuracy(pairs, unknowing, bootstrap),
        "change": bootstrap.mean(pairs.prompt, change, weights, undefined=NO_DECIDED, bounded=False),
    }
