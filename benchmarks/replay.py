"""Labels that people once gave, given again in the order in which a policy asks for them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from annotation.allocation.ballots import Ballot
from annotation.allocation.policies import (
    DISAGREEMENT_FIRST,
    UNCERTAIN_FIRST,
    Candidate,
    in_random_arm,
    items_choose,
)
from annotation.allocation.priorities import expected_disagreement, uncertainty
from training.rewards.data import Dataset, Preference
from training.rewards.features.space import Raw
from training.rewards.metrics import credit
from training.rewards.models.choice import choose_strictness
from training.rewards.models.linear_fit import Fitter, LinearOptions, objective_of
from training.rewards.models.span import Span
from training.rewards.models.strictness import Strictness, block_scales
from training.rewards.targets import consensus, pair_votes

Vector = NDArray[np.float64]
Places = NDArray[np.int64]
FEWEST_FRESH: Final = 25  # as a project retrains: after 25 labels or a tenth of what there is
FRESH_SHARE: Final = 0.1
STRICTNESS_AT: Final = 200  # labels from which the strictness is chosen, once, on the labels at hand
RANDOM_SHARE: Final = 0.1
ROUGH: Final = 1e-4
PAIR: Final = ("first", "tie", "second")


@dataclass(frozen=True, slots=True)
class Plan:
    """How items are chosen: a policy, the share drawn at random, whether the spread enters, and the overlap.

    An overlap of 0 is as many labels as an item once got.
    """

    policy: str
    random_share: float = RANDOM_SHARE
    spread: bool = False
    overlap: int = 0


PLANS: Final[Mapping[str, Plan]] = {
    "random": Plan(UNCERTAIN_FIRST, random_share=1.0),
    "uncertain-first": Plan(UNCERTAIN_FIRST),
    "uncertain-first, spread known": Plan(UNCERTAIN_FIRST, spread=True),
    "uncertain-first, one label each": Plan(UNCERTAIN_FIRST, overlap=1),
    "disagreement-first": Plan(DISAGREEMENT_FIRST),
}


def schedule(most: int) -> list[int]:
    """Numbers of labels after which the model is fitted anew."""
    found = [FEWEST_FRESH]
    while found[-1] < most:
        found.append(min(found[-1] + max(FEWEST_FRESH, round(FRESH_SHARE * found[-1])), most))
    return found


class Course:
    """One fold: prompts to learn from, each a pair of outputs with the votes it once got, and test pairs."""

    def __init__(
        self, dataset: Dataset, raw: Raw, groups: Mapping[str, bool], learning: Places, test: Places
    ) -> None:
        self.dataset, self.raw, self.learning = dataset, raw, learning
        self._groups, self._options = groups, LinearOptions()
        self._span = Span.of(dataset, raw, learning)
        self._fitter = Fitter(dataset, raw, learning, groups, self._options, self._span)
        self._solver = self._fitter.solver(learning)
        self._votes: dict[int, list[Preference]] = {prompt: [] for prompt in learning.tolist()}
        for vote in dataset.preferences:
            if vote.prompt in self._votes:
                self._votes[vote.prompt].append(vote)
        self._first = raw.index[dataset.offsets[learning]]
        self._second = raw.index[dataset.offsets[learning] + 1]
        self._kept: tuple[Strictness, NDArray[np.float64]] | None = None
        pairs = consensus(pair_votes(dataset).on(test))
        self._decided = pairs.decided
        self._test = (pairs.first[self._decided], pairs.second[self._decided], pairs.outcome[self._decided])
        self.test_prompts = pairs.prompt[self._decided]

    def replay(self, plan: Plan, steps: Sequence[int], seed: int) -> Iterator[Vector]:
        """After each of the numbers of labels: 1 for each test pair ordered right, 0 for each wrong one.

        People answer in an order of the seed's; the model is fitted on what they said so far.
        """
        state = _State(self, plan, seed)
        strictness = Strictness()
        for labels in steps:
            state.ask(labels - len(state.given))
            data = replace(self.dataset, preferences=tuple(state.given))
            judged = np.unique(np.array([vote.prompt for vote in state.given], dtype=np.int64))
            if len(state.given) >= STRICTNESS_AT > labels - max(FEWEST_FRESH, FRESH_SHARE * labels):
                fitter = Fitter(data, self.raw, judged, self._groups, self._options, self._span)
                strictness = choose_strictness(fitter).strictness
            objective = objective_of(data, judged, self.raw.index, self._options)
            weights = self._solver.fit(objective, strictness, ROUGH)
            rewards = self._fitter.rewards(weights)
            on_rows = rewards[self.raw.index]
            yield credit(on_rows[self._test[0]] - on_rows[self._test[1]], self._test[2])
            margins = rewards[self._first] - rewards[self._second]
            spreads = self._spreads(state, rewards, strictness) if plan.spread else np.zeros(len(margins))
            state.prepare(margins, spreads)

    def _spreads(self, state: _State, rewards: Vector, strictness: Strictness) -> Vector:
        """Standard deviation of each pair's margin under the Laplace approximation of the posterior."""
        prior = self._prior(strictness)
        curvature = np.zeros_like(prior)
        judged = np.flatnonzero(state.load)
        one, other = self._first[judged], self._second[judged]
        wins = 1 / (1 + np.exp(rewards[other] - rewards[one]))
        weight = wins * (1 - wins)  # the votes on one prompt share a weight of 1
        for rows, columns, sign in ((one, one, 1), (other, other, 1), (one, other, -1), (other, one, -1)):
            np.add.at(curvature, (rows, columns), sign * weight)
        posterior = np.linalg.solve(np.eye(len(prior)) + prior @ curvature, prior)
        variance = np.diag(posterior)[self._first] + np.diag(posterior)[self._second]
        variance -= 2 * posterior[self._first, self._second]
        spreads: Vector = np.sqrt(np.maximum(variance, 0.0))
        return spreads

    def _prior(self, strictness: Strictness) -> NDArray[np.float64]:
        """Covariance of the items' rewards before anyone was asked: (items, items), the last one kept."""
        if self._kept is None or self._kept[0] != strictness:
            design, scales = self._fitter.design, block_scales(self._fitter.space, strictness)
            split = design.dense.shape[1]
            dense = design.dense * scales[:split]
            thin = sparse.csr_array(design.thin @ sparse.diags_array(scales[split:]))
            prior = (dense @ dense.T + (thin @ thin.T).toarray()) / strictness.l2
            self._kept = strictness, prior
        return self._kept[1]


