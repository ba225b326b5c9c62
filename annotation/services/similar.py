"""What people decide about near-duplicates."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import F
from django.utils import timezone

from annotation.errors import NotFoundError
from annotation.models import Item, NearDuplicate, NearDuplicateKind, Project, Prompt, Resolution, User
from annotation.selectors.similar import items_of
from annotation.services.items import items_lock
from annotation.services.transactions import writing
from annotation.splits import group_position

AT_ONCE = 200  # pairs of one decision


def near_duplicates_resolve(*, project: Project, user: User, ids: Sequence[int], resolution: str) -> int:
    """Decide about pairs; returns about how many. Pairs that a decision does not fit stay as they are.

    `grouped` puts both prompts into one split group, `parked` takes the item that compares two outputs off the
    queue, `left` leaves everything as it is, and `open` takes a `left` back.

    Raises:
        NotFoundError: one of the ids is no pair of this project.
    """
    with writing():
        rows = list(
            NearDuplicate.objects.filter(project=project, id__in=ids)
            .select_for_update(of=("self",))
            .select_related("prompt", "other")
            .order_by("id")
        )
        if len(rows) != len(set(ids)):
            raise NotFoundError("This project has no near-duplicate with one of these ids.")
        if resolution == Resolution.GROUPED:
            return _group(project, user, [row for row in rows if row.kind == NearDuplicateKind.PROMPTS])
        if resolution == Resolution.PARKED:
            return _park(user, [row for row in rows if row.kind == NearDuplicateKind.OUTPUTS])
        before = Resolution.OPEN if resolution == Resolution.LEFT else Resolution.LEFT
        return _mark(user, [row.id for row in rows if row.resolution == before], resolution)


def _group(project: Project, user: User, rows: Sequence[NearDuplicate]) -> int:
    changed = 0
    for row in rows:
        # Read anew for each pair: a pair before it may have joined one of the groups to another.
        groups = set(
            Prompt.objects.filter(id__in=(row.prompt_id, row.other_id)).values_list("group", flat=True)
        )
        if len(groups) == 2:
            kept = groups_join(project=project, groups=groups)
            together = NearDuplicate.objects.filter(
                project=project,
                kind=NearDuplicateKind.PROMPTS,
                resolution=Resolution.OPEN,
                prompt__group=kept,
            ).filter(other__group=F("prompt__group"))
            changed += _mark(user, list(together.values_list("id", flat=True)), Resolution.GROUPED)
        changed += _mark(user, [row.id], Resolution.GROUPED)
    return changed


def groups_join(*, project: Project, groups: Collection[str]) -> str:
    """Make one split group of two; returns its name.

    The group that is farther from the test side keeps its name, so that no prompt moves from training to test,
    where a model that has learned from it would be measured on it.
    """
    lost, kept = sorted(groups, key=lambda group: (group_position(project.salt, "test", group), group))
    Prompt.objects.filter(project=project, group=lost).update(group=kept)
    return kept


def _park(user: User, rows: Sequence[NearDuplicate]) -> int:
    items = items_of(rows)
    parked = [row.id for row in rows if row.id in items]
    found = items_lock(Item.objects.filter(id__in=[items[row].id for row in parked], parked_at=None))
    Item.objects.filter(id__in=found).update(parked_at=timezone.now())
    return _mark(user, parked, Resolution.PARKED)


def _mark(user: User, ids: Sequence[int], resolution: str) -> int:
    """Note the decision on those pairs that have another one."""
    rows = NearDuplicate.objects.filter(id__in=ids).exclude(resolution=resolution)
    decided = None if resolution == Resolution.OPEN else user
    at = None if decided is None else timezone.now()
    return rows.update(resolution=resolution, resolved_by=decided, resolved_at=at)
