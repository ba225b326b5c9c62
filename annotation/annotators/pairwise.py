r"""Worker-aware Bradley-Terry for pairs that a few people saw, with the pair's difference integrated out.

Outputs of one prompt are compared with each other only, by three people or so. Estimating a difference for each
pair beside the annotators' parameters would let every vote help to decide what it is measured by (Neyman & Scott
1948), so the difference d is a random effect: d ~ N(lambda * longer, 1), and

    x = beta_a * d + position_a * shown + longer_a * longer
    P(first, tie, second) = (e^{x/2}, e^{kappa_a}, e^{-x/2}) / sum        (Davidson 1970; Davidson & Beaver 1977)

which is sigma(x) where nobody calls a tie. beta = 0 is careless, beta < 0 reversed; a large position always takes
the first. What all have in common for length is lambda, and belongs to the outputs; longer_a is what is one's own.
Pooling: beta_a ~ N(mu, sd^2), the other effects ~ N(0, sd^2), kappa_a ~ N(their mean, sd^2).

The integral is a sum over an even grid, which is exact to many digits for smooth integrands (the trapezoidal rule);
the steeper the votes, the finer the grid.
What a vote contributes depends on the annotator and on 3 x 3 x 3 cases alone, so likelihood and gradient are
two products of a sparse matrix (units x cases) with a small table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse, special

from annotation.annotators.base import ConvergenceError, Floats, Integers
from annotation.annotators.votes import Votes

EDGE = 4.8  # differences beyond it have a probability of .000002
POINTS = (25, 49, 97, 193)
STEEPEST = 2.4  # largest beta times the grid's step: beyond it a vote is a jump between two points
POOLING = 1.0
BETA_CENTRE, BETA_CENTRE_SPREAD = 1.5, 1.0
TIE_SPREAD = 3.0
TOLERANCE = 1e-5
ITERATIONS = 2000
CHUNK = 100_000


@dataclass(frozen=True, eq=False)
class Pairwise:
    """A fit. Per annotator, (annotators,): beta, position, longer, tie (kappa, -inf where nobody ties).

    covariance: (annotators, 4, 4) of those four, from the observed information with everybody else's parameters
    held. posterior: (units, grid) of the difference of each pair in standard deviations, from the votes alone: what
    length tells about it is left out, so that labels do not repeat everybody's taste for length. objective is the negative
    log posterior density at theta (all parameters in one), gradient_norm the largest entry of its gradient per vote, at most the tolerance.
    """

    beta: Floats
    position: Floats
    longer: Floats
    tie: Floats
    covariance: Floats
    beta_mean: float
    tie_mean: float
    length_effect: float
    theta: Floats
    posterior: Floats
    objective: float
    gradient_norm: float
    iterations: int

    @property
    def first_better(self) -> Floats:
        """Probability that the first side of each pair is the better one: (units,)."""
        return first_better(self.posterior)


def first_better(posterior: Floats) -> Floats:
    """Probability that the difference is above 0, from posteriors on a grid: (units, grid) -> (units,)."""
    weights = upper_half(posterior.shape[1])
    first, second = posterior @ weights, posterior @ weights[::-1]
    return np.asarray(first / (first + second))


def grid_of(points: int) -> Floats:
    """Differences, evenly spaced, with 0 in the middle."""
    return np.linspace(-EDGE, EDGE, points)


def upper_half(points: int) -> Floats:
    """Weights of the integral over positive differences: the trapezoidal rule with Gregory's ends (fourth order)."""
    middle = points // 2
    return np.concatenate([np.zeros(middle), [3 / 8, 7 / 6, 23 / 24], np.ones(middle - 2)])


def accuracy_of(beta: Floats) -> Floats:
    """Probability that somebody decides for the better side of a pair drawn at random: beta -> 0..1.

    The mean of sigma(beta |d|) over d ~ N(0, 1): .5 for somebody careless, below it for somebody reversed.

    >>> accuracy_of(np.array([0.0]))
    array([0.5])
    """
    density = np.exp(-0.5 * FINE**2)
    density /= density.sum()
    return np.asarray(special.expit(np.multiply.outer(beta, np.abs(FINE))) @ density)


FINE = np.linspace(-8.0, 8.0, 801)


