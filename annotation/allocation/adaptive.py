"""Adaptive overlap: how sure an item's answer is from its votes, and how many people it still needs.

The answer of an item is what a great many people would say most often (on a scale: their mean). Votes are
draws from that crowd, so the posterior is a Dirichlet distribution over its shares.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from annotation.allocation.ballots import Ballot

FEWEST_VOTES: Final = 2
"""Fewer never settle anything."""
SCALE_SHARE: Final = 0.25
"""A mean is known once it lies within this share of the scale; one step of 1 to 5."""
NODES: Final = 2001


@dataclass(frozen=True, slots=True)
class Leading:
    """The leading answer, as the place of its category, and the probability that it is the crowd's."""

    category: int
    probability: float


def leading(votes: Sequence[int], prior: Sequence[float] | None = None) -> Leading:
    """The category with the most votes and the posterior probability that it has the largest share.

    `prior` are the parameters of the Dirichlet prior, together 1 and equal unless given (Perks 1947; for two
    categories Jeffreys' prior). Of equally many votes the first category leads.

    Raises ValueError for fewer than two categories or parameters that are not above 0.

    >>> round(leading([2, 0]).probability, 4)  # one minus the Beta(2.5, 0.5) distribution at one half
    0.9244
    >>> round(leading([2, 0, 0]).probability, 4)
    0.8999
    """
    prior = [1 / len(votes)] * len(votes) if prior is None else prior
    parameters = [count + each for count, each in zip(votes, prior, strict=True)]
    if len(parameters) < 2 or min(prior) <= 0:
        raise ValueError("a vote needs two categories, and a prior above 0 for each")
    best = max(range(len(parameters)), key=lambda place: (parameters[place], -place))
    others = sorted(parameters[:best] + parameters[best + 1 :])
    return Leading(best, _largest(parameters[best], tuple(others)))


@lru_cache(maxsize=20_000)
def _largest(own: float, others: tuple[float, ...]) -> float:
    """Probability that a Dirichlet's share with parameter `own` is the largest of all.

    Shares are gamma variables over their sum, so it is the mean of the product of the others' distribution
    functions at the own variable: exact for two categories, else the trapezoidal rule over its logarithm,
    where the integrand is smooth and dies out at both ends.
    """
    import numpy as np  # both take a while to load, and few requests need them
    from scipy import special

    if len(others) == 1:
        return float(special.betainc(others[0], own, 0.5))
    top = max(own, *others)
    log = np.linspace(-45 / min(1.0, own + sum(others)), math.log(top + 12 * math.sqrt(top) + 40), NODES)
    point = np.exp(log)
    density = np.exp(own * log - point - special.gammaln(own))
    for other in others:
        density *= special.gammainc(other, point)
    return float(np.trapezoid(density, log))


def leading_known(
    log_likelihoods: Sequence[Sequence[float]], prior: Sequence[float] | None = None
) -> Leading:
    """The most probable true category where each vote's likelihood is known, as from annotators' skills.

    `log_likelihoods` has one row for each vote: the logarithm of the probability of that vote under each true
    category. `prior` are the categories' probabilities, equal unless given (Dawid & Skene 1979, equation 2.5).

    Raises ValueError for a prior that is not above 0.

    >>> right, wrong = math.log(0.8), math.log(0.2)
    >>> round(leading_known([[right, wrong], [right, wrong], [wrong, right]]).probability, 4)
    0.8
    """
    count = len(log_likelihoods[0])
    shares = [1.0] * count if prior is None else prior
    if min(shares) <= 0:
        raise ValueError("every category needs a probability above 0")
    logs = [
        math.log(shares[place]) + math.fsum(vote[place] for vote in log_likelihoods) for place in range(count)
    ]
    best = max(range(count), key=lambda place: (logs[place], -place))
    return Leading(best, 1 / math.fsum(math.exp(each - logs[best]) for each in logs))


def mean_known(votes: Sequence[int]) -> Leading:
    """The step of a scale nearest to the mean score, and how sure the crowd's mean lies near the estimate.

    Near is within `SCALE_SHARE` of the scale's length. Under a Dirichlet posterior of mass A the crowd's mean
    has the posterior's mean and its variance over A + 1 (Ferguson 1973); it is taken as normal.

    >>> [round(mean_known(votes).probability, 3) for votes in [(0, 0, 0, 2, 0), (1, 0, 0, 0, 1)]]
    [0.966, 0.727]
    """
    count = len(votes)
    posterior = [each + 1 / count for each in votes]
    mass = sum(posterior)
    mean = sum(place * each for place, each in enumerate(posterior)) / mass
    variance = sum((place - mean) ** 2 * each for place, each in enumerate(posterior)) / mass / (mass + 1)
    reach = SCALE_SHARE * (count - 1)
    return Leading(round(mean), math.erf(reach / math.sqrt(2 * variance)))


def ballot_leading(ballot: Ballot) -> Leading:
    """The leading answer of a ballot and how sure it is."""
    return mean_known(ballot.votes) if ballot.scale else leading(ballot.votes)


def item_confidence(ballots: Iterable[Ballot]) -> float | None:
    """How sure an item's answers are: the share of them that are expected to be the crowd's.

    Averaged over the ballots of a question, and of the question where it is smallest. A ballot with fewer
    votes than `FEWEST_VOTES` is not sure at all. None where nothing was voted on.
    """
    sure: dict[str, list[float]] = defaultdict(list)
    for ballot in ballots:
        voted = ballot.cast >= FEWEST_VOTES
        sure[ballot.question].append(ballot_leading(ballot).probability if voted else 0.0)
    return min((sum(each) / len(each) for each in sure.values()), default=None)


def places_extra(
    ballots: Iterable[Ballot],
    *,
    judgments: int,
    overlap: int,
    most: int,
    confidence: float,
    reserved: int = 0,
    sure: float | None = None,
) -> int:
    """How many places more (or, below 0, fewer) than the overlap an item with these votes has.

    Settled, so that it takes nobody new: at least `FEWEST_VOTES` judgments and `item_confidence` at or above
    `confidence`. Places that are filled or `reserved` stay, so that work already begun is counted. Contested,
    with the overlap reached and still unsure: one more person at a time, up to `most` places. `sure` stands in
    for `item_confidence` where it is known better, as from annotators' skills. Items without anything to vote
    on keep their overlap.

    >>> pair = lambda *votes: [Ballot("better", ("a", "b"), ("first", "second"), votes)]
    >>> rule = {"overlap": 3, "most": 5, "confidence": 0.9}
    >>> places_extra(pair(2, 0), judgments=2, **rule)  # settled after two
    -1
    >>> places_extra(pair(2, 1), judgments=3, **rule)  # contested: a fourth
    1
    """
    sure = item_confidence(ballots) if sure is None else sure
    taken = judgments + reserved
    if sure is None or most < overlap:
        return 0
    if judgments >= FEWEST_VOTES and sure >= confidence:
        return taken - overlap
    return max(overlap, taken, min(judgments + 1, most)) - overlap
