"""What is done when nobody looks."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from annotation.models import Judgment, Project
from annotation.services.transactions import writing

RECOVERABLE = timedelta(days=7)


def projects_purge() -> int:
    """Remove projects that were deleted more than seven days ago, with all they hold; returns how many."""
    doomed = Project.objects.filter(deleted_at__lt=timezone.now() - RECOVERABLE)
    purged = 0
    for project_id in doomed.values_list("id", flat=True):
        with writing():
            # Judgments protect their annotators, revisions and predecessors, so they go first, together.
            judgments = Judgment.objects.filter(project_id=project_id)
            judgments.update(supersedes=None)
            judgments.delete()
            purged += 1 if doomed.filter(id=project_id).delete()[0] else 0
    return purged