def pairwise_fit(
    votes: Votes,
    *,
    pooling: float = POOLING,
    start: Pairwise | None = None,
    tolerance: float = TOLERANCE,
    iterations: int = ITERATIONS,
) -> Pairwise:
    """Fit the model; `pooling` is the standard deviation of the annotators' effects around what is common.

    start: an earlier fit to nearly the same votes, to begin from; the result does not depend on it beyond the
    tolerance.

    Raises ConvergenceError where an entry of the gradient stays above `tolerance` per vote, ValueError without a
    vote.
    """
    if not len(votes.unit):
        raise ValueError("there are no votes")
    problem = PairwiseProblem(votes, pooling)
    theta = problem.start() if start is None else start.theta
    steps = 0
    for points in POINTS:
        problem.grid = grid_of(points)
        found = optimize.minimize(
            problem.value_and_gradient,
            theta,
            jac=True,
            method="L-BFGS-B",
            options={
                "maxiter": iterations,
                "maxfun": 2 * iterations,
                "maxcor": 20,
                "ftol": 0.0,
                "gtol": tolerance * len(votes.unit),
            },
        )
        theta, steps = found.x, steps + int(found.nit)
        if np.abs(theta[: votes.annotators]).max() * (problem.grid[1] - problem.grid[0]) <= STEEPEST:
            break
    objective, gradient = problem.value_and_gradient(theta)
    norm = float(np.abs(gradient).max() / len(votes.unit))
    if not norm <= tolerance:
        raise ConvergenceError(
            f"the gradient is {norm:.1e} per vote after {steps} iterations ({tolerance:.0e} is allowed)"
        )
    return problem.result(theta, objective, norm, steps)


