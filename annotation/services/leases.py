"""Leases: items reserved for an annotator until a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from annotation.allocation.policies import Candidate, Choice, fewest_first, shown_order
from annotation.errors import NotFoundError
from annotation.models import Annotator, Item, Judgment, Lease, LeaseStatus, User
from annotation.models.ids import opaque_id
from annotation.selectors.desk import Desk
from annotation.services.transactions import writing
from annotation.sql import changed, moment, rows

COUNT_MOST = 50  # leases of one request
LAPSED_BATCH = 500

OPEN = """
SELECT id FROM annotation_lease WHERE annotator_id = %s AND status = 'open' AND expires_at > %s
ORDER BY created_at, item_id LIMIT %s
"""
ITEM_COLUMNS = """
SELECT i.id, i.prompt_id, i.first_id, i.second_id, i.prompt_number, i.load, p.messages, p.language
FROM annotation_item i JOIN annotation_prompt p ON p.id = i.prompt_id
"""
FREE = """
WHERE i.project_id = %s AND i.parked_at IS NULL AND i.load < %s
  AND NOT EXISTS (SELECT 1 FROM annotation_judgment j WHERE j.item_id = i.id AND j.annotator_id = %s AND NOT j.superseded)
  AND NOT EXISTS (SELECT 1 FROM annotation_lease l
    WHERE l.item_id = i.id AND l.annotator_id = %s AND l.status = 'open')
