"""Judgments: how what a person has said becomes a row, once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError
from django.utils import timezone

from annotation.errors import ConflictError, NotFoundError, UnprocessableError
from annotation.models import (
    Annotator,
    AnnotatorKind,
    Completion,
    Item,
    Judgment,
    JudgmentStatus,
    Lease,
    LeaseStatus,
    Project,
    User,
)
from annotation.questions import AnswerError, answers_clean
from annotation.selectors.access import role_of
from annotation.selectors.projects import revision_current
from annotation.selectors.revisions import Asked, asked
from annotation.services.items import place_free, place_take, reservation_free, skip_add, skip_remove
from annotation.services.transactions import writing

ACTIVE_MS_MOST = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a client sends: the answers on a lease, or on the judgment that they supersede."""

    uuid: UUID
    lease: int | None
    supersedes: UUID | None
    status: str
    answers: dict[str, Any]
    shown: list[str] | None
    started_at: datetime | None
    active_ms: int | None
    reason: str

    def digest(self) -> str:
        """SHA-256 of the content, by which a replay is told from a conflict."""
        return hashlib.sha256(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored judgment; `created` is False where it had been stored before."""

    judgment: Judgment
    created: bool


def judgment_record(*, user: User, submission: Submission) -> Recorded:
    """Store what a person says about an item, once, however often and late it is sent.

    Checked in this order: a known uuid, the lease (or the superseded judgment), the answers, the place. A
    lease that has ended meanwhile is no obstacle: the judgment takes a place that is still free, and is
    kept as surplus where none is.

    Raises:
        NotFoundError: the uuid is another person's, or the caller has no such lease or judgment.
        ConflictError: the uuid stands for other content, the item is judged already, or the superseded
            judgment is no longer the current one.
        UnprocessableError: the answers do not fit the questions; `fields` names the places.
    """
    if known := _replay(user=user, submission=submission):
        return known
    record = _answer if submission.supersedes is None else _edit
    try:
        return Recorded(record(user=user, submission=submission), created=True)
    except IntegrityError:  # a replay that ran beside this one, or a second judgment of the item
        if known := _replay(user=user, submission=submission):
            return known
    raise ConflictError(
        "You have judged this item already. To change your answers, send them as superseding that judgment.",
        code="already_judged",
    )


def _replay(*, user: User, submission: Submission) -> Recorded | None:
    """The stored judgment of this uuid, if there is one and it says the same."""
    known = Judgment.objects.select_related("annotator").filter(uuid=submission.uuid).first()
    if known is None:
        return None
    if known.annotator.user_id != user.pk:
        raise NotFoundError("There is no judgment with this id.")
    if known.digest != submission.digest():
        raise ConflictError(
            "This id stands for a judgment with other content. A change needs an id of its own and `supersedes`.",
            code="judgment_conflict",
        )
    return Recorded(known, created=False)


def _answer(*, user: User, submission: Submission) -> Judgment:
    """A judgment on a lease."""
    lease = (
        Lease.objects.select_related("item", "annotator", "project")
        .filter(id=submission.lease or 0, annotator__user=user, project__deleted_at=None)
        .first()
    )
    if lease is None or role_of(user=user, project=lease.project) is None:
        raise NotFoundError("You have no lease with this id. Ask the queue for a new one.", code="lease_lost")
    questions = asked(lease.project_id, lease.revision_id)
    answers, shown = _cleaned(submission, questions, lease.shown)
    counts = lease.annotator.kind == AnnotatorKind.HUMAN
    with writing():
        held = Lease.objects.filter(
            item_id=lease.item_id, annotator_id=lease.annotator_id, status=LeaseStatus.OPEN
        )
        reserved = held.update(status=LeaseStatus.USED) == 1
        surplus = False
        if submission.status == JudgmentStatus.SUBMITTED and counts:
            surplus = not place_take(item_id=lease.item_id, overlap=lease.project.overlap, reserved=reserved)
        elif reserved:
            reservation_free(item_id=lease.item_id)
        if submission.status == JudgmentStatus.SKIPPED and counts:
            skip_add(item_id=lease.item_id, at=timezone.now())
        return _store(
            submission,
            annotator=lease.annotator,
            project=lease.project,
            item=lease.item,
            asked_then=questions,
            answers=answers,
            shown=shown,
            surplus=surplus,
            lease_id=lease.id,
            policy=lease.policy,
            arm=lease.arm,
            probability=lease.probability,
        )


def _edit(*, user: User, submission: Submission) -> Judgment:
    """A judgment in place of an own, current one."""
    old = (
        Judgment.objects.select_related("item", "annotator", "project")
        .filter(uuid=submission.supersedes, annotator__user=user, project__deleted_at=None)
        .first()
    )
    if old is None or role_of(user=user, project=old.project) is None:
        raise NotFoundError("You have no judgment with this id.")
    if old.superseded:
        raise _not_current()
    questions = asked(old.project_id, revision_current(old.project).id)
    answers, shown = _cleaned(submission, questions, old.shown or _completions_of(old.item))
    with writing():
        if not Judgment.objects.filter(id=old.id, superseded=False).update(superseded=True):
            raise _not_current()
        return _store(
            submission,
            annotator=old.annotator,
            project=old.project,
            item=old.item,
            asked_then=questions,
            answers=answers,
            shown=shown,
            surplus=_place_change(old, submission.status),
            supersedes=old,
            policy=old.policy,
            arm=old.arm,
            probability=old.probability,
        )


def _not_current() -> ConflictError:
    return ConflictError(
        "This judgment has been changed meanwhile; reload it and try again.", code="not_current"
    )


def _place_change(old: Judgment, status: str) -> bool:
    """Move the item's counters from the superseded judgment to the new one; whether that is surplus."""
    if old.annotator_kind != AnnotatorKind.HUMAN:
        return old.surplus
    filled = old.status == JudgmentStatus.SUBMITTED and not old.surplus
    if old.status == JudgmentStatus.SKIPPED and status != JudgmentStatus.SKIPPED:
        skip_remove(item_id=old.item_id)
    if status == JudgmentStatus.SUBMITTED:
        return not filled and not place_take(item_id=old.item_id, overlap=old.project.overlap, reserved=False)
    if filled:
        place_free(item_id=old.item_id)
    if status == JudgmentStatus.SKIPPED and old.status != JudgmentStatus.SKIPPED:
        skip_add(item_id=old.item_id, at=timezone.now())
    return False


def _completions_of(item: Item) -> list[str]:
    if item.first_id is not None:
        return [str(item.first_id), str(item.second_id)]
    ids = (
        Completion.objects.filter(prompt_id=item.prompt_id).order_by("position").values_list("id", flat=True)
    )
    return [str(completion_id) for completion_id in ids]


def _cleaned(
    submission: Submission, questions: Asked, completions: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """The answers in canonical form and the order shown; required questions may stay open on a skip or flag."""
    fields: dict[str, list[str]] = {}
    answers: dict[str, Any] = {}
    submitted = submission.status == JudgmentStatus.SUBMITTED
    try:
        answers = answers_clean(
            questions.questions if submitted else questions.optional,
            submission.answers,
            sorted(completions, key=int),
        )
    except AnswerError as error:
        fields |= error.fields
    shown = list(completions) if submission.shown is None else submission.shown
    if sorted(shown) != sorted(completions):
        fields["shown"] = ["This must hold each completion of the item once, in the order shown."]
    if fields:
        first = next(iter(fields.items()))
        raise UnprocessableError(f"{first[0]}: {first[1][0]}", code="invalid_answers", fields=fields)
    return answers, shown


def _store(
    submission: Submission,
    *,
    annotator: Annotator,
    project: Project,
    item: Item,
    asked_then: Asked,
    **fields: Any,
) -> Judgment:
    active_ms = submission.active_ms
    return Judgment.objects.create(
        uuid=submission.uuid,
        annotator=annotator,
        annotator_kind=annotator.kind,
        project=project,
        item=item,
        prompt_id=item.prompt_id,
        revision_id=asked_then.revision,
        status=submission.status,
        reason=submission.reason,
        started_at=submission.started_at,
        active_ms=None if active_ms is None else min(active_ms, ACTIVE_MS_MOST),
        submitted_at=timezone.now(),
        digest=submission.digest(),
        **fields,
    )
