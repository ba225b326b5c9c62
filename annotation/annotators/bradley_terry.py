r"""Worker-aware Bradley-Terry for objects that many comparisons share, such as the models behind the outputs.

    P(annotator a prefers i to j) = sigma(beta_a (s_i - s_j) + position_a * shown + longer_a * longer)

with shown = 1 where i stood before j on the screen (-1 after it, 0 unknown), and longer likewise. A tie is half a
win for each side. Rankings come in as the pairs they imply (see `votes.votes_read` for their weights).

Identified by sum s = 0 within what is connected and mean beta = 1. Pooled: beta_a ~ N(1, sd^2), the other effects
~ N(0, sd^2); the mode is found by a trust-region Newton method and proven by its gradient. With one annotator and
no effects this is the model of Bradley & Terry (1952).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, sparse, special
from scipy.sparse import csgraph

from annotation.annotators.base import ConvergenceError, Floats, Integers, grouped

TOLERANCE = 1e-8
ITERATIONS = 500
DENSE_LIMIT = 2500  # unknowns up to which the whole information matrix is inverted


@dataclass(frozen=True, slots=True)
class Pooling:
    """Standard deviations of the annotators' effects; 0 leaves an effect out, infinity does not pool it."""

    beta: float = 1.0
    position: float = 1.0
    longer: float = 0.0
    ability: float = np.inf


@dataclass(frozen=True, eq=False)
class BradleyTerry:
    """A fit: abilities (objects,), and beta, position, longer (annotators,) with standard errors.

    The errors are Laplace's (the inverse information at the mode); above 2,500 unknowns they hold the abilities at
    their estimates. gradient_norm is the largest entry of the gradient per comparison, at most the tolerance.
    """

    ability: Floats
    ability_error: Floats | None
    beta: Floats
    beta_error: Floats
    position: Floats
    position_error: Floats
    longer: Floats
    longer_error: Floats
    log_likelihood: float
    gradient_norm: float
    iterations: int


def bradley_terry(
    first: ArrayLike,
    second: ArrayLike,
    outcome: ArrayLike,
    annotator: ArrayLike | None = None,
    *,
    shown: ArrayLike | None = None,
    longer: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    objects: int | None = None,
    annotators: int | None = None,
    pooling: Pooling | None = None,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
) -> BradleyTerry:
    """Fit the model to comparisons, (n,) each: outcome 1 where `first` won, 0 for a tie, -1 where `second` won.

    Raises ValueError where no estimate exists (without a prior on abilities: where some objects never lose to, or
    never win against, the others), ConvergenceError where the gradient stays above the tolerance.
    """
    first, second, outcome = (np.asarray(part, dtype=np.int64) for part in (first, second, outcome))

    def column(values: ArrayLike | None) -> Integers:
        return np.zeros(len(first), np.int64) if values is None else np.asarray(values, dtype=np.int64)

    count = int(max(first.max(), second.max())) + 1 if objects is None else objects
    people = int(column(annotator).max()) + 1 if annotators is None else annotators
    weights = np.ones(len(first)) if weight is None else np.asarray(weight, dtype=np.float64)
    cells = _merged(first, second, outcome, column(annotator), column(shown), column(longer), weights, count)
    problem = BradleyTerryProblem(cells, count, people, pooling or Pooling())
    if np.isinf(problem.pooling.ability):
        problem.check()
    found = problem.start()
    for free in ("abilities", "all"):
        problem.beta_free = free == "all" and problem.pooling.beta > 0 and people > 1
        solution = optimize.minimize(
            problem.value_and_gradient,
            found,
            jac=True,
            hessp=problem.hessian_times,
            method="trust-ncg",
            options={"gtol": tolerance * problem.total, "maxiter": iterations, "initial_trust_radius": 4.0},
        )
        found = solution.x
    norm = float(np.abs(problem.value_and_gradient(found)[1]).max() / problem.total)
    if not norm <= tolerance:
        raise ConvergenceError(
            f"the gradient is {norm:.1e} per comparison after {iterations} iterations "
            f"({tolerance:.0e} is allowed)"
        )
    return problem.result(found, norm, int(solution.nit))


