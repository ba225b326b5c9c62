"""Training data for TRL: preference pairs and single completions with a label, conversational form.

Some pairs and completions are left out because people did not decide; the `count_` functions say how many,
from a pass of their own over the same lines, before the first byte of the body has to be sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import orjson

from annotation.formats.base import NativeLine
from annotation.formats.write.consensus import (
    PairConsensus,
    current_judgments,
    ordering_question,
    orderings_of,
    pair_consensuses,
)
from annotation.questions import AnswerError, Question, answer_clean

Split = Callable[[NativeLine], str]
"""Tells on which side a prompt is: "train", "validation" or "test"."""
ACCEPTED, REFUSED = "yes", "no"


@dataclass(slots=True)
class PreferenceCounts:
    """What a preference export holds and what it leaves out, in pairs (in votes where each is a row)."""

    rows: int = 0
    undecided: int = 0
    below_agreement: int = 0


@dataclass(slots=True)
class UnpairedCounts:
    """What an unpaired export holds and what it leaves out, in completions."""

    rows: int = 0
    undecided: int = 0
    unjudged: int = 0


def write_trl_preference(
    lines: Iterable[NativeLine],
    questions: Sequence[Question],
    *,
    consensus: bool = True,
    question: str | None = None,
    min_agreement: float | None = None,
    split: Split | None = None,
) -> Iterator[bytes]:
    """Yield JSONL rows `prompt`, `chosen`, `rejected`, `margin`, `n`, `agreement`, `split`.

    With `consensus` a row is a pair that people decided, else one vote that is no tie, with margin its
    strength. `question` names the question (else see `ordering_question`); `min_agreement` leaves out pairs
    on which people agree less.
    """
    chosen_question = ordering_question(questions, question)
    for line in lines:
        side = split(line) if split is not None else "train"
        for pair in _pairs(line, chosen_question, consensus=consensus):
            if _verdict(pair, min_agreement) == "row":
                yield _dump(_preference_row(line, pair, side))


def count_trl_preference(
    lines: Iterable[NativeLine],
    questions: Sequence[Question],
    *,
    consensus: bool = True,
    question: str | None = None,
    min_agreement: float | None = None,
) -> PreferenceCounts:
    """Count what `write_trl_preference` with the same arguments writes and leaves out."""
    counts = PreferenceCounts()
    chosen_question = ordering_question(questions, question)
    for line in lines:
        for pair in _pairs(line, chosen_question, consensus=consensus):
            verdict = _verdict(pair, min_agreement)
            if verdict == "row":
                counts.rows += 1
            elif verdict == "undecided":
                counts.undecided += 1
            else:
                counts.below_agreement += 1
    return counts


def write_trl_unpaired(
    lines: Iterable[NativeLine], questions: Sequence[Question], *, good_at: float | None = None
) -> Iterator[bytes]:
    """Yield JSONL rows `prompt`, `completion`, `label`: see `labels_of` for what makes a label."""
    for line in lines:
        texts = {completion.id: completion.text for completion in line.completions}
        for completion, label in labels_of(line, questions, good_at=good_at).items():
            if label is not None:
                yield _dump(
                    {"prompt": _prompt(line), "completion": _reply(texts[completion]), "label": label}
                )


def count_trl_unpaired(
    lines: Iterable[NativeLine], questions: Sequence[Question], *, good_at: float | None = None
) -> UnpairedCounts:
    """Count what `write_trl_unpaired` with the same arguments writes and leaves out."""
    counts = UnpairedCounts()
    for line in lines:
        labels = labels_of(line, questions, good_at=good_at)
        decided = sum(label is not None for label in labels.values())
        counts.rows += decided
        counts.undecided += len(labels) - decided
        counts.unjudged += len(line.completions) - len(labels)
    return counts


def labels_of(
    line: NativeLine, questions: Sequence[Question], *, good_at: float | None = None
) -> dict[str, bool | None]:
    """Tell which completions are good, None for undecided ones; completions nobody judged are left out.

    The first of these that people answered about a completion decides: a choice between yes and no for each
    completion (the majority); ratings, where `good_at` is given (their mean is at least that); comparisons
    and rankings (preferred more often than not; "both bad" counts against both).
    """
    labels: dict[str, bool | None] = {}
    accepted = _acceptances(line, questions)
    rated = _ratings(line, questions) if good_at is not None else {}
    balance = _balances(line, ordering_question(questions))
    for completion in line.completions:
        name = completion.id
        if name in accepted:
            labels[name] = _sign(accepted[name])
        elif name in rated and good_at is not None:
            labels[name] = fmean(rated[name]) >= good_at
        elif name in balance:
            labels[name] = _sign(balance[name])
    return labels


def _pairs(line: NativeLine, question: Question | None, *, consensus: bool) -> Iterator[PairConsensus]:
    if question is None:
        return
    for pair in pair_consensuses(line, question):
        if consensus:
            yield pair
        else:
            yield from (PairConsensus(pair.first, pair.second, (outcome,)) for outcome in pair.outcomes)


def _verdict(pair: PairConsensus, min_agreement: float | None) -> str:
    if pair.chosen is None:
        return "undecided"
    return "below" if min_agreement is not None and pair.agreement < min_agreement else "row"


def _preference_row(line: NativeLine, pair: PairConsensus, side: str) -> dict[str, Any]:
    texts = {completion.id: completion.text for completion in line.completions}
    return {
        "prompt": _prompt(line),
        "chosen": _reply(texts[str(pair.chosen)]),
        "rejected": _reply(texts[str(pair.rejected)]),
        "margin": pair.margin,
        "n": pair.n,
        "agreement": pair.agreement,
        "split": side,
    }


def _acceptances(line: NativeLine, questions: Sequence[Question]) -> dict[str, int]:
    """Return the yes votes less the no votes of each completion that has any."""
    balance: dict[str, int] = {}
    for question in questions:
        yes_or_no = {ACCEPTED, REFUSED} <= {str(option) for option in question.options.get("options", ())}
        if question.kind != "choice" or not question.options.get("per_completion") or not yes_or_no:
            continue
        for answer in _answers(line, question):
            for completion, values in answer["values"].items():
                vote = (ACCEPTED in values) - (REFUSED in values)
                balance[completion] = balance.get(completion, 0) + vote
    return balance


def _ratings(line: NativeLine, questions: Sequence[Question]) -> dict[str, list[float]]:
    scores: dict[str, list[float]] = {}
    for question in questions:
        if question.kind == "rating":
            for answer in _answers(line, question):
                for completion, score in answer["scores"].items():
                    scores.setdefault(completion, []).append(score)
    return scores


def _balances(line: NativeLine, question: Question | None) -> dict[str, int]:
    """Return the won less the lost pairs of each completion that was compared."""
    balance: dict[str, int] = {}
    for found in orderings_of(line, question) if question is not None else ():
        for completion in found.completions:
            balance[completion] = balance.get(completion, 0) - found.both_bad
        for winner, loser in found.pairs():
            balance[winner] += 1
            balance[loser] -= 1
    return balance


def _answers(line: NativeLine, question: Question) -> Iterator[dict[str, Any]]:
    completions = [completion.id for completion in line.completions]
    for judgment in current_judgments(line):
        raw = judgment.answers.get(question.name)
        if raw is None:
            continue
        try:
            yield answer_clean(question, raw, completions)
        except AnswerError:
            continue


def _sign(balance: int) -> bool | None:
    return None if balance == 0 else balance > 0


def _prompt(line: NativeLine) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in line.messages]


def _reply(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


def _dump(row: dict[str, Any]) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
