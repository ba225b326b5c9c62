"""Everything that is published of a reward model, from its rewards of prompts it did not train on.

Holdout::

    evaluate(dataset, rewards=rewards, splits=[split], scheme="holdout",
             validation_rewards=[rewards], baselines=held_out_baselines(dataset, [split]))

Cross-validation, fold models ``k`` scoring their own test and validation prompts::

    evaluate(dataset, rewards=each row by the model that did not see it, splits=folds,
             scheme="cross-validation", validation_rewards=[fold k's rewards of its validation rows, ...],
             baselines=held_out_baselines(dataset, folds))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from training.rewards import metrics
from training.rewards.baselines import Baseline
from training.rewards.best_of_n import best_of_n
from training.rewards.calibration import calibration, reliability
from training.rewards.data import AnnotatorKind, Dataset
from training.rewards.duplicates import Duplicates
from training.rewards.hackability import Attacks
from training.rewards.intervals import ClusterBootstrap, Figure, undefined_figure
from training.rewards.outputs import choose_threshold, output_metrics, output_scores
from training.rewards.reference import reference_and_model
from training.rewards.slices import accuracy_slices
from training.rewards.splits import FEWEST_TEST_GROUPS, Split, needs_cross_fit, shared_groups
from training.rewards.targets import Outputs, Pairs, Votes, consensus, good_outputs, pair_votes

Scheme = Literal["holdout", "cross-validation"]


def evaluate(
    dataset: Dataset,
    *,
    rewards: NDArray[np.float64],
    splits: Sequence[Split],
    scheme: Scheme,
    validation_rewards: Sequence[NDArray[np.float64]],
    baselines: Mapping[str, Baseline],
    stds: NDArray[np.float64] | None = None,
    reference_kinds: Sequence[AnnotatorKind] = ("human",),
    curve: Sequence[dict[str, Any]] = (),
    attacks: Attacks | None = None,
) -> dict[str, Any]:
    """The JSON object ``evaluation`` of the API, ready for ``json.dumps(..., allow_nan=False)``.

    ``splits`` has one entry for a holdout, one for each fold otherwise; test parts must not overlap.
    ``rewards``, ``stds`` and the arrays of ``validation_rewards`` (one for each split, by that split's
    own model) have shape (rows,) and are NaN where a row was not scored. ``rewards`` are read on the
    test prompts only, ``validation_rewards[k]`` on the validation prompts of ``splits[k]`` only: they
    choose the threshold for good outputs and the tie band for that split's test part.
    ``reference_kinds`` says whose agreement is the human reference; ``attacks`` holds what the splits'
    models make of winners that were tampered with.

    Figures are ``{"value", "interval", "n"}``; an undefined one is ``{"value": None, "reason"}``, and a
    figure from a single group has the interval None with a reason.

    Raises ValueError for shapes that do not fit, overlapping test parts, or a row that should have
    been scored and was not.
    """
    prompt_of_row = np.repeat(np.arange(len(dataset.prompts)), np.diff(dataset.offsets))
    _check(prompt_of_row, rewards, splits, validation_rewards)
    test = np.concatenate([split.test for split in splits])
    fold_of_prompt = np.full(len(dataset.prompts), -1, dtype=np.int64)
    for fold, split in enumerate(splits):
        fold_of_prompt[split.test] = fold
    groups = [prompt.group for prompt in dataset.prompts]
    bootstrap = ClusterBootstrap(groups, test)
    all_votes = pair_votes(dataset)
    pairs = consensus(all_votes.on(test))
    lengths = np.array([len(completion.text) for _, completion in dataset.rows], dtype=np.int64)
    bands = _tie_bands(all_votes, splits, validation_rewards)
    pair_margins = pairs.margins(rewards)
    three_way, confusion = metrics.three_way(
        pairs, pair_margins, bands[fold_of_prompt[pairs.prompt]], bootstrap
    )
    outputs, outputs_confusion = _outputs(
        dataset, rewards, splits, validation_rewards, fold_of_prompt, bootstrap
    )
    return {
        "split": _split_counts(dataset, groups, splits, scheme),
        "pairs": {
            "accuracy": metrics.pair_accuracy(pairs, rewards, bootstrap),
            "accuracy_by_judgment": metrics.accuracy_by_judgment(pairs, rewards, bootstrap),
            "length_balanced_accuracy": metrics.length_balanced_accuracy(pairs, rewards, lengths, bootstrap),
            "log_loss": metrics.log_loss(pairs, rewards, bootstrap),
            "top_1": metrics.top_1(pairs, rewards, bootstrap),
            "three_way": three_way,
        },
        "outputs": outputs,
        "calibration": calibration(pairs, rewards, bootstrap),
        "longer_rate": metrics.longer_rate(pairs, rewards, lengths, bootstrap),
        "baselines": _baseline_figures(pairs, baselines, lengths, bootstrap),
        "human_reference": reference_and_model(
            dataset, test, rewards, kinds=reference_kinds, bootstrap=bootstrap, votes=all_votes
        ),
        "slices": accuracy_slices(dataset, pairs, rewards, test, lengths, bootstrap),
        "curve": list(curve),
        "best_of_n": best_of_n(pairs, rewards, bootstrap),
        "hackability": [] if attacks is None else attacks.table(pair_margins, bootstrap),
        "reliability": reliability(pairs, rewards),
        "confusion": confusion,
        "outputs_confusion": outputs_confusion,
        "uncertainty": {"error_auc": _error_auc(pairs, pair_margins, stds, fold_of_prompt, bootstrap)},
    }


def _check(
    prompt_of_row: NDArray[np.int64],
    rewards: NDArray[np.float64],
    splits: Sequence[Split],
    validation_rewards: Sequence[NDArray[np.float64]],
) -> None:
    if not splits or len(splits) != len(validation_rewards):
        raise ValueError("needs at least one split, and validation_rewards for each of them")
    if any(values.shape != prompt_of_row.shape for values in (rewards, *validation_rewards)):
        raise ValueError("rewards and validation_rewards need one entry for each row of the dataset")
    test = np.concatenate([split.test for split in splits])
    if len(np.unique(test)) < len(test):
        raise ValueError("a prompt is in the test part of two splits")
    if not np.isfinite(rewards[np.isin(prompt_of_row, test)]).all():
        raise ValueError("a test prompt has an output without a finite reward")
    for split, values in zip(splits, validation_rewards, strict=True):
        if not np.isfinite(values[np.isin(prompt_of_row, split.validation)]).all():
            raise ValueError("a validation prompt has an output without a finite reward")


def _split_counts(
    dataset: Dataset, groups: Sequence[str], splits: Sequence[Split], scheme: Scheme
) -> dict[str, Any]:
    """Prompts of each part (train and validation averaged over folds) and what the parts share."""
    duplicates = Duplicates(dataset)
    counts: dict[str, Any] = {
        "scheme": scheme,
        "unit": "group",
        "train": round(float(np.mean([len(split.train) for split in splits]))),
        "validation": round(float(np.mean([len(split.validation) for split in splits]))),
        "test": sum(len(split.test) for split in splits),
        "shared_groups": sum(shared_groups(groups, split) for split in splits),
        "near_duplicates": sum(
            duplicates.count(np.concatenate([split.train, split.validation]), split.test) for split in splits
        ),
        "folds": len(splits),
        "test_groups": sum(len({groups[position] for position in split.test}) for split in splits),
        "note": None,
    }
    if scheme == "holdout" and needs_cross_fit(groups, splits[0].test):
        counts["note"] = (
            f"Only {counts['test_groups']} groups are held out, fewer than {FEWEST_TEST_GROUPS}: "
            "cross-validation gives steadier figures."
        )
    return counts


def _tie_bands(
    votes: Votes, splits: Sequence[Split], validation_rewards: Sequence[NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Tie band of each split by its own validation part, NaN where that has no ties; shape (splits,)."""
    bands = np.full(len(splits), np.nan)
    for fold, (split, values) in enumerate(zip(splits, validation_rewards, strict=True)):
        pairs = consensus(votes.on(split.validation))
        band = metrics.choose_tie_band(pairs.margins(values), pairs.outcome)
        if band is not None:
            bands[fold] = band
    return bands


