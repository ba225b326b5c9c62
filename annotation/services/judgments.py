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
    User,
)
from annotation.questions import AnswerError, answers_clean
from annotation.selectors.access import role_of
from annotation.selectors.projects import revision_current
from annotation.selectors.revisions import Asked, asked
from annotation.services.items import place_free, place_take, reservation_free, skip_add, skip_remove
from annotation.services.transactions import writing
from annotation.sql import changed, identity, rows

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is judged: an item for an annotator, with the questions that were given and how it was chosen."""

    annotator: Annotator
    project: int
    overlap: int
    item: int
    prompt: int
    asked: Asked
    completions: list[str]
    lease: int | None
    policy: str
    arm: str
    probability: float | None


KNOWN = "SELECT 1 FROM annotation_judgment WHERE uuid = %s"
LEASE_USE = """
UPDATE annotation_lease SET status = 'used' WHERE item_id = %s AND annotator_id = %s AND status = 'open'
"""
TASK = """
SELECT a.id, a.name, a.kind, p.id, p.overlap, p.owner_id, m.role, i.id, i.prompt_id, l.revision_id, l.shown,
  l.policy, l.arm, l.probability
FROM annotation_lease l
JOIN annotation_annotator a ON a.id = l.annotator_id AND a.user_id = %s
JOIN annotation_project p ON p.id = l.project_id AND p.deleted_at IS NULL
JOIN annotation_item i ON i.id = l.item_id
LEFT JOIN annotation_member m ON m.project_id = p.id AND m.user_id = a.user_id
WHERE l.id = %s
"""


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
    if not rows(KNOWN, [identity(submission.uuid)]):
        return None
    own = Judgment.objects.select_related("annotator", "supersedes").filter(
        uuid=submission.uuid, annotator__user=user
    )
    digest = submission.digest()
    # A copy of a project holds the same uuids, so there may be more than one.
    known = max(own, key=lambda judgment: judgment.digest == digest, default=None)
    if known is None:
        raise NotFoundError("There is no judgment with this id.")
    if known.digest != digest:
        raise ConflictError(
            "This id stands for a judgment with other content. A change needs an id of its own and `supersedes`.",
            code="judgment_conflict",
        )
    return Recorded(known, created=False)


def _answer(*, user: User, submission: Submission) -> Judgment:
    """A judgment on a lease."""
    task = _task_of_lease(user=user, lease_id=submission.lease or 0)
    answers, shown = _cleaned(submission, task.asked, task.completions)
    counts = task.annotator.kind == AnnotatorKind.HUMAN
    with writing():
        # Also where the lease itself has ended, the annotator may hold another one of this item.
        reserved = changed(LEASE_USE, [task.item, task.annotator.id]) == 1
        surplus = False
        if submission.status == JudgmentStatus.SUBMITTED and counts:
            surplus = not place_take(item_id=task.item, overlap=task.overlap, reserved=reserved)
        elif reserved:
            reservation_free(item_id=task.item)
        if submission.status == JudgmentStatus.SKIPPED and counts:
            skip_add(item_id=task.item, at=timezone.now())
        return _store(submission, task, answers=answers, shown=shown, surplus=surplus)


def _edit(*, user: User, submission: Submission) -> Judgment:
    """A judgment in place of an own, current one."""
    assert submission.supersedes is not None
    old = (
        Judgment.objects.select_related("item", "annotator", "project")
        .filter(uuid=submission.supersedes, annotator__user=user, project__deleted_at=None)
        .order_by("superseded", "-id")
        .first()
    )
    if old is None or role_of(user=user, project=old.project) is None:
        raise NotFoundError("You have no judgment with this id.")
    if old.superseded:
        raise _not_current()
    task = Task(
        annotator=old.annotator,
        project=old.project_id,
        overlap=old.project.overlap,
        item=old.item_id,
        prompt=old.prompt_id,
        asked=asked(old.project_id, revision_current(old.project).id),
        completions=old.shown or _completions_of(old.item),
        lease=None,
        policy=old.policy,
        arm=old.arm,
        probability=old.probability,
    )
    answers, shown = _cleaned(submission, task.asked, task.completions)
    with writing():
        if not Judgment.objects.filter(id=old.id, superseded=False).update(superseded=True):
            raise _not_current()
        surplus = _place_change(old, submission.status)
        return _store(submission, task, answers=answers, shown=shown, surplus=surplus, supersedes=old)


def _task_of_lease(*, user: User, lease_id: int) -> Task:
    """What a lease of the caller is about; 404 where there is none, or the caller is no longer a member."""
    for (
        annotator_id, name, kind, project, overlap, owner, role, item, prompt, revision, shown, policy, arm, probability
    ) in rows(TASK, [user.pk, lease_id]):  # fmt: skip
        if role is not None or owner == user.pk or user.is_superuser:
            return Task(
                annotator=Annotator(
                    id=annotator_id, project_id=project, name=name, kind=kind, user_id=user.pk
                ),
                project=project,
                overlap=overlap,
                item=item,
                prompt=prompt,
                asked=asked(project, revision),
                completions=orjson.loads(shown),
                lease=lease_id,
                policy=policy,
                arm=arm,
                probability=probability,
            )
    raise NotFoundError("You have no lease with this id. Ask the queue for a new one.", code="lease_lost")


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


def _store(submission: Submission, task: Task, **fields: Any) -> Judgment:
    active_ms = submission.active_ms
    return Judgment.objects.create(
        uuid=submission.uuid,
        annotator=task.annotator,
        annotator_kind=task.annotator.kind,
        project_id=task.project,
        item_id=task.item,
        prompt_id=task.prompt,
        revision_id=task.asked.revision,
        lease_id=task.lease,
        policy=task.policy,
        arm=task.arm,
        probability=task.probability,
        status=submission.status,
        reason=submission.reason,
        started_at=submission.started_at,
        active_ms=None if active_ms is None else min(active_ms, ACTIVE_MS_MOST),
        submitted_at=timezone.now(),
        digest=submission.digest(),
        **fields,
    )
