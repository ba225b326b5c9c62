"""Projects as the wire shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotation.errors import NotFoundError
from annotation.models import Judgment, Project, Prompt, Revision
from annotation.questions import Question, question_wire
from annotation.selectors.access import role_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from annotation.models import User

COUNT_LIMIT = 100_000  # a list never counts further; the figures' own page does


def revision_current(project: Project) -> Revision:
    """The newest revision of a project."""
    return Revision.objects.filter(project=project).order_by("-number")[0]


def revision_questions(revision: Revision) -> list[Question]:
    """The questions of a revision, in order."""
    return [
        Question(row.name, row.kind, row.title, row.required, row.options, row.description)
        for row in revision.questions.all()
    ]


def count_up_to_limit(rows: QuerySet[Any]) -> int:
    """How many rows there are, at most `COUNT_LIMIT`."""
    return rows.order_by().values("pk")[:COUNT_LIMIT].count()


def revision_wire(revision: Revision) -> dict[str, Any]:
    """A revision for its project's history."""
    return {
        "number": revision.number,
        "author": revision.author.username if revision.author else None,
        "created_at": revision.created_at,
        "guidelines": revision.guidelines,
        "questions": [question_wire(question) for question in revision_questions(revision)],
    }


def project_wire(project: Project, *, user: User | AnonymousUser) -> dict[str, Any]:
    """A project with its current questions and the caller's role."""
    revision = revision_current(project)
    return {
        "id": str(project.id),
        "name": project.name,
        "description": project.description,
        "template": project.template,
        "guidelines": revision.guidelines,
        "questions": [question_wire(question) for question in revision_questions(revision)],
        "revision": revision.number,
        "overlap": project.overlap,
        "blind": project.blind,
        "shuffle": project.shuffle,
        "allocation": project.allocation,
        "lease_seconds": project.lease_seconds,
        "good_at": project.good_at,
        "reasons": project.reasons,
        "own_figures": project.own_figures,
        "mask_names": project.mask_names,
        "random_share": project.random_share,
        "overlap_most": project.overlap_most,
        "confidence": project.confidence,
        "quota_total": project.quota_total,
        "quota_daily": project.quota_daily,
        "paused_at": project.paused_at,
        "role": role_of(user=user, project=project),
        "owner": project.owner.username,
        "is_demo": project.is_demo,
        "item_kind": project.item_kind,
        "prompts": count_up_to_limit(Prompt.objects.filter(project=project)),
        "judgments": count_up_to_limit(Judgment.objects.filter(project=project, superseded=False)),
        "created_at": project.created_at,
        "deleted_at": project.deleted_at,
    }


def project_named(text: str) -> Project:
    """The project of this id, or of this name where only one has it, for commands.

    Raises:
        NotFoundError: there is none, or there are several.
    """
    projects = Project.objects.filter(deleted_at=None)
    found = list(
        projects.filter(id=int(text)) if text.isdigit() and int(text) < 2**63 else projects.filter(name=text)
    )
    if len(found) != 1:
        what = "There is no project" if not found else "There are several projects"
        raise NotFoundError(f"{what} “{text}”. Name one by its id, which its address in the browser shows.")
    return found[0]
