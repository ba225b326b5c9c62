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

from annotation.errors import ConflictError, NotFoundError
from annotation.models import (
    AnnotatorKind,
    Judgment,
    JudgmentStatus,
    Purpose,
    User,
)
from annotation.selectors.access import own_rows, role_of
from annotation.selectors.revisions import Asked
from annotation.services.answers import answers_read
from annotation.services.contests import contest_update
from annotation.services.gold import gold_score
from annotation.services.items import (
    place_free,
    place_take,
    reservation_free,
    review_reopen,
    skip_add,
    skip_remove,
)
from annotation.services.judgment_tasks import Task, task_of_judgment, task_of_lease
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


NEVER_COUNTED = frozenset({Purpose.QUALIFICATION, Purpose.REPEAT})
"""What is asked for these fills no place, though one may be free."""

SET_ASIDE = ("set_aside_at", "set_aside_by_id", "set_aside_reason")

KNOWN = "SELECT 1 FROM annotation_judgment WHERE uuid = %s"
LEASE_USE = """
UPDATE annotation_lease SET status = 'used'
WHERE item_id = %s AND annotator_id = %s AND status = 'open' AND purpose {is_work} 'work'
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
    raise _judged_before()


def _replay(*, user: User, submission: Submission) -> Recorded | None:
    """The stored judgment of this uuid, if there is one and it says the same."""
    if not rows(KNOWN, [identity(submission.uuid)]):
        return None
    own = Judgment.objects.select_related("annotator", "supersedes").filter(
        uuid=submission.uuid, annotator__in=own_rows(user)
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
    task = task_of_lease(user=user, lease_id=submission.lease or 0)
    answers, shown = _read(submission, task.asked, task.completions)
    counts = task.annotator.kind == AnnotatorKind.HUMAN
    with writing():
        reserved = _lease_use(task)
        if task.purpose == Purpose.REPEAT and _repeated(task):
            raise _judged_before()  # as of work: two pages that held the lease are told the same
        surplus = task.purpose in NEVER_COUNTED
        if submission.status == JudgmentStatus.SUBMITTED and counts and not surplus:
            surplus = not place_take(item_id=task.item, overlap=task.contest.overlap, reserved=reserved)
        elif reserved:
            reservation_free(item_id=task.item)
        if submission.status == JudgmentStatus.SKIPPED and counts and task.purpose != Purpose.REPEAT:
            skip_add(item_id=task.item, at=timezone.now())
        return _store(submission, task, answers=answers, shown=shown, surplus=surplus)


def _repeated(task: Task) -> bool:
    """Whether the annotator has answered this item a second time already; of work a constraint says so."""
    own = Judgment.objects.filter(item_id=task.item, annotator=task.annotator, superseded=False)
    return own.filter(purpose=Purpose.REPEAT).exists()


def _lease_use(task: Task) -> bool:
    """End the annotator's open lease of the item, which may be a newer one; whether it had a place reserved."""
    held = [task.item, task.annotator.id]
    if changed(LEASE_USE.format(is_work="="), held):
        return True
    changed(LEASE_USE.format(is_work="<>"), held)
    return False


def _edit(*, user: User, submission: Submission) -> Judgment:
    """A judgment in place of an own, current one."""
    assert submission.supersedes is not None
    old = (
        Judgment.objects.select_related("item", "annotator", "project")
        .filter(
            uuid=submission.supersedes,
            annotator__in=own_rows(user),
            project__deleted_at=None,
        )
        .order_by("superseded", "-id")
        .first()
    )
    if old is None or role_of(user=user, project=old.project) is None:
        raise NotFoundError("You have no judgment with this id.")
    if old.superseded:
        raise _not_current()
    task = task_of_judgment(old)
    answers, shown = _read(submission, task.asked, task.completions)
    with writing():
        if not Judgment.objects.filter(id=old.id, superseded=False).update(superseded=True):
            raise _not_current()
        old.refresh_from_db(fields=["surplus", *SET_ASIDE])  # a reviewer may have set it aside meanwhile
        aside = {name: getattr(old, name) for name in SET_ASIDE}
        surplus = _place_change(old, submission.status)
        return _store(
            submission, task, answers=answers, shown=shown, surplus=surplus, supersedes=old, **aside
        )


def _judged_before() -> ConflictError:
    return ConflictError(
        "You have judged this item already. To change your answers, send them as superseding that judgment.",
        code="already_judged",
    )


def _not_current() -> ConflictError:
    return ConflictError(
        "This judgment has been changed meanwhile; reload it and try again.", code="not_current"
    )


def _place_change(old: Judgment, status: str) -> bool:
    """Move the item's counters from the superseded judgment to the new one; whether that is surplus."""
    if old.annotator_kind != AnnotatorKind.HUMAN or old.purpose == Purpose.REPEAT:
        return old.surplus
    if old.set_aside_at is not None:  # until a reviewer lifts it, the change is set aside too
        return True
    filled = old.status == JudgmentStatus.SUBMITTED and not old.surplus
    if old.status == JudgmentStatus.SKIPPED and status != JudgmentStatus.SKIPPED:
        skip_remove(item_id=old.item_id)
    if old.purpose in NEVER_COUNTED:
        if status == JudgmentStatus.SKIPPED and old.status != JudgmentStatus.SKIPPED:
            skip_add(item_id=old.item_id, at=timezone.now())
        return True
    if status == JudgmentStatus.SUBMITTED:
        return not filled and not place_take(item_id=old.item_id, overlap=old.project.overlap, reserved=False)
    if filled:
        place_free(item_id=old.item_id)
    if status == JudgmentStatus.SKIPPED and old.status != JudgmentStatus.SKIPPED:
        skip_add(item_id=old.item_id, at=timezone.now())
    return False


def _read(
    submission: Submission, asked: Asked, completions: Sequence[str]
) -> tuple[dict[str, Any], list[str]]:
    """The answers in canonical form and the order shown; required questions may stay open on a skip or flag."""
    submitted = submission.status == JudgmentStatus.SUBMITTED
    questions = asked.questions if submitted else asked.optional
    return answers_read(questions, submission.answers, submission.shown, completions)


def _store(submission: Submission, task: Task, **fields: Any) -> Judgment:
    review_reopen(item_id=task.item)
    active_ms = submission.active_ms
    judgment = Judgment.objects.create(
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
        purpose=task.purpose,
        status=submission.status,
        reason=submission.reason,
        started_at=submission.started_at,
        active_ms=None if active_ms is None else min(active_ms, ACTIVE_MS_MOST),
        submitted_at=timezone.now(),
        digest=submission.digest(),
        **fields,
    )
    if judgment.annotator_kind == AnnotatorKind.HUMAN:
        gold_score(judgment)
        if task.purpose not in NEVER_COUNTED:
            contest_update(item_id=task.item, contest=task.contest, questions=task.asked)
    return judgment
