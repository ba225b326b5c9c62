"""The models of a project's annotators, question by question, as the interface shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from annotation.agreement.rows import JudgmentRow, Judgments, Ratings, read_judgments, read_ratings
from annotation.annotators.base import ConvergenceError, Floats, Integers, Interval, normal_interval
from annotation.annotators.dawid_skene import DawidSkene, dawid_skene
from annotation.annotators.flags import LEAST, category_flags, preference_flags, rating_flags
from annotation.annotators.held_out import held_out_compare
from annotation.annotators.pairwise import (
    POOLING,
    PairwiseProblem,
    accuracy_of,
    first_better,
    grid_of,
    pairwise_fit,
)
from annotation.annotators.posterior import Labels, labels_of_categories, labels_of_pairs, majority
from annotation.annotators.ratings import rating_model
from annotation.annotators.votes import Votes, votes_read
from annotation.questions import Question

LEAST_UNITS = 10  # units with two annotators before a model is fitted
CATEGORIES_LIMIT = 50
SURE = 0.8
EXAMPLES = 10

Entry = dict[str, Any]


def annotator_models(rows: Sequence[JudgmentRow], questions: Sequence[Question]) -> dict[str, Any]:
    """Return for each question the model of its annotators: competence, habits, labels, comparison with majority.

    Competence is the probability of being right where there is something to be right about: of naming the better
    output of a pair, or the true category; for ratings the correlation with the corrected scores.
    """
    judgments = read_judgments(rows)
    return {
        "judgments": len(judgments.rows),
        "questions": [question_model(judgments, question) for question in questions],
    }


def question_model(judgments: Judgments, question: Question) -> Entry:
    """Return the model of one question's annotators; `reason` is a code that says why there is none."""
    entry: Entry = {
        "name": question.name,
        "kind": question.kind,
        "model": None,
        "reason": None,
        "units": 0,
        "annotators": [],
        "labels": None,
        "held_out": None,
    }
    ratings = read_ratings(judgments, question)
    if ratings is None:
        return {**entry, "reason": "no_model"}
    shared = np.bincount(ratings.unit)[ratings.unit] > 1 if len(ratings.unit) else np.zeros(0, dtype=bool)
    entry["units"] = len(np.unique(ratings.unit[shared]))
    if ratings.annotators < 2:
        return {**entry, "reason": "one_annotator"}
    if entry["units"] < LEAST_UNITS:
        return {**entry, "reason": "too_few_shared", "needed": LEAST_UNITS}
    try:
        if ratings.pairs is not None:
            return _preferences(entry, judgments, ratings)
        if question.kind == "rating":
            return _scores(entry, judgments, ratings)
        return _categories(entry, judgments, ratings)
    except ConvergenceError:
        return {**entry, "model": None, "annotators": [], "reason": "not_converged"}


def _annotator(judgments: Judgments, index: int, labels: int, shared: int) -> Entry:
    name, kind = judgments.annotators[index]
    enough = shared >= LEAST
    return {
        "name": name,
        "kind": kind,
        "labels": labels,
        "shared": shared,
        "competence": None,
        "competence_interval": None,
        "reason": None if enough else "not_enough",
        "needed": None if enough else LEAST,
        "flags": [],
        "effects": {},
    }


def _effect(value: float, interval: Interval) -> Entry:
    return {"value": float(value), "interval": list(interval)}


def _shared_labels(unit: Integers, annotator: Integers, count: int) -> tuple[Integers, Integers]:
    """Labels of each annotator, and those on units that somebody else labelled too."""
    several = np.bincount(unit)[unit] > 1
    number = np.bincount(annotator, minlength=count)
    return number, np.bincount(annotator[several], minlength=count)


