"""What people together say about pairs of completions: votes, the majority, and how far they agree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from annotation.formats.base import NativeJudgment, NativeLine
from annotation.orderings import Ordering
from annotation.questions import AnswerError, Question, answer_clean, ordering

ORDERING_KINDS = ("comparison", "ranking", "best_worst", "rating")


@dataclass(frozen=True, slots=True)
class PairConsensus:
    """The votes on one pair. `chosen` is None where no side has more votes than the other and than ties.

    `outcomes` are the signed strengths of the votes, positive for `first`.
    """

    first: str
    second: str
    outcomes: tuple[int, ...]

    @property
    def chosen(self) -> str | None:
        """The id of the side that most votes prefer."""
        for_first, ties, for_second = self._counts()
        if for_first > max(ties, for_second):
            return self.first
        return self.second if for_second > max(ties, for_first) else None

    @property
    def rejected(self) -> str | None:
        """The id of the other side."""
        chosen = self.chosen
        if chosen is None:
            return None
        return self.second if chosen == self.first else self.first

    @property
    def n(self) -> int:
        """How many votes there are, ties included."""
        return len(self.outcomes)

    @property
    def margin(self) -> float:
        """The mean signed strength towards the chosen side, ties as 0; of an undecided pair, its size."""
        mean = sum(self.outcomes) / self.n
        return abs(mean) if self.chosen is None else mean if self.chosen == self.first else -mean

    @property
    def agreement(self) -> float:
        """The share of the votes that the most frequent verdict has (first, tie or second)."""
        return max(self._counts()) / self.n

    def _counts(self) -> tuple[int, int, int]:
        for_first = sum(outcome > 0 for outcome in self.outcomes)
        for_second = sum(outcome < 0 for outcome in self.outcomes)
        return for_first, self.n - for_first - for_second, for_second


def current_judgments(line: NativeLine) -> list[NativeJudgment]:
    """Return the submitted judgments that count: not surplus, and not superseded by another of the line."""
    superseded = {judgment.supersedes for judgment in line.judgments if judgment.supersedes is not None}
    return [
        judgment
        for judgment in line.judgments
        if judgment.status == "submitted" and not judgment.surplus and judgment.id not in superseded
    ]


def ordering_question(questions: Sequence[Question], name: str | None = None) -> Question | None:
    """Return the question whose answers make preferences, None where there is none.

    The named one, else a comparison before a ranking, a best-worst choice, a rating; the first of its kind.
    """
    if name is not None:
        return next((q for q in questions if q.name == name and q.kind in ORDERING_KINDS), None)
    ranked = [question for question in questions if question.kind in ORDERING_KINDS]
    return min(ranked, key=lambda question: ORDERING_KINDS.index(question.kind), default=None)


def orderings_of(line: NativeLine, question: Question) -> Iterator[Ordering]:
    """Yield what each current judgment says; an answer that the question no longer allows says nothing."""
    everything = tuple(completion.id for completion in line.completions)
    for judgment in current_judgments(line):
        raw = judgment.answers.get(question.name)
        if raw is None:
            continue
        item = judgment.shown if question.kind == "comparison" and len(judgment.shown) == 2 else everything
        try:
            found = ordering(question, answer_clean(question, raw, item), item)
        except AnswerError:
            continue
        if found is not None:
            yield found


def pair_consensuses(line: NativeLine, question: Question) -> Iterator[PairConsensus]:
    """Yield the votes on each pair of completions that has any, in the order of the completions."""
    orderings = list(orderings_of(line, question))
    if not orderings:
        return
    for first, second in combinations([completion.id for completion in line.completions], 2):
        outcomes = [found.pair_outcome(first, second) for found in orderings]
        votes = tuple(outcome for outcome in outcomes if outcome is not None)
        if votes:
            yield PairConsensus(first, second, votes)
