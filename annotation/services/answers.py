"""Answers as they come in, checked against the questions and the item they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models.functions import Length

from annotation.errors import UnprocessableError
from annotation.models import Completion
from annotation.questions import AnswerError, Question, answers_clean


def answers_read(
    questions: Iterable[Question],
    raw: dict[str, Any],
    shown: list[str] | None,
    completions: Sequence[str],
) -> tuple[dict[str, Any], list[str]]:
    """The answers in canonical form and the order in which the item's `completions` were shown.

    Raises:
        UnprocessableError: either cannot be used; `fields` names the places.
    """
    fields: dict[str, list[str]] = {}
    answers: dict[str, Any] = {}
    asked = list(questions)
    try:
        answers = answers_clean(asked, raw, sorted(completions, key=int))
        if any(question.kind == "highlight" for question in asked):
            fields |= passages_beyond(asked, answers, _lengths(completions))
    except AnswerError as error:
        fields |= error.fields
    order = list(completions) if shown is None else shown
    if sorted(order) != sorted(completions):
        fields["shown"] = ["This must hold each completion of the item once, in the order shown."]
    if fields:
        first = next(iter(fields.items()))
        raise UnprocessableError(f"{first[0]}: {first[1][0]}", code="invalid_answers", fields=fields)
    return answers, order


def passages_beyond(
    questions: Iterable[Question], answers: Mapping[str, Any], lengths: Mapping[str, int]
) -> dict[str, list[str]]:
    """What is wrong with marked passages that end after their completion does, by place.

    `lengths` are those of the completions' texts in code points, by the name that `answers` give them.
    """
    fields: dict[str, list[str]] = {}
    for question in questions:
        for span in answers.get(question.name, {}).get("spans", ()):
            start, end, length = span["start"], span["end"], lengths[span["completion"]]
            if end > length:
                said = f"The passage {start}–{end} ends after the output, which has {length:,} characters."
                fields.setdefault(f"answers.{question.name}.spans", []).append(said)
    return fields


def _lengths(completions: Sequence[str]) -> dict[str, int]:
    stored = Completion.objects.filter(id__in=[int(completion) for completion in completions])
    return {str(pk): length for pk, length in stored.values_list("id", Length("text"))}
