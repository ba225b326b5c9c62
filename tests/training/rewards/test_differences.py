from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from training.rewards.features.space import Design
from training.rewards.likelihoods import DavidsonPairs, Pairs, Scores
from training.rewards.models import quasi_newton
from training.rewards.models.differences import FEWEST, Differences
from training.rewards.models.objective import Objective
from training.rewards.models.weights import Weights, fit_weights

PAIRS = FEWEST + 1_500  # the last block is not full
ITEMS = 5_000


def compared(*, thin: bool = False, ties: bool = False, changed: float = 0.0) -> tuple[Design, Objective]:
    """Comparisons of outputs by a line through their features, a share of them turned round."""
    rng = np.random.default_rng(4)
    dense = rng.normal(size=(ITEMS, 12)) * np.linspace(0.1, 1.0, 12)
    sparsely = sparse.random_array((ITEMS, 40 if thin else 0), density=0.1, rng=rng, format="csr")
    design = Design(dense, sparse.csr_array(sparsely))
    rewards = design.forward(rng.normal(size=design.width))
    first, second = rng.integers(0, ITEMS, size=(2, PAIRS))
    margin = rewards[first] - rewards[second]
    won = rng.random(PAIRS) < 1 / (1 + np.exp(-margin))
    turned = np.arange(PAIRS) < changed * PAIRS
    outcome = np.where(won ^ turned, 1, -1)
    weight = rng.uniform(0.5, 1.5, PAIRS)
    if ties:
        outcome = np.where(np.abs(margin) < 0.3, 0, outcome)
        term: Pairs | DavidsonPairs = DavidsonPairs(first, second, outcome, weight)
    else:
        term = Pairs(first, second, (outcome == 1).astype(float), weight)
    return design, Objective((term,), fits_ties=ties, fits_level=False, labels=PAIRS)


@pytest.mark.parametrize("thin", [False, True])
@pytest.mark.parametrize("ties", [False, True])
def test_the_quick_way_ends_where_the_plain_one_does(thin: bool, ties: bool) -> None:
    design, objective = compared(thin=thin, ties=ties)
    scales = np.linspace(0.5, 2.0, design.width)
    plain = fit_weights(design, objective, scales, 3.0)
    quick = fit_weights(design, objective, scales, 3.0, differences=Differences.of(design, objective))
    assert quick.columns == pytest.approx(plain.columns, abs=1e-5)
    assert quick.tie_level == (pytest.approx(plain.tie_level, abs=1e-6) if ties else None)
    zero = objective.terms[0].at(np.zeros(ITEMS), 0.0).gradient
    assert quick.gradient_norm <= 1e-7 * np.linalg.norm(scales * design.backward(zero)) * 1.01 + 1e-7


def test_differences_have_the_loss_and_gradient_of_the_outputs() -> None:
    design, objective = compared(thin=True, ties=True)
    weights = np.random.default_rng(1).normal(size=design.width)
    loss, gradient, tie_gradient, multiply = Differences.of(design, objective).at(weights, 0.3)
    exact = objective.terms[0].at(design.forward(weights), 0.3)
    assert loss == pytest.approx(exact.loss, rel=1e-6)
    assert gradient == pytest.approx(design.backward(exact.gradient), rel=1e-4, abs=1e-2)
    assert tie_gradient == pytest.approx(exact.tie_gradient, rel=1e-4)
    image, tie_image = exact.hessian(design.forward(weights), 0.7)
    found = multiply(np.append(weights, 0.7), weights)
    assert found[:-1] == pytest.approx(design.backward(image), rel=1e-4, abs=1e-2)
    assert found[-1] == pytest.approx(tie_image, rel=1e-4)


def test_a_warm_start_after_new_labels_ends_at_the_same_weights() -> None:
    design, before = compared()
    _, after = compared(changed=0.01)
    scales = np.ones(design.width)
    old = fit_weights(design, before, scales, 1.0, differences=Differences.of(design, before))
    differences = Differences.of(design, after)
    warm = fit_weights(design, after, scales, 1.0, start=old, differences=differences)
    cold = fit_weights(design, after, scales, 1.0, differences=differences)
    assert np.abs(cold.columns - old.columns).max() > 1e-3
    assert warm.columns == pytest.approx(cold.columns, abs=1e-5)


def test_the_same_comparisons_give_the_same_bytes_from_anywhere_the_same() -> None:
    design, before = compared(thin=True)
    _, after = compared(thin=True, changed=0.01)
    scales = np.ones(design.width)
    old = fit_weights(design, before, scales, 1.0, differences=Differences.of(design, before))
    found = [
        fit_weights(design, after, scales, 1.0, start=start, differences=Differences.of(design, after))
        for start in (old, old, None, None)
    ]
    assert found[0].columns.tobytes() == found[1].columns.tobytes()
    assert found[2].columns.tobytes() == found[3].columns.tobytes()


@pytest.mark.parametrize("ties", [False, True])
def test_the_gradient_at_zero_is_that_of_the_outputs(ties: bool) -> None:
    design, objective = compared(thin=True, ties=ties)
    gradient, tie_gradient = Differences.of(design, objective).at_zero
    exact = objective.terms[0].at(np.zeros(ITEMS), 0.0)
    assert gradient == pytest.approx(design.backward(exact.gradient), rel=1e-4, abs=1e-2)
    assert tie_gradient == pytest.approx(exact.tie_gradient)


def test_where_remembered_steps_do_not_lead_the_hessian_does(monkeypatch: pytest.MonkeyPatch) -> None:
    design, objective = compared()
    scales = np.ones(design.width)
    monkeypatch.setattr(quasi_newton, "MOST_STEPS", 1)
    found = fit_weights(design, objective, scales, 1.0, differences=Differences.of(design, objective))
    plain = fit_weights(design, objective, scales, 1.0)
    assert found.columns == pytest.approx(plain.columns, abs=1e-5)


def test_a_rough_fit_is_rough_and_needs_no_proof() -> None:
    design, objective = compared()
    scales = np.ones(design.width)
    rough = fit_weights(
        design, objective, scales, 1.0, tolerance=1e-3, differences=Differences.of(design, objective)
    )
    exact: Weights = fit_weights(design, objective, scales, 1.0)
    assert design.forward(rough.columns) == pytest.approx(design.forward(exact.columns), abs=0.05)


def test_few_comparisons_and_ratings_go_the_plain_way() -> None:
    _, objective = compared()
    term = objective.terms[0]
    assert Differences.fits(objective)
    few = Pairs(term.first[:100], term.second[:100], term.target[:100], term.weight[:100])  # type: ignore[attr-defined]
    assert not Differences.fits(Objective((few,), fits_ties=False, fits_level=False, labels=100))
    rated = Scores(np.arange(3), np.zeros(3), np.ones(3))
    assert not Differences.fits(Objective((term, rated), fits_ties=False, fits_level=True, labels=PAIRS))
