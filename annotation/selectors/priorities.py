"""Which items of a project it pays to look at before the queue comes to them."""

from __future__ import annotations

from django.db.models import QuerySet

from annotation.models import Item, Pool, Project


def items_to_prepare(*, project: Project, count: int, prepared: bool) -> list[int]:
    """Up to `count` open items that are not kept apart, in the order in which the queue would come to them.

    With `prepared` those that have a priority, the highest first, else those that have none yet. Read from the
    queue's indexes, load by load and pool by pool.
    """
    found: list[tuple[float, int]] = []
    for pool in [None, *Pool.objects.filter(project=project).order_by("id").values_list("id", flat=True)]:
        for load in range(project.overlap):
            rows = Item.objects.filter(load=load, random_arm=False, parked_at=None)
            rows = rows.filter(project=project, pool=None) if pool is None else rows.filter(pool=pool)
            found += _part(rows, count, prepared=prepared)
    found.sort(reverse=True)
    return [item for _, item in found[:count]]


def _part(rows: QuerySet[Item], count: int, *, prepared: bool) -> list[tuple[float, int]]:
    if prepared:
        rows = rows.filter(priority__gt=0).order_by("-priority", "-id")
    else:
        rows = rows.filter(priority=0).order_by("priority", "id")
    return list(rows.values_list("priority", "id")[:count])