def _preferences(entry: Entry, judgments: Judgments, ratings: Ratings) -> Entry:
    votes = votes_read(judgments, ratings)
    if not len(votes.unit):
        return {**entry, "reason": "no_variation"}
    fit = pairwise_fit(votes)
    count = votes.annotators
    number, shared = _shared_labels(votes.unit, votes.annotator, count)
    errors = np.sqrt(np.diagonal(fit.covariance, axis1=1, axis2=2))
    knows_place = np.bincount(votes.annotator[votes.shown != 0], minlength=count)
    knows_length = np.bincount(votes.annotator[votes.longer != 0], minlength=count)
    # Half of the annotators would have to be careless before that looked usual.
    known = fit.beta[shared >= LEAST] if (shared >= LEAST).any() else np.array([fit.beta_mean])
    usual = float(accuracy_of(np.array([np.median(known)]))[0])
    for index in np.flatnonzero(number).tolist():
        one = _annotator(judgments, index, int(number[index]), int(shared[index]))
        if one["reason"] is None:
            ends = [
                normal_interval(float(values[index]), float(errors[index, place]))
                for place, values in enumerate((fit.beta, fit.position, fit.longer, fit.tie))
            ]
            one["competence"] = float(accuracy_of(fit.beta[[index]])[0])
            reliable = accuracy_of(np.array(ends[0])).tolist()
            one["competence_interval"] = reliable
            seen = (
                True,
                knows_place[index] >= LEAST,
                knows_length[index] >= LEAST,
                bool(np.isfinite(fit.tie_mean)),
            )
            names = ("beta", "position", "longer", "tie")
            values = (fit.beta, fit.position, fit.longer, fit.tie)
            one["effects"] = {
                name: _effect(column[index], interval)
                for name, column, interval, known in zip(names, values, ends, seen, strict=True)
                if known and np.isfinite(column[index])
            }
            place, length, tie = (
                ends[k] if known and names[k] in one["effects"] else None
                for k, known in list(enumerate(seen))[1:]
            )
            one["flags"] = preference_flags(
                (reliable[0], reliable[1]), usual, place, length, tie, fit.tie_mean
            )
        entry["annotators"].append(one)
    decided = votes.outcome != 0
    sides = votes.select(decided)
    side = (sides.outcome < 0).astype(np.int64)

    def predict(train: Any, test: Any) -> Floats:
        known = pairwise_fit(sides.select(train), start=fit)
        problem = PairwiseProblem(sides.select(test), POOLING)
        problem.grid = grid_of(known.posterior.shape[1])
        first = first_better(problem.posterior_of_votes(known.theta))
        return np.stack([first, 1 - first], axis=1)

    entry["model"] = "bradley_terry"
    entry["fit"] = {
        "log_posterior": -fit.objective,
        "gradient_norm": fit.gradient_norm,
        "iterations": fit.iterations,
        "beta_mean": fit.beta_mean,
        "length_effect": fit.length_effect,
    }
    entry["labels"] = _label_figures(
        judgments,
        votes,
        labels_of_pairs(fit),
        majority(sides.unit, side, votes.units, 2),
        ["first", "second"],
    )
    entry["held_out"] = held_out_compare(sides.unit, side, predict, units=votes.units, categories=2)
    return entry


def _categories(entry: Entry, judgments: Judgments, ratings: Ratings) -> Entry:
    width = int(ratings.category.max()) + 1
    if width > CATEGORIES_LIMIT:
        return {**entry, "reason": "too_many_categories"}
    if width < 2:
        return {**entry, "reason": "no_variation"}
    count, units = len(judgments.annotators), int(ratings.unit.max()) + 1
    smoothing = np.eye(width) + 1 / width  # one label right, and one spread over all categories

    def fitted(kept: Any) -> DawidSkene:
        unit = np.unique(ratings.unit[kept], return_inverse=True)[1]
        annotator, category = ratings.annotator[kept], ratings.category[kept]
        return dawid_skene(unit, annotator, category, annotators=count, categories=width, smoothing=smoothing)

    def predict(train: Any, test: Any) -> Floats:
        rest = (ratings.unit[test], ratings.annotator[test], ratings.category[test])
        return fitted(train).posterior_of(*rest)

    fit = fitted(slice(None))
    number, shared = _shared_labels(ratings.unit, ratings.annotator, count)
    for index in np.flatnonzero(number).tolist():
        one = _annotator(judgments, index, int(number[index]), int(shared[index]))
        if one["reason"] is None:
            interval = fit.accuracy_interval(index)
            one["competence"] = float(fit.hits[index] / fit.labels[index])
            one["competence_interval"] = list(interval)
            one["flags"] = category_flags(interval, float(fit.chance[index]))
            one["effects"] = {"chance": {"value": float(fit.chance[index]), "interval": None}}
        entry["annotators"].append(one)
    entry["model"] = "dawid_skene"
    entry["fit"] = {
        "log_posterior": fit.log_likelihood,
        "change": fit.change,
        "iterations": fit.iterations,
    }
    by_majority = majority(ratings.unit, ratings.category, units, width)
    entry["labels"] = _label_figures(judgments, ratings, labels_of_categories(fit), by_majority, None)
    entry["held_out"] = held_out_compare(
        ratings.unit, ratings.category, predict, units=units, categories=width
    )
    return entry


