"""The agreement figures of a project, as the interface shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from annotation.agreement.annotators import annotator_figures, annotator_pairs
from annotation.agreement.classification import FIGURES, classification, majority
from annotation.agreement.icc import icc_1k_evaluator, icc_2k_evaluator, merged_rows
from annotation.agreement.intervals import mean_evaluator, percentile_intervals, point_estimate
from annotation.agreement.kappa import fleiss_evaluator
from annotation.agreement.krippendorff import Level, alpha_evaluator
from annotation.agreement.percent import percent_evaluator, within_one_evaluator
from annotation.agreement.rank import kendall_w_by_unit, tau_b_by_unit
from annotation.agreement.rows import JudgmentRow, Judgments, Ratings, read_judgments, read_ratings
from annotation.agreement.sample import (
    NO_UNITS,
    NO_VARIATION,
    RATERS_DIFFER,
    Evaluate,
    Floats,
    Integers,
    Sample,
    sample_from_ratings,
)
from annotation.questions import KINDS, Question

Measure = dict[str, Any]
NOT_CROSSED = "raters are not crossed: not every rater rated every unit"
NO_UNIT_VARIATION = "the units' mean ratings do not differ"
ALL_TIED = "no two annotators ranked the same completions with a difference"
ALPHA_LEVELS: dict[str, tuple[Level, ...]] = {
    "comparison": ("nominal", "ordinal"),
    "ranks": ("nominal", "ordinal"),
    "scores": ("ordinal", "interval"),
    "names": ("nominal",),
}


def agreement_report(
    judgments: Sequence[JudgmentRow],
    questions: Sequence[Question],
    *,
    judges: Sequence[JudgmentRow] = (),
    humans: Sequence[JudgmentRow] | None = None,
) -> dict[str, Any]:
    """Return the figures of the agreement endpoint: questions, annotators, judges.

    `judgments` are current and submitted, of the kinds of annotators asked for. `judges` are those of kind
    `model`; each is compared with the majority of `humans` (by default the human rows of `judgments`). The
    order of the rows makes no difference, save that of two by one annotator on one item the first is kept.
    """
    table = read_judgments(judgments)
    found = [(question, read_ratings(table, question)) for question in questions]
    names = [name for name, _ in table.annotators]
    if humans is None:
        humans = [row for row in judgments if row.kind == "human"]
    return {
        "judgments": len(table.rows),
        "questions": [_question(question, ratings, names) for question, ratings in found],
        "annotators": annotator_figures(table, [ratings for _, ratings in found if ratings is not None]),
        "judges": _judges([*humans, *judges], questions) if judges else [],
    }


def _question(question: Question, ratings: Ratings | None, names: Sequence[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": question.name,
        "kind": question.kind,
        "units": 0,
        "annotators": 0,
        "measures": [],
        "pairs": [],
    }
    if ratings is None:
        return entry
    figures = KINDS[question.kind].FIGURES
    assert figures is not None
    entry["units"] = ratings.items if figures == "ranks" else len(np.unique(ratings.unit))
    entry["annotators"] = ratings.annotators
    entry["measures"] = _measures(figures, ratings)
    entry["pairs"] = annotator_pairs(ratings, names)
    return entry


def _measures(figures: str, ratings: Ratings) -> list[Measure]:
    scale = sample_from_ratings(ratings.unit, ratings.category) if ratings.value is None else None
    if scale is None and ratings.value is not None:
        on_scale = ~np.isnan(ratings.value)
        scale = sample_from_ratings(ratings.unit[on_scale], ratings.value[on_scale])
    assert scale is not None
    names = scale if figures == "scores" else sample_from_ratings(ratings.unit, ratings.category)
    levels = ALPHA_LEVELS[figures]
    if figures == "ranks":
        return [*_rank_measures(ratings), *_sample_measures(names, scale, levels, ())]
    if figures == "scores":
        plain = _sample_measures(names, scale, levels, ("percent_agreement", "within_one", "icc_1k"))
        return [*plain, _icc_2k(ratings)]
    return _sample_measures(names, scale, levels, ("fleiss_kappa", "percent_agreement"))


def _sample_measures(
    names: Sample, scale: Sample, levels: Sequence[Level], others: Sequence[str]
) -> list[Measure]:
    """Return alpha on each level, the nominal one over `names` and the others over `scale`, then `others`."""
    wanted: list[tuple[Measure, Sample]] = [
        ({"name": "krippendorff_alpha", "level": level}, names if level == "nominal" else scale)
        for level in levels
    ]
    wanted += [({"name": name}, scale if name == "icc_1k" else names) for name in others]
    evaluators: dict[int, Evaluate] = {}
    for index, (measure, sample) in enumerate(wanted):
        measure["units"], measure["values"] = sample.units, sample.values
        evaluate = _evaluator(measure, sample)
        if evaluate is not None:
            evaluators[index] = evaluate
    for sample in (names,) if names is scale else (names, scale):
        own = {index: evaluate for index, evaluate in evaluators.items() if wanted[index][1] is sample}
        intervals = percentile_intervals(
            {str(index): evaluate for index, evaluate in own.items()}, sample.multiplicity
        )
        for index, evaluate in own.items():
            _fill(wanted[index][0], evaluate, sample.multiplicity, intervals[str(index)])
    return [measure for measure, _ in wanted]


def _evaluator(measure: Measure, sample: Sample) -> Evaluate | None:
    """Return the function of a measure; where it is undefined say why and return None."""
    name = measure["name"]
    measure["value"] = measure["interval"] = None
    if not sample.units:
        measure["reason"] = NO_UNITS
        return None
    if name == "percent_agreement":
        return percent_evaluator(sample)
    if name == "within_one":
        return within_one_evaluator(sample)
    if name == "krippendorff_alpha":
        measure["reason"] = NO_VARIATION
        return alpha_evaluator(sample, measure["level"])
    if sample.equal_size is None:
        measure["reason"] = RATERS_DIFFER
        return None
    if name == "fleiss_kappa":
        measure["reason"] = NO_VARIATION
        return fleiss_evaluator(sample)
    measure["reason"] = NO_UNIT_VARIATION
    return icc_1k_evaluator(sample)


def _fill(
    measure: Measure, evaluate: Evaluate, multiplicity: Integers, interval: tuple[float, float] | None
) -> None:
    """Write value and interval, and drop the reason that stood ready for an undefined value."""
    value = point_estimate(evaluate, multiplicity)
    if value is not None:
        measure.update(value=value, interval=None if interval is None else list(interval))
        measure.pop("reason", None)


def _icc_2k(ratings: Ratings) -> Measure:
    measure: Measure = {"name": "icc_2k", "value": None, "interval": None, "units": 0, "values": 0}
    if ratings.value is None or not len(ratings.value):
        return {**measure, "reason": NO_UNITS}
    units, raters = int(ratings.unit[-1]) + 1, len(np.unique(ratings.annotator))
    if raters < 2:
        return {**measure, "reason": NO_UNITS}
    if units * raters != len(ratings.value):
        return {**measure, "reason": NOT_CROSSED}
    measure.update(units=units, values=len(ratings.value), reason=NO_UNIT_VARIATION)
    rows, multiplicity = merged_rows(ratings.value.reshape(units, raters))
    evaluate = icc_2k_evaluator(rows)
    _fill(measure, evaluate, multiplicity, percentile_intervals({"icc": evaluate}, multiplicity)["icc"])
    return measure


def _rank_measures(ratings: Ratings) -> list[Measure]:
    pairs = ratings.pairs
    assert pairs is not None
    units = int(pairs.unit.max()) + 1 if len(pairs.unit) else 0
    return [
        _mean_measure("kendall_w", kendall_w_by_unit(pairs, units)),
        _mean_measure("kendall_tau_b", tau_b_by_unit(pairs, units)),
    ]


def _mean_measure(name: str, figures: Floats) -> Measure:
    """Return the mean of a figure per unit over the units where it is defined."""
    defined = figures[~np.isnan(figures)]
    measure: Measure = {"name": name, "value": None, "interval": None, "units": len(defined)}
    if not len(defined):
        return {**measure, "reason": ALL_TIED}
    values, multiplicity = np.unique(defined, return_counts=True)
    evaluate = mean_evaluator(values)
    _fill(measure, evaluate, multiplicity, percentile_intervals({"mean": evaluate}, multiplicity)["mean"])
    return measure


def _judges(rows: Sequence[JudgmentRow], questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Compare each model annotator with the human majority, question by question."""
    table = read_judgments(rows)
    kinds = np.array([kind for _, kind in table.annotators])
    entries = []
    for question in questions:
        ratings = read_ratings(table, question) if question.kind != "rating" else None
        if ratings is None or not len(ratings.unit):
            continue
        human = (kinds == "human")[ratings.annotator]
        units, truth = majority(ratings.unit[human], ratings.category[human])
        entries += [
            _judge(table, int(index), question, ratings, units, truth)
            for index in np.flatnonzero(kinds == "model")
        ]
    return sorted((entry for entry in entries if entry is not None), key=lambda entry: entry["name"])


def _judge(
    table: Judgments, judge: int, question: Question, ratings: Ratings, units: Integers, truth: Integers
) -> dict[str, Any] | None:
    own = ratings.annotator == judge
    if not own.any():
        return None
    _, at_truth, at_own = np.intersect1d(units, ratings.unit[own], assume_unique=True, return_indices=True)
    compared = classification(truth[at_truth], ratings.category[own][at_own])
    name, kind = table.annotators[judge]
    entry: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "question": question.name,
        "units": compared.units,
    }
    for figure in FIGURES:
        interval = compared.intervals[figure]
        entry[figure] = compared.values[figure]
        entry[f"{figure}_interval"] = None if interval is None else list(interval)
    if not compared.units:
        entry["reason"] = "no unit of this annotator has a human majority"
    return entry
