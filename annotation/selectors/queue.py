"""What the labelling page is told beside the leases."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from annotation.models import Item
from annotation.selectors.desk import Desk, done_counts
from annotation.sql import rows

if TYPE_CHECKING:
    from annotation.services.leases import Offer

EXACT_UP_TO = 1000  # items left up to which they are counted anew for every answer
ITEMS_PER_SECOND = 2000  # above: a count of n items is used for n / 2000 seconds, so counting stays below 1 %
STALE_MOST = 60.0  # seconds
COUNTS_KEPT = 2000

REMAINING = """
SELECT COUNT(*) FROM annotation_item i WHERE i.project_id = %s AND i.filled < %s AND i.parked_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM annotation_judgment j WHERE j.item_id = i.id AND j.annotator_id = %s AND NOT j.superseded)
"""


@dataclass(slots=True)
class Remaining:
    """A count of what is left for one annotator, good until `until` on the monotonic clock."""

    items: int
    done: int
    until: float


_remaining: dict[tuple[int, int], Remaining] = {}


def queue_wire(*, desk: Desk, offers: Sequence[Offer]) -> dict[str, Any]:
    """The answer of the queue."""
    assert desk.annotator is not None
    done, done_today = done_counts(desk.annotator)
    remaining = remaining_count(
        project=desk.project, overlap=desk.overlap, annotator=desk.annotator, done=done
    )
    positions = _positions(offers) if desk.paired and offers else {}
    answer: dict[str, Any] = {
        "items": [_offer_wire(offer, desk, positions) for offer in offers],
        "remaining": remaining,
        "done": done,
        "done_today": done_today,
    }
    if not offers:
        answer["reason"] = _empty_reason(desk.project, remaining)
    return answer


def _offer_wire(offer: Offer, desk: Desk, positions: dict[int, tuple[int, int]]) -> dict[str, Any]:
    """A lease with its prompt and completions; `source` only where the project is not blind."""
    item = offer.item
    pair, pairs = positions.get(item.id, (1, 1))
    completions: list[dict[str, Any]] = [{"id": str(row.id), "text": row.text} for row in offer.completions]
    if not desk.blind:
        for written, row in zip(completions, offer.completions, strict=True):
            written["source"] = row.source
    return {
        "lease": str(offer.lease),
        "item": str(item.id),
        "expires_at": offer.expires_at,
        "prompt": {
            "id": str(item.prompt),
            "messages": orjson.Fragment(item.messages),
            "language": item.language,
        },
        "completions": completions,
        "shown": offer.shown,
        "position": {"prompt": item.number, "pair": pair, "pairs": pairs},
    }


def _empty_reason(project: int, remaining: int) -> str:
    if remaining:
        return "all_leased"
    return "all_done" if Item.objects.filter(project_id=project).exists() else "empty_project"


def _positions(offers: Sequence[Offer]) -> dict[int, tuple[int, int]]:
    """By item: which pair of its prompt it is, and of how many."""
    prompts: dict[int, list[int]] = {}
    found = Item.objects.filter(prompt_id__in={offer.item.prompt for offer in offers}).order_by("id")
    for prompt_id, item_id in found.values_list("prompt_id", "id"):
        prompts.setdefault(prompt_id, []).append(item_id)
    return {
        item: (place, len(items)) for items in prompts.values() for place, item in enumerate(items, start=1)
    }


def remaining_count(*, project: int, overlap: int, annotator: int, done: int) -> int:
    """How many items still need this annotator: not full, not parked, not judged by them.

    Counting costs time in proportion to the unfilled items. Where these are many, a count is used again for a
    while, less what this annotator has done since; the statement `REMAINING` rebuilds it.
    """
    key = (project, annotator)
    now = time.monotonic()
    kept = _remaining.get(key)
    if kept and now < kept.until:
        return max(kept.items - (done - kept.done), 0)
    [(items,)] = rows(REMAINING, [project, overlap, annotator])
    _remaining.pop(key, None)
    if items > EXACT_UP_TO:
        while len(_remaining) >= COUNTS_KEPT:
            _remaining.pop(next(iter(_remaining)), None)
        _remaining[key] = Remaining(items, done, now + min(items / ITEMS_PER_SECOND, STALE_MOST))
    return int(items)
