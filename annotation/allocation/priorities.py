"""How much a further judgment of an item is worth: numbers from 0 to 1 that are prepared for the queue.

`uncertainty` reads the champion's rewards, `disagreement` the votes that are there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from annotation.allocation.ballots import Ballot, unvoted
from annotation.questions import Question


def uncertainty(margin: float, spread: float = 0.0) -> float:
    """Entropy in bits of which output wins, by the difference of two rewards in log-odds.

    `spread` is the standard deviation of that difference and is integrated over: the probability is
    sigmoid(margin / sqrt(1 + pi spread^2 / 8)) (MacKay 1992, "The evidence framework applied to
    classification networks", equation 10). 1 where either may win, towards 0 where one surely does.

    Raises ValueError for a spread below 0 or numbers that are not finite.

    >>> uncertainty(0.0)
    1.0
    >>> round(uncertainty(math.log(3)), 4)  # one of four loses: H(1/4)
    0.8113
    """
    if not math.isfinite(margin) or not math.isfinite(spread) or spread < 0:
        raise ValueError("margin and spread must be finite and the spread at least 0")
    odds = abs(margin) / math.sqrt(1 + math.pi * spread**2 / 8)
    loses = 1 / (1 + math.exp(odds)) if odds < 700 else 0.0
    if loses == 0:
        return 0.0
    return -(loses * math.log2(loses) + (1 - loses) * math.log1p(-loses) / math.log(2))


def uncertainty_of_outputs(rewards: Sequence[float], spreads: Sequence[float] | None = None) -> float:
    """Mean uncertainty of the neighbours when a prompt's outputs are put in the order of their rewards.

    `spreads` are the standard deviations of the single rewards, taken as independent. 0 for fewer than two
    outputs: there is nothing to order.

    >>> round(uncertainty_of_outputs([0.0, 0.0, math.log(3)]), 4)
    0.9056
    """
    spreads = [0.0] * len(rewards) if spreads is None else spreads
    ordered = sorted(zip(rewards, spreads, strict=True))
    values = [
        uncertainty(higher - lower, math.hypot(one, other))
        for (lower, one), (higher, other) in pairwise(ordered)
    ]
    return sum(values) / len(values) if values else 0.0


def expected_disagreement(ballots: Iterable[Ballot]) -> float:
    """How far two more people are expected to disagree on an item, 0 to 1; 0 where nothing can be voted on.

    For one ballot: with votes n and a Dirichlet prior of mass 1 spread evenly over the categories (Perks 1947),
    the posterior mean of the sum over pairs of categories of p_i p_j d_ij, as a share of its largest value one
    half for two categories. d is 1 between different categories, and on a scale the squared distance as a share
    of the squared length. One vote changes nothing, agreeing votes lower it and contradicting ones raise it, so
    that contested items come before untouched ones and these before settled ones. Ballots of one question are
    averaged, and the item has the value of its most contested question.

    >>> pair = ("first", "second")
    >>> [expected_disagreement([Ballot("q", (), pair, votes)]) for votes in [(0, 0), (1, 0), (1, 1)]]
    [0.5, 0.5, 0.75]
    """
    by_question: dict[str, list[float]] = defaultdict(list)
    for ballot in ballots:
        by_question[ballot.question].append(_expected(ballot))
    return max((sum(values) / len(values) for values in by_question.values()), default=0.0)


def disagreement(ballots: Sequence[Ballot]) -> float | None:
    """`expected_disagreement` over the ballots with two or more votes; None where there are none.

    One vote is not contested.
    """
    voted = [ballot for ballot in ballots if ballot.cast >= 2]
    return expected_disagreement(voted) if voted else None


def unjudged_disagreement(questions: Iterable[Question]) -> float:
    """`expected_disagreement` of an item that nobody has judged."""
    return expected_disagreement(unvoted(questions))


def _expected(ballot: Ballot) -> float:
    """2 sum_ij a_i a_j d_ij / (A (A + 1)) with a the posterior's parameters and A their sum; at most 1."""
    count = len(ballot.votes)
    posterior = [votes + 1 / count for votes in ballot.votes]
    mass = sum(posterior)
    if ballot.scale:  # sum_ij a_i a_j (i - j)^2 = 2 (A sum a i^2 - (sum a i)^2)
        first = sum(place * each for place, each in enumerate(posterior))
        second = sum(place**2 * each for place, each in enumerate(posterior))
        differing = 2 * (mass * second - first**2) / (count - 1) ** 2
    else:
        differing = mass**2 - sum(each**2 for each in posterior)
    return min(2 * differing / (mass * (mass + 1)), 1.0)
