"""Agreement measures: published values, exact limits, undefined cases, and what must not matter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy import stats

from annotation.agreement.icc import icc_1k, icc_2k
from annotation.agreement.kappa import Weights, cohen_kappa, fleiss_kappa, kappa_from_table
from annotation.agreement.krippendorff import Level, krippendorff_alpha
from annotation.agreement.percent import percent_agreement, within_one
from annotation.agreement.rank import kendall_tau_b, kendall_w
from annotation.agreement.sample import sample_from_matrix, sample_from_ratings
from tests.annotation.agreement import published

Matrix = NDArray[np.float64]
WEIGHTS: list[Weights] = ["none", "linear", "quadratic"]
LEVELS: list[Level] = ["nominal", "ordinal", "interval", "ratio"]
MEASURES: dict[str, Callable[[Matrix], float | None]] = {
    **{f"alpha {level}": partial(krippendorff_alpha, level=level) for level in LEVELS},
    "percent": percent_agreement,
    "within one": within_one,
}


def matrices(*, missing: bool = True) -> st.SearchStrategy[Matrix]:
    """Units x raters with values 1 to 5 and, where asked for, gaps."""
    values: st.SearchStrategy[float] = st.integers(1, 5).map(float)
    if missing:
        values = values | st.just(float("nan"))
    shapes = hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
    return hnp.arrays(np.float64, shapes, elements=values)


def same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else one == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_of_krippendorff_2011(level: Level) -> None:
    alpha = krippendorff_alpha(published.KRIPPENDORFF_2011, level)
    assert alpha == pytest.approx(published.KRIPPENDORFF_2011_ALPHA[level], abs=5e-5)


def test_kappa_of_fleiss_1971() -> None:
    counts = [[int((row == category).sum()) for category in range(1, 6)] for row in published.FLEISS_1971]
    assert fleiss_kappa(counts) == pytest.approx(published.FLEISS_1971_KAPPA, abs=5e-5)


def test_fleiss_kappa_of_six_raters() -> None:
    assert fleiss_kappa(published.SIX_RATERS) == pytest.approx(published.SIX_RATERS_KAPPA, abs=5e-5)


def test_cohen_kappa_of_four_diagnoses() -> None:
    assert kappa_from_table(published.DIAGNOSIS_4X4) == pytest.approx(published.DIAGNOSIS_4X4_KAPPA, abs=5e-5)


def test_icc_of_shrout_and_fleiss_1979() -> None:
    assert icc_1k(published.SHROUT_FLEISS_1979) == pytest.approx(0.44, abs=5e-3)
    assert icc_2k(published.SHROUT_FLEISS_1979) == pytest.approx(0.62, abs=5e-3)


@settings(deadline=None)
@given(hnp.arrays(np.int64, (2, 6), elements=st.integers(0, 3)))
def test_tau_b_is_that_of_scipy(ranks: NDArray[np.int64]) -> None:
    expected = None
    if len(set(ranks[0])) > 1 and len(set(ranks[1])) > 1:
        expected = float(stats.kendalltau(ranks[0], ranks[1]).statistic)
    assert same(kendall_tau_b(ranks), expected)


@settings(deadline=None)
@given(hnp.arrays(np.int64, (4, 5), elements=st.integers(0, 4)))
def test_kendall_w_is_friedman_over_its_maximum(ranks: NDArray[np.int64]) -> None:
    if all(len(set(row)) == 1 for row in ranks):
        assert kendall_w(ranks) is None
    else:
        assert kendall_w(ranks) == pytest.approx(stats.friedmanchisquare(*ranks.T).statistic / 16, abs=1e-12)


def brute_alpha(matrix: Matrix, level: Level) -> float | None:
    """Return alpha by its definition, pair by pair."""
    units = [row[~np.isnan(row)] for row in matrix]
    units = [unit for unit in units if len(unit) > 1]
    values = np.concatenate([*units, []])

    def difference(one: float, other: float) -> float:
        if level == "nominal":
            return float(one != other)
        if level == "interval":
            return (one - other) ** 2
        if level == "ratio":
            return ((one - other) / (one + other)) ** 2
        low, high = min(one, other), max(one, other)
        between = ((values >= low) & (values <= high)).sum()
        return (
            float(between - ((values == low).sum() + (values == high).sum()) / 2) ** 2 if low < high else 0.0
        )

    observed = sum(
        difference(one, other) / (len(unit) - 1) for unit in units for one in unit for other in unit
    ) / max(1, len(values))
    expected = sum(difference(one, other) for one in values for other in values)
    if not expected:
        return None
    return 1 - observed / (expected / (len(values) * (len(values) - 1)))


@settings(max_examples=50, deadline=None)
@given(matrices(), st.sampled_from(LEVELS), st.booleans())
def test_alpha_is_its_definition(matrix: Matrix, level: Level, distinct: bool) -> None:
    if distinct:
        matrix = matrix * 1.7 + np.arange(len(matrix))[:, None] // 2 * 0.013
    assert same(krippendorff_alpha(matrix, level), brute_alpha(matrix, level))


def test_many_levels_take_the_other_path_to_the_same_ordinal_alpha() -> None:
    generator = np.random.default_rng(1)
    matrix = generator.normal(size=(300, 3)) + generator.normal(size=(300, 1))
    ranks = stats.rankdata(matrix).reshape(matrix.shape)
    assert krippendorff_alpha(matrix, "ordinal") == pytest.approx(
        krippendorff_alpha(ranks, "interval"), abs=1e-12
    )


@settings(deadline=None)
@given(matrices(), st.sampled_from(sorted(MEASURES)), st.randoms(use_true_random=False))
def test_order_of_units_and_raters_does_not_matter(matrix: Matrix, name: str, random: Random) -> None:
    units, raters = list(range(matrix.shape[0])), list(range(matrix.shape[1]))
    random.shuffle(units)
    random.shuffle(raters)
    assert same(MEASURES[name](matrix[units][:, raters]), MEASURES[name](matrix))


@settings(deadline=None)
@given(matrices(), st.permutations([1.0, 2.0, 3.0, 4.0, 5.0]))
def test_names_of_nominal_categories_do_not_matter(matrix: Matrix, names: list[float]) -> None:
    renamed = np.full_like(matrix, np.nan)
    for old, new in enumerate(names, start=1):
        renamed[matrix == old] = new
    assert same(krippendorff_alpha(renamed, "nominal"), krippendorff_alpha(matrix, "nominal"))


@settings(deadline=None)
@given(matrices())
def test_only_the_order_matters_to_ordinal_alpha_and_only_the_scale_to_interval(matrix: Matrix) -> None:
    assert same(krippendorff_alpha(matrix**3, "ordinal"), krippendorff_alpha(matrix, "ordinal"))
    assert same(krippendorff_alpha(7 - 3 * matrix, "interval"), krippendorff_alpha(matrix, "interval"))


@settings(deadline=None)
@given(matrices(missing=False))
def test_cohen_kappa_is_symmetric_and_blind_to_order(matrix: Matrix) -> None:
    one, two = matrix[:, 0], matrix[:, 1]
    for weights in WEIGHTS:
        kappa = cohen_kappa(one, two, weights)
        assert same(kappa, cohen_kappa(two[::-1], one[::-1], weights))
        assert same(kappa, cohen_kappa(6 - one, 6 - two, weights))


def test_weighted_kappa_of_two_categories_is_the_plain_one() -> None:
    one, two = [0, 0, 1, 1, 1], [0, 1, 1, 1, 0]
    assert cohen_kappa(one, two, "quadratic") == cohen_kappa(one, two)
    assert cohen_kappa(one, two, "linear") == cohen_kappa(one, two)


@pytest.mark.parametrize("raters", [2, 3, 7])
def test_perfect_agreement_is_exactly_one(raters: int) -> None:
    values = np.array([0.1, 0.2, 0.3, 0.7, 1.1, 0.1])
    matrix = np.repeat(values[:, None], raters, axis=1)
    assert [measure(matrix) for measure in MEASURES.values()] == [1.0] * len(MEASURES)
    assert icc_1k(matrix) == 1.0
    assert icc_2k(matrix) == 1.0
    assert fleiss_kappa([[raters, 0], [0, raters], [raters, 0]]) == 1.0
    assert [cohen_kappa(values, values, weights) for weights in WEIGHTS] == [1.0] * 3
    assert kendall_w(matrix.T) == 1.0
    assert kendall_tau_b(matrix.T) == 1.0


def test_without_variation_chance_corrected_measures_are_undefined() -> None:
    matrix = np.full((5, 3), 0.1)
    assert [krippendorff_alpha(matrix, level) for level in LEVELS] == [None] * 4
    assert fleiss_kappa([[3, 0], [3, 0]]) is None
    assert cohen_kappa([1, 1], [1, 1]) is None
    assert icc_1k(matrix) is None
    assert icc_2k(matrix) is None
    assert kendall_w(matrix.T) is None
    assert kendall_tau_b(matrix.T) is None
    assert percent_agreement(matrix) == 1.0


def test_without_two_ratings_of_one_unit_nothing_is_defined() -> None:
    matrix = np.array([[1.0, np.nan], [np.nan, 2.0]])
    assert [measure(matrix) for measure in MEASURES.values()] == [None] * len(MEASURES)


def test_percent_agreement_averages_units_not_pairs() -> None:
    assert percent_agreement([[1.0, 1.0, 2.0, np.nan], [3.0] * 4]) == pytest.approx((1 / 3 + 1) / 2)
    assert within_one([[1, 2, 4], [5, 5, 5]]) == pytest.approx((1 / 3 + 1) / 2)


def test_units_with_equal_ratings_are_stored_once() -> None:
    sample = sample_from_matrix([[1.0, 2.0, 2.0], [2.0, 1.0, 2.0], [3.0] * 3, [np.nan, 1.0, np.nan]])
    assert (sample.units, sample.values, len(sample.multiplicity)) == (3, 9, 2)
    assert sorted(sample.multiplicity.tolist()) == [1, 2]


@pytest.mark.parametrize("bad", [np.inf, -np.inf])
def test_ratings_that_are_no_numbers_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        krippendorff_alpha([[1.0, bad], [1.0, 2.0]], "interval")
    with pytest.raises(ValueError, match="finite"):
        sample_from_ratings([0, 0], [1.0, float("nan")])


def test_what_a_measure_cannot_take_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        krippendorff_alpha([[-1, 1], [1, 2]], "ratio")
    with pytest.raises(ValueError, match="same number"):
        fleiss_kappa([[3, 0], [2, 0]])
    with pytest.raises(ValueError, match="same number"):
        icc_1k([[1.0, 2.0, np.nan], [1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="every rater"):
        icc_2k([[1.0, 2.0, np.nan], [1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="level"):
        krippendorff_alpha([[1, 2]], "cardinal")  # type: ignore[arg-type]
