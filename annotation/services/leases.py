"""Leases: items reserved for an annotator until a time. How they end is in `lease_keeping`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from annotation.allocation.policies import Choice, shown_order
from annotation.models import Annotator, Lease, LeaseStatus, Purpose, User
from annotation.models.ids import opaque_id
from annotation.selectors.access import own_rows
from annotation.selectors.desk import Desk, desk_of
from annotation.selectors.standing import Standing, rules_of, standing_known
from annotation.services.candidates import CHANCE, OfferedItem, items_claim
from annotation.services.lease_keeping import leases_expire
from annotation.services.probes import Probe, probes_due
from annotation.services.transactions import writing
from annotation.sql import changed, moment, rows

COUNT_MOST = 50  # leases of one request

ANNOTATOR_LOCK = "SELECT id FROM annotation_annotator WHERE id = %s FOR NO KEY UPDATE"
OPEN = """
SELECT id FROM annotation_lease WHERE annotator_id = %s AND status = 'open' AND expires_at > %s
ORDER BY created_at, item_id LIMIT %s
"""
ITEMS = """
SELECT i.id, i.prompt_id, i.first_id, i.second_id, i.prompt_number, p.messages, p.language
FROM annotation_item i JOIN annotation_prompt p ON p.id = i.prompt_id WHERE i.id IN ({marks})
"""
COMPLETIONS = """
SELECT prompt_id, id, text, source FROM annotation_completion WHERE prompt_id IN ({marks})
ORDER BY prompt_id, position
"""
GOLDS = "SELECT item_id FROM annotation_gold WHERE retired_at IS NULL AND item_id IN ({marks})"
SHOWN_BEFORE = """
SELECT shown FROM annotation_judgment WHERE item_id = %s AND annotator_id = %s AND NOT superseded AND purpose <> 'repeat'
"""
RESERVE = """
UPDATE annotation_item SET reserved = reserved + 1 WHERE id IN ({marks}) AND parked_at IS NULL AND load < %s
"""
INSERT = """
INSERT INTO annotation_lease (id, project_id, item_id, annotator_id, revision_id, status, purpose, shown, policy, arm,
  probability, created_at, expires_at) VALUES (%s, %s, %s, %s, %s, 'open', %s, %s, %s, %s, %s, %s, %s)
"""


class Closed(StrEnum):
    """Why an annotator is handed nothing though there may be work."""

    PROJECT_PAUSED = "project_paused"
    YOU_ARE_PAUSED = "you_are_paused"
    QUALIFICATION_FAILED = "qualification_failed"
    QUOTA_REACHED = "quota_reached"
    DAILY_QUOTA_REACHED = "daily_quota_reached"


@dataclass(frozen=True, slots=True)
class Shown:
    """A completion as it goes to the screen."""

    id: int
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A lease with what is to be judged; `completions` stand in the order shown."""

    lease: int
    expires_at: datetime
    item: OfferedItem
    shown: list[str]
    completions: list[Shown]


@dataclass(frozen=True, slots=True)
class Handout:
    """What the queue hands out, with the desk as it was found; `closed` says why it hands out nothing."""

    desk: Desk
    offers: list[Offer]
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Picked:
    """An item for an annotator, and why it is handed out."""

    item: OfferedItem
    purpose: Purpose
    policy: str
    arm: str
    probability: float
    swapped: bool = False


def annotator_ensure(*, user: User, project_id: int) -> Annotator:
    """The row for the caller's judgments in a project, made on first use under a name that is free."""
    own = own_rows(user).filter(project_id=project_id)
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