def _scores(entry: Entry, judgments: Judgments, ratings: Ratings) -> Entry:
    assert ratings.value is not None
    count = len(judgments.annotators)
    try:
        fit = rating_model(ratings.unit, ratings.annotator, ratings.value, annotators=count)
    except ValueError:
        return {**entry, "reason": "no_variation"}
    number, shared = _shared_labels(ratings.unit, ratings.annotator, count)
    for index in np.flatnonzero(number).tolist():
        one = _annotator(judgments, index, int(number[index]), int(shared[index]))
        if one["reason"] is None:
            reliable = (float(fit.reliability_low[index]), float(fit.reliability_high[index]))
            offset = normal_interval(float(fit.offset[index]), float(fit.offset_error[index]))
            scale = normal_interval(float(fit.scale[index]), float(fit.scale_error[index]))
            one["competence"] = float(fit.reliability[index])
            one["competence_interval"] = list(reliable)
            one["effects"] = {
                "offset": _effect(fit.offset[index], offset),
                "scale": _effect(fit.scale[index], scale),
                "noise": {"value": float(fit.noise[index]), "interval": None},
            }
            one["flags"] = rating_flags(reliable, offset, scale, fit.spread)
        entry["annotators"].append(one)
    entry["model"] = "ratings"
    entry["fit"] = {
        "mean": fit.mean,
        "spread": fit.spread,
        "change": fit.change,
        "iterations": fit.iterations,
    }
    entry["labels"] = {
        "units": len(fit.value),
        "mean_error": float(fit.value_error.mean()),
        "mean_shift": float(np.abs(fit.value - _means(ratings)).mean()),
    }
    return entry


def _means(ratings: Ratings) -> Floats:
    assert ratings.value is not None
    return np.asarray(np.bincount(ratings.unit, ratings.value) / np.bincount(ratings.unit))


def _label_figures(
    judgments: Judgments,
    source: Ratings | Votes,
    labels: Labels,
    by_majority: Floats,
    names: list[str] | None,
) -> Entry:
    """How sure the labels are, and where they are not what the majority said."""
    several = np.bincount(source.unit, minlength=len(labels.label)) > 1
    outvoted = several & (by_majority[np.arange(len(labels.label)), labels.label] == 0)
    changed = np.flatnonzero(outvoted & (by_majority.max(axis=1) == 1))
    surest = changed[np.argsort(-labels.probability[changed], kind="stable")][:EXAMPLES]
    row_of_unit = np.zeros(len(labels.label), dtype=np.int64)
    row_of_unit[source.unit] = source.row
    return {
        "units": len(labels.label),
        "mean_probability": float(labels.probability.mean()),
        "sure": int((labels.probability >= SURE).sum()),
        "sure_from": SURE,
        "outvoted": len(changed),
        "examples": [
            {
                "prompt": judgments.rows[row_of_unit[unit]].prompt.split("\n", 1)[0],
                "preferred": names[labels.label[unit]] if names else None,
                "probability": float(labels.probability[unit]),
            }
            for unit in surest.tolist()
        ],
    }