def _outputs(
    dataset: Dataset,
    rewards: NDArray[np.float64],
    splits: Sequence[Split],
    validation_rewards: Sequence[NDArray[np.float64]],
    fold_of_prompt: NDArray[np.int64],
    bootstrap: ClusterBootstrap,
) -> tuple[dict[str, Any], dict[str, object] | None]:
    """Output figures with the threshold of each split beside them."""
    labelled = good_outputs(dataset)
    chosen = [
        _threshold(dataset, labelled.on(split.validation), values)
        for split, values in zip(splits, validation_rewards, strict=True)
    ]
    held_out = labelled.on(np.flatnonzero(fold_of_prompt >= 0))
    scores = output_scores(rewards, dataset.offsets, labelled.target)[held_out.row]
    fold = fold_of_prompt[held_out.prompt]
    thresholds = np.array([np.nan if value is None else value for value in chosen])
    figures, confusion = output_metrics(held_out, scores, thresholds[fold], fold, bootstrap)
    return {**figures, "thresholds": chosen}, confusion


def _threshold(dataset: Dataset, validation: Outputs, values: NDArray[np.float64]) -> float | None:
    scores = output_scores(values, dataset.offsets, validation.target)
    return choose_threshold(scores[validation.row], validation.good)


def _baseline_figures(
    pairs: Pairs,
    baselines: Mapping[str, Baseline],
    lengths: NDArray[np.int64],
    bootstrap: ClusterBootstrap,
) -> dict[str, dict[str, Figure]]:
    result: dict[str, dict[str, Figure]] = {}
    for name, baseline in baselines.items():
        values = baseline.rewards
        if values is None:
            figures = {
                key: undefined_figure(baseline.reason) for key in ("accuracy", "length_balanced_accuracy")
            }
        else:
            figures = {
                "accuracy": metrics.pair_accuracy(pairs, values, bootstrap),
                "length_balanced_accuracy": metrics.length_balanced_accuracy(
                    pairs, values, lengths, bootstrap
                ),
            }
        result[name] = figures
    return result


def _error_auc(
    pairs: Pairs,
    margins: NDArray[np.float64],
    stds: NDArray[np.float64] | None,
    fold_of_prompt: NDArray[np.int64],
    bootstrap: ClusterBootstrap,
) -> Figure:
    """How well a pair's reward deviation tells wrongly ordered pairs from the others (AUC; 0.5 is chance)."""
    if stds is None:
        return undefined_figure("the model gives no deviation with its rewards")
    kept = pairs.decided
    wrong = Outputs("wrong", pairs.prompt[kept], pairs.first[kept], margins[kept] * pairs.outcome[kept] <= 0)
    spread = np.hypot(stds[pairs.first[kept]], stds[pairs.second[kept]])
    unused = np.full(len(spread), np.nan)
    figures, _ = output_metrics(wrong, spread, unused, fold_of_prompt[wrong.prompt], bootstrap)
    auc: Figure = figures["auc"]
    if auc["value"] is None:
        return undefined_figure("needs rightly and wrongly ordered pairs in the same held-out part")
    return auc