"""
COMPLETIONS = """
SELECT prompt_id, id, text, source FROM annotation_completion WHERE prompt_id IN ({marks})
ORDER BY prompt_id, position
"""
RESERVE = """
UPDATE annotation_item SET reserved = reserved + 1 WHERE id = %s AND parked_at IS NULL AND filled + reserved < %s
"""
INSERT = """
INSERT INTO annotation_lease (id, project_id, item_id, annotator_id, revision_id, status, shown, policy, arm,
  probability, created_at, expires_at) VALUES (%s, %s, %s, %s, %s, 'open', %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A completion as it goes to the screen."""

    id: int
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class OfferedItem:
    """An item with its prompt; `messages` is JSON as the database keeps it."""

    id: int
    prompt: int
    first: int | None
    second: int | None
    number: int
    load: int
    messages: str
    language: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A lease with what is to be judged; `completions` stand in the order shown."""

    lease: int
    expires_at: datetime
    item: OfferedItem
    shown: list[str]
    completions: list[Shown]


def annotator_ensure(*, user: User, project_id: int) -> Annotator:
    """The row for the caller's judgments in a project, made on first use under a name that is free."""
    own = Annotator.objects.filter(project_id=project_id, user=user)
    existing, suffix = own.first(), 1
    while existing is None:
        name = user.username if suffix == 1 else f"{user.username}-{suffix}"
        try:
            with transaction.atomic():
                existing = Annotator.objects.create(project_id=project_id, user=user, name=name)
        except (
            IntegrityError
        ):  # the name is an imported annotator's, or another request of the caller was first
            existing = own.first()
            suffix += 1
    return existing


def leases_take(*, user: User, desk: Desk, count: int) -> tuple[Desk, list[Offer]]:
    """Up to `count` items for the caller: open leases first, renewed, then new ones by the project's policy.

    New items have a free place (filled and reserved ones below the overlap), are not parked, and were never
    judged, skipped or flagged by this annotator. The desk comes back with the annotator's id.
    """
    if desk.annotator is None:
        desk = replace(desk, annotator=annotator_ensure(user=user, project_id=desk.project).id)
    assert desk.annotator is not None
    if desk.lapsed:
        leases_expire(project_id=desk.project)
    with writing():
        if connection.features.has_select_for_update:  # two tabs of one person take turns
            Annotator.objects.select_for_update().get(pk=desk.annotator)
        now = timezone.now()
        held = [lease_id for (lease_id,) in rows(OPEN, [desk.annotator, moment(now), count])]
        leases = _renewed(held, desk, now) if held else []
        items = [_offered(rows(f"{ITEM_COLUMNS} WHERE i.id = %s", [lease.item_id])[0]) for lease in leases]
        chosen: list[tuple[OfferedItem, Choice]] = []
        if len(leases) < count:
            chosen = _items_choose(desk, count - len(leases), items[-1].prompt if items else None)
        completions = _completions([*items, *(item for item, _ in chosen)])
        offers = [
            _offer(lease.id, lease.expires_at, item, lease.shown, completions[item.prompt])
            for lease, item in zip(leases, items, strict=True)
        ]
        return desk, offers + _reserve(chosen, completions, desk, now)


def _offered(row: tuple[Any, ...]) -> OfferedItem:
    return OfferedItem(*row)


def _offer(
    lease_id: int, expires_at: datetime, item: OfferedItem, shown: list[str], completions: Iterable[Shown]
) -> Offer:
    by_id = {str(completion.id): completion for completion in completions}
    return Offer(lease_id, expires_at, item, shown, [by_id[completion] for completion in shown])


def _renewed(lease_ids: Sequence[int], desk: Desk, now: datetime) -> list[Lease]:
    """Let leases run their full time again and be about today's questions; fresh ones stay as they are."""
    leases = list(Lease.objects.filter(id__in=lease_ids).order_by("created_at", "item_id"))
    fresh = now + timedelta(seconds=desk.lease_seconds * 0.9)
    if any(lease.expires_at < fresh or lease.revision_id != desk.revision for lease in leases):
        expires_at = now + timedelta(seconds=desk.lease_seconds)
        Lease.objects.filter(id__in=lease_ids, status=LeaseStatus.OPEN).update(
            expires_at=expires_at, revision_id=desk.revision
        )
        for lease in leases:
            lease.expires_at = expires_at
    return leases


def _items_choose(desk: Desk, count: int, current: int | None) -> list[tuple[OfferedItem, Choice]]:
    """Items for an annotator with the choice that found them, locked where the database has row locks.

    `current` is the prompt of the annotator's last open lease, whose other pairs come next.
    """
    lock = " FOR UPDATE OF i SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    free = [desk.project, desk.overlap, desk.annotator, desk.annotator]
    found: dict[int, OfferedItem] = {}

    def add(condition: str, parameters: Sequence[Any]) -> None:
        for row in rows(f"{ITEM_COLUMNS} {FREE} {condition}{lock}", [*free, *parameters]):
            found[row[0]] = _offered(row)

    if desk.paired:
        current = current or _prompt_last(desk)
        if current is not None:
            add("AND i.prompt_id = %s", [current])
    if len(found) < count:
        begun = set(found)
        add("ORDER BY i.load, i.prompt_number, i.id LIMIT %s", [count - len(found)])
        if desk.paired:
            for prompt in {item.prompt for item in found.values() if item.id not in begun}:
                add("AND i.prompt_id = %s", [prompt])
    candidates = [Candidate(item.id, item.prompt, item.number, item.load) for item in found.values()]
    return [
        (found[choice.item], choice) for choice in fewest_first(candidates, count, current_prompt=current)
    ]


def _prompt_last(desk: Desk) -> int | None:
    """The prompt of the annotator's newest judgment."""
    own = Judgment.objects.filter(annotator_id=desk.annotator or 0).order_by("-id")
    return own.values_list("prompt_id", flat=True).first()


def _completions(items: Sequence[OfferedItem]) -> dict[int, list[Shown]]:
    """By prompt: its completions in the order of import."""
    prompts = sorted({item.prompt for item in items})
    by_prompt: dict[int, list[Shown]] = defaultdict(list)
    if prompts:
        marks = ", ".join(["%s"] * len(prompts))
        for prompt_id, completion_id, text, source in rows(COMPLETIONS.format(marks=marks), prompts):
            by_prompt[prompt_id].append(Shown(completion_id, text, source))
    return by_prompt


def _reserve(
    chosen: Sequence[tuple[OfferedItem, Choice]],
    completions: dict[int, list[Shown]],
    desk: Desk,
    now: datetime,
) -> list[Offer]:
    """Store leases and count their places. The items are ours: locked, or we are the only writer."""
    offers: list[Offer] = []
    expires_at = now + timedelta(seconds=desk.lease_seconds)
    assert desk.annotator is not None
    for item, choice in chosen:
        if changed(RESERVE, [item.id, desk.overlap]) != 1:
            raise RuntimeError("an item changed while its row was held")
        ids = [str(row.id) for row in completions[item.prompt] if _shows(item, row.id)]
        shown = shown_order(ids, annotator=desk.annotator, item=item.id, shuffle=desk.shuffle)
        offer = _offer(opaque_id(), expires_at, item, shown, completions[item.prompt])
        values = [
            offer.lease,
            desk.project,
            item.id,
            desk.annotator,
            desk.revision,
            orjson.dumps(shown).decode(),
            choice.policy,
            choice.arm,
            choice.probability,
            moment(now + timedelta(microseconds=len(offers))),  # keeps their order
            moment(expires_at),
        ]
        changed(INSERT, values)
        offers.append(offer)
    return offers


def _shows(item: OfferedItem, completion: int) -> bool:
    return item.first is None or completion in (item.first, item.second)


def leases_expire(*, project_id: int | None = None) -> int:
    """End open leases whose time is over and free their places; returns how many.

    Work on such a lease is still taken when it comes (see `judgment_record`).
    """
    lapsed = Lease.objects.filter(status=LeaseStatus.OPEN, expires_at__lte=timezone.now())
    if project_id is not None:
        lapsed = lapsed.filter(project_id=project_id)
    return _close(lapsed, LeaseStatus.EXPIRED) if lapsed.exists() else 0


def _close(leases: QuerySet[Lease], status: LeaseStatus) -> int:
    with writing():
        found = list(leases.select_for_update(skip_locked=True).values_list("id", "item_id")[:LAPSED_BATCH])
        Lease.objects.filter(id__in=[lease_id for lease_id, _ in found]).update(status=status)
        for item_id, number in sorted(Counter(item_id for _, item_id in found).items()):
            Item.objects.filter(id=item_id).update(reserved=F("reserved") - number)
    return len(found)


def lease_return(*, user: User, lease_id: int) -> None:
    """Give an open lease back; one that has ended already stays as it is.

    Raises:
        NotFoundError: the caller has no lease of this id.
    """
    own = Lease.objects.filter(id=lease_id, annotator__user=user, project__deleted_at=None)
    if not own.exists():
        raise NotFoundError("You have no lease with this id.", code="lease_lost")
    _close(Lease.objects.filter(id=lease_id, status=LeaseStatus.OPEN), LeaseStatus.RETURNED)
