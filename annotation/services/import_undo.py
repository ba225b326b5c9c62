"""Taking back what an import brought, in parts, so that a large one holds nobody up for long."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from annotation.errors import ConflictError
from annotation.models import (
    Annotator,
    Completion,
    Import,
    ImportStatus,
    Item,
    Judgment,
    Lease,
    LeaseStatus,
    Prompt,
)
from annotation.services.contests import contests_follow
from annotation.services.items import items_lock, items_recount
from annotation.services.transactions import writing

PART = 300  # prompts, completions or judgments of one transaction


def import_undo(*, record: Import) -> None:
    """Take back what an import brought. Called again after it broke off, it goes on.

    Raises:
        ConflictError: the import is still running, was undone, or somebody has judged its items since.
    """
    ended = record.status in (ImportStatus.SUCCEEDED, ImportStatus.FAILED)
    if not ended or record.options.get("dry_run"):
        raise ConflictError(
            "This import has not finished, or was a dry run; there is nothing to undo.", code="not_undoable"
        )
    if record.undone_at is not None:
        raise ConflictError("This import was undone before.", code="not_undoable")
    if import_judged(record):
        raise _in_use()
    import_remove(record=record)
    Import.objects.filter(id=record.id, undone_at=None).update(undone_at=timezone.now())


def import_judged(record: Import) -> bool:
    """Whether judgments that came another way stand on what this import brought."""
    own = Judgment.objects.filter(imported_by=record)
    # A prompt that got another completion is judged with it from then on, where a judgment is about the prompt.
    with_more = _others(record).filter(
        item__first=None,
        prompt__completions__imported_by=record,
        received_at__gte=record.started_at or record.created_at,
    )
    return (
        _others(record).filter(prompt__imported_by=record).exists()
        or _others(record).filter(item__first__imported_by=record).exists()
        or _others(record).filter(item__second__imported_by=record).exists()
        or _others(record).filter(supersedes__in=own).exists()
        or with_more.exists()
    )


def import_remove(*, record: Import) -> None:
    """Delete the rows of an import, newest first.

    Raises:
        ConflictError: somebody judged one of them meanwhile; it and what is older stay.
    """
    judgments = (
        Judgment.objects.filter(imported_by=record).exclude(prompt__imported_by=record).order_by("-id")
    )
    while ids := list(judgments.values_list("id", flat=True)[:PART]):
        with writing():
            _judgments_remove(record, ids, recount=True)
    completions = (
        Completion.objects.filter(imported_by=record).exclude(prompt__imported_by=record).order_by("id")
    )
    while ids := list(completions.values_list("id", flat=True)[:PART]):
        with writing():
            _completions_remove(record, ids)
    prompts = Prompt.objects.filter(imported_by=record).order_by("-number")
    while ids := list(prompts.values_list("id", flat=True)[:PART]):
        with writing():
            _prompts_remove(record, ids)
    Annotator.objects.filter(project=record.project, user=None, judgments=None).delete()


def _others(record: Import) -> QuerySet[Judgment]:
    """The project's judgments that did not come with this import."""
    return Judgment.objects.filter(project=record.project_id).exclude(imported_by=record)


def _judgments_remove(record: Import, ids: list[int], *, recount: bool) -> None:
    """Delete judgments; those that they superseded are current again."""
    rows = Judgment.objects.filter(id__in=ids)
    before = list(
        rows.exclude(supersedes=None).exclude(supersedes__in=ids).values_list("supersedes_id", flat=True)
    )
    items = list(rows.values_list("item_id", flat=True).distinct()) if recount else []
    rows.exclude(supersedes=None).update(supersedes=None)
    rows.delete()
    Judgment.objects.filter(id__in=before).update(superseded=False)
    items_recount(item_ids=items)
    contests_follow(project=record.project, item_ids=items)


def _completions_remove(record: Import, ids: list[int]) -> None:
    """Delete completions of prompts that came another way, with the pairs they made."""
    pairs = Item.objects.filter(Q(first__in=ids) | Q(second__in=ids))
    touched = Item.objects.filter(prompt__completions__in=ids, first=None)
    items_lock(pairs)  # each judgment changes its item's counters, so this keeps them off
    if _others(record).filter(item__in=pairs).exists():
        raise _in_use()
    stale = Lease.objects.filter(item__in=touched, status=LeaseStatus.OPEN)
    freed = list(stale.values_list("item_id", flat=True))
    stale.update(status=LeaseStatus.RETURNED)
    pairs.delete()
    Completion.objects.filter(id__in=ids).delete()
    items_recount(item_ids=freed)


def _prompts_remove(record: Import, ids: list[int]) -> None:
    """Delete prompts with all that stands on them."""
    items = Item.objects.filter(prompt__in=ids)
    items_lock(items)
    if _others(record).filter(prompt__in=ids).exists():
        raise _in_use()
    _judgments_remove(
        record, list(Judgment.objects.filter(prompt__in=ids).values_list("id", flat=True)), recount=False
    )
    items.delete()
    Completion.objects.filter(prompt__in=ids).delete()
    Prompt.objects.filter(id__in=ids).delete()


def _in_use() -> ConflictError:
    return ConflictError(
        "Somebody has judged prompts of this import since. Undoing it would lose that work.",
        code="import_in_use",
    )