@dataclass(frozen=True, eq=False)
class Cells:
    """Comparisons with equal columns, stored once: `wins` and `losses` of the first side."""

    first: Integers
    second: Integers
    annotator: Integers
    shown: Integers
    longer: Integers
    wins: Floats
    losses: Floats


def _merged(
    first: Integers,
    second: Integers,
    outcome: Integers,
    annotator: Integers,
    shown: Integers,
    longer: Integers,
    weight: Floats,
    count: int,
) -> Cells:
    flip = np.where(first > second, -1, 1)
    low, high = np.minimum(first, second), np.maximum(first, second)
    key = (((annotator * 3 + shown * flip + 1) * 3 + longer * flip + 1) * count + low) * count + high
    size = int(key.max()) + 1
    if size <= 8 * len(key) + 1_000_000:  # counting is faster than sorting where the table fits
        present = np.bincount(key, minlength=size) > 0
        found = np.flatnonzero(present)
        cell = (np.cumsum(present) - 1)[key]
    else:
        found, cell = np.unique(key, return_inverse=True)
    share = (1 + outcome * flip) / 2
    effects, second_side = np.divmod(found, count)
    effects, first_side = np.divmod(effects, count)
    effects, longer_side = np.divmod(effects, 3)
    return Cells(
        first=first_side,
        second=second_side,
        annotator=effects // 3,
        shown=effects % 3 - 1,
        longer=longer_side - 1,
        wins=grouped(weight * share, cell, len(found)),
        losses=grouped(weight * (1 - share), cell, len(found)),
    )


