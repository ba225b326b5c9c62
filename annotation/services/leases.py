"""Leases: items reserved for an annotator until a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from annotation.allocation.policies import Candidate, Choice, fewest_first, shown_order
from annotation.errors import NotFoundError
from annotation.models import (
    Annotator,
    Completion,
    Item,
    Judgment,
    Lease,
    LeaseStatus,
    Project,
    User,
)
from annotation.models.projects import ItemKind
from annotation.selectors.access import annotator_of
from annotation.selectors.projects import revision_current
from annotation.services.transactions import writing

COUNT_MOST = 50  # leases of one request
LAPSED_BATCH = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A lease with what is to be judged: its prompt (`lease.item.prompt`) and completions in shown order."""

    lease: Lease
    completions: list[Completion]


def annotator_ensure(*, user: User, project: Project) -> Annotator:
    """The row for the caller's judgments in a project, made on first use under a name that is free."""
    existing = annotator_of(user=user, project=project)
    suffix = 1
    while existing is None:
        name = user.username if suffix == 1 else f"{user.username}-{suffix}"
        try:
            with transaction.atomic():
                existing = Annotator.objects.create(project=project, user=user, name=name)
        except (
            IntegrityError
        ):  # the name is an imported annotator's, or another request of the caller was first
            existing = annotator_of(user=user, project=project)
            suffix += 1
    return existing


def leases_take(*, user: User, project: Project, count: int) -> tuple[Annotator, list[Offer]]:
    """The caller as annotator, and up to `count` items for the caller: open leases first, renewed, then new ones by the project's policy.

    New items have a free place (filled and reserved ones below the overlap), are not parked, and were never
    judged, skipped or flagged by this annotator.
    """
    annotator = annotator_ensure(user=user, project=project)
    leases_expire(project=project)
    revision_id = revision_current(project).id
    with writing():
        if connection.features.has_select_for_update:  # two tabs of one person take turns
            Annotator.objects.select_for_update().get(id=annotator.id)
        now = timezone.now()
        open_leases = Lease.objects.filter(annotator=annotator, status=LeaseStatus.OPEN, expires_at__gt=now)
        leases = list(open_leases.select_related("item__prompt").order_by("created_at", "item_id")[:count])
        _renew(leases, project=project, revision_id=revision_id, now=now)
        current = leases[-1].item.prompt_id if leases else _prompt_last(annotator)
        items = _items_choose(annotator, project, count - len(leases), current) if len(leases) < count else []
        prompts = {lease.item.prompt_id for lease in leases} | {item.prompt_id for item, _ in items}
        completions: dict[int, list[Completion]] = defaultdict(list)
        for completion in (
            Completion.objects.filter(prompt_id__in=prompts).order_by("position") if prompts else ()
        ):
            completions[completion.prompt_id].append(completion)
        leases += _reserve(
            items, completions, annotator=annotator, project=project, revision_id=revision_id, now=now
        )
    return annotator, [_offer(lease, completions[lease.item.prompt_id]) for lease in leases]


def _offer(lease: Lease, completions: Iterable[Completion]) -> Offer:
    by_id = {str(completion.id): completion for completion in completions}
    return Offer(lease, [by_id[shown] for shown in lease.shown])


def _renew(leases: Sequence[Lease], *, project: Project, revision_id: int, now: datetime) -> None:
    """Let leases run their full time again and be about today's questions; fresh ones stay as they are."""
    fresh = now + timedelta(seconds=project.lease_seconds * 0.9)
    stale = [lease.id for lease in leases if lease.expires_at < fresh or lease.revision_id != revision_id]
    if stale:
        expires_at = now + timedelta(seconds=project.lease_seconds)
        Lease.objects.filter(id__in=stale, status=LeaseStatus.OPEN).update(
            expires_at=expires_at, revision_id=revision_id
        )
        for lease in leases:
            lease.expires_at, lease.revision_id = expires_at, revision_id


def _prompt_last(annotator: Annotator) -> int | None:
    """The prompt of the annotator's newest judgment."""
    return (
        Judgment.objects.filter(annotator=annotator)
        .order_by("-id")
        .values_list("prompt_id", flat=True)
        .first()
    )


