"""The questions of a revision, read once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from annotation.models import Revision
from annotation.questions import Question
from annotation.selectors.projects import revision_questions


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one revision; `optional` are the same with none required, for skips and flags."""

    revision: int
    number: int
    questions: tuple[Question, ...]
    optional: tuple[Question, ...]


@lru_cache(maxsize=256)
def asked(project_id: int, revision_id: int) -> Asked:
    """The questions of a revision. Revisions never change, so they are read once per process."""
    revision = Revision.objects.get(project_id=project_id, id=revision_id)
    questions = tuple(revision_questions(revision))
    optional = tuple(replace(question, required=False) for question in questions)
    return Asked(revision.id, revision.number, questions, optional)
