"""Scores corrected for each annotator's mean and scale.

    score = offset_a + scale_a * value_u + noise,   value_u ~ N(mean, sd^2),   noise ~ N(0, noise_a^2)

with offset_a ~ N(0, .) in units of the values' spread, scale_a ~ N(1, .), and noise_a^2 drawn to what all have in
common (a scaled inverse chi-square prior). The values are integrated out exactly, since everything is Gaussian: the
expectation-maximisation of a one-factor model (Rubin & Thayer 1982) with ratings missing by design.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotation.annotators.base import Z95, ConvergenceError, Floats, Integers, grouped

ITERATIONS = 20_000
TOLERANCE = 1e-6
OFFSET_SPREAD, SCALE_SPREAD = 1.0, 0.5
NOISE_WEIGHT = 4.0  # ratings that the common noise counts as
COMMON_NOISE = 0.5
"""Noise variance that is expected before any score is seen, where the scores' own variance is 1."""


@dataclass(frozen=True, eq=False)
class RatingModel:
    """A fit: value and value_error (units,); the rest (annotators,), in the scores' own units.

    reliability is the correlation of an annotator's scores with the values, -1 to 1: near 0 is careless, below it
    reversed. change is the largest change of a parameter in the last iteration, in units of the scores' spread.
    """

    value: Floats
    value_error: Floats
    mean: float
    spread: float
    offset: Floats
    offset_error: Floats
    scale: Floats
    scale_error: Floats
    noise: Floats
    reliability: Floats
    reliability_low: Floats
    reliability_high: Floats
    labels: Integers
    iterations: int
    change: float


@dataclass(frozen=True, eq=False)
class Parameters:
    """Offset, scale and noise variance of each annotator, mean and variance of the values; standardised scores."""

    offset: Floats
    scale: Floats
    noise: Floats
    mean: float
    variance: float

    def flat(self) -> Floats:
        """All of them in one array."""
        return np.concatenate([self.offset, self.scale, self.noise, [self.mean, self.variance]])