class PairwiseProblem:
    """The negative log posterior density of theta = (beta, position, longer, kappa, mu, kappa's mean, lambda)."""

    def __init__(self, votes: Votes, pooling: float) -> None:
        """Number the cases that occur, and count them in each unit."""
        self.votes, self.pooling = votes, pooling
        self.grid = grid_of(POINTS[0])
        self.ties = bool((votes.outcome == 0).any())
        case = ((votes.annotator * 3 + votes.outcome + 1) * 3 + votes.shown + 1) * 3 + votes.longer + 1
        found, column = np.unique(case, return_inverse=True)
        self.column = column.astype(np.int64)
        self.longer = (found % 3 - 1).astype(np.float64)
        self.shown = (found // 3 % 3 - 1).astype(np.float64)
        self.outcome = (found // 9 % 3 - 1).astype(np.float64)
        self.annotator: Integers = found // 27
        shape = (votes.units, len(found))
        self.counts = sparse.csr_array((np.ones(len(column)), (votes.unit, column)), shape=shape)
        self.transposed = self.counts.T.tocsr()
        number = np.maximum(np.bincount(votes.unit, minlength=votes.units), 1)
        self.weight = np.bincount(votes.unit, votes.weight, minlength=votes.units) / number
        self.unit_longer = np.zeros(votes.units)
        self.unit_longer[votes.unit] = votes.longer

    def start(self) -> Floats:
        """Everybody is as careful as is expected, without habits."""
        count = self.votes.annotators
        theta = np.zeros(4 * count + 3)
        theta[:count] = theta[4 * count] = BETA_CENTRE
        return theta

    def split(self, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """The annotators' parts of theta; kappa is -inf where nobody ties."""
        beta, position, longer, kappa = theta[:-3].reshape(4, -1)
        return beta, position, longer, kappa if self.ties else np.full_like(kappa, -np.inf)

    def table(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """Log probability of each case on the grid, and the probabilities of first and of second."""
        beta, position, longer, kappa = self.split(theta)
        fixed = position[self.annotator] * self.shown + longer[self.annotator] * self.longer
        x = np.multiply.outer(beta[self.annotator], self.grid) + fixed[:, None]
        kappas = kappa[self.annotator, None]
        total = np.logaddexp(np.logaddexp(x / 2, -x / 2), kappas)
        said = np.where(self.outcome[:, None] == 0, kappas, self.outcome[:, None] * x / 2)
        return said - total, np.exp(x / 2 - total), np.exp(-x / 2 - total)

    def posterior(self, theta: Floats, table: Floats) -> tuple[Floats, Floats]:
        """Of each unit: the posterior of its difference on the grid, and the log of its likelihood."""
        spread = self.grid[None, :] - theta[-1] * np.array([-1.0, 0.0, 1.0])[:, None]
        prior = -0.5 * spread**2 + np.log((self.grid[1] - self.grid[0]) / np.sqrt(2 * np.pi))
        joint: Floats = self.counts @ table
        joint += prior[self.unit_longer.astype(np.int64) + 1]
        most = joint.max(axis=1)
        joint -= most[:, None]
        np.exp(joint, out=joint)
        total = joint @ np.ones(len(self.grid))
        joint /= total[:, None]
        return joint, most + np.log(total)

    def posterior_of_votes(self, theta: Floats) -> Floats:
        """The posterior of each unit's difference with length saying nothing about it: (units, grid)."""
        neutral = theta.copy()
        neutral[-1] = 0
        return self.posterior(neutral, self.table(theta)[0])[0]

    def value_and_gradient(self, theta: Floats) -> tuple[float, Floats]:
        """The objective and its gradient, exact for the grid."""
        table, first, second = self.table(theta)
        posterior, level = self.posterior(theta, table)
        posterior *= self.weight[:, None]
        expected: Floats = self.transposed @ posterior
        slope = expected * (self.outcome[:, None] - first + second) / 2
        sums = slope.sum(axis=1)
        gradient = np.zeros_like(theta)
        parts = gradient[:-3].reshape(4, -1)
        count = self.votes.annotators
        tie = ((self.outcome == 0)[:, None] - (1 - first - second)) * expected
        by_case = (slope @ self.grid, sums * self.shown, sums * self.longer, tie.sum(axis=1))
        for index, values in enumerate(by_case):
            parts[index] = -np.bincount(self.annotator, values, minlength=count)
        if not self.ties:
            parts[3] = 0
        mean = posterior @ self.grid
        gradient[-1] = -(self.unit_longer @ (mean - self.weight * theta[-1] * self.unit_longer))
        penalty = self._penalty(theta, gradient)
        return float(penalty - self.weight @ level), gradient

    def _penalty(self, theta: Floats, gradient: Floats) -> float:
        beta, position, longer, kappa = theta[:-3].reshape(4, -1)
        parts = gradient[:-3].reshape(4, -1)
        precision, total = self.pooling**-2, 0.0
        centres = (theta[-3], 0.0, 0.0, theta[-2])
        for index, (values, centre) in enumerate(zip((beta, position, longer, kappa), centres, strict=True)):
            parts[index] += precision * (values - centre)
            total += 0.5 * precision * float(((values - centre) ** 2).sum())
        for index, values, centre, spread in (
            (-3, beta, BETA_CENTRE, BETA_CENTRE_SPREAD),
            (-2, kappa, 0.0, TIE_SPREAD),
        ):
            gradient[index] += (theta[index] - centre) / spread**2 - precision * (values - theta[index]).sum()
            total += 0.5 * float((theta[index] - centre) ** 2) / spread**2
        return total

    def covariances(self, theta: Floats) -> Floats:
        """Inverse observed information of each annotator's four parameters (Louis 1982): (annotators, 4, 4)."""
        table, first, second = self.table(theta)
        posterior, _ = self.posterior(theta, table)
        count = self.votes.annotators
        slope = (self.outcome[:, None] - first + second) / 2
        tied = 1 - first - second
        surprise = (self.outcome == 0)[:, None] - tied
        bend = (first + second - (first - second) ** 2) / 4
        mixed = tied * (first - second) / 2
        design = np.stack(  # what each of the first three parameters multiplies, on the grid
            [
                np.broadcast_to(values, bend.shape)
                for values in (self.grid, self.shown[:, None], self.longer[:, None])
            ]
        )
        score = np.concatenate([slope * design, surprise[None]])
        complete = np.empty((4, 4, *bend.shape))
        complete[:3, :3] = design[:, None] * design[None] * bend
        complete[:3, 3] = complete[3, :3] = -mixed * design
        complete[3, 3] = tied * (1 - tied)
        weighted = posterior * self.weight[:, None]
        expected: Floats = self.transposed @ weighted
        information = ((complete - score[:, None] * score[None]) * expected).sum(axis=-1)
        for begin in range(0, len(self.column), CHUNK):
            part = slice(begin, begin + CHUNK)
            unit, column = self.votes.unit[part], self.column[part]
            mean = np.einsum("nq,pnq->pn", posterior[unit], score[:, column])
            outer = mean[:, None] * mean[None] * self.weight[unit]
            for one in range(4):
                for two in range(4):
                    information[one, two] += np.bincount(
                        column, outer[one, two], minlength=len(self.annotator)
                    )
        blocks = np.zeros((count, 4, 4))
        np.add.at(blocks, self.annotator, information.transpose(2, 0, 1))
        blocks += np.eye(4) * self.pooling**-2
        if not self.ties:
            blocks[:, 3, :] = blocks[:, :, 3] = 0
            blocks[:, 3, 3] = 1
        return np.linalg.inv(blocks).astype(np.float64)

    def result(self, theta: Floats, objective: float, norm: float, iterations: int) -> Pairwise:
        """Everything that is published of a fit."""
        beta, position, longer, tie = self.split(theta)
        return Pairwise(
            beta=beta.copy(),
            position=position.copy(),
            longer=longer.copy(),
            tie=tie.copy(),
            covariance=self.covariances(theta),
            beta_mean=float(theta[-3]),
            tie_mean=float(theta[-2]),
            length_effect=float(theta[-1]),
            theta=theta,
            posterior=self.posterior_of_votes(theta),
            objective=objective,
            gradient_norm=norm,
            iterations=iterations,
        )
