"""What the labelling page is told beside the leases."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from annotation.models import Item, Judgment, JudgmentStatus, Project
from annotation.models.projects import ItemKind

if TYPE_CHECKING:
    from annotation.models import Annotator
    from annotation.services.leases import Offer

EXACT_UP_TO = 1000  # unfilled items up to which `remaining` is counted anew for every answer
ITEMS_PER_SECOND = (
    2000  # above: a count over n items is used for n / 2000 seconds, so counting stays below 1 %
)
STALE_MOST = 60.0  # seconds
COUNTS_KEPT = 2000


@dataclass(slots=True)
class Remaining:
    """A count of what is left for one annotator, good until `until` on the monotonic clock."""

    items: int
    done: int
    until: float


_remaining: dict[tuple[int, int], Remaining] = {}


def offer_wire(offer: Offer, project: Project, positions: dict[int, tuple[int, int]]) -> dict[str, Any]:
    """A lease with its prompt and completions in the order to show; `source` only where it is not blind."""
    lease = offer.lease
    prompt = lease.item.prompt
    pair, pairs = positions.get(lease.item_id, (1, 1))
    completions: list[dict[str, Any]] = [{"id": str(row.id), "text": row.text} for row in offer.completions]
    if not project.blind:
        for written, row in zip(completions, offer.completions, strict=True):
            written["source"] = row.source
    return {
        "lease": str(lease.id),
        "item": str(lease.item_id),
        "expires_at": lease.expires_at,
        "prompt": {"id": str(prompt.id), "messages": prompt.messages, "language": prompt.language},
        "completions": completions,
        "shown": lease.shown,
        "position": {"prompt": prompt.number, "pair": pair, "pairs": pairs},
    }


def queue_wire(*, project: Project, annotator: Annotator, offers: Sequence[Offer]) -> dict[str, Any]:
    """The answer of the queue."""
    done, done_today = done_counts(annotator)
    remaining = remaining_count(project=project, annotator=annotator, done=done)
    positions = _positions(offers) if project.item_kind == ItemKind.PAIR else {}
    answer: dict[str, Any] = {
        "items": [offer_wire(offer, project, positions) for offer in offers],
        "remaining": remaining,
        "done": done,
        "done_today": done_today,
    }
    if not offers:
        answer["reason"] = _empty_reason(project, remaining)
    return answer


def _empty_reason(project: Project, remaining: int) -> str:
    if remaining:
        return "all_leased"
    return "all_done" if Item.objects.filter(project=project).exists() else "empty_project"


def _positions(offers: Sequence[Offer]) -> dict[int, tuple[int, int]]:
    """By item: which pair of its prompt it is, and of how many."""
    prompts: dict[int, list[int]] = {}
    rows = Item.objects.filter(prompt_id__in={offer.lease.item.prompt_id for offer in offers}).order_by("id")
    for prompt_id, item_id in rows.values_list("prompt_id", "id"):
        prompts.setdefault(prompt_id, []).append(item_id)
    return {
        item: (place, len(items)) for items in prompts.values() for place, item in enumerate(items, start=1)
    }


def done_counts(annotator: Annotator) -> tuple[int, int]:
    """How many current judgments this annotator has submitted, ever and since midnight UTC."""
    own = Judgment.objects.filter(annotator=annotator, superseded=False, status=JudgmentStatus.SUBMITTED)
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return own.count(), own.filter(submitted_at__gte=midnight).count()


def remaining_count(*, project: Project, annotator: Annotator, done: int) -> int:
    """How many items still need this annotator: not full, not parked, not judged by them.

    Counting costs time in proportion to the unfilled items. Where these are many, a count is used again for a
    while, less what this annotator has done since; `_remaining_read` rebuilds it.
    """
    key = (project.id, annotator.id)
    now = time.monotonic()
    kept = _remaining.get(key)
    if kept and now < kept.until:
        return max(kept.items - (done - kept.done), 0)
    items = _remaining_read(project=project, annotator=annotator)
    _remaining.pop(key, None)
    if items > EXACT_UP_TO:
        while len(_remaining) >= COUNTS_KEPT:
            _remaining.pop(next(iter(_remaining)))
        _remaining[key] = Remaining(items, done, now + min(items / ITEMS_PER_SECOND, STALE_MOST))
    return items


def _remaining_read(*, project: Project, annotator: Annotator) -> int:
    judged = Judgment.objects.filter(item_id=OuterRef("id"), annotator=annotator)
    return Item.objects.filter(
        ~Exists(judged), project=project, parked_at=None, filled__lt=project.overlap
    ).count()
