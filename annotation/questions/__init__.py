"""What may be asked, what an answer is, and which ordering it implies.

Each kind of question is a module of this package that has the shape of `QuestionKind`; its name is the name
of the kind, and a new one needs nothing but its file. The functions here are what the rest of the program uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final, cast

from annotation.orderings import RESERVED_IDS, Ordering
from annotation.questions.base import (
    Answer,
    AnswerError,
    ItemKind,
    Problems,
    Question,
    QuestionError,
    QuestionKind,
    read_flag,
    read_text,
    refuse_unknown,
)

__all__ = [
    "KINDS",
    "RESERVED_IDS",
    "Answer",
    "AnswerError",
    "Question",
    "QuestionError",
    "QuestionKind",
    "answer_clean",
    "answer_map",
    "answers_clean",
    "answers_map",
    "item_kind",
    "kinds_find",
    "ordering",
    "question_clean",
    "question_wire",
    "questions_clean",
]

SHARED_MODULES: Final = frozenset({"base"})
MEMBERS: Final = (
    *("ORDER", "ITEM", "FIGURES", "OPTIONS"),
    *("options_clean", "answer_empty", "answer_clean", "answer_map", "ordering"),
)


def kinds_find(path: Iterable[str]) -> dict[str, QuestionKind]:
    """Import the modules of this package in the given folders; each is the kind of question of its name.

    Raises TypeError for a module that lacks something of the shape of `QuestionKind`.
    """
    found: dict[str, QuestionKind] = {}
    for entry in iter_modules(path):
        if entry.name in SHARED_MODULES:
            continue
        module = import_module(f"{__name__}.{entry.name}")
        if missing := [name for name in MEMBERS if not hasattr(module, name)]:
            message = f"{module.__name__} is no kind of question: it lacks {', '.join(missing)}."
            raise TypeError(message)
        found[entry.name] = cast("QuestionKind", module)
    return dict(sorted(found.items(), key=lambda entry: (entry[1].ORDER, entry[0])))


KINDS: Final = kinds_find(__path__)

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
SHARED_FIELDS = frozenset({"name", "kind", "title", "description", "required"})
QUESTIONS_LIMIT = 50


def question_clean(raw: object) -> Question:
    """Read a question from its flat wire form, with the defaults of what is left out.

    Raises QuestionError with the paths of what is wrong.

    >>> question_clean({"name": "overall", "kind": "ranking"}).options
    {'ties': True}
    """
    problems = Problems()
    if not isinstance(raw, Mapping):
        raise QuestionError({"": ["A question must be an object with a name and a kind."]})
    name = raw.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        problems.add("name", "A name starts with a letter and has up to 64 letters, digits, “_” and “-”.")
    title = read_text(raw.get("title", ""), "title", problems, limit=500).strip() or str(name)
    description = read_text(raw.get("description", ""), "description", problems)
    required = read_flag(raw, "required", problems, default=True)
    kind_name = raw.get("kind")
    kind = KINDS.get(kind_name) if isinstance(kind_name, str) else None
    if kind is None:
        problems.add("kind", f"The kind must be one of {', '.join(KINDS)}.")
        raise QuestionError(problems.fields)
    refuse_unknown(raw, SHARED_FIELDS | kind.OPTIONS.keys(), problems)
    options = kind.options_clean(raw, problems)
    if problems:
        raise QuestionError(problems.fields)
    return Question(str(name), str(kind_name), title, required, options, description)


def questions_clean(raw: object) -> list[Question]:
    """Read a project's questions: at least one, each with a name of its own.

    Raises QuestionError with paths like `questions.0.name`.
    """
    if not isinstance(raw, list) or not raw:
        raise QuestionError({"questions": ["Ask at least one question."]})
    if len(raw) > QUESTIONS_LIMIT:
        raise QuestionError({"questions": [f"Ask at most {QUESTIONS_LIMIT} questions."]})
    problems = Problems()
    questions: list[Question] = []
    for index, raw_question in enumerate(raw):
        prefix = f"questions.{index}"
        try:
            question = question_clean(raw_question)
        except QuestionError as error:
            _add_below(problems, prefix, error.fields)
            continue
        if any(question.name == other.name for other in questions):
            problems.add(f"{prefix}.name", f"There is already a question “{question.name}”.")
        questions.append(question)
    if problems:
        raise QuestionError(problems.fields)
    return questions


def question_wire(question: Question) -> dict[str, Any]:
    """Write a question in its flat wire form; `question_clean` reads it back to an equal one."""
    return {
        "name": question.name,
        "kind": question.kind,
        "title": question.title,
        "description": question.description,
        "required": question.required,
        **question.options,
    }


def answer_clean(question: Question, raw: object, completions: Sequence[str]) -> Answer:
    """Read one answer in its canonical form; `completions` are the ids of the item's completions.

    Raises AnswerError with paths inside the answer, like `choice` or `scores.c9`.

    >>> answer_clean(question_clean({"name": "q", "kind": "comparison"}), {"choice": "a"}, ["a", "b"])
    {'choice': 'a', 'strength': 1}
    """
    if not isinstance(raw, Mapping):
        raise AnswerError({"": ["An answer must be an object."]})
    problems = Problems()
    answer = KINDS[question.kind].answer_clean(question.options, raw, completions, problems)
    if problems:
        raise AnswerError(problems.fields)
    return answer


def answers_clean(
    questions: Iterable[Question], raw: object, completions: Sequence[str]
) -> dict[str, Answer]:
    """Read the answers of one judgment by question name.

    Required questions must be answered; an empty answer to another one is left out. Raises AnswerError with
    paths like `answers.overall.choice`.
    """
    if not isinstance(raw, Mapping):
        raise AnswerError({"answers": ["Answers must be an object with the questions' names."]})
    problems = Problems()
    answers: dict[str, Answer] = {}
    known = {question.name: question for question in questions}
    for name in raw:
        if name not in known:
            problems.add(f"answers.{str(name)[:100]}", "This project asks no question of this name.")
    for name, question in known.items():
        prefix, raw_answer = f"answers.{name}", raw.get(name)
        if raw_answer is None or raw_answer == {}:
            if question.required:
                problems.add(prefix, "Answer this question.")
            continue
        kind = KINDS[question.kind]
        if not question.required and isinstance(raw_answer, Mapping) and kind.answer_empty(raw_answer):
            continue
        try:
            answers[name] = answer_clean(question, raw_answer, completions)
        except AnswerError as error:
            _add_below(problems, prefix, error.fields)
    if problems:
        raise AnswerError(problems.fields)
    return answers


def ordering(question: Question, answer: Answer, completions: Sequence[str]) -> Ordering | None:
    """Tell what a canonical answer says about the order of the completions, None if nothing."""
    return KINDS[question.kind].ordering(question.options, answer, completions)


def answer_map(question: Question, answer: Answer, mapping: Mapping[str, str]) -> Answer:
    """Rename the completions in a canonical answer, as between a file's ids and the server's.

    Raises AnswerError for a completion that `mapping` does not have.
    """

    def rename(path: str, completion: str) -> str:
        if completion not in mapping:
            raise AnswerError({path: [f"“{completion[:100]}” is not one of the completions of this item."]})
        return mapping[completion]

    return KINDS[question.kind].answer_map(answer, rename)


def answers_map(
    questions: Iterable[Question], answers: Mapping[str, Answer], mapping: Mapping[str, str]
) -> dict[str, Answer]:
    """Rename the completions in canonical answers by question name; answers to no question are left out."""
    return {
        question.name: answer_map(question, answers[question.name], mapping)
        for question in questions
        if question.name in answers
    }


def item_kind(questions: Iterable[Question]) -> ItemKind:
    """Tell what one judgment is about: a pair of completions where any question compares two."""
    return "pair" if any(KINDS[question.kind].ITEM == "pair" for question in questions) else "prompt"


def _add_below(problems: Problems, prefix: str, fields: Mapping[str, Sequence[str]]) -> None:
    for path, messages in fields.items():
        for message in messages:
            problems.add(f"{prefix}.{path}" if path else prefix, message)