class BradleyTerryProblem:
    """The negative log posterior density of theta = (abilities, beta - 1, position, longer)."""

    def __init__(self, cells: Cells, objects: int, annotators: int, pooling: Pooling) -> None:
        """Keep the comparisons; effects that are left out stay 0."""
        self.cells, self.objects, self.annotators, self.pooling = cells, objects, annotators, pooling
        self.number = cells.wins + cells.losses
        self.total = float(self.number.sum())
        self.beta_free = pooling.beta > 0 and annotators > 1
        self.position_free, self.longer_free = pooling.position > 0, pooling.longer > 0

    def check(self) -> None:
        """Raise ValueError unless a win leads from every object to every other (Ford 1957)."""
        cells = self.cells
        won, lost = cells.wins > 0, cells.losses > 0
        winner = np.concatenate([cells.first[won], cells.second[lost]])
        loser = np.concatenate([cells.second[won], cells.first[lost]])
        graph = sparse.coo_array((np.ones(len(winner)), (winner, loser)), shape=(self.objects, self.objects))
        parts, _ = csgraph.connected_components(graph, directed=True, connection="strong")
        if parts > 1:
            raise ValueError(
                f"no finite abilities exist: the objects fall into {parts} groups, of which one never loses to "
                "another; give abilities a prior (pooling.ability)"
            )

    def start(self) -> Floats:
        """Equal abilities, everybody alike."""
        return np.zeros(self.objects + 3 * self.annotators)

    def split(self, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Abilities, beta (its mean is 1), position and longer."""
        parts = theta[self.objects :].reshape(3, -1)
        beta = 1 + parts[0] - parts[0].mean() if self.beta_free else np.ones(self.annotators)
        return theta[: self.objects], beta, parts[1], parts[2]

    def _forward(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        cells = self.cells
        ability, beta, position, longer = self.split(theta)
        difference = ability[cells.first] - ability[cells.second]
        x = beta[cells.annotator] * difference
        x = x + position[cells.annotator] * cells.shown + longer[cells.annotator] * cells.longer
        return difference, beta, x

    def value_and_gradient(self, theta: Floats) -> tuple[float, Floats]:
        """The objective and its gradient."""
        cells = self.cells
        difference, beta, x = self._forward(theta)
        value = -(cells.wins @ special.log_expit(x) + cells.losses @ special.log_expit(-x))
        slope = self.number * special.expit(x) - cells.wins
        gradient = self._back(slope, beta, difference)
        for part, values, spread in self._priors(theta):
            if np.isfinite(spread) and spread > 0:
                value += 0.5 * float(values @ values) / spread**2
                gradient[part] += values / spread**2
        return float(value), gradient

    def _priors(self, theta: Floats) -> list[tuple[slice, Floats, float]]:
        """Where each effect stands in theta, its distance from its centre, and its standard deviation."""
        ability, beta, position, longer = self.split(theta)
        begin, count = self.objects, self.annotators
        slices = [slice(0, begin), *(slice(begin + k * count, begin + (k + 1) * count) for k in range(3))]
        spreads = (self.pooling.ability, self.pooling.beta, self.pooling.position, self.pooling.longer)
        return list(zip(slices, (ability, beta - 1, position, longer), spreads, strict=True))

    def _back(self, slope: Floats, beta: Floats, difference: Floats) -> Floats:
        """From a derivative by x to one by theta."""
        cells, count = self.cells, self.annotators
        pulled = slope * beta[cells.annotator]
        ability = grouped(pulled, cells.first, self.objects) - grouped(pulled, cells.second, self.objects)
        parts = np.zeros((3, count))
        if self.beta_free:
            by_beta = grouped(slope * difference, cells.annotator, count)
            parts[0] = by_beta - by_beta.mean()
        if self.position_free:
            parts[1] = grouped(slope * cells.shown, cells.annotator, count)
        if self.longer_free:
            parts[2] = grouped(slope * cells.longer, cells.annotator, count)
        return np.concatenate([ability, parts.ravel()])

    def hessian_times(self, theta: Floats, direction: Floats) -> Floats:
        """The Hessian of the objective times a direction."""
        cells = self.cells
        difference, beta, x = self._forward(theta)
        ability, turn, position, longer = self.split(direction)
        turn = turn - 1
        moved = ability[cells.first] - ability[cells.second]
        step = beta[cells.annotator] * moved + turn[cells.annotator] * difference
        step = step + position[cells.annotator] * cells.shown + longer[cells.annotator] * cells.longer
        share = special.expit(x)
        slope = self.number * share - cells.wins
        bend = self.number * share * (1 - share) * step
        product = self._back(bend, beta, difference)
        if self.beta_free:  # x is bilinear: beta and ability bend each other
            crossed = slope * turn[cells.annotator]
            product[: self.objects] += grouped(crossed, cells.first, self.objects)
            product[: self.objects] -= grouped(crossed, cells.second, self.objects)
            mixed = grouped(slope * moved, cells.annotator, self.annotators)
            product[self.objects : self.objects + self.annotators] += mixed - mixed.mean()
        for (part, _, spread), values in zip(
            self._priors(theta), (ability, turn, position, longer), strict=True
        ):
            if np.isfinite(spread) and spread > 0:
                product[part] += values / spread**2
        return product

    def result(self, theta: Floats, norm: float, iterations: int) -> BradleyTerry:
        """Everything that is published of a fit."""
        ability, beta, position, longer = self.split(theta)
        errors = self._errors(theta)
        begin, count = self.objects, self.annotators
        cells, (_, _, x) = self.cells, self._forward(theta)
        level = cells.wins @ special.log_expit(x) + cells.losses @ special.log_expit(-x)
        return BradleyTerry(
            ability=ability - ability.mean(),
            ability_error=None if len(theta) > DENSE_LIMIT else errors[:begin],
            beta=beta,
            beta_error=errors[begin : begin + count],
            position=position.copy(),
            position_error=errors[begin + count : begin + 2 * count],
            longer=longer.copy(),
            longer_error=errors[begin + 2 * count :],
            log_likelihood=float(level),
            gradient_norm=norm,
            iterations=iterations,
        )

    def _errors(self, theta: Floats) -> Floats:
        """Standard errors of all unknowns; 0 for what is fixed. Directions without meaning have no error."""
        size = len(theta)
        known = np.arange(size) if size <= DENSE_LIMIT else np.arange(self.objects, size)
        information = np.empty((len(known), len(known)))
        direction = np.zeros(size)
        for index, at in enumerate(known):
            direction[at] = 1
            information[index] = self.hessian_times(theta, direction)[known]
            direction[at] = 0
        values, vectors = np.linalg.eigh((information + information.T) / 2)
        kept = values > values.max() * 1e-10  # a common shift of abilities or of beta changes nothing
        variances = np.zeros(size)
        variances[known] = (vectors[:, kept] ** 2 / values[kept]).sum(axis=1)
        return np.sqrt(variances)
