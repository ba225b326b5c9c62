"""Bootstrap intervals and classification figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from annotation.agreement.classification import classification, majority
from annotation.agreement.intervals import percentile_intervals, resampled_weights, share_intervals
from annotation.agreement.krippendorff import alpha_evaluator
from annotation.agreement.percent import percent_evaluator
from annotation.agreement.sample import sample_from_matrix


def ratings(units: int, *, levels: int = 3, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    true = generator.integers(0, levels, (units, 1))
    return np.where(generator.random((units, 3)) < 0.6, true, generator.integers(0, levels, (units, 3)))


def test_the_same_sample_gives_the_same_interval_in_whatever_order() -> None:
    matrix = ratings(200)
    intervals = [
        percentile_intervals({"alpha": alpha_evaluator(sample, "ordinal")}, sample.multiplicity)
        for sample in (sample_from_matrix(matrix), sample_from_matrix(matrix[::-1, ::-1]))
    ]
    assert intervals[0] == intervals[1]


@pytest.mark.parametrize(("units", "levels"), [(50, 3), (400, 3), (60, 90)])
def test_every_resample_draws_as_many_units_as_there_are(units: int, levels: int) -> None:
    multiplicity = sample_from_matrix(ratings(units, levels=levels)).multiplicity
    weights = np.concatenate(list(resampled_weights(multiplicity)))
    assert weights.shape == (1000, len(multiplicity))
    assert (weights.sum(axis=1) == units).all()
    assert np.abs(weights.mean(axis=0) - multiplicity).max() < 0.2 * np.sqrt(multiplicity.max())


def test_the_interval_of_a_mean_is_that_of_an_ordinary_bootstrap() -> None:
    matrix = ratings(150)
    sample = sample_from_matrix(matrix)
    found = percentile_intervals({"percent": percent_evaluator(sample)}, sample.multiplicity)["percent"]
    agreeing = np.array([[row[0] == row[1], row[0] == row[2], row[1] == row[2]] for row in matrix]).mean(
        axis=1
    )
    generator = np.random.default_rng(5)
    means = agreeing[generator.integers(0, 150, (4000, 150))].mean(axis=1)
    assert found == pytest.approx(np.percentile(means, (2.5, 97.5)), abs=0.01)


def test_alpha_of_resamples_equals_alpha_of_the_repeated_units() -> None:
    matrix = ratings(40, levels=4, seed=3)
    sample = sample_from_matrix(matrix)
    generator = np.random.default_rng(2)
    for level in ("nominal", "ordinal", "interval"):
        evaluate = alpha_evaluator(sample, level)
        drawn = generator.integers(0, 3, len(sample.multiplicity))
        rows = [
            np.repeat(sample.levels[sample.code[sample.row == row]][None, :], times, axis=0)
            for row, times in enumerate(drawn)
        ]
        repeated = sample_from_matrix(np.concatenate(rows))
        expected = alpha_evaluator(repeated, level)(repeated.multiplicity[None, :].astype(float))
        assert evaluate(drawn[None, :].astype(float)) == pytest.approx(expected, abs=1e-12)


def test_one_unit_has_no_interval() -> None:
    sample = sample_from_matrix([[1, 2]])
    assert percentile_intervals({"p": percent_evaluator(sample)}, sample.multiplicity) == {"p": None}


def test_an_interval_is_none_where_resamples_are_mostly_undefined() -> None:
    sample = sample_from_matrix([[1, 1], [2, 2]])
    alpha = {"alpha": alpha_evaluator(sample, "nominal")}
    assert percentile_intervals(alpha, sample.multiplicity) == {"alpha": None}


def test_share_intervals_are_binomial() -> None:
    intervals = share_intervals(np.array([5, 0, 1, 10]), np.array([10, 0, 1, 10]))
    assert intervals == [(0.2, 0.8), None, None, (1.0, 1.0)]


LABELS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=30)


@settings(deadline=None)
@given(LABELS)
def test_macro_figures_are_those_of_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    truth, predicted = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    found = classification(truth, predicted).values
    expected = precision_recall_fscore_support(truth, predicted, average="macro", zero_division=0)
    assert [found["macro_precision"], found["macro_recall"], found["macro_f1"]] == pytest.approx(expected[:3])
    assert found["accuracy"] == pytest.approx(np.mean([one == two for one, two in pairs]))


@settings(deadline=None)
@given(LABELS, st.permutations("abc"))
def test_names_and_order_of_labels_do_not_matter(pairs: list[tuple[str, str]], names: list[str]) -> None:
    new = dict(zip("abc", names, strict=True))
    found = classification([pair[0] for pair in pairs], [pair[1] for pair in pairs]).values
    renamed = classification([new[pair[0]] for pair in pairs[::-1]], [new[pair[1]] for pair in pairs[::-1]])
    assert renamed.values == pytest.approx(found)


def test_nothing_to_compare_is_undefined() -> None:
    assert classification([], []).values["accuracy"] is None


def test_a_majority_is_more_than_half() -> None:
    units, categories = majority(np.array([0, 0, 0, 1, 1, 3, 4, 4, 4]), np.array([2, 2, 0, 1, 2, 1, 0, 1, 2]))
    assert (units.tolist(), categories.tolist()) == ([0, 3], [2, 1])
