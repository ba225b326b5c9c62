"""Adjudication: a reviewer decides about an item, once however often it is sent, in place of the decision before."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotation.errors import ConflictError, NotFoundError
from annotation.formats import ADJUDICATED_NAME
from annotation.models import Annotator, AnnotatorKind, Item, Judgment, JudgmentStatus, Project, User
from annotation.selectors.completions import completions_of
from annotation.selectors.projects import revision_current
from annotation.selectors.revisions import asked
from annotation.services.answers import answers_read
from annotation.services.judgments import Recorded
from annotation.services.transactions import writing

TRIES = 5  # of a decision that others overtake


class OvertakenError(Exception):
    """Another reviewer has decided between two statements of this decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a reviewer sends about an item."""

    uuid: UUID
    item: int
    answers: dict[str, Any]
    shown: list[str] | None
    reason: str

    def digest(self) -> str:
        """SHA-256 of the content, by which a replay is told from a conflict."""
        return hashlib.sha256(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)).hexdigest()


def adjudicator_ensure(*, user: User, project: Project) -> Annotator:
    """The row for what an account decides in a project, made on first use under a name that is free."""
    own = Annotator.objects.filter(project=project, user=user, kind=AnnotatorKind.ADJUDICATED)
    existing, suffix = own.first(), 1
    while existing is None:
        name = f"{user.username}{'' if suffix == 1 else f'-{suffix}'}{ADJUDICATED_NAME}"
        try:
            with transaction.atomic():
                existing = Annotator.objects.create(
                    project=project, user=user, name=name, kind=AnnotatorKind.ADJUDICATED
                )
        except IntegrityError:  # an imported name, or another request of the caller was first
            existing = own.first()
            suffix += 1
    return existing


def item_adjudicate(*, user: User, project: Project, item: Item, decision: Decision) -> Recorded:
    """Store a reviewer's decision about an item; it supersedes the current one, whoever made that.

    It takes no place. The item counts as reviewed from then on.

    Raises:
        NotFoundError: the uuid is another person's.
        ConflictError: the uuid stands for other content, or others decide at the same moment again and again.
        UnprocessableError: the answers do not fit the questions; `fields` names the places.
    """
    if known := _replay(user=user, project=project, decision=decision):
        return known
    questions = asked(project.id, revision_current(project).id)
    answers, shown = answers_read(questions.questions, decision.answers, decision.shown, completions_of(item))
    author = adjudicator_ensure(user=user, project=project)
    for _ in range(TRIES):
        try:
            with writing():
                fields = {"answers": answers, "shown": shown, "revision_id": questions.revision}
                return Recorded(_store(item, author, decision, **fields), created=True)
        except (IntegrityError, OvertakenError):  # a replay that ran beside this one, or another decision
            if known := _replay(user=user, project=project, decision=decision):
                return known
    raise ConflictError(
        "Others are deciding about this item at this moment; look at it again.", code="not_current"
    )


def _replay(*, user: User, project: Project, decision: Decision) -> Recorded | None:
    """The stored decision of this uuid, if there is one and it says the same."""
    known = (
        Judgment.objects.select_related("annotator", "supersedes", "set_aside_by")
        .filter(uuid=decision.uuid, project=project)
        .first()
    )
    if known is None:
        return None
    if known.annotator.user_id != user.pk:
        raise NotFoundError("There is no judgment with this id.")
    if known.digest != decision.digest():
        raise ConflictError(
            "This id stands for a judgment with other content. A new decision needs an id of its own.",
            code="judgment_conflict",
        )
    return Recorded(known, created=False)


def _store(item: Item, author: Annotator, decision: Decision, **fields: Any) -> Judgment:
    now = timezone.now()
    current = Judgment.objects.filter(
        item=item, annotator_kind=AnnotatorKind.ADJUDICATED, superseded=False
    ).first()
    if current is not None and not Judgment.objects.filter(id=current.id, superseded=False).update(
        superseded=True
    ):
        raise OvertakenError
    stored = Judgment.objects.create(
        uuid=decision.uuid,
        project_id=item.project_id,
        prompt_id=item.prompt_id,
        item_id=item.id,
        annotator=author,
        annotator_kind=AnnotatorKind.ADJUDICATED,
        status=JudgmentStatus.SUBMITTED,
        reason=decision.reason,
        supersedes=current,
        submitted_at=now,
        digest=decision.digest(),
        **fields,
    )
    Item.objects.filter(id=item.id).update(reviewed_at=now)
    return stored
