"""Pools, and annotators with their quotas, as the wire shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from annotation.models import Annotator, AnnotatorKind, Item, Judgment, JudgmentStatus, Pool, Project, Prompt
from annotation.selectors.desk import midnight


def annotators_listed(project: Project) -> QuerySet[Annotator]:
    """Everybody who judges in a project, with or without an account."""
    people = Annotator.objects.filter(project=project).exclude(kind=AnnotatorKind.ADJUDICATED)
    return people.select_related("user").prefetch_related("groups")


def annotators_wire(annotators: Sequence[Annotator]) -> list[dict[str, Any]]:
    """A page of annotators; counts their judgments, which costs as much as they have made."""
    ids = [annotator.id for annotator in annotators]
    done = Judgment.objects.filter(
        annotator__in=ids, superseded=False, status=JudgmentStatus.SUBMITTED
    ).order_by()
    counts = {
        row["annotator_id"]: row
        for row in done.values("annotator_id").annotate(
            ever=Count("id"), today=Count("id", filter=Q(submitted_at__gte=midnight()))
        )
    }
    pools = _pools_of(annotators)
    return [
        {
            "id": str(annotator.id),
            "name": annotator.name,
            "kind": annotator.kind,
            "username": annotator.user.username if annotator.user else None,
            "quota_total": annotator.quota_total,
            "quota_daily": annotator.quota_daily,
            "done": counts.get(annotator.id, {}).get("ever", 0),
            "done_today": counts.get(annotator.id, {}).get("today", 0),
            "groups": sorted(group.name for group in annotator.groups.all()),
            "pools": sorted(pools[annotator.id]),
            "paused": annotator.paused_at is not None,
            "paused_because": annotator.paused_because,
            "paused_at": annotator.paused_at,
            "qualified_at": annotator.qualified_at,
            "warned_at": annotator.warned_at,
        }
        for annotator in annotators
    ]


def _pools_of(annotators: Sequence[Annotator]) -> dict[int, set[str]]:
    """By annotator: the names of the pools that they are given prompts of."""
    found: dict[int, set[str]] = defaultdict(set)
    direct = Pool.objects.filter(annotators__in=annotators).values_list("name", "annotators")
    grouped = Pool.objects.filter(groups__annotators__in=annotators).values_list("name", "groups__annotators")
    wanted = {annotator.id for annotator in annotators}
    pairs: Iterable[tuple[str, int]] = [*direct, *grouped]
    for name, annotator in pairs:
        if annotator in wanted:
            found[annotator].add(name)
    return found


def pools_listed(project: Project) -> QuerySet[Pool]:
    """The pools of a project."""
    return Pool.objects.filter(project=project).prefetch_related("annotators", "groups")


def pools_wire(project: Project, pools: Sequence[Pool]) -> list[dict[str, Any]]:
    """A page of pools; counts their prompts and items, which costs as much as they hold."""
    prompts = dict(
        Prompt.objects.filter(pool__in=pools).order_by().values_list("pool").annotate(n=Count("id"))
    )
    unfilled = Item.objects.filter(pool__in=pools, parked_at=None, filled__lt=project.overlap + F("extra"))
    items = dict(unfilled.order_by().values_list("pool").annotate(n=Count("id")))
    return [
        {
            "id": str(pool.id),
            "name": pool.name,
            "annotators": sorted(annotator.name for annotator in pool.annotators.all()),
            "groups": sorted(group.name for group in pool.groups.all()),
            "prompts": prompts.get(pool.id, 0),
            "items_open": items.get(pool.id, 0),
        }
        for pool in pools
    ]
