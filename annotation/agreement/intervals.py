"""Percentile bootstrap over units (Efron & Tibshirani 1993, chapter 13) with a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from scipy import special  # `scipy.stats` takes a second to load

from annotation.agreement.sample import Evaluate, Floats, Integers

SEED = 20_260_101
REPLICATES = 1000
LEAST_REPLICATES = 200
WORK_LIMIT = 20_000_000
CHUNK_CELLS = 2_000_000
TAILS = (2.5, 97.5)
DEFINED_SHARE = 0.9

Interval = tuple[float, float]


def point_estimate(evaluate: Evaluate, multiplicity: Integers) -> float | None:
    """Return the figure of the sample as it is, None where it is undefined."""
    value = float(evaluate(multiplicity.astype(np.float64)[None, :])[0])
    return None if np.isnan(value) else value


def resampled_weights(multiplicity: Integers) -> Iterator[Floats]:
    """Yield chunks of weights, (replicates, rows): how often each row's units are drawn in a resample.

    Drawing units with replacement and drawing rows from the multinomial with their shares are the same. There
    are 1,000 replicates, fewer (at least 200) where many different units make each one expensive.
    """
    units, rows = int(multiplicity.sum()), len(multiplicity)
    generator = np.random.default_rng(SEED)
    few_rows = rows * 10 < units
    work = rows * 10 if few_rows else units
    replicates = int(np.clip(WORK_LIMIT // work, LEAST_REPLICATES, REPLICATES))
    at_once = int(np.clip(CHUNK_CELLS // (rows if few_rows else units), 1, replicates))
    row_of_unit = np.repeat(np.arange(rows), multiplicity)
    for start in range(0, replicates, at_once):
        number = min(at_once, replicates - start)
        if few_rows:
            yield generator.multinomial(units, multiplicity / units, size=number).astype(np.float64)
        else:
            drawn = row_of_unit[generator.integers(0, units, size=(number, units))]
            drawn += np.arange(number)[:, None] * rows
            counts = np.bincount(drawn.ravel(), minlength=number * rows)
            yield counts.reshape(number, rows).astype(np.float64)


def percentile_intervals(
    measures: Mapping[str, Evaluate], multiplicity: Integers
) -> dict[str, Interval | None]:
    """Return the 95 % interval of each measure, all from the same resamples of the units.

    None with fewer than two units, or where more than a tenth of the resamples leave the measure undefined.
    """
    if multiplicity.sum() < 2 or not measures:
        return dict.fromkeys(measures)
    figures: dict[str, list[Floats]] = {name: [] for name in measures}
    for weights in resampled_weights(multiplicity):
        for name, evaluate in measures.items():
            figures[name].append(evaluate(weights))
    return {name: _percentiles(np.concatenate(chunks)) for name, chunks in figures.items()}


def _percentiles(figures: Floats) -> Interval | None:
    defined = figures[~np.isnan(figures)]
    if len(defined) < DEFINED_SHARE * len(figures):
        return None
    low, high = np.percentile(defined, TAILS)
    return float(low), float(high)


def share_intervals(hits: Integers, numbers: Integers) -> list[Interval | None]:
    """Return the 95 % interval of each share hits / numbers: (n,) and (n,).

    A resample of a share is binomial, so the percentiles are the binomial's and need no drawing. None with
    fewer than two observations.
    """
    sure = np.maximum(numbers, 1)
    share = hits / sure
    low, high = (_binomial_quantile(tail / 100, sure, share) / sure for tail in TAILS)
    return [
        (float(low[index]), float(high[index])) if numbers[index] > 1 else None for index in range(len(hits))
    ]


def _binomial_quantile(level: float, trials: Integers, share: Floats) -> Floats:
    """Return the least number of hits whose distribution function reaches the level: (n,)."""
    certain = (share == 0) | (share == 1)
    inside = np.where(certain, 0.5, share)  # where one outcome is certain the inverse is undefined
    number = np.ceil(special.bdtrik(level, trials, inside))
    below = np.maximum(number - 1, 0)
    number = np.where(special.bdtr(below, trials, inside) >= level, below, number)
    quantile: Floats = np.where(certain, trials * share, number)
    return quantile


def mean_evaluator(values: Floats) -> Evaluate:
    """Return the weighted mean of a value per row as a measure; rows without it are NaN and left out."""
    present = ~np.isnan(values)
    filled = np.where(present, values, 0.0)

    def evaluate(weights: Floats) -> Floats:
        number = weights @ present.astype(np.float64)
        means: Floats = np.divide(
            weights @ filled, number, out=np.full(len(weights), np.nan), where=number > 0
        )
        return means

    return evaluate