def leases_take(*, user: User, desk: Desk, count: int) -> Handout:
    """Up to `count` items for the caller: open leases first, renewed, then new ones by the project's policy.

    New items have a free place, are not parked, are in no pool or in one of the caller's, and were never judged,
    skipped or flagged by this annotator; gold items and own earlier ones are slipped in among them. The desk
    comes back with what concerns the annotator.
    """
    annotator = desk.annotator or annotator_ensure(user=user, project_id=desk.project).id
    desk = desk_of(desk, annotator)
    standing = standing_known(
        annotator,
        project=desk.project,
        paused_because=desk.paused_because,
        qualified=desk.qualified,
        exempt=desk.exempt,
    )
    if closed := _closed(desk, standing):
        return Handout(desk, [], closed)
    if desk.quota_left is not None:
        count = min(count, desk.quota_left)
    if desk.lapsed:
        leases_expire(project_id=desk.project)
    with writing():
        if connection.features.has_select_for_update:  # two tabs of one person take turns
            rows(ANNOTATOR_LOCK, [annotator])
        now = timezone.now()
        held = [lease_id for (lease_id,) in rows(OPEN, [annotator, moment(now), count])]
        leases = _renewed(held, desk, now) if held else []
        known = _items([lease.item_id for lease in leases])
        items = [known[lease.item_id] for lease in leases]
        picked: list[Picked] = []
        if len(leases) < count:
            begun = [
                item.prompt
                for lease, item in zip(leases, items, strict=True)
                if lease.purpose == Purpose.WORK
            ]
            picked = _pick(desk, standing, count - len(leases), begun[-1] if begun else None)
        completions = _completions([*items, *(each.item for each in picked)])
        offers = [
            _offer(lease.id, lease.expires_at, item, lease.shown, completions[item.prompt])
            for lease, item in zip(leases, items, strict=True)
        ]
        return Handout(desk, offers + _lease(picked, completions, desk, now))


def _closed(desk: Desk, standing: Standing) -> Closed | None:
    """Why this annotator is handed nothing at all."""
    if desk.paused:
        return Closed.PROJECT_PAUSED
    if standing is Standing.PAUSED:
        return Closed.YOU_ARE_PAUSED
    if standing is Standing.QUALIFICATION_FAILED:
        return Closed.QUALIFICATION_FAILED
    if desk.quota_left != 0:
        return None
    whole = desk.quota_total is not None and desk.done >= desk.quota_total
    return Closed.QUOTA_REACHED if whole else Closed.DAILY_QUOTA_REACHED


def _renewed(lease_ids: Sequence[int], desk: Desk, now: datetime) -> list[Lease]:
    """Let leases run their full time again and be about today's questions; fresh ones stay as they are.

    One that a judgment is using or a page is giving back at this moment is theirs: left out, never waited for.
    """
    leases = list(Lease.objects.filter(id__in=lease_ids).order_by("created_at", "item_id"))
    fresh = now + timedelta(seconds=desk.lease_seconds * 0.9)
    if any(lease.expires_at < fresh or lease.revision_id != desk.revision for lease in leases):
        expires_at = now + timedelta(seconds=desk.lease_seconds)
        still = Lease.objects.filter(id__in=lease_ids, status=LeaseStatus.OPEN)
        held = set(still.select_for_update(skip_locked=True).values_list("id", flat=True))
        Lease.objects.filter(id__in=held).update(expires_at=expires_at, revision_id=desk.revision)
        leases = [lease for lease in leases if lease.id in held]
        for lease in leases:
            lease.expires_at = expires_at
    return leases


def _pick(desk: Desk, standing: Standing, count: int, current: int | None) -> list[Picked]:
    """New items: probes at random places among work, which in a round of qualification there is none of.

    An item of the policy's that has a known answer is asked as gold, so that none is used up unscored.
    """
    probes = probes_due(desk=desk, count=count, random=CHANCE, standing=standing)[:count]
    slipped = {probe.item: probe for probe in probes}
    work: list[tuple[OfferedItem, Choice]] = []
    if standing is not Standing.QUALIFYING and len(slipped) < count:
        work = [found for found in items_claim(desk, count, current) if found[0].id not in slipped]
        work = work[: count - len(slipped)]
    golden: set[int] = set()
    if work and standing is Standing.WORKING and rules_of(desk.project).golds:
        ids = [item.id for item, _ in work]
        golden = {item for (item,) in rows(GOLDS.format(marks=_marks(ids)), ids)}
    picked = [
        Picked(
            item,
            Purpose.GOLD if item.id in golden else Purpose.WORK,
            choice.policy,
            choice.arm,
            choice.probability,
        )
        for item, choice in work
    ]
    for item_id, item in _items(list(slipped)).items():
        picked.insert(CHANCE.choice(_gaps(picked, current)), _slipped(slipped[item_id], item))
    return picked


