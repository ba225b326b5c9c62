"""Pausing annotators, letting them go on, and taking them as qualified; `annotation.selectors.standing` reads it."""

from __future__ import annotations

from django.utils import timezone

from annotation.errors import ConflictError
from annotation.models import Annotator
from annotation.selectors.standing import (
    PAUSED_BY_HAND,
    PAUSED_BY_ROUND,
    Standing,
    golds_unseen,
    rules_of,
    standing_of,
)

__all__ = [
    "PAUSED_BY_HAND",
    "Standing",
    "annotator_pause",
    "annotator_qualify",
    "annotator_resume",
    "rules_of",
    "standing_of",
]


def annotator_pause(annotator_id: int, *, because: str) -> None:
    """Give an annotator nothing more; what they send is still taken."""
    Annotator.objects.filter(id=annotator_id, paused_at=None).update(
        paused_at=timezone.now(), paused_because=because
    )


def annotator_resume(annotator_id: int) -> None:
    """Let an annotator go on, with a score that begins anew; a failed round can be tried again.

    Raises:
        ConflictError: a round cannot be tried again, since too few gold items are left that this person has not seen.
    """
    annotator = Annotator.objects.get(id=annotator_id)
    rules = rules_of(annotator.project_id, fresh=True)
    needed = rules.qualification_items
    if annotator.paused_because == PAUSED_BY_ROUND and rules.qualifies and not annotator.qualified_at:
        unseen = golds_unseen(annotator_id)[:needed].count()
        if unseen < needed:
            raise ConflictError(
                f"Another round needs {needed} gold items that this person has not seen, and {unseen} are left. "
                "Add gold items, or take this person as qualified.",
                code="gold_used_up",
            )
    Annotator.objects.filter(id=annotator_id).exclude(paused_at=None).update(
        paused_at=None, paused_because="", warned_at=None, scored_since=timezone.now()
    )


def annotator_qualify(annotator_id: int) -> None:
    """Let an annotator do real work without the round, or after it."""
    Annotator.objects.filter(id=annotator_id).update(qualified_at=timezone.now())
    Annotator.objects.filter(id=annotator_id, paused_because=PAUSED_BY_ROUND).update(
        paused_at=None, paused_because=""
    )
