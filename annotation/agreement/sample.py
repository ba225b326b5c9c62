"""Ratings of units in the form all measures read: flat, pairable only, equal units stored once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Evaluate = Callable[[Floats], Floats]
"""From weights (replicates x rows of a sample) to a figure per replicate, NaN where it is undefined."""

NO_UNITS = "no unit has two ratings"
NO_VARIATION = "all ratings are equal, so that no disagreement is to be expected"
RATERS_DIFFER = "raters per unit differ"

TABLE_LEVELS = 64
TABLE_CELLS = 50_000_000
KEY_LIMIT = 2**62
KEY_TABLE = 1_000_000
SMALL_RANGE = 4096


@dataclass(frozen=True, eq=False)
class Sample:
    """Units with two or more ratings. Units with equal ratings share one row, with their number beside it.

    levels: (levels,) the distinct values, ascending. row, code: (n,) row and level of each rating, by row and
    then by level. multiplicity: (rows,) how many units each row stands for. Which rater gave a rating is not
    kept: no measure that reads a sample depends on it.
    """

    levels: Floats
    row: Integers
    code: Integers
    multiplicity: Integers

    @property
    def units(self) -> int:
        """Number of units with two or more ratings."""
        return int(self.multiplicity.sum())

    @property
    def values(self) -> int:
        """Number of ratings in those units."""
        return int(self.multiplicity @ self.size)

    @cached_property
    def size(self) -> Integers:
        """Ratings per row: (rows,)."""
        return np.bincount(self.row, minlength=len(self.multiplicity)).astype(np.int64)

    @cached_property
    def starts(self) -> Integers:
        """Where each row starts in the flat arrays: (rows,)."""
        return np.concatenate(([0], np.cumsum(self.size)[:-1])).astype(np.int64)

    @cached_property
    def counts(self) -> sparse.csr_array:
        """Number of ratings of each level: (rows, levels)."""
        shape = (len(self.multiplicity), len(self.levels))
        return sparse.csr_array((np.ones(len(self.row)), (self.row, self.code)), shape=shape)

    @cached_property
    def agreeing(self) -> Integers:
        """Ordered pairs of equal ratings per row: (rows,)."""
        squares = self.counts.multiply(self.counts).sum(axis=1)
        return np.asarray(squares).astype(np.int64) - self.size

    @property
    def equal_size(self) -> int | None:
        """The number of ratings that all units have, None where it differs."""
        return int(self.size[0]) if len(self.size) and (self.size == self.size[0]).all() else None

    def totals(self, weights: Floats) -> Floats:
        """Number of ratings of each level under the weights: (replicates, levels)."""
        return np.asarray((self.counts.T @ weights.T).T)

    def row_sums(self, values: Floats) -> Floats:
        """Sum of a value per rating over each row: (n,) -> (rows,)."""
        return np.add.reduceat(values, self.starts)

    def pair_sums(self, difference: Callable[[Floats, Floats], Floats]) -> Floats:
        """Sum of a symmetric function over the unordered pairs of ratings of each row: (rows,)."""
        values = self.levels[self.code]
        sums = np.zeros(len(self.multiplicity))
        for first, second in pairs_within(self.row):
            sums += np.bincount(
                self.row[first], difference(values[first], values[second]), minlength=len(sums)
            )
        return sums

    def squared_deviations(self, values: Floats) -> Floats:
        """Sum of squared deviations from the row's mean, exactly 0 where all are equal: (n,) -> (rows,)."""
        differences = values - np.repeat(values[self.starts], self.size)
        sums = self.row_sums(differences)
        return self.row_sums(differences * differences) - sums * sums / self.size


def pairs_within(group: Integers) -> list[tuple[Integers, Integers]]:
    """Index pairs of entries of the same group; `group` is sorted. One list entry per distance."""
    pairs = []
    distance = 1
    while distance < len(group):
        first = np.flatnonzero(group[:-distance] == group[distance:])
        if not len(first):
            break
        pairs.append((first, first + distance))
        distance += 1
    return pairs


def sample_from_matrix(matrix: ArrayLike) -> Sample:
    """Read units x raters, NaN for a missing rating."""
    ratings = np.asarray(matrix, dtype=np.float64)
    if ratings.ndim != 2:
        raise ValueError("ratings form a matrix of units x raters")
    present = ~np.isnan(ratings)
    if present.all():
        units = np.repeat(np.arange(len(ratings), dtype=np.int64), ratings.shape[1])
        return sample_from_ratings(units, ratings.ravel())
    return sample_from_ratings(np.nonzero(present)[0], ratings[present])


def sample_from_ratings(units: ArrayLike, values: ArrayLike) -> Sample:
    """Read one unit number (0, 1, ...) and one finite value per rating: (n,) and (n,)."""
    unit = np.asarray(units, dtype=np.int64)
    value = np.asarray(values, dtype=np.float64)
    if unit.shape != value.shape or unit.ndim != 1:
        raise ValueError("there is one unit for each value")
    if not np.isfinite(value).all():
        raise ValueError("ratings are finite numbers")
    number = np.bincount(unit)
    if (number < 2).any():
        pairable = number >= 2
        kept = pairable[unit]
        unit = (np.cumsum(pairable) - 1)[unit[kept]]
        value = value[kept]
    if not len(value):
        empty = np.zeros(0, dtype=np.int64)
        return Sample(np.zeros(0), empty, empty, empty)
    levels, code = code_levels(value)
    return _merged(levels, unit, code) or _unmerged(levels, unit, code)


def code_levels(values: Floats) -> tuple[Floats, Integers]:
    """Return the distinct values, ascending, and the index of each value among them."""
    low, high = values.min(), values.max()
    if high - low < SMALL_RANGE:
        code = (values - low).astype(np.int64)
        if np.array_equal(code + low, values):
            present = np.bincount(code) > 0
            if not present.all():
                code = (np.cumsum(present) - 1)[code]
            return low + np.flatnonzero(present).astype(np.float64), code
    levels, inverse = np.unique(values, return_inverse=True)
    return levels, inverse.astype(np.int64)


def _merged(levels: Floats, unit: Integers, code: Integers) -> Sample | None:
    """Store units with equal counts once; None where their counts do not fit into one integer key."""
    width = len(levels)
    height = int(unit.max()) + 1
    if width > TABLE_LEVELS or width * height > TABLE_CELLS:
        return None
    table = np.bincount(unit * width + code, minlength=width * height).reshape(height, width)
    base = int(table.max()) + 1
    if base**width >= KEY_LIMIT:
        return None
    radix = np.array([base**place for place in range(width)], dtype=np.int64)
    key = table[:, 0].copy()
    for place in range(1, width):
        key += table[:, place] * radix[place]
    if base**width <= KEY_TABLE:
        number = np.bincount(key)
        distinct = np.flatnonzero(number)
        multiplicity = number[distinct]
    else:
        distinct, multiplicity = np.unique(key, return_counts=True)
    counts = distinct[:, None] // radix % base
    row, column = np.nonzero(counts)
    repeats = counts[row, column]
    return Sample(levels, np.repeat(row, repeats), np.repeat(column, repeats), multiplicity.astype(np.int64))


def _unmerged(levels: Floats, unit: Integers, code: Integers) -> Sample:
    order = np.lexsort((code, unit))
    return Sample(levels, unit[order], code[order], np.ones(int(unit.max()) + 1, dtype=np.int64))
