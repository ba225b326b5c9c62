"""Dawid & Skene (1979): true categories and each annotator's confusion matrix, by expectation-maximisation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse, special

from annotation.annotators.base import ConvergenceError, Floats, Integers, Interval, beta_interval

ITERATIONS = 5000
TOLERANCE = 1e-7
PLAIN = 20
"""Iterations before steps are stretched; most fits are done by then."""


@dataclass(frozen=True, eq=False)
class DawidSkene:
    """A fit: `posterior` (units, categories), `prior` (categories,), `confusion` (annotators, true, said).

    log_likelihood is that of the labels (with a smoothing prior: plus its log density, without constants).
    change is the largest change of a posterior probability in the last iteration, at most the tolerance.
    """

    posterior: Floats
    prior: Floats
    confusion: Floats
    hits: Floats
    labels: Integers
    log_likelihood: float
    iterations: int
    change: float

    @property
    def accuracy(self) -> Floats:
        """Probability that an annotator names the true category of a unit drawn at random: (annotators,)."""
        diagonal = np.diagonal(self.confusion, axis1=1, axis2=2)
        return np.asarray(diagonal @ self.prior)

    @property
    def chance(self) -> Floats:
        """Accuracy of someone who says the same categories as often, whatever the unit is: (annotators,)."""
        said = np.einsum("t,ats->as", self.prior, self.confusion)
        return np.asarray(said @ self.prior)

    def posterior_of(self, unit: Integers, annotator: Integers, category: Integers) -> Floats:
        """Posterior of other labels' units by these annotators, the prior where a unit has none: (units, categories).

        Where labels contradict each other beyond what the confusion matrices allow, the row is NaN.
        """
        with np.errstate(divide="ignore"):  # the log of an impossible label is -inf
            votes = np.log(self.confusion[annotator, :, category])
            joint = np.tile(np.log(self.prior), (int(unit.max()) + 1, 1))
        np.add.at(joint, unit, votes)
        return special.softmax(joint, axis=1)

    def accuracy_interval(self, annotator: int) -> Interval:
        """The 95 % interval of the share of the annotator's labels that are right; truth weighs by posterior."""
        return beta_interval(float(self.hits[annotator]), float(self.labels[annotator]))


def dawid_skene(
    unit: ArrayLike,
    annotator: ArrayLike,
    category: ArrayLike,
    *,
    units: int | None = None,
    annotators: int | None = None,
    categories: int | None = None,
    smoothing: float | ArrayLike = 0.0,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> DawidSkene:
    """Fit the model to labels: (n,) each, numbered from 0; one annotator may label a unit several times.

    smoothing: pseudo-counts of each cell of a confusion matrix, a number or (true, said): the fit is then the mode
    under independent Dirichlet priors. 0, the default, is the published estimator. The first posterior is the
    share of each category among a unit's labels (the authors' choice). Steps that are alike are stretched along
    their direction (SQUAREM, Varadhan & Roland 2008) where that does not lower the likelihood.

    Raises ConvergenceError where the posterior still moves by more than `tolerance` after `iterations`, ValueError
    for units without a label.
    """
    unit, annotator, category = (np.asarray(part, dtype=np.int64) for part in (unit, annotator, category))
    count_u = int(unit.max()) + 1 if units is None else units
    count_a = int(annotator.max()) + 1 if annotators is None else annotators
    width = int(category.max()) + 1 if categories is None else categories
    if not (np.bincount(unit, minlength=count_u) > 0).all():
        raise ValueError("every unit needs a label")
    pseudo = np.broadcast_to(np.asarray(smoothing, dtype=np.float64), (width, width))
    said = sparse.csr_array(
        (np.ones(len(unit)), (unit, annotator * width + category)), shape=(count_u, count_a * width)
    )
    problem = _Problem(said, said.T.tocsr(), count_a, width, pseudo)
    shares = sparse.csr_array((np.ones(len(unit)), (unit, category)), shape=(count_u, width)).toarray()
    posterior = shares / shares.sum(axis=1, keepdims=True)
    change = np.inf
    for iteration in range(1, iterations + 1):
        new, level = problem.step(posterior)
        change = float(np.abs(new - posterior).max())
        if change <= tolerance:
            prior, confusion = problem.maximise(posterior)
            return DawidSkene(
                posterior=new,
                prior=prior,
                confusion=confusion,
                hits=problem.hits(new),
                labels=np.bincount(annotator, minlength=count_a).astype(np.int64),
                log_likelihood=level,
                iterations=iteration,
                change=change,
            )
        posterior = problem.stretch(posterior, new) if iteration > PLAIN else new
    raise ConvergenceError(
        f"Dawid-Skene still moves by {change:.1e} after {iterations} iterations ({tolerance:.0e} is allowed)"
    )


@dataclass(frozen=True, eq=False)
class _Problem:
    """The labels as (units, annotators * said), and its transpose."""

    said: sparse.csr_array
    transposed: sparse.csr_array
    annotators: int
    width: int
    pseudo: Floats

    def counts(self, posterior: Floats) -> Floats:
        """Expected number of labels by annotator, true and said category."""
        table = np.asarray(self.transposed @ posterior).reshape(self.annotators, self.width, self.width)
        return table.transpose(0, 2, 1)

    def hits(self, posterior: Floats) -> Floats:
        """Expected number of right labels: (annotators,)."""
        return np.asarray(np.trace(self.counts(posterior), axis1=1, axis2=2))

    def maximise(self, posterior: Floats) -> tuple[Floats, Floats]:
        """Return the class prior and the confusion matrices; a row nobody informs is uniform."""
        counts = self.counts(posterior) + self.pseudo
        rows = counts.sum(axis=2, keepdims=True)
        uniform = np.full_like(counts, 1 / self.width)
        confusion = np.divide(counts, rows, out=uniform, where=rows > 0)
        return posterior.mean(axis=0), confusion

    def joint(self, prior: Floats, confusion: Floats) -> Floats:
        """Log probability of each unit's labels together with each true category; -inf is exact."""
        with np.errstate(divide="ignore"):  # the log of an impossible label is -inf
            table = np.log(confusion.transpose(0, 2, 1)).reshape(-1, self.width)
            joint: Floats = self.said @ table
            joint += np.log(prior)
            return joint

    def log_prior(self, confusion: Floats) -> float:
        """Log density of the smoothing prior at the confusion matrices, without its constant."""
        return float(special.xlogy(self.pseudo, confusion).sum())

    def step(self, posterior: Floats) -> tuple[Floats, float]:
        """One iteration, and the log posterior density of the parameters it went through."""
        prior, confusion = self.maximise(posterior)
        joint = self.joint(prior, confusion)
        most = joint.max(axis=1)
        joint -= most[:, None]
        np.exp(joint, out=joint)
        total = joint @ np.ones(self.width)
        joint /= total[:, None]
        return joint, float(most.sum() + np.log(total).sum()) + self.log_prior(confusion)

    def stretch(self, old: Floats, new: Floats) -> Floats:
        """Return a point further along the way from `old` over `new`, no less likely than `new`'s own step."""
        third, level = self.step(new)
        first, second = new - old, third - 2 * new + old
        size = float(np.sqrt((second**2).sum()))
        if size == 0:
            return third
        length = -float(np.sqrt((first**2).sum())) / size
        if length >= -1:
            return third
        far = old - 2 * length * first + length**2 * second
        if far.min() < 0:  # outside the simplex: rows sum to one by construction, so only the sign matters
            far = np.maximum(far, 0)
            far /= far.sum(axis=1, keepdims=True)
        _, reached = self.step(far)
        return far if reached >= level else third
