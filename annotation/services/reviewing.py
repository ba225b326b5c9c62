"""What reviewers do with items and judgments: tick items off, set judgments aside, and take either back.

A judgment that is set aside stays where it is, with who did it, when and why; it is surplus from then on, so that
no figure, export or training reads it, and its place is free again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from annotation.errors import ConflictError, NotFoundError, UnprocessableError
from annotation.models import Annotator, AnnotatorKind, Item, Judgment, JudgmentStatus, Project, Purpose, User
from annotation.services.contests import contests_follow
from annotation.services.items import items_lock, place_free, place_take, skip_add, skip_remove
from annotation.services.judgments import NEVER_COUNTED
from annotation.services.transactions import writing

BATCH = 200  # judgments of one request and transaction


def review_done(*, project: Project, item_id: int, done: bool) -> None:
    """Take an item off the review queue, or put it back.

    Raises:
        NotFoundError: the project has no such item.
    """
    at = timezone.now() if done else None
    if not Item.objects.filter(project=project, id=item_id).update(reviewed_at=at):
        raise NotFoundError("This project has no item with this id.")


def items_suspect(*, project: Project, item_ids: Sequence[int]) -> int:
    """Put items on the review queue because their label may be wrong; returns how many.

    Who judged them, and how, stays as it is: a reviewer decides.

    Raises:
        NotFoundError: one of them is not the project's.
    """
    items = Item.objects.filter(project=project, id__in=item_ids)
    if items.count() < len(set(item_ids)):
        raise NotFoundError("This project has no item with one of these ids.")
    return items.update(suspected_at=timezone.now(), reviewed_at=None)


def judgment_set_aside(*, user: User, judgment: Judgment, reason: str) -> Judgment:
    """Set a current judgment aside; one that is set aside already stays as it is.

    Raises:
        ConflictError: the judgment has been superseded.
    """
    with writing():
        if not _set_aside([judgment.id], user=user, reason=reason, at=timezone.now()):
            stored = Judgment.objects.get(id=judgment.id)
            if stored.superseded:
                raise ConflictError(
                    "This judgment has been changed meanwhile; reload it and try again.", code="not_current"
                )
    return _stored(judgment.id)


def judgment_restore(*, judgment: Judgment) -> Judgment:
    """Let a judgment that was set aside count again: it takes a place that is free, or stays surplus."""
    with writing():
        _restore([judgment.id])
    return _stored(judgment.id)


@dataclass(frozen=True, slots=True)
class Batch:
    """A part of an action on many judgments; `at` names the action, `left` says how many it has not reached."""

    at: datetime
    done: int
    left: int


def annotator_open(*, annotator: Annotator, since: datetime | None) -> QuerySet[Judgment]:
    """The current judgments of an annotator that are not set aside, from a time on."""
    rows = Judgment.objects.filter(annotator=annotator, superseded=False, set_aside_at=None)
    return rows.filter(submitted_at__gte=since) if since else rows


def annotator_aside(*, annotator: Annotator, at: datetime | None) -> QuerySet[Judgment]:
    """The judgments of an annotator that are set aside, all or those of one action."""
    rows = Judgment.objects.filter(annotator=annotator, set_aside_at__isnull=False)
    return rows.filter(set_aside_at=at) if at else rows


def annotator_set_aside(
    *, user: User, annotator: Annotator, reason: str, since: datetime | None, at: datetime | None
) -> Batch:
    """Set up to `BATCH` of an annotator's judgments aside, from `since` on; call again until none is left.

    All judgments of one action share the moment `at`, which the first call gives, so that it can be taken back
    as one.

    Raises:
        UnprocessableError: `at` is not the moment of an action on this annotator's judgments.
    """
    if at is not None and not annotator_aside(annotator=annotator, at=at).exists():
        message = "This must be the moment that the first part of the action gave."
        raise UnprocessableError(message, fields={"at": [message]})
    at = at or timezone.now()
    rows = annotator_open(annotator=annotator, since=since)
    ids = list(rows.order_by("id").values_list("id", flat=True)[:BATCH])
    with writing():
        done = _set_aside(ids, user=user, reason=reason, at=at)
    return Batch(at, done, rows.count())


def annotator_restore(*, annotator: Annotator, at: datetime | None) -> Batch:
    """Let up to `BATCH` of an annotator's judgments count again: those of one action, or all."""
    rows = annotator_aside(annotator=annotator, at=at)
    ids = list(rows.order_by("id").values_list("id", flat=True)[:BATCH])
    with writing():
        done = _restore(ids)
    return Batch(at or timezone.now(), done, rows.count())


def _stored(judgment_id: int) -> Judgment:
    return Judgment.objects.select_related("annotator", "supersedes", "set_aside_by").get(id=judgment_id)


def _locked(rows: QuerySet[Judgment]) -> list[Judgment]:
    """The rows, held, and then their items: in an order in which no two transactions wait for each other."""
    found = list(rows.select_related("project").order_by("id").select_for_update(of=("self",)))
    items_lock(Item.objects.filter(id__in={judgment.item_id for judgment in found}))
    return found


def _follow(judgments: Sequence[Judgment]) -> None:
    """Bring up to date what is prepared of the items; the judgments are those of one project."""
    if judgments:
        items = [judgment.item_id for judgment in judgments]
        contests_follow(project=judgments[0].project, item_ids=items)


def _set_aside(ids: Sequence[int], *, user: User, reason: str, at: datetime) -> int:
    """Set current judgments aside and give back what they took; returns how many."""
    found = _locked(Judgment.objects.filter(id__in=ids, superseded=False, set_aside_at=None))
    Judgment.objects.filter(id__in=[judgment.id for judgment in found]).update(
        set_aside_at=at, set_aside_by=user, set_aside_reason=reason, surplus=True
    )
    for judgment in found:
        if not _counts(judgment):
            continue
        if judgment.status == JudgmentStatus.SUBMITTED and not judgment.surplus:
            place_free(item_id=judgment.item_id)
        elif judgment.status == JudgmentStatus.SKIPPED:
            skip_remove(item_id=judgment.item_id)
    _follow(found)
    return len(found)


def _restore(ids: Sequence[int]) -> int:
    """Let judgments count again; returns how many."""
    found = _locked(Judgment.objects.filter(id__in=ids, set_aside_at__isnull=False))
    for judgment in found:
        surplus = judgment.purpose in NEVER_COUNTED
        if not judgment.superseded and _counts(judgment):
            if judgment.status == JudgmentStatus.SUBMITTED and not surplus:
                surplus = not place_take(
                    item_id=judgment.item_id, overlap=judgment.project.overlap, reserved=False
                )
            elif judgment.status == JudgmentStatus.SKIPPED:
                skip_add(item_id=judgment.item_id, at=timezone.now())
        Judgment.objects.filter(id=judgment.id).update(
            set_aside_at=None, set_aside_by=None, set_aside_reason="", surplus=surplus
        )
    _follow(found)
    return len(found)


def _counts(judgment: Judgment) -> bool:
    """Whether the item's counters know of the judgment: people's first answers."""
    return judgment.annotator_kind == AnnotatorKind.HUMAN and judgment.purpose != Purpose.REPEAT