class _State:
    """What has been asked so far, and the queue as the database would keep it."""

    def __init__(self, course: Course, plan: Plan, seed: int) -> None:
        self.course, self.plan = course, plan
        self.given: list[Preference] = []
        count = len(course.learning)
        self.load, self.priority = np.zeros(count, dtype=np.int64), np.zeros(count)
        self._random = random.Random(seed)
        self._ids = np.array(self._random.sample(range(10 * count), count))
        self._number = np.array(self._random.sample(range(count), count))
        self._apart = np.array(
            [in_random_arm(str(seed), str(each), plan.random_share) for each in self._ids], dtype=bool
        )
        self._votes = [
            self._random.sample(votes, len(votes))
            for votes in (course._votes[prompt] for prompt in course.learning.tolist())
        ]
        self._places = np.array([len(votes) for votes in self._votes])
        if plan.overlap:
            self._places = np.minimum(self._places, plan.overlap)
        self.prepare(np.zeros(count), np.zeros(count))

    def ask(self, count: int) -> None:
        """Get so many answers, each on the item that the policy chooses; none twice in one go."""
        free = np.flatnonzero(self.load < self._places)
        active, apart = free[~self._apart[free]], free[self._apart[free]]
        active = active[np.lexsort((self._number[active], self.load[active], -self.priority[active]))[:count]]
        apart = apart[np.lexsort((self._ids[apart], self.load[apart]))[:count]]
        candidates = [
            Candidate(
                int(place),
                int(self._ids[place]),
                int(self._number[place]),
                int(self.load[place]),
                float(self.priority[place]),
                bool(self._apart[place]),
            )
            for place in (*active, *apart)
        ]
        chosen = items_choose(
            self.plan.policy,
            candidates,
            count,
            random_share=self.plan.random_share,
            random=self._random,
        )
        for choice in chosen:
            self.given.append(self._votes[choice.item][self.load[choice.item]])
            self.load[choice.item] += 1
        if len(chosen) < count:
            if not chosen:
                raise ValueError("fewer labels are there than are asked for")
            self.ask(count - len(chosen))

    def prepare(self, margins: Vector, spreads: Vector) -> None:
        """Set the priorities, as the queue's task does after a training run."""
        if self.plan.policy == DISAGREEMENT_FIRST:
            self.priority = np.array(
                [
                    _contested(*_counts(votes[:load]))
                    for votes, load in zip(self._votes, self.load, strict=True)
                ]
            )
        else:
            self.priority = np.array(
                [uncertainty(*pair) for pair in zip(margins.tolist(), spreads.tolist(), strict=True)]
            )


def vote_of(preference: Preference) -> int:
    """0 where the first output won, 1 for a tie, 2 where the second won."""
    return 1 if len(preference.tiers) == 1 else 2 * preference.tiers[0][0]


def _counts(votes: Sequence[Preference]) -> tuple[int, int, int]:
    places = [vote_of(vote) for vote in votes]
    return places.count(0), places.count(1), places.count(2)


@cache
def _contested(first: int, tie: int, second: int) -> float:
    return expected_disagreement([Ballot("overall", (), PAIR, (first, tie, second))])


@dataclass(frozen=True, eq=False)
class Curves:
    """Each plan's held-out hits at each number of labels, averaged over seeds: (steps, test pairs)."""

    steps: list[int]
    prompts: Places
    hits: dict[str, NDArray[np.float64]]


def replay_all(
    courses: Sequence[Course],
    plans: Sequence[str],
    *,
    most: int,
    seeds: int,
    report: Callable[[str], Any] = print,
) -> Curves:
    """Replay every plan on every fold with every seed; folds are laid side by side."""
    steps = schedule(most)
    hits: dict[str, NDArray[np.float64]] = {}
    for name in plans:
        folds = []
        for course in courses:
            found = [np.array(list(course.replay(PLANS[name], steps, seed))) for seed in range(seeds)]
            folds.append(np.mean(found, axis=0))
        hits[name] = np.concatenate(folds, axis=1)
        report(f"{name}: {[round(float(each), 3) for each in hits[name].mean(axis=1)[:: len(steps) // 6]]}")
    return Curves(steps, np.concatenate([course.test_prompts for course in courses]), hits)
