"""Fits of R(x) = w.x + b on a dataset: which judgments a fit reads, and from where it starts."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.features.space import FeatureSpace, Raw
from training.rewards.models.differences import Differences
from training.rewards.models.leniency import Leniency, fit_leniency
from training.rewards.models.objective import Objective, Rankings, Strengths, Ties, build_objective
from training.rewards.models.skills import Skills, fit_skills
from training.rewards.models.span import LearningSpan, Span
from training.rewards.models.squared import RatingTargets
from training.rewards.models.strictness import Strictness, block_scales
from training.rewards.models.weights import EXACT, Weights, fit_weights

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LinearOptions:
    """How judgments enter and the weights are found.

    ``loss`` "squared" is the mean squared error of ratings alone. Newton fits to a proven gradient, with
    ``l2`` and ``numbers`` chosen by inner cross-validation where they are None; Adam makes ``epochs`` passes.
    ``criteria`` "heads" fits each rated criterion by itself and what each counts by comparisons.
    """

    ties: Ties = "davidson"
    rankings: Rankings = "pairs"
    strengths: Strengths = "auto"
    annotators: Literal["auto", "off"] = "auto"
    l2: float | None = None
    numbers: float | None = None
    loss: Literal["preference", "squared"] = "preference"
    optimizer: Literal["newton", "adam"] = "newton"
    learning_rate: float | None = None
    epochs: int | None = None
    batch_size: int | None = None
    criteria: Literal["together", "heads"] = "together"

    @property
    def plain(self) -> bool:
        """Whether one fit of all judgments by Newton makes the weights, which another may then repeat."""
        return (self.loss, self.optimizer, self.criteria) == ("preference", "newton", "together")


class Fitter:
    """Everything that fits on one learning part share: the space, every item's features, the span.

    The space is that of all learning prompts: it reads their texts, never their labels.
    """

    def __init__(
        self,
        dataset: Dataset,
        raw: Raw,
        learning: NDArray[np.int64],
        groups: Mapping[str, bool],
        options: LinearOptions,
        span: Span | None = None,
    ) -> None:
        self.dataset, self.raw, self.learning = dataset, raw, learning
        self.groups, self.options = groups, options
        self.items = items_of_prompts(dataset, raw, learning)
        self.space = FeatureSpace.fit(raw, self.items, groups)
        self.design = self.space.transform(raw)
        self._span = None if span is None else LearningSpan(span, self.space, self.design, self.items)
        self.targets = RatingTargets.of(dataset, learning) if options.loss == "squared" else None
        self._held_out: Vector | None = None
        self._scored: Vector | None = None

    def reading(self, strengths: Strengths, held_out: Vector | None = None) -> Fitter:
        """The same, reading strengths another way and annotators by their skills at rewards (rows,) held out."""
        other = copy(self)
        other.options, other._held_out = replace(self.options, strengths=strengths), held_out
        return other

    def skills(self, prompts: NDArray[np.int64]) -> Skills | None:
        """Annotators' skills by their judgments on ``prompts`` alone; None where all are read alike."""
        return None if self._held_out is None else fit_skills(self.dataset, prompts, self._held_out)

    def lenient(self, held_out: Vector) -> Fitter:
        """The same, reading ratings and verdicts by their annotators' leniency at rewards (rows,) held out."""
        other = copy(self)
        other._scored = held_out
        return other

    def leniency(self, prompts: NDArray[np.int64]) -> Leniency | None:
        """Annotators' leniency by their judgments on ``prompts`` alone; None where all are read alike."""
        return None if self._scored is None else fit_leniency(self.dataset, prompts, self._scored)

    def judged(self, prompts: NDArray[np.int64]) -> Objective:
        """What a fit is held to on ``prompts`` it has not seen: every judgment as it is, no strength weighted."""
        if self.targets is not None:
            return self.objective(prompts)
        ties: Ties = "half" if self.options.strengths == "ordinal" else self.options.ties
        plain = replace(self.options, strengths="ignore", ties=ties)
        return objective_of(self.dataset, prompts, self.raw.index, plain)

    def objective(self, prompts: NDArray[np.int64], counts: Vector | None = None) -> Objective:
        """The judgments on ``prompts``, each prompt ``counts`` (prompts of the dataset,) times."""
        if self.targets is not None:
            return self.targets.objective(prompts, self.raw.index, counts)
        return objective_of(
            self.dataset,
            prompts,
            self.raw.index,
            self.options,
            counts,
            self.skills(prompts),
            self.leniency(prompts),
        )

    @property
    def in_span(self) -> bool:
        """Whether fits are made in the span of the outputs, which takes milliseconds from anywhere."""
        return self._span is not None

    def solver(self, prompts: NDArray[np.int64], start: Weights | None = None) -> Solver:
        """Fits on judgments on ``prompts``, from ``start`` where they are not made in the span."""
        return Solver(self, self._span, items_of_prompts(self.dataset, self.raw, prompts), start)

    def rewards(self, weights: Weights) -> Vector:
        """Rewards of every item of ``raw``."""
        return self.design.forward(weights.columns) + weights.intercept

    def in_units(self, weights: Weights) -> Weights:
        """Weights of rewards in the ratings' own units where those were standardised, else as they are."""
        if self.targets is None:
            return weights
        level = float(self.targets.in_units(np.array([weights.intercept]))[0])
        return replace(weights, columns=self.targets.spread * weights.columns, intercept=level)


