"""One training run from judgments to an evaluated model: features, splits, fits, figures.

Holdout: the model that was evaluated is the model that is served; it has seen the training and the
validation part, never the test part. Cross-validation: every figure comes from fold models on prompts
they had not seen, and the served model is then fitted on everything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.rewards import models
from training.rewards.arms import arm_curves
from training.rewards.baselines import held_out_baselines
from training.rewards.criteria_figures import CriterionFigures
from training.rewards.curve import LearningCurve, label_counts
from training.rewards.data import Dataset
from training.rewards.evaluate import evaluate
from training.rewards.features.encoder import Encoder
from training.rewards.features.space import Raw, extract, items_of
from training.rewards.features.style import style_matrix
from training.rewards.global_view import global_view
from training.rewards.hackability import Attacks
from training.rewards.models.base import Cancelled, FitInput, FitOutput, Fitted, Report
from training.rewards.models.linear_fit import rows_of_prompts
from training.rewards.models.span import Span
from training.rewards.overlap import overlap
from training.rewards.readiness import readiness, spread_within
from training.rewards.reading import reading
from training.rewards.recipe import Recipe, Scheme
from training.rewards.scrutiny import labels_doubted, like_each_fold
from training.rewards.sources import leave_sources_out
from training.rewards.splits import FEWEST_TEST_GROUPS, Split, folds, needs_cross_fit, split_groups
from training.rewards.targets import consensus, pair_votes

Vector = NDArray[np.float64]
FEWEST_LABELS: Final = 20
FEWEST_GROUPS: Final = 5
CURVE_KINDS: Final = ("linear",)
FALLBACK_FOLDS: Final = 5


class NotEnoughLabels(ValueError):  # noqa: N818 - what is the case, as the API words it
    """There is too little to fit and judge a model on; ``missing`` is how much more is needed."""

    def __init__(self, missing: int, message: str) -> None:
        self.missing = missing
        super().__init__(message)


@dataclass(frozen=True)
class ExperimentResult:
    """A model to serve and what is known of it.

    ``test_rewards`` (rows,) are rewards by a fit that never saw the row's prompt, NaN elsewhere, and
    ``test_prompts`` the prompts they cover: two models are compared on them. ``curve`` holds the live
    points of the fit, ``notes`` sentences for the run's log, ``second_look`` the labels to look at again.
    """

    model: Fitted
    evaluation: dict[str, Any]
    test_rewards: Vector
    test_prompts: NDArray[np.int64]
    curve: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    second_look: dict[str, Any]


def labelled_prompts(dataset: Dataset) -> NDArray[np.int64]:
    """Prompts with at least one judgment, sorted."""
    found = {judged.prompt for judged in dataset.preferences}
    found |= {judged.prompt for judged in dataset.ratings}
    found |= {judged.prompt for judged in dataset.verdicts}
    return np.array(sorted(found), dtype=np.int64)


def require_enough(dataset: Dataset, what: str = "labels") -> NDArray[np.int64]:
    """The prompts with labels, which a message calls ``what``. Raises NotEnoughLabels below 20 labels or 5 groups."""
    labels = len(dataset.preferences) + len(dataset.ratings) or len(dataset.verdicts)
    if labels < FEWEST_LABELS:
        missing = FEWEST_LABELS - labels
        raise NotEnoughLabels(missing, f"{labels} {what} so far: {missing} more are needed to train a model.")
    labelled = labelled_prompts(dataset)
    groups = len({dataset.prompts[prompt].group for prompt in labelled})
    if groups < FEWEST_GROUPS:
        missing = FEWEST_GROUPS - groups
        raise NotEnoughLabels(
            missing,
            f"The {what} cover {groups} groups of prompts: {missing} more groups are needed, "
            "so that a model can be tested on prompts it has not seen.",
        )
    return labelled


def plan_splits(
    dataset: Dataset, labelled: NDArray[np.int64], recipe: Recipe, salt: str
) -> tuple[Scheme, list[Split], str | None]:
    """The scheme that is used, its splits as prompt positions of the dataset, and why it is another one.

    A holdout whose test part has fewer than 30 groups becomes cross-validation in 5 folds.
    """
    groups = [dataset.prompts[prompt].group for prompt in labelled]
    fallback = None
    scheme, count = recipe.scheme, recipe.folds
    if scheme == "holdout":
        split = split_groups(groups, salt=salt, test_fraction=recipe.test_fraction)
        if not needs_cross_fit(groups, split.test):
            return scheme, [_placed(split, labelled)], None
        fallback = (
            f"Fewer than {FEWEST_TEST_GROUPS} groups of prompts to test on: "
            f"cross-validation in {FALLBACK_FOLDS} folds instead of a holdout."
        )
        scheme, count = "cross-validation", FALLBACK_FOLDS
    parts = folds(groups, salt=salt, folds=count)
    return scheme, [_placed(part, labelled) for part in parts], fallback


def run_experiment(
    dataset: Dataset,
    recipe: Recipe,
    *,
    salt: str,
    cache_dir: Path | None,
    report: Report,
    should_stop: Callable[[], bool],
    work_dir: Path | None = None,
    start: Fitted | None = None,
) -> ExperimentResult:
    """Fits and evaluates what ``recipe`` asks for on the judgments of ``dataset``.

    ``dataset`` holds the judgments that the recipe's data ask for; ``salt`` is the project's. ``report``
    gets progress 0 to 1, a step in words, and points of the live curve; ``should_stop`` is asked often.
    ``work_dir`` keeps the course of long fits, from which a killed run goes on; the fit of the served model
    may start from the weights of ``start``, one of the same recipe, and ends where it would without.

    Raises NotEnoughLabels, Cancelled, ConvergenceError, and ValueError for given features that differ
    in number between completions.
    """
    from threadpoolctl import threadpool_limits

    # One thread: the matrices are small, several would wait for each other, and the order of additions,
    # so every byte of the result, stays the same on any machine with the same libraries.
    with threadpool_limits(limits=1, user_api="blas"):
        return _run(dataset, recipe, salt, cache_dir, report, should_stop, work_dir, start)


def _run(
    dataset: Dataset,
    recipe: Recipe,
    salt: str,
    cache_dir: Path | None,
    report: Report,
    should_stop: Callable[[], bool],
    work_dir: Path | None,
    start: Fitted | None,
) -> ExperimentResult:
    def check() -> None:
        if should_stop():
            raise Cancelled("the run was asked to stop")

    labelled = require_enough(dataset)
    if recipe.options.get("loss") == "squared":
        require_enough(replace(dataset, preferences=(), verdicts=()), what="ratings")
    scheme, splits, fallback = plan_splits(dataset, labelled, recipe, salt)
    notes = [fallback] if fallback else []
    raw = _features(dataset, recipe, cache_dir, report, check)
    if raw.truncated:
        notes.append(f"{raw.truncated} long texts were embedded by a part of them only.")
    report(0.3, "comparing outputs with one another", None)
    task = FitInput(
        dataset,
        raw,
        splits[0],
        recipe.features,
        recipe.options,
        recipe.seed,
        cache_dir,
        report,
        check,
        span=Span.of(dataset, raw, labelled) if any(recipe.features.values()) else None,
        work_dir=work_dir,
    )
    outputs: list[FitOutput] = []
    rewards = np.full(dataset.row_count, np.nan)
    stds = np.full(dataset.row_count, np.nan)
    curve = LearningCurve(dataset, splits) if recipe.kind in CURVE_KINDS else None
    test = np.sort(np.concatenate([split.test for split in splits]))
    attacks = Attacks(dataset, consensus(pair_votes(dataset).on(test)))
    criteria = CriterionFigures(dataset)
    share = 0.5 / len(splits)
    for number, split in enumerate(splits):
        check()
        name = "" if len(splits) == 1 else f"fold {number + 1} of {len(splits)}: "
        fold_report = _within(
            report, 0.3 + number * share, 0.3 + (number + 1) * share, name, len(splits) == 1
        )
        parts = () if curve is None else curve.parts(number)
        output = models.fit(
            recipe.kind,
            replace(
                task,
                split=split,
                report=fold_report,
                named=scheme == "holdout",
                parts=parts,
                start=start if scheme == "holdout" else None,
            ),
        )
        rows = rows_of_prompts(dataset, split.test)
        rewards[rows] = output.scores.reward[raw.index[rows]]
        if output.scores.std is not None:
            stds[rows] = output.scores.std[raw.index[rows]]
        if curve is not None:
            curve.add(number, [part[raw.index] for part in output.part_rewards])
        attacks.add(output.model, split.test)
        criteria.add(output.model, raw, rows)
        outputs.append(output)
    served = outputs[0]
    if scheme == "cross-validation":
        nothing = np.zeros(0, dtype=np.int64)
        whole = Split(labelled, nothing, nothing)
        served = models.fit(
            recipe.kind,
            replace(task, split=whole, report=_within(report, 0.8, 0.9, "final fit: ", True), start=start),
        )
    check()
    report(0.9, "evaluating", None)
    notes += list(dict.fromkeys(served.notes))
    style = style_matrix(dataset.rows) if raw.style is None else raw.style[raw.index]
    evaluation = evaluate(
        dataset,
        rewards=rewards,
        splits=splits,
        scheme=scheme,
        validation_rewards=[output.validation_rewards for output in outputs],
        baselines=held_out_baselines(dataset, splits, style=style),
        stds=stds if np.isfinite(stds).any() else None,
        reference_kinds=recipe.annotator_kinds,
        curve=() if curve is None else curve.points(rewards),
        attacks=attacks,
    )
    if curve is not None:
        spent = overlap(dataset, raw, splits, recipe.options, recipe.features, check=check)
        evaluation["forecast"] = curve.forecast(rewards) | {"overlap": spent}
    evaluation["global_view"] = global_view(dataset, rewards, test, style=style)
    labels = int(label_counts(dataset).sum())
    evaluation["readiness"] = readiness(
        evaluation, labels=labels, spread=spread_within(dataset, rewards, test)
    )
    if recipe.kind in CURVE_KINDS and dataset.arms:
        evaluation["arms"] = arm_curves(dataset, raw, recipe.features, salt=salt, span=task.span, check=check)
    like_folds = like_each_fold(task, recipe, [output.model for output in outputs])
    evaluation["sources"] = leave_sources_out(dataset, splits, rewards, like_folds)
    again = labels_doubted(task, recipe, scheme, splits, rewards, salt=salt)
    evaluation["second_look"] = {key: value for key, value in again.items() if key != "pairs"}
    evaluation["likelihood"] = reading(dataset, served, recipe.options)
    evaluation["criteria"] = criteria.table(served.model, test)
    if fallback:
        evaluation["split"]["note"] = fallback
    report(1.0, "finished", None)
    return ExperimentResult(served.model, evaluation, rewards, test, served.curve, tuple(notes), again)


def _features(
    dataset: Dataset, recipe: Recipe, cache_dir: Path | None, report: Report, check: Callable[[], None]
) -> Raw:
    """Features of every row, telling how many texts were embedded."""
    report(0.0, "reading features", None)

    def embedded(done: int, total: int) -> None:
        check()
        report(0.3 * done / total, f"embedded {done} of {total} new texts", None)

    return extract(items_of(dataset.rows), recipe.features, Encoder(cache_dir), embedded)


def _placed(split: Split, labelled: NDArray[np.int64]) -> Split:
    """A split of the labelled prompts as positions in the dataset."""
    return Split(labelled[split.train], labelled[split.validation], labelled[split.test])


def _within(report: Report, low: float, high: float, prefix: str, with_points: bool) -> Report:
    """A report whose 0 to 1 is ``low`` to ``high`` of the whole; points only where one curve is drawn."""

    def told(progress: float, step: str, point: dict[str, Any] | None) -> None:
        report(low + progress * (high - low), prefix + step, point if with_points else None)

    return told
