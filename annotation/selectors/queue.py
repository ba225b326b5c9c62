"""What the labelling page is told beside the leases."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from annotation.models import Item
from annotation.revealing import masked
from annotation.selectors.desk import Desk, midnight
from annotation.selectors.masking import spans_of
from annotation.sql import moment, rows

if TYPE_CHECKING:
    from annotation.services.leases import Handout, Offer

EXACT_UP_TO = 1000  # rows up to which they are counted anew for every answer
ROWS_PER_SECOND = 2000  # above: a count of n rows is used for n / 2000 seconds, so counting stays below 1 %
STALE_MOST = 60.0  # seconds
HAD_MOST = 5000  # rows that may be looked at for one annotator
HAD_SAMPLE = 1000  # of their newest judgments, where what they had is only estimated
COUNTING_SECONDS = 10.0
COUNTS_KEPT = 5000

OPEN_BY_POOL = """
SELECT i.pool_id, COUNT(*), COUNT(CASE WHEN i.filled - i.extra < %s AND i.parked_at IS NULL THEN 1 END)
FROM annotation_item i WHERE i.project_id = %s AND i.filled < %s GROUP BY i.pool_id
"""
HAD_BY_POOL = """
SELECT i.pool_id, COUNT(*), COUNT(CASE WHEN i.filled - i.extra < %s AND i.parked_at IS NULL THEN 1 END)
FROM (SELECT item_id FROM annotation_judgment
  WHERE annotator_id = %s AND NOT superseded AND purpose <> 'repeat' ORDER BY id DESC LIMIT %s) j
JOIN annotation_item i ON i.id = j.item_id GROUP BY i.pool_id
"""
REMAINING = """
SELECT COUNT(*) FROM annotation_item i
WHERE i.project_id = %s AND i.filled < %s AND i.filled - i.extra < %s AND i.parked_at IS NULL AND ({pools})
  AND NOT EXISTS (SELECT 1 FROM annotation_judgment j WHERE j.item_id = i.id AND j.annotator_id = %s AND NOT j.superseded)
"""
SLIPPED_IN = """
SELECT COUNT(*) FROM annotation_judgment j JOIN annotation_item i ON i.id = j.item_id
WHERE j.annotator_id = %s AND j.submitted_at >= %s AND j.status = 'submitted' AND NOT j.superseded AND j.surplus
  AND (j.purpose = 'repeat' OR j.purpose <> 'work' AND i.filled - i.extra >= %s)