def rating_model(
    unit: ArrayLike,
    annotator: ArrayLike,
    score: ArrayLike,
    *,
    units: int | None = None,
    annotators: int | None = None,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> RatingModel:
    """Fit the model to scores, (n,) each.

    Raises ValueError where all scores are equal, ConvergenceError where a parameter still moves by more than
    `tolerance` after `iterations`.
    """
    problem = RatingProblem(unit, annotator, score, units, annotators)
    parameters = problem.start()
    for iteration in range(1, iterations + 1):
        new = problem.step(parameters)
        change = float(np.abs(new.flat() - parameters.flat()).max())
        parameters = new
        if change <= tolerance:
            return problem.result(parameters, iteration, change)
    raise ConvergenceError(
        f"the rating model still moves by {change:.1e} after {iterations} iterations ({tolerance:.0e} is allowed)"
    )


class RatingProblem:
    """Scores in standard units, and the steps of the fit."""

    def __init__(
        self,
        unit: ArrayLike,
        annotator: ArrayLike,
        score: ArrayLike,
        units: int | None = None,
        annotators: int | None = None,
    ) -> None:
        """Standardise the scores."""
        self.unit, self.annotator = np.asarray(unit, dtype=np.int64), np.asarray(annotator, dtype=np.int64)
        raw = np.asarray(score, dtype=np.float64)
        self.units = int(self.unit.max()) + 1 if units is None else units
        self.annotators = int(self.annotator.max()) + 1 if annotators is None else annotators
        self.centre, self.step_size = float(raw.mean()), float(raw.std())
        if self.step_size == 0:
            raise ValueError("all scores are equal")
        self.score = (raw - self.centre) / self.step_size
        self.labels = np.bincount(self.annotator, minlength=self.annotators).astype(np.int64)

    def start(self) -> Parameters:
        """Nobody differs from the others, and half of the variance is noise."""
        count = self.annotators
        return Parameters(np.zeros(count), np.ones(count), np.full(count, 0.5), 0.0, 0.5)

    def values(self, parameters: Parameters) -> tuple[Floats, Floats]:
        """Posterior mean and variance of each unit's value."""
        scale, noise = parameters.scale[self.annotator], parameters.noise[self.annotator]
        precision = 1 / parameters.variance + grouped(scale**2 / noise, self.unit, self.units)
        pull = scale * (self.score - parameters.offset[self.annotator]) / noise
        total = parameters.mean / parameters.variance + grouped(pull, self.unit, self.units)
        return total / precision, 1 / precision

    def log_posterior(self, parameters: Parameters) -> float:
        """Log density of scores and parameters with the values integrated out, without constants."""
        scale, noise = parameters.scale[self.annotator], parameters.noise[self.annotator]
        rest = self.score - parameters.offset[self.annotator]
        precision = 1 / parameters.variance + grouped(scale**2 / noise, self.unit, self.units)
        total = parameters.mean / parameters.variance + grouped(scale * rest / noise, self.unit, self.units)
        level = -0.5 * (np.log(noise).sum() + (rest**2 / noise).sum())
        level += 0.5 * (total**2 / precision - np.log(precision)).sum()
        level -= 0.5 * self.units * (np.log(parameters.variance) + parameters.mean**2 / parameters.variance)
        level -= 0.5 * ((parameters.offset / OFFSET_SPREAD) ** 2).sum()
        level -= 0.5 * (((parameters.scale - 1) / SCALE_SPREAD) ** 2).sum()
        level -= 0.5 * NOISE_WEIGHT * (np.log(parameters.noise) + COMMON_NOISE / parameters.noise).sum()
        return float(level)

    def step(self, parameters: Parameters) -> Parameters:
        """One iteration; the log posterior density never falls (a conditional maximisation, Meng & Rubin 1993)."""
        value, variance = self.values(parameters)
        at, count = self.annotator, self.annotators
        mean = value[self.unit]
        square = mean**2 + variance[self.unit]
        by_noise = 1 / parameters.noise
        a11 = self.labels * by_noise + OFFSET_SPREAD**-2
        a12 = grouped(mean, at, count) * by_noise
        a22 = grouped(square, at, count) * by_noise + SCALE_SPREAD**-2
        b1 = grouped(self.score, at, count) * by_noise
        b2 = grouped(self.score * mean, at, count) * by_noise + SCALE_SPREAD**-2
        determinant = a11 * a22 - a12**2
        offset = (a22 * b1 - a12 * b2) / determinant
        scale = (a11 * b2 - a12 * b1) / determinant
        rest = self.score - offset[at] - scale[at] * mean
        squares = grouped(rest**2 + scale[at] ** 2 * variance[self.unit], at, count)
        noise = (squares + NOISE_WEIGHT * COMMON_NOISE) / (self.labels + NOISE_WEIGHT)
        centre = float(value.mean())
        return _settled(offset, scale, noise, centre, float((variance + (value - centre) ** 2).mean()))

    def result(self, parameters: Parameters, iterations: int, change: float) -> RatingModel:
        """The fit in the scores' own units."""
        value, variance = self.values(parameters)
        at, count = self.annotator, self.annotators
        mean = value[self.unit]
        a11 = self.labels / parameters.noise + OFFSET_SPREAD**-2
        a12 = grouped(mean, at, count) / parameters.noise
        a22 = grouped(mean**2, at, count) / parameters.noise + SCALE_SPREAD**-2
        determinant = a11 * a22 - a12**2
        spread = np.sqrt(parameters.variance)
        signal = parameters.scale * spread
        reliability = signal / np.sqrt(signal**2 + parameters.noise)
        # Fisher's z of a correlation, with the prior's few ratings counted in.
        around = Z95 / np.sqrt(np.maximum(self.labels - 3, 0) + NOISE_WEIGHT)
        unit = self.step_size
        return RatingModel(
            value=self.centre + unit * value,
            value_error=unit * np.sqrt(variance),
            mean=self.centre + unit * parameters.mean,
            spread=float(unit * spread),
            # In the scores' own units the scale turns about the mean of the values.
            offset=unit * (parameters.offset + (parameters.scale - 1) * parameters.mean),
            offset_error=unit * np.sqrt(a22 / determinant),
            scale=parameters.scale,
            scale_error=np.sqrt(a11 / determinant),
            noise=unit * np.sqrt(parameters.noise),
            reliability=reliability,
            reliability_low=np.tanh(np.arctanh(reliability) - around),
            reliability_high=np.tanh(np.arctanh(reliability) + around),
            labels=self.labels,
            iterations=iterations,
            change=change,
        )


def _settled(offset: Floats, scale: Floats, noise: Floats, mean: float, variance: float) -> Parameters:
    """Shift and stretch the values to where the annotators' priors are highest; the likelihood does not change.

    Without this the fit would creep along those two directions (parameter expansion, Liu, Rubin & Wu 1998).
    """
    squares = float(scale @ scale)
    if squares > 0:
        shift = -float(offset @ scale) / squares
        offset, mean = offset + shift * scale, mean - shift
        stretch = float(scale.sum()) / squares
        if stretch > 0:  # a stretch below 0 would turn the scale around
            scale, mean, variance = scale * stretch, mean / stretch, variance / stretch**2
    return Parameters(offset, scale, noise, mean, variance)