def _gaps(picked: Sequence[Picked], current: int | None) -> list[int]:
    """Where an item may be slipped in: not between two pairs of one prompt, which would give it away."""
    prompts = [current, *(each.item.prompt for each in picked), None]
    gaps = [place for place in range(len(picked) + 1) if prompts[place] != prompts[place + 1]]
    return gaps or [len(picked)]


def _slipped(probe: Probe, item: OfferedItem) -> Picked:
    name = probe.purpose.value
    return Picked(item, probe.purpose, name, name, probe.probability, probe.swapped)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _items(ids: Sequence[int]) -> dict[int, OfferedItem]:
    """Items by id, with their prompts."""
    found = rows(ITEMS.format(marks=_marks(ids)), ids) if ids else []
    return {row[0]: OfferedItem(*row) for row in found}


def _completions(items: Sequence[OfferedItem]) -> dict[int, list[Shown]]:
    """By prompt: its completions in the order of import."""
    prompts = sorted({item.prompt for item in items})
    by_prompt: dict[int, list[Shown]] = defaultdict(list)
    if prompts:
        for prompt_id, completion_id, text, source in rows(
            COMPLETIONS.format(marks=_marks(prompts)), prompts
        ):
            by_prompt[prompt_id].append(Shown(completion_id, text, source))
    return by_prompt


def _offer(
    lease_id: int, expires_at: datetime, item: OfferedItem, shown: list[str], completions: Iterable[Shown]
) -> Offer:
    by_id = {str(completion.id): completion for completion in completions}
    return Offer(lease_id, expires_at, item, shown, [by_id[completion] for completion in shown])


def _lease(
    picked: Sequence[Picked], completions: dict[int, list[Shown]], desk: Desk, now: datetime
) -> list[Offer]:
    """Store leases and count the places of work. The items are ours: locked, or we are the only writer."""
    work = sorted(each.item.id for each in picked if each.purpose == Purpose.WORK)
    if work and changed(RESERVE.format(marks=_marks(work)), [*work, desk.overlap]) != len(work):
        raise RuntimeError("an item changed while its row was held")
    offers: list[Offer] = []
    expires_at = now + timedelta(seconds=desk.lease_seconds)
    for each in picked:
        item = each.item
        shown = _shown(each, completions[item.prompt], desk)
        offer = _offer(opaque_id(), expires_at, item, shown, completions[item.prompt])
        values = [
            offer.lease,
            desk.project,
            item.id,
            desk.annotator,
            desk.revision,
            each.purpose.value,
            orjson.dumps(shown).decode(),
            each.policy,
            each.arm,
            each.probability,
            moment(now + timedelta(microseconds=len(offers))),  # keeps their order
            moment(expires_at),
        ]
        changed(INSERT, values)
        offers.append(offer)
    return offers


def _shown(picked: Picked, completions: Sequence[Shown], desk: Desk) -> list[str]:
    """The order for the screen; a repeat stands the other way round than this annotator saw it before."""
    item = picked.item
    assert desk.annotator is not None
    ids = [str(row.id) for row in completions if item.first is None or row.id in (item.first, item.second)]
    if picked.swapped:
        for (before,) in rows(SHOWN_BEFORE, [item.id, desk.annotator]):
            seen = [name for name in orjson.loads(before) if name in ids]
            if len(seen) == len(ids):
                return seen[::-1]
    shown = shown_order(ids, annotator=desk.annotator, item=item.id, shuffle=desk.shuffle)
    return shown[::-1] if picked.swapped else shown
