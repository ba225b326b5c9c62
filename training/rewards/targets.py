"""What a reward is judged against: votes on pairs of outputs, their consensus, and good outputs.

Votes come from preferences; from ratings only where a dataset has no preference at all. Every vote
counts once: strength is kept for slices and changes no target.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset, Preference


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes on pairs of rows with ``first < second``, arrays of shape (votes,).

    ``value`` is above 0 where ``first`` won, below where ``second`` won, 0 for a tie: plus or minus 1
    for preferences, the difference of the annotator's two scores as a share of the scale for ratings
    (``graded``). ``strength`` is 0 for ties and from 1 up otherwise; ``reason`` is "" where none was given.
    """

    prompt: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    value: NDArray[np.float64]
    strength: NDArray[np.int64]
    annotator: NDArray[np.object_]
    kind: NDArray[np.object_]
    question: NDArray[np.object_]
    reason: NDArray[np.object_]
    graded: bool

    def __len__(self) -> int:
        return len(self.prompt)

    def take(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Votes:
        """The votes at these positions or under this mask."""
        return Votes(
            self.prompt[which],
            self.first[which],
            self.second[which],
            self.value[which],
            self.strength[which],
            self.annotator[which],
            self.kind[which],
            self.question[which],
            self.reason[which],
            self.graded,
        )

    def on(self, prompts: NDArray[np.int64]) -> Votes:
        """The votes on these prompts."""
        return self.take(np.isin(self.prompt, prompts))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows and what people made of them together, arrays of shape (pairs,).

    ``outcome`` is 1 where ``first`` won, -1 where ``second`` won, 0 for a tie or no majority.
    ``counts`` has shape (pairs, 3): votes for first, tie, second. ``pair_of_vote`` has shape (votes,).
    """

    prompt: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    outcome: NDArray[np.int64]
    counts: NDArray[np.int64]
    pair_of_vote: NDArray[np.int64]
    votes: Votes

    def __len__(self) -> int:
        return len(self.prompt)

    def margins(self, rewards: NDArray[np.float64]) -> NDArray[np.float64]:
        """Reward of ``first`` less reward of ``second``, shape (pairs,)."""
        margins: NDArray[np.float64] = rewards[self.first] - rewards[self.second]
        return margins

    def take(self, mask: NDArray[np.bool_]) -> Pairs:
        """Some of the pairs, for figures that need no votes."""
        return Pairs(
            self.prompt[mask],
            self.first[mask],
            self.second[mask],
            self.outcome[mask],
            self.counts[mask],
            self.pair_of_vote,
            self.votes,
        )

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Pairs that one side won."""
        decided: NDArray[np.bool_] = self.outcome != 0
        return decided


@dataclass(frozen=True, slots=True)
class Outputs:
    """Single outputs known to be good or not: the target's name, rows and labels of shape (outputs,)."""

    target: str
    prompt: NDArray[np.int64]
    row: NDArray[np.int64]
    good: NDArray[np.bool_]

    def on(self, prompts: NDArray[np.int64]) -> Outputs:
        """The outputs of these prompts."""
        mask = np.isin(self.prompt, prompts)
        return Outputs(self.target, self.prompt[mask], self.row[mask], self.good[mask])


def pair_votes(dataset: Dataset) -> Votes:
    """Every vote on a pair: from preferences, else from each annotator's own ratings of one prompt.

    A ranking votes on each pair of its outputs. A best-worst answer votes on the pairs with its best or
    its worst output; outputs between the two were not compared with each other.
    """
    return preference_votes(dataset) if dataset.preferences else rating_votes(dataset)


def preference_votes(dataset: Dataset) -> Votes:
    """Votes from preferences alone."""
    offsets = dataset.offsets.tolist()
    places: list[tuple[int, int, int, int, int]] = []
    origin: list[Preference] = []
    for preference in dataset.preferences:
        offset = offsets[preference.prompt]
        for better, worse, sign in _implied(preference):
            strength = preference.strength if sign else 0
            if better < worse:
                places.append((preference.prompt, offset + better, offset + worse, sign, strength))
            else:
                places.append((preference.prompt, offset + worse, offset + better, -sign, strength))
            origin.append(preference)
    columns = np.array(places, dtype=np.int64).reshape(-1, 5).T
    return Votes(
        columns[0],
        columns[1],
        columns[2],
        columns[3].astype(np.float64),
        columns[4],
        _objects([preference.annotator for preference in origin]),
        _objects([preference.annotator_kind for preference in origin]),
        _objects([preference.question for preference in origin]),
        _objects([preference.reason for preference in origin]),
        graded=False,
    )


def _implied(preference: Preference) -> Iterator[tuple[int, int, int]]:
    """(better, worse, 1) for outputs of different tiers and (one, other, 0) for outputs of one tier."""
    tiers = preference.tiers
    for level, tier in enumerate(tiers):
        if preference.kind != "best_worst":
            yield from ((one, other, 0) for one, other in combinations(tier, 2))
        for lower in tiers[level + 1 :]:
            yield from ((better, worse, 1) for better in tier for worse in lower)


def rating_votes(dataset: Dataset) -> Votes:
    """Votes from ratings: an annotator who scored two outputs of a prompt on one question compared them."""
    scores: dict[tuple[int, str, str, str], dict[int, float]] = defaultdict(dict)
    for rating in dataset.ratings:
        span = rating.maximum - rating.minimum
        if span <= 0:
            raise ValueError(f"rating {rating.id}: the scale's maximum must be above its minimum")
        key = (rating.prompt, rating.annotator, rating.annotator_kind, rating.question)
        scores[key][dataset.row(rating.prompt, rating.completion)] = rating.value / span
    places: list[tuple[int, int, int]] = []
    values: list[float] = []
    names: list[tuple[str, str, str]] = []
    for (prompt, annotator, kind, question), by_row in scores.items():
        for first, second in combinations(sorted(by_row), 2):
            places.append((prompt, first, second))
            values.append(by_row[first] - by_row[second])
            names.append((annotator, kind, question))
    columns = np.array(places, dtype=np.int64).reshape(-1, 3).T
    value = np.array(values, dtype=np.float64)
    return Votes(
        columns[0],
        columns[1],
        columns[2],
        value,
        (value != 0).astype(np.int64),
        _objects([annotator for annotator, _, _ in names]),
        _objects([kind for _, kind, _ in names]),
        _objects([question for _, _, question in names]),
        _objects([""] * len(names)),
        graded=True,
    )


def consensus(votes: Votes) -> Pairs:
    """One outcome for each pair that was voted on, pairs in the order of their rows.

    The answer (first, tie, second) that most votes gave; where two answers share the lead there is no
    majority and the pair counts as a tie. For ratings the sign of the mean difference, 0 being a tie.

    Three votes first, second and tie make a tie; two votes first and one second make first.
    """
    keys = votes.first * (votes.second.max(initial=0) + 1) + votes.second
    places, index, pair_of_vote = np.unique(keys, return_index=True, return_inverse=True)
    count = len(places)
    sign = np.sign(votes.value)
    counts = np.stack(
        [np.bincount(pair_of_vote[sign == side], minlength=count) for side in (1, 0, -1)], axis=1
    )
    if votes.graded:
        sums = np.bincount(pair_of_vote, weights=votes.value, minlength=count)
        outcome = graded_sign(sums.astype(np.float64))
    else:
        outcome = plurality(counts)
    return Pairs(
        votes.prompt[index], votes.first[index], votes.second[index], outcome, counts, pair_of_vote, votes
    )


def plurality(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """1, 0 or -1 for the answer with most votes in counts (pairs, 3) of first, tie, second; 0 if shared."""
    most = counts.max(axis=1, keepdims=True)
    single = np.count_nonzero(counts == most, axis=1) == 1
    return np.where(single, 1 - counts.argmax(axis=1), 0)


def graded_sign(sums: NDArray[np.float64]) -> NDArray[np.int64]:
    """Sign of sums of score shares.

    Rounded to nine decimals, far below any scale's step, since shares such as 1/3 are not exact and equal
    means must be a tie.
    """
    return np.sign(np.round(sums, 9)).astype(np.int64)


def good_outputs(dataset: Dataset) -> Outputs:
    """Which outputs are good, by absolute judgments where there are any.

    Verdicts: more than half say good; outputs on which they are split evenly are left out, and the
    target is the question's name ("acceptable" for several questions). Else ratings, where the project
    says from which mean an output is good: target "rating". Else, from pairs, those that won more of
    their pairs than they lost: target "won_more".
    """
    prompt_of_row = np.repeat(np.arange(len(dataset.prompts)), np.diff(dataset.offsets))
    if dataset.verdicts:
        rows = np.array([dataset.row(verdict.prompt, verdict.completion) for verdict in dataset.verdicts])
        balance = np.bincount(
            rows,
            weights=[1.0 if verdict.good else -1.0 for verdict in dataset.verdicts],
            minlength=dataset.row_count,
        )
        labelled = np.flatnonzero(balance)
        questions = {verdict.question for verdict in dataset.verdicts}
        name = questions.pop() if len(questions) == 1 else "acceptable"
        return Outputs(name, prompt_of_row[labelled], labelled, balance[labelled] > 0)
    if dataset.ratings and dataset.good_at is not None:
        rows = np.array([dataset.row(rating.prompt, rating.completion) for rating in dataset.ratings])
        sums = np.bincount(
            rows, weights=[rating.value for rating in dataset.ratings], minlength=dataset.row_count
        )
        counts = np.bincount(rows, minlength=dataset.row_count)
        labelled = np.flatnonzero(counts)
        means = sums[labelled] / counts[labelled]
        return Outputs("rating", prompt_of_row[labelled], labelled, means >= dataset.good_at)
    pairs = consensus(pair_votes(dataset))
    rows = np.concatenate([pairs.first, pairs.second])
    balance = np.bincount(
        rows, weights=np.concatenate([pairs.outcome, -pairs.outcome]), minlength=dataset.row_count
    )
    labelled = np.unique(rows)
    return Outputs("won_more", prompt_of_row[labelled], labelled, balance[labelled] > 0)


def _objects(values: Sequence[str]) -> NDArray[np.object_]:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result
