"""The questions a project asks, as the library in `annotation.questions` knows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from annotation.models import Project, Revision
from annotation.models import Question as QuestionRow
from annotation.questions import Question, question_clean


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one revision; `optional` are the same with none required, for skips and flags."""

    revision: int
    number: int
    questions: tuple[Question, ...]
    optional: tuple[Question, ...]


def question_read(row: QuestionRow) -> Question:
    """A stored question as the pure library knows it."""
    return question_clean(
        {"name": row.name, "kind": row.kind, "title": row.title, "required": row.required, **row.options}
    )


def revision_current(project: Project) -> int:
    """The id of the newest revision, which is the one that is asked."""
    return Revision.objects.filter(project=project).order_by("-number").values_list("id", flat=True)[0]


@lru_cache(maxsize=256)
def asked(project_id: int, revision_id: int) -> Asked:
    """The questions of a revision. Revisions never change, so they are read once per process."""
    revision = Revision.objects.get(project_id=project_id, id=revision_id)
    questions = tuple(question_read(row) for row in QuestionRow.objects.filter(revision=revision))
    optional = tuple(replace(question, required=False) for question in questions)
    return Asked(revision.id, revision.number, questions, optional)
