"""Dawid-Skene: published values, a case by hand, and what relabelling must not change."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import sparse

from annotation.annotators.base import ConvergenceError
from annotation.annotators.dawid_skene import _Problem, dawid_skene
from annotation.annotators.posterior import category_log_likelihoods, labels_of_categories, majority
from tests.annotation.annotators.simulated import labels_simulated
from tests.conftest import data_set

# Dawid & Skene (1979), Table 1: patients by observers, one digit per label; observer 1 rated three times.
# Published (tables 2 to 4): marginals .40 .42 .11 .07 and observer 1's error rates.
PATIENTS = """
111 1 1 1 1|333 4 3 3 4|112 2 1 2 2|222 3 1 2 1|222 3 2 2 2|222 3 3 2 2|122 2 1 1 1|333 3 4 3 3|222 2 2 2 3
232 2 2 2 3|444 4 4 4 4|222 3 3 4 3|111 1 1 1 1|222 3 2 1 2|121 1 1 1 1|111 2 1 1 1|111 1 1 1 1|111 1 1 1 1
222 2 2 2 1|222 1 3 2 2|222 2 2 2 2|222 2 2 2 1|222 3 2 2 2|221 2 2 2 2|111 1 1 1 1|111 1 1 1 1|232 2 2 2 2
111 1 1 1 1|111 1 1 1 1|112 1 1 2 1|111 1 1 1 1|333 3 2 3 3|111 1 1 1 1|222 2 2 2 2|222 3 2 3 2|433 4 3 4 3
221 2 2 3 2|232 3 2 3 3|333 3 4 3 2|111 1 1 1 1|111 1 1 1 1|121 2 1 1 1|232 2 2 2 2|121 1 1 1 1|222 2 2 2 2
"""
MARGINALS = [0.40, 0.42, 0.11, 0.07]
OBSERVER_1 = [[0.89, 0.11, 0, 0], [0.07, 0.88, 0.05, 0], [0, 0.34, 0.66, 0], [0, 0, 0.56, 0.44]]


def published() -> tuple[list[int], list[int], list[int]]:
    unit, annotator, category = [], [], []
    for patient, row in enumerate(PATIENTS.strip().replace("\n", "|").split("|")):
        for observer, grades in enumerate(row.split()):
            for grade in grades:
                unit.append(patient)
                annotator.append(observer)
                category.append(int(grade) - 1)
    return unit, annotator, category


def test_the_published_table_comes_out() -> None:
    fit = dawid_skene(*published())
    assert fit.prior == pytest.approx(MARGINALS, abs=0.005)
    assert fit.confusion[0] == pytest.approx(np.array(OBSERVER_1), abs=0.0051)
    assert fit.log_likelihood == pytest.approx(-192.89, abs=0.005)
    assert np.bincount(fit.posterior.argmax(axis=1)).tolist() == [18, 19, 5, 3]
    assert fit.change <= 1e-7


def test_our_copy_of_the_table_is_the_published_one() -> None:
    reference = json.loads(data_set("reference/dawid_skene_1979.json").read_text())
    flat = [
        (int(patient) - 1, int(observer) - 1, grade - 1)
        for patient, observers in reference["responses"].items()
        for observer, grades in observers.items()
        for grade in grades
    ]
    assert flat == list(zip(*published(), strict=True))
    fit = dawid_skene(*published())
    again = reference["recomputed"]
    assert fit.prior == pytest.approx(again["class_marginals"], abs=0.0005)
    assert fit.confusion[0] == pytest.approx(np.array(again["observer_1_error_rates"]), abs=0.0051)
    assert np.bincount(fit.posterior.argmax(axis=1)).tolist() == again["class_counts"]


def test_one_step_by_hand() -> None:
    """Two units, two annotators: a says 0 and 1, b says 0 and 0; the first posterior is the share of votes.

    Unit 0 is (1, 0), unit 1 is (1/2, 1/2). So the prior is (3/4, 1/4); a says 0 with 1 / (3/2) = 2/3 of true 0
    and 0 of true 1; b says 0 always. Unit 0: 3/4 x 2/3 against 1/4 x 0. Unit 1: 3/4 x 1/3 against 1/4 x 1.
    """
    said = sparse.csr_array(np.array([[1.0, 0, 1, 0], [0, 1, 1, 0]]))
    problem = _Problem(said, said.T.tocsr(), 2, 2, np.zeros((2, 2)))
    prior, confusion = problem.maximise(np.array([[1, 0], [0.5, 0.5]]))
    assert prior.tolist() == [0.75, 0.25]
    assert confusion[0] == pytest.approx(np.array([[2 / 3, 1 / 3], [0, 1]]))
    assert confusion[1] == pytest.approx(np.array([[1, 0], [1, 0]]))
    posterior, level = problem.step(np.array([[1, 0], [0.5, 0.5]]))
    assert posterior == pytest.approx(np.array([[1, 0], [0.5, 0.5]]))
    assert level == pytest.approx(np.log(0.5) + np.log(0.5))


def test_the_likelihood_never_falls() -> None:
    unit, annotator, category, _ = labels_simulated(200, [0.9, 0.7, 0.5, 0.4, 0.8], 3)
    levels = [dawid_skene_level(unit, annotator, category, steps) for steps in range(1, 12)]
    assert (np.diff(levels) >= -1e-9).all()


def dawid_skene_level(unit, annotator, category, steps: int) -> float:
    width, people = category.max() + 1, annotator.max() + 1
    said = sparse.csr_array(
        (np.ones(len(unit)), (unit, annotator * width + category)), shape=(unit.max() + 1, people * width)
    )
    problem = _Problem(said, said.T.tocsr(), people, width, np.zeros((width, width)))
    posterior = sparse.csr_array((np.ones(len(unit)), (unit, category))).toarray()
    posterior /= posterior.sum(axis=1, keepdims=True)
    level = 0.0
    for _ in range(steps):
        posterior, level = problem.step(posterior)
    return level


def test_spammers_and_reversed_annotators_are_found_and_labels_beat_the_majority() -> None:
    accuracies = [0.9, 0.9, 0.9, 0.9, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 0.05]
    unit, annotator, category, true = labels_simulated(2000, accuracies, 5)
    fit = dawid_skene(unit, annotator, category)
    assert fit.accuracy == pytest.approx(accuracies, abs=0.04)
    assert (fit.accuracy[4:8] < fit.chance[4:8] + 0.06).all()
    assert fit.accuracy[8] < fit.chance[8] - 0.1
    by_majority = majority(unit, category, 2000, 3)[np.arange(2000), true].mean()
    by_model = (labels_of_categories(fit).label == true).mean()
    assert by_model > by_majority + 0.1


def test_labels_are_the_majority_where_all_are_equally_good() -> None:
    unit, annotator, category, _ = labels_simulated(1500, [0.8] * 6, 5, categories=2)
    fit = dawid_skene(unit, annotator, category)
    tops = majority(unit, category, 1500, 2)
    assert (labels_of_categories(fit).label == tops.argmax(axis=1)).mean() > 0.98


def test_renaming_categories_annotators_and_units_renames_the_result() -> None:
    unit, annotator, category, _ = labels_simulated(300, [0.9, 0.8, 0.6, 0.5], 3)
    fit = dawid_skene(unit, annotator, category)
    turn = np.array([2, 0, 1])
    again = dawid_skene(299 - unit, 3 - annotator, turn[category])
    assert again.prior[turn] == pytest.approx(fit.prior, abs=1e-5)
    assert again.posterior[::-1][:, turn] == pytest.approx(fit.posterior, abs=1e-4)
    assert again.confusion[::-1][:, turn][:, :, turn] == pytest.approx(fit.confusion, abs=1e-4)


def test_smoothing_is_a_prior_on_each_row() -> None:
    """One annotator says 0 of unit 0 and 1 of unit 1, with pseudo-counts 2 on the diagonal and 1 beside it.

    By symmetry p = P(unit 0 is 0) is also the share on the diagonal, (p + 2) / 4, hence p = 2/3.
    """
    fit = dawid_skene([0, 1], [0, 0], [0, 1], smoothing=np.eye(2) + 1)
    assert fit.confusion[0] == pytest.approx(np.array([[2 / 3, 1 / 3], [1 / 3, 2 / 3]]), abs=1e-6)


def test_what_does_not_converge_raises() -> None:
    unit, annotator, category, _ = labels_simulated(300, [0.6, 0.5, 0.4], 3)
    with pytest.raises(ConvergenceError, match="still moves"):
        dawid_skene(unit, annotator, category, iterations=2)
    with pytest.raises(ValueError, match="label"):
        dawid_skene([0, 2], [0, 0], [0, 1])


def test_log_likelihoods_of_a_vote() -> None:
    assert np.exp(category_log_likelihoods(0.7, 4)).sum(axis=1) == pytest.approx([1] * 4)
    assert category_log_likelihoods(1.0, 2)[0].tolist() == [0.0, -np.inf]
