"""Items: what one judgment is about, and the counters by which the queue finds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotation.allocation.policies import in_random_arm
from annotation.errors import NotFoundError
from annotation.models import (
    AnnotatorKind,
    Completion,
    Item,
    Judgment,
    JudgmentStatus,
    Lease,
    LeaseStatus,
    Project,
    Prompt,
    Purpose,
)
from annotation.models.projects import ItemKind
from annotation.services.transactions import writing
from annotation.sql import changed

BATCH = 500  # prompts; below the number of parameters that SQLite takes in one statement
PROJECT_FIELDS = ("project__item_kind", "project__salt", "project__random_share")
PARK_AFTER = 3  # people who skipped an item before it is parked

PLACE_TAKE = "UPDATE annotation_item SET filled = filled + 1 WHERE id = %s AND filled + reserved - extra < %s"
PLACE_TAKE_RESERVED = """
UPDATE annotation_item SET filled = filled + 1, reserved = reserved - 1 WHERE id = %s AND filled - extra < %s
"""
REVIEW_REOPEN = "UPDATE annotation_item SET reviewed_at = NULL WHERE id = %s AND reviewed_at IS NOT NULL"


def items_create(*, prompt_ids: Sequence[int]) -> None:
    """Make the items that the given prompts lack: one each, or one for each pair of completions.

    Doing it twice adds nothing, so that a prompt which got more completions gets its new pairs.
    """
    for start in range(0, len(prompt_ids), BATCH):
        prompts = Prompt.objects.filter(id__in=prompt_ids[start : start + BATCH]).select_related("project")
        rows = list(prompts.only("number", "group", "pool_id", "project_id", *PROJECT_FIELDS))
        paired = [prompt.id for prompt in rows if prompt.project.item_kind == ItemKind.PAIR]
        completions: dict[int, list[int]] = defaultdict(list)
        pairs = Completion.objects.filter(prompt_id__in=paired).order_by("prompt_id", "position")
        for prompt_id, completion_id in pairs.values_list("prompt_id", "id"):
            completions[prompt_id].append(completion_id)
        items = [item for prompt in rows for item in _items_of(prompt, completions)]
        Item.objects.bulk_create(items, ignore_conflicts=True, batch_size=BATCH)


def _items_of(prompt: Prompt, completions: dict[int, list[int]]) -> list[Item]:
    project = prompt.project
    pairs: list[tuple[int | None, int | None]] = [(None, None)]
    if project.item_kind == ItemKind.PAIR:
        pairs = list(combinations(completions[prompt.id], 2))
    return [
        Item(
            project_id=prompt.project_id,
            prompt_id=prompt.id,
            prompt_number=prompt.number,
            first_id=first,
            second_id=second,
            random_arm=in_random_arm(project.salt, prompt.group, project.random_share),
            pool_id=prompt.pool_id,
        )
        for first, second in pairs
    ]


def items_rebuild(*, project: Project) -> None:
    """Make the items of all prompts of a project, as when its kind of item has changed."""
    items_create(prompt_ids=list(Prompt.objects.filter(project=project).values_list("id", flat=True)))


def items_lock(items: QuerySet[Item]) -> list[int]:
    """Hold items until the transaction ends, in the one order in which every transaction takes several; their ids.

    Whoever holds some of them in another order and waits for the rest can wait for ever.
    """
    held = items.order_by("id").select_for_update(of=("self",), no_key=True)
    return list(held.values_list("id", flat=True))


def items_recount(*, project: Project | None = None, item_ids: Sequence[int] | None = None) -> None:
    """Rebuild the counters of a project's items, of the given ones, or of all, from judgments and leases."""
    counted = Judgment.objects.filter(
        item_id=OuterRef("id"), superseded=False, annotator_kind=AnnotatorKind.HUMAN
    ).exclude(purpose=Purpose.REPEAT)
    leased = Lease.objects.filter(item_id=OuterRef("id"), status=LeaseStatus.OPEN, purpose=Purpose.WORK)
    items = Item.objects.filter(project=project) if project else Item.objects.all()
    parts = [items]
    if item_ids is not None:
        parts = [
            items.filter(id__in=item_ids[start : start + BATCH]) for start in range(0, len(item_ids), BATCH)
        ]
    with writing():
        for part in parts:
            if item_ids is not None:  # else a judgment that is being stored now would be in neither count
                items_lock(part)
            part.update(
                filled=_number(counted.filter(status=JudgmentStatus.SUBMITTED, surplus=False)),
                skips=_number(counted.filter(status=JudgmentStatus.SKIPPED, set_aside_at=None)),
                reserved=_number(leased),
            )


def _number(rows: QuerySet[Judgment] | QuerySet[Lease]) -> Coalesce:
    grouped = rows.order_by().values("item_id").annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)


def place_take(*, item_id: int, overlap: int, reserved: bool) -> bool:
    """Fill a place of an item if one is free; `reserved` says that the caller gives up an open lease for it.

    An item has `overlap` places and `extra` ones. One conditional update decides, so that concurrent judgments
    never fill more of them, and never one that is reserved for somebody else. False: all places are taken (the
    reservation is given up all the same).
    """
    if not reserved:
        return changed(PLACE_TAKE, [item_id, overlap]) == 1
    taken = changed(PLACE_TAKE_RESERVED, [item_id, overlap]) == 1
    if not taken:
        reservation_free(item_id=item_id)
    return taken


def place_free(*, item_id: int) -> None:
    """Give a filled place back, as when the judgment that filled it is superseded by a skip."""
    Item.objects.filter(id=item_id).update(filled=F("filled") - 1)


def reservation_free(*, item_id: int) -> None:
    """Give up one reservation without filling a place."""
    Item.objects.filter(id=item_id).update(reserved=F("reserved") - 1)


def skip_add(*, item_id: int, at: datetime) -> None:
    """Count a skip; every third parks the item (the next third parks it again after a release)."""
    item = Item.objects.filter(id=item_id)
    item.update(skips=F("skips") + 1)
    if item.values_list("skips", flat=True)[0] % PARK_AFTER == 0:
        item.update(parked_at=at)


def skip_remove(*, item_id: int) -> None:
    """Take a skip back; an item that it had parked returns to the queue."""
    item = Item.objects.filter(id=item_id)
    item.update(skips=F("skips") - 1)
    if (item.values_list("skips", flat=True)[0] + 1) % PARK_AFTER == 0:
        item.update(parked_at=None)


def review_reopen(*, item_id: int) -> None:
    """Put an item that was reviewed back on the review queue, since somebody has judged it."""
    changed(REVIEW_REOPEN, [item_id])


def item_release(*, project: Project, item_id: int) -> None:
    """Put a parked item back into the queue.

    Raises:
        NotFoundError: the project has no parked item of this id.
    """
    parked = Item.objects.filter(project=project, id=item_id, parked_at__isnull=False)
    if not parked.update(parked_at=None):
        raise NotFoundError("This project has no parked item with this id.")
