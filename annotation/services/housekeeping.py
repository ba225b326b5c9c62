"""What is done when nobody looks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from annotation.models import Import, Item, Judgment, Lease, Project, Prompt
from annotation.services.projects import RECOVERABLE
from annotation.services.transactions import writing

CHUNK: Final = 500  # rows of one transaction, between which others may write


def projects_purge() -> int:
    """Remove projects that were deleted more than seven days ago, with all they hold; returns how many.

    Large tables go first, in parts, each in a transaction of its own: people label elsewhere meanwhile, and
    what was broken off goes on the next time.
    """
    doomed = Project.objects.filter(deleted_at__lt=timezone.now() - RECOVERABLE)
    found = list(doomed.values_list("id", flat=True))
    for project_id in found:
        _project_empty(project_id)
        with writing():
            doomed.filter(id=project_id).delete()
    return len(found)


def _project_empty(project_id: int) -> None:
    for path in Import.objects.filter(project_id=project_id).exclude(path="").values_list("path", flat=True):
        Path(path).unlink(missing_ok=True)
    judgments = Judgment.objects.filter(project_id=project_id)
    with writing():  # what an edit supersedes may stand in another part
        judgments.filter(supersedes__isnull=False).update(supersedes=None)
    parts: tuple[QuerySet[Judgment] | QuerySet[Lease] | QuerySet[Item] | QuerySet[Prompt], ...] = (
        judgments,
        Lease.objects.filter(project_id=project_id),
        Item.objects.filter(project_id=project_id),
        Prompt.objects.filter(project_id=project_id),
    )
    for rows in parts:
        while ids := list(rows.values_list("id", flat=True)[:CHUNK]):
            with writing():
                rows.filter(id__in=ids).delete()
