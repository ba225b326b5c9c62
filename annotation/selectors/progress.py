"""How far a project's labelling has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DateField, F, Func, Max, Min, Q, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from annotation.models import Annotator, AnnotatorKind, Item, Judgment, JudgmentStatus, Project

RATE_WINDOW = timedelta(days=7)
RATE_LEAST = timedelta(minutes=10)  # a shorter time of work says nothing about when the rest will be done


def progress_read(*, project: Project) -> dict[str, Any]:
    """The figures of the progress page.

    `judgments`, `by_kind` and `per_day` count current, submitted judgments that are not surplus. It costs one
    pass over the project's items and three over its judgments.
    """
    items = _items(project)
    counts = _counts(project)
    kinds = dict.fromkeys((kind.value for kind in AnnotatorKind), 0)
    for row in counts:
        kinds[row["annotator_kind"]] += row["submitted"] - row["surplus"]
    if not kinds[AnnotatorKind.ADJUDICATED]:  # the wire's three kinds, and the fourth where there is any
        del kinds[AnnotatorKind.ADJUDICATED]
    end, reason = _estimated_end(project, items["remaining_places"])
    return {
        **items,
        "judgments": sum(kinds.values()),
        "by_kind": kinds,
        "skipped": sum(row["skipped"] for row in counts),
        "flagged": sum(row["flagged"] for row in counts),
        "surplus": sum(row["surplus"] for row in counts),
        "per_day": _per_day(project),
        "per_annotator": _per_annotator(project, counts),
        "overlap": project.overlap,
        "estimated_end": end,
        "estimated_end_reason": reason,
    }


def _items(project: Project) -> dict[str, int]:
    """Counts over the items by how many places are filled, from the index alone.

    An item has the project's overlap of places and `extra` ones.
    """
    items = Item.objects.filter(project=project)
    places = items.order_by().values_list("filled", "extra").annotate(n=Count("id"))
    by_place = [
        (filled, max(project.overlap + extra - filled, 0), number) for filled, extra, number in places
    ]
    parked = items.filter(parked_at__isnull=False)
    missing = sum(left * number for _, left, number in by_place)
    open_parked = parked.filter(filled__lt=project.overlap + F("extra"))
    missing_parked = open_parked.aggregate(n=Sum(project.overlap + F("extra") - F("filled")))["n"]
    return {
        "items": sum(number for *_, number in by_place),
        "fully_labelled": sum(number for _, left, number in by_place if not left),
        "labelled": sum(number for filled, _, number in by_place if filled),
        "parked": parked.count(),
        "remaining_places": missing - (missing_parked or 0),
    }


def _counts(project: Project) -> list[dict[str, Any]]:
    """How many current judgments of each status every annotator gave, and when the last one was."""
    submitted = Q(status=JudgmentStatus.SUBMITTED)
    return list(
        Judgment.objects.filter(project=project, superseded=False)
        .order_by()
        .values("annotator_id", "annotator_kind")
        .annotate(
            submitted=Count("id", filter=submitted),
            surplus=Count("id", filter=submitted & Q(surplus=True)),
            skipped=Count("id", filter=Q(status=JudgmentStatus.SKIPPED)),
            flagged=Count("id", filter=Q(status=JudgmentStatus.FLAGGED)),
            last_at=Max("submitted_at"),
        )
    )


def _per_day(project: Project) -> list[dict[str, Any]]:
    """Judgments that count, by the day (UTC) on which they were given."""
    counted = Judgment.objects.filter(
        project=project, superseded=False, status=JudgmentStatus.SUBMITTED, surplus=False
    )
    # The database's own function: `TruncDate` is one of Django's in SQLite and takes ten times as long.
    day = Func(F("submitted_at"), function="DATE", output_field=DateField())
    by_day = counted.annotate(day=day).order_by("day").values_list("day").annotate(n=Count("id"))
    return [{"day": day.isoformat(), "judgments": number} for day, number in by_day]


def _per_annotator(project: Project, counts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    by_annotator: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in counts:
        by_annotator[row["annotator_id"]].append(row)
    medians = _median_active_ms(project)
    return [
        {
            "name": annotator.name,
            "kind": annotator.kind,
            "judgments": sum(row["submitted"] for row in by_annotator[annotator.id]),
            "skipped": sum(row["skipped"] for row in by_annotator[annotator.id]),
            "median_active_ms": medians.get(annotator.id),
            "last_at": max(row["last_at"] for row in by_annotator[annotator.id]),
        }
        for annotator in Annotator.objects.filter(project=project).order_by("name")
        if annotator.id in by_annotator
    ]


def _median_active_ms(project: Project) -> dict[int, int]:
    """By annotator: the (lower) median of the active time of submitted judgments, found by the database."""
    timed = Judgment.objects.filter(
        project=project, superseded=False, status=JudgmentStatus.SUBMITTED, active_ms__isnull=False
    )
    ranked = timed.annotate(
        place=Window(RowNumber(), partition_by=F("annotator_id"), order_by=F("active_ms").asc()),
        number=Window(Count("id"), partition_by=F("annotator_id")),
    )
    middle = ranked.filter(place=(F("number") + 1) / 2)
    return {
        annotator: time
        for annotator, time in middle.values_list("annotator_id", "active_ms")
        if time is not None
    }


def _estimated_end(project: Project, places: int) -> tuple[datetime | None, str | None]:
    """When the remaining places will be filled at the pace of the last seven days, or why nobody can say."""
    if places == 0:
        return None, "Nothing is left to label."
    now = timezone.now()
    recent = Judgment.objects.filter(
        project=project,
        annotator_kind=AnnotatorKind.HUMAN,
        status=JudgmentStatus.SUBMITTED,
        superseded=False,
        surplus=False,
        submitted_at__gte=now - RATE_WINDOW,
        lease__isnull=False,
    ).aggregate(first=Min("submitted_at"), number=Count("id"))
    if not recent["number"]:
        return None, "Nobody has labelled here in the last seven days."
    spent = now - recent["first"]
    if spent < RATE_LEAST:
        return None, "The labelling began less than ten minutes ago."
    try:
        return now + spent / recent["number"] * places, None
    except OverflowError:
        return None, "At the pace of the last seven days it would take thousands of years."