def _items_choose(
    annotator: Annotator, project: Project, count: int, current: int | None
) -> list[tuple[Item, Choice]]:
    """Items for an annotator with the choice that found them, locked where the database has row locks.

    `current` is the prompt that the annotator has begun, whose other pairs come next.
    """
    free = (
        Item.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("prompt")
        .filter(
            ~Exists(Judgment.objects.filter(item_id=OuterRef("id"), annotator=annotator)),
            ~Exists(
                Lease.objects.filter(item_id=OuterRef("id"), annotator=annotator, status=LeaseStatus.OPEN)
            ),
            project=project,
            parked_at=None,
            load__lt=project.overlap,
        )
    )
    found: dict[int, Item] = {}
    if project.item_kind == ItemKind.PAIR and current:
        found = {item.id: item for item in free.filter(prompt_id=current)}
    if len(found) < count:
        first = list(free.order_by("load", "prompt_number", "id")[: count - len(found)])
        found |= {item.id: item for item in first}
        if project.item_kind == ItemKind.PAIR:
            found |= {item.id: item for item in free.filter(prompt_id__in={item.prompt_id for item in first})}
    candidates = [
        Candidate(item.id, item.prompt_id, item.prompt_number, item.load) for item in found.values()
    ]
    return [
        (found[choice.item], choice) for choice in fewest_first(candidates, count, current_prompt=current)
    ]


def _reserve(
    chosen: Sequence[tuple[Item, Choice]],
    completions: dict[int, list[Completion]],
    *,
    annotator: Annotator,
    project: Project,
    revision_id: int,
    now: datetime,
) -> list[Lease]:
    """Store the leases and count their places. The rows are ours (locked, or the only writer's)."""
    if not chosen:
        return []
    rows = Item.objects.filter(
        id__in=[item.id for item, _ in chosen], load__lt=project.overlap, parked_at=None
    )
    if rows.update(reserved=F("reserved") + 1) != len(chosen):
        raise RuntimeError("an item changed while its row was held")
    return Lease.objects.bulk_create(
        Lease(
            project=project,
            item=item,
            annotator=annotator,
            revision_id=revision_id,
            shown=shown_order(
                [
                    str(completion.id)
                    for completion in completions[item.prompt_id]
                    if _shows(item, completion)
                ],
                annotator=annotator.id,
                item=item.id,
                shuffle=project.shuffle,
            ),
            policy=choice.policy,
            arm=choice.arm,
            probability=choice.probability,
            expires_at=now + timedelta(seconds=project.lease_seconds),
        )
        for item, choice in chosen
    )


def _shows(item: Item, completion: Completion) -> bool:
    return item.first_id is None or completion.id in (item.first_id, item.second_id)


def leases_expire(*, project: Project | None = None) -> int:
    """End open leases whose time is over and free their places; returns how many.

    Work on such a lease is still taken when it comes (see `judgment_record`).
    """
    lapsed = Lease.objects.filter(status=LeaseStatus.OPEN, expires_at__lte=timezone.now())
    if project is not None:
        lapsed = lapsed.filter(project=project)
    if not lapsed.exists():
        return 0
    return _close(lapsed, LeaseStatus.EXPIRED)


def _close(leases: QuerySet[Lease], status: LeaseStatus) -> int:
    with writing():
        rows = list(leases.select_for_update(skip_locked=True).values_list("id", "item_id")[:LAPSED_BATCH])
        Lease.objects.filter(id__in=[lease_id for lease_id, _ in rows]).update(status=status)
        for item_id, number in sorted(Counter(item_id for _, item_id in rows).items()):
            Item.objects.filter(id=item_id).update(reserved=F("reserved") - number)
    return len(rows)


def lease_return(*, user: User, lease_id: int) -> None:
    """Give an open lease back; one that has ended already stays as it is.

    Raises:
        NotFoundError: the caller has no lease of this id.
    """
    own = Lease.objects.filter(id=lease_id, annotator__user=user, project__deleted_at=None)
    if not own.exists():
        raise NotFoundError("You have no lease with this id.", code="lease_lost")
    _close(Lease.objects.filter(id=lease_id, status=LeaseStatus.OPEN), LeaseStatus.RETURNED)
