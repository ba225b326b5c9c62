"""Known answers: reading them with their tolerances, and telling whether an answer meets them.

A kind of question is checkable when its module has `tolerance_clean` and `gold_match`; what is written in words
is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from annotation.questions import KINDS, Answer, AnswerError, Question, answer_clean, answers_clean
from annotation.questions.base import Options, Problems


@runtime_checkable
class Checkable(Protocol):
    """What a kind of question has if its answers can be held against a known one."""

    def tolerance_clean(self, options: Options, raw: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
        """Read a tolerance in the question's own terms, complete with its defaults."""

    def gold_match(
        self, options: Options, gold: Answer, answer: Answer, tolerance: Mapping[str, Any]
    ) -> bool:
        """Tell whether an answer is right; both answers and the tolerance are canonical."""


def checker(question: Question) -> Checkable | None:
    """The functions that check answers to a question, None where nobody can."""
    kind: object = KINDS.get(question.kind)
    return kind if isinstance(kind, Checkable) else None


def gold_clean(
    questions: Iterable[Question], raw: object, raw_tolerance: object, completions: Sequence[str]
) -> tuple[dict[str, Answer], dict[str, dict[str, Any]]]:
    """Read known answers with a tolerance for each of them; questions that cannot be checked are left out.

    Raises AnswerError with paths like `answers.overall.choice` and `tolerance.overall.strength`, also where
    nothing is left to check.

    >>> from annotation.questions import question_clean
    >>> overall = question_clean({"name": "overall", "kind": "comparison"})
    >>> gold_clean([overall], {"overall": {"choice": "a"}}, {}, ["a", "b"])
    ({'overall': {'choice': 'a', 'strength': 1}}, {'overall': {'accept': [], 'strength': 0}})
    """
    optional = [
        Question(one.name, one.kind, one.title, False, one.options, one.description) for one in questions
    ]
    answers = answers_clean(optional, raw, completions)
    asked = {question.name: question for question in optional if checker(question)}
    known = {name: answer for name, answer in answers.items() if name in asked}
    if not known:
        raise AnswerError({"answers": ["Answer at least one question that can be checked."]})
    if not isinstance(raw_tolerance, Mapping):
        raise AnswerError({"tolerance": ["A tolerance must be an object with the questions' names."]})
    problems = Problems()
    for name in raw_tolerance:
        if name not in known:
            problems.add(
                f"tolerance.{str(name)[:100]}", "There is no known answer to a question of this name."
            )
    tolerance = {name: _tolerance(asked[name], raw_tolerance.get(name, {}), problems) for name in known}
    if problems:
        raise AnswerError(problems.fields)
    return known, tolerance


def _tolerance(question: Question, raw: object, problems: Problems) -> dict[str, Any]:
    kind = checker(question)
    assert kind is not None
    own = Problems()
    cleaned: dict[str, Any] = {}
    if isinstance(raw, Mapping):
        cleaned = kind.tolerance_clean(question.options, raw, own)
    else:
        own.add("", "This must be an object.")
    for path, messages in own.fields.items():
        for message in messages:
            problems.add(f"tolerance.{question.name}.{path}".rstrip("."), message)
    return cleaned


def answers_checked(
    questions: Iterable[Question],
    gold: Mapping[str, Answer],
    tolerance: Mapping[str, Mapping[str, Any]],
    answers: Mapping[str, Answer],
    completions: Sequence[str],
) -> dict[str, bool]:
    """By question with a known answer: whether it was answered within the tolerance.

    A question that is no longer asked, or in a way that its known answer does not fit, is left out. A tolerance
    that no longer fits is the question's usual one.
    """
    checked: dict[str, bool] = {}
    for question in questions:
        kind = checker(question)
        if kind is None or question.name not in gold:
            continue
        try:
            known = answer_clean(question, gold[question.name], completions)
        except AnswerError:
            continue
        problems = Problems()
        accepted = kind.tolerance_clean(question.options, tolerance.get(question.name, {}), problems)
        if problems:
            accepted = kind.tolerance_clean(question.options, {}, Problems())
        answer = answers.get(question.name)
        checked[question.name] = answer is not None and kind.gold_match(
            question.options, known, answer, accepted
        )
    return checked


def answers_agreed(
    questions: Iterable[Question],
    ballots: Sequence[Mapping[str, Answer]],
    completions: Sequence[str],
    *,
    at_least: int,
) -> dict[str, Answer] | None:
    """What several people's answers to an item have in common, None where they do not agree on everything.

    On each question that can be checked and that at least `at_least` of them answered, one of the given answers
    must have all the others within the question's usual tolerance; the first such one is taken.
    """
    agreed: dict[str, Answer] = {}
    for question in questions:
        kind = checker(question)
        if kind is None:
            continue
        given = [ballot[question.name] for ballot in ballots if question.name in ballot]
        try:
            cleaned = [answer_clean(question, answer, completions) for answer in given]
        except AnswerError:  # given under another wording
            return None
        if len(cleaned) < at_least:
            if question.required:
                return None
            continue
        usual = kind.tolerance_clean(question.options, {}, Problems())
        common = next(
            (
                one
                for one in cleaned
                if all(kind.gold_match(question.options, one, other, usual) for other in cleaned)
            ),
            None,
        )
        if common is None:
            return None
        agreed[question.name] = common
    return agreed or None