class Solver:
    """Fits on the same outputs again and again, each starting where the last one ended."""

    def __init__(
        self,
        fitter: Fitter,
        span: LearningSpan | None,
        items: NDArray[np.int64],
        start: Weights | None = None,
    ) -> None:
        self._fitter, self._span = fitter, span
        self._part = None if span is None else span.part(items)
        self._last = start
        self._compared: Differences | None = None

    def fit(self, objective: Objective, strictness: Strictness, tolerance: float = EXACT) -> Weights:
        """Weights with a gradient, in all columns, that is as small as asked. Raises ConvergenceError.

        A fit in the span is only where the fit in the columns starts, which then has little left to do.
        """
        scales = block_scales(self._fitter.space, strictness)
        start = self._last
        if self._span is not None and self._part is not None:
            found = self._part.fit(objective, strictness, tolerance / 2)
            columns = self._span.weights(found.places, found.coefficients, scales)
            tie = found.tie if objective.fits_ties else None
            start = Weights(columns, found.level, tie, found.gradient_norm)
            if tolerance > EXACT:
                return start
        differences = self._differences(objective) if self._part is None else None
        self._last = fit_weights(
            self._fitter.design,
            objective,
            scales,
            strictness.l2,
            start=start,
            tolerance=tolerance,
            differences=differences,
        )
        return self._last

    def _differences(self, objective: Objective) -> Differences | None:
        """The objective's comparisons as differences, kept for the next strictness; None for few or others."""
        if not Differences.fits(objective):
            return None
        if self._compared is None or self._compared.objective is not objective:
            self._compared = Differences.of(self._fitter.design, objective)
        return self._compared


def objective_of(
    dataset: Dataset,
    prompts: NDArray[np.int64],
    index: NDArray[np.int64],
    options: LinearOptions,
    counts: Vector | None = None,
    skills: Skills | None = None,
    leniency: Leniency | None = None,
) -> Objective:
    """The objective of the prompts' judgments under these options; ``index`` (rows,) maps to items."""
    return build_objective(
        dataset,
        prompts,
        index,
        ties=options.ties,
        rankings=options.rankings,
        strengths=options.strengths,
        skills=skills,
        leniency=leniency,
        counts=counts,
    )


def items_of_prompts(dataset: Dataset, raw: Raw, prompts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Distinct items that the prompts' completions are, sorted."""
    return np.unique(raw.index[rows_of_prompts(dataset, prompts)])


def rows_of_prompts(dataset: Dataset, prompts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of the prompts' completions, in the order of the prompts."""
    starts = dataset.offsets[prompts]
    counts = dataset.offsets[prompts + 1] - starts
    rows: NDArray[np.int64] = np.arange(counts.sum()) + np.repeat(
        starts - (np.cumsum(counts) - counts), counts
    )
    return rows