"""
PAIRS_OF_PROMPTS = """
SELECT i.prompt_id, COUNT(*), COUNT(j.id) FROM annotation_item i
LEFT JOIN annotation_judgment j ON j.item_id = i.id AND j.annotator_id = %s AND NOT j.superseded AND j.purpose <> 'repeat'
WHERE i.prompt_id IN ({marks}) GROUP BY i.prompt_id
"""


@dataclass(slots=True)
class Open:
    """How many items of a project have places left, by pool; good until `until` on the monotonic clock.

    `read` is how many items had to be looked at.
    """

    by_pool: dict[int | None, int]
    read: int
    until: float


@dataclass(slots=True)
class Left:
    """How many of these one annotator has not had, when they had done `done`; good until `until`."""

    items: int
    done: int
    until: float


_open: dict[tuple[int, int], Open] = {}
_left: dict[tuple[int, int, tuple[int, ...]], Left] = {}


def queue_wire(handout: Handout) -> dict[str, Any]:
    """The answer of the queue."""
    desk, offers = handout.desk, handout.offers
    remaining = 0 if handout.closed else remaining_count(desk)
    positions = _positions(desk, offers) if desk.paired and offers else {}
    spans = spans_of(row.id for offer in offers for row in offer.completions) if desk.masked else {}
    answer: dict[str, Any] = {
        "items": [
            _offer_wire(offer, desk, positions, spans, number=desk.done + place)
            for place, offer in enumerate(offers, start=1)
        ],
        "remaining": remaining,
        "done": desk.done,
        "done_today": desk.done_today,
    }
    if not offers:
        answer["reason"] = handout.closed or _empty_reason(desk.project, remaining)
    return answer


def _offer_wire(
    offer: Offer,
    desk: Desk,
    positions: dict[int, tuple[int, int]],
    spans: Mapping[int, Sequence[Sequence[int]]],
    *,
    number: int,
) -> dict[str, Any]:
    """A lease with its prompt and completions; `source` only where the project is not blind, `spans` masked.

    The `number` is the caller's own count: the prompt's in the project would jump at what was slipped in.
    """
    item = offer.item
    pair, pairs = positions.get(item.id, (1, 1))
    completions: list[dict[str, Any]] = [
        {"id": str(row.id), "text": masked(row.text, spans.get(row.id, ()))} for row in offer.completions
    ]
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
        "position": {"prompt": number, "pair": pair, "pairs": pairs},
    }


def _empty_reason(project: int, remaining: int) -> str:
    if remaining:
        return "all_leased"
    return "all_done" if Item.objects.filter(project_id=project).exists() else "empty_project"


def _positions(desk: Desk, offers: Sequence[Offer]) -> dict[int, tuple[int, int]]:
    """By item: the how manieth pair of its prompt it is for this annotator, and how many there are."""
    prompts = list({offer.item.prompt for offer in offers})
    marks = ", ".join(["%s"] * len(prompts))
    pairs: dict[int, int] = {}
    had: dict[int, int] = {}
    for prompt, number, judged in rows(PAIRS_OF_PROMPTS.format(marks=marks), [desk.annotator, *prompts]):
        pairs[prompt], had[prompt] = number, judged
    positions: dict[int, tuple[int, int]] = {}
    for offer in offers:
        item = offer.item
        had[item.prompt] += 1
        positions[item.id] = (min(had[item.prompt], pairs[item.prompt]), pairs[item.prompt])
    return positions


def remaining_count(desk: Desk) -> int:
    """How many items still need this annotator: not full, not parked, in their pools or none, not had by them.

    No more than the quota leaves. The items that have places left are counted once for all annotators. Where
    they are few, this annotator's are then counted one by one (`REMAINING`), less what was slipped in beyond them
    today: a count that stays the same after an answer would give away what that answer was. Where they are many,
    what the annotator has had of them is taken off, by the newest `HAD_SAMPLE` judgments and in proportion. A count
    that reads many rows is used again for a while, less what this annotator has done since.
    """
    assert desk.annotator is not None
    key = (desk.annotator, desk.overlap, desk.pools)
    now = time.monotonic()
    left = _left.get(key)
    if left is None or now >= left.until:
        whole = _open_counted(desk, now)
        exact = whole.read <= HAD_MOST
        items = _one_by_one(desk) if exact else _in_proportion(desk, whole)
        # Estimates end one by one and not all with the count they rest on.
        left = Left(items, desk.done, whole.until if exact else now + STALE_MOST)
        _keep(_left, key, left, now)
    items = max(left.items - (desk.done - left.done), 0)
    return items if desk.quota_left is None else min(items, desk.quota_left)


def _open_counted(desk: Desk, now: float) -> Open:
    key = (desk.project, desk.overlap)
    kept = _open.get(key)
    if kept is None or now >= kept.until:
        if kept is not None:
            kept.until = now + COUNTING_SECONDS  # meanwhile the others take the old count
        found = rows(OPEN_BY_POOL, [desk.overlap, desk.project, max(desk.overlap, desk.overlap_most)])
        read = sum(number for _, number, _ in found)
        seconds = min(read / ROWS_PER_SECOND, STALE_MOST) if read > EXACT_UP_TO else 0.0
        kept = Open({pool: number for pool, _, number in found}, read, now + seconds)
        _keep(_open, key, kept, now)
    return kept


def _one_by_one(desk: Desk) -> int:
    pools = " OR ".join(["i.pool_id IS NULL", *["i.pool_id = %s"] * len(desk.pools)])
    most = max(desk.overlap, desk.overlap_most)
    parameters = [desk.project, most, desk.overlap, *desk.pools, desk.annotator]
    [(number,)] = rows(REMAINING.format(pools=pools), parameters)
    [(slipped_in,)] = rows(SLIPPED_IN, [desk.annotator, moment(midnight()), desk.overlap])
    return max(int(number) - int(slipped_in), min(int(number), 1))


def _in_proportion(desk: Desk, whole: Open) -> int:
    had = rows(HAD_BY_POOL, [desk.overlap, desk.annotator, HAD_SAMPLE])
    read: int = sum(number for _, number, _ in had)
    by_pool: dict[int | None, int] = {pool: number for pool, _, number in had}
    pools = (*desk.pools, None)
    mine = sum(by_pool.get(pool, 0) for pool in pools) * max(1.0, desk.done / max(read, 1))
    return max(round(sum(whole.by_pool.get(pool, 0) for pool in pools) - mine), 1)


def _keep(counts: dict[Any, Any], key: Any, count: Open | Left, now: float) -> None:
    counts.pop(key, None)
    if count.until > now:
        while len(counts) >= COUNTS_KEPT:
            counts.pop(next(iter(counts)), None)
        counts[key] = count
