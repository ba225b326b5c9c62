"""Concordance of rankings: Kendall's W with the correction for ties (Kendall 1948), and tau-b (Kendall 1945).

Both are read from the pairs that a ranking implies: +1 where the first completion stands above the second, 0
where they are tied, -1 below. Ranks and ties are sums of those signs, so all of it is whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.sample import Floats, Integers, pairs_within


@dataclass(frozen=True, eq=False)
class ImpliedPairs:
    """Signs of completion pairs, (n,) each: by judgment, first < second are completion numbers in the unit."""

    unit: Integers
    judgment: Integers
    first: Integers
    second: Integers
    sign: Integers


def implied_pairs(unit: Integers, judgment: Integers, completion: Integers, tier: Integers) -> ImpliedPairs:
    """Return the pairs implied by tiers (0 is best): one entry per judgment and completion, (n,) each."""
    order = np.lexsort((completion, judgment))
    unit, judgment, completion, tier = unit[order], judgment[order], completion[order], tier[order]
    pairs = pairs_within(judgment)
    empty = np.zeros(0, dtype=np.int64)
    first = np.concatenate([pair[0] for pair in pairs] or [empty])
    second = np.concatenate([pair[1] for pair in pairs] or [empty])
    sign = np.sign(tier[second] - tier[first]).astype(np.int64)
    return ImpliedPairs(unit[first], judgment[first], completion[first], completion[second], sign)


def kendall_w(ranks: ArrayLike) -> float | None:
    """Return W of raters x completions ranks (equal ranks are ties), None where every rater ties everything.

    >>> kendall_w([[1, 2, 3], [1, 2, 3]])
    1.0
    """
    figures = kendall_w_by_unit(_one_unit(ranks), 1)
    return None if np.isnan(figures[0]) else float(figures[0])


def kendall_tau_b(ranks: ArrayLike) -> float | None:
    """Return the mean tau-b over the rater pairs of raters x completions ranks; None where none is defined.

    >>> kendall_tau_b([[1, 2, 3], [3, 2, 1]])
    -1.0
    """
    figures = tau_b_by_unit(_one_unit(ranks), 1)
    return None if np.isnan(figures[0]) else float(figures[0])


def _one_unit(ranks: ArrayLike) -> ImpliedPairs:
    matrix = np.asarray(ranks, dtype=np.float64)
    rater, completion = np.indices(matrix.shape, dtype=np.int64)
    tiers = np.unique(matrix, return_inverse=True)[1].reshape(-1).astype(np.int64)
    unit = np.zeros(matrix.size, dtype=np.int64)
    return implied_pairs(unit, rater.ravel(), completion.ravel(), tiers)


def pair_number(pairs: ImpliedPairs) -> Integers:
    """Return a number for each (unit, first, second), ascending in that order: (n,)."""
    width = int(pairs.second.max()) + 1 if len(pairs.second) else 1
    within = np.unique(pairs.first * width + pairs.second, return_inverse=True)[1].astype(np.int64)
    key = pairs.unit * (int(within.max()) + 1 if len(within) else 1) + within
    return np.unique(key, return_inverse=True)[1].astype(np.int64)


def kendall_w_by_unit(pairs: ImpliedPairs, units: int) -> Floats:
    """Return W of each unit over the completions that all its raters ranked, NaN where undefined: (units,)."""
    result = np.full(units, np.nan)
    if not len(pairs.unit):
        return result
    judgments, first_entry = np.unique(pairs.judgment, return_index=True)
    raters = np.bincount(pairs.unit[first_entry], minlength=units)
    number = pair_number(pairs)
    common = np.bincount(number)[number] == raters[pairs.unit]
    unit, sign = pairs.unit[common], pairs.sign[common]
    width = int(pairs.second.max()) + 1
    both_completions = np.concatenate((pairs.first[common], pairs.second[common]))
    both_units = np.concatenate((unit, unit))
    both_signs = np.concatenate((sign, -sign))
    both_judgments = np.searchsorted(judgments, np.concatenate((pairs.judgment[common],) * 2))

    place, at = np.unique(both_units * width + both_completions, return_inverse=True)
    scores = np.bincount(at, both_signs)
    scores_squared = np.bincount(place // width, scores * scores, minlength=units)
    completions = np.bincount(place // width, minlength=units)

    ranked, at = np.unique(both_judgments * width + both_completions, return_inverse=True)
    tied = np.bincount(at, both_signs == 0)
    unit_of_judgment = pairs.unit[first_entry]
    ties = np.bincount(unit_of_judgment[ranked // width], tied * tied + 2 * tied, minlength=units)

    total = raters * raters * completions * (completions * completions - 1) - raters * ties
    defined = (raters > 1) & (completions > 1) & (total > 0)
    np.divide(3 * scores_squared, total, out=result, where=defined)
    return result


def tau_b_by_unit(pairs: ImpliedPairs, units: int) -> Floats:
    """Return each unit's mean tau-b over its rater pairs, on what both ranked; NaN where undefined: (units,)."""
    result = np.full(units, np.nan)
    if not len(pairs.unit):
        return result
    number = pair_number(pairs)
    order = np.lexsort((pairs.judgment, number))
    matches = pairs_within(number[order])
    if not matches:
        return result
    one = order[np.concatenate([match[0] for match in matches])]
    two = order[np.concatenate([match[1] for match in matches])]
    width = int(pairs.judgment.max()) + 1
    _, entry, at = np.unique(
        pairs.judgment[one] * width + pairs.judgment[two], return_index=True, return_inverse=True
    )
    products = np.bincount(at, pairs.sign[one] * pairs.sign[two])
    squares_one = np.bincount(at, pairs.sign[one] ** 2)
    squares_two = np.bincount(at, pairs.sign[two] ** 2)
    scale = np.sqrt(squares_one * squares_two)
    defined = scale > 0
    unit = pairs.unit[one][entry]
    sums = np.bincount(unit[defined], products[defined] / scale[defined], minlength=units)
    counts = np.bincount(unit[defined], minlength=units)
    np.divide(sums, counts, out=result, where=counts > 0)
    return result
