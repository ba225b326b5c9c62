"""What annotators are told about their own work: pace, history, and, where the project allows it, agreement."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, DateField, F, Func, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from annotation.errors import ForbiddenError
from annotation.models import Annotator, AnnotatorKind, Completion, Judgment, JudgmentStatus, Project, User
from annotation.selectors.access import annotator_of
from annotation.selectors.desk import done_counts, midnight
from annotation.selectors.judgments import JUDGMENT_WIRE, judgment_wire
from annotation.selectors.projects import revision_current, revision_questions
from annotation.selectors.prompts import excerpt

WEEK = timedelta(days=6)
ITEMS_COMPARED = 300  # of one's own latest items, on which one's agreement is measured
SEARCHED_AT_ONCE = 2000  # own judgments that one request looks through


def mine_read(*, user: User, project: Project) -> dict[str, Any]:
    """Counts and pace of the caller; it costs a pass over their own judgments' index."""
    annotator = annotator_of(user=user, project=project)
    total, today = done_counts(annotator.id) if annotator else (0, 0)
    days = _days(annotator) if annotator else {}
    begun = midnight()
    week = [(begun - WEEK + timedelta(days=number)).date().isoformat() for number in range(7)]
    now = days.get(week[-1], (0, 0, 0))
    timed, active = (sum(days.get(day, (0, 0, 0))[place] for day in week) for place in (1, 2))
    quota_total = (
        annotator.quota_total if annotator and annotator.quota_total is not None else project.quota_total
    )
    quota_daily = (
        annotator.quota_daily if annotator and annotator.quota_daily is not None else project.quota_daily
    )
    return {
        "total": total,
        "today": today,
        "active_ms_today": now[2],
        "per_hour_today": _pace(now[1], now[2]),
        "per_hour_week": _pace(timed, active),
        "week": [
            {"day": day, "judgments": days.get(day, (0, 0, 0))[0], "active_ms": days.get(day, (0, 0, 0))[2]}
            for day in week
        ],
        "quota_total_left": None if quota_total is None else max(0, quota_total - total),
        "quota_daily_left": None if quota_daily is None else max(0, quota_daily - today),
        "own_figures": project.own_figures,
    }


def _days(annotator: Annotator) -> dict[str, tuple[int, int, int]]:
    """By day (UTC) of the last seven: judgments, those of them whose time is known, and that time in ms."""
    done = Judgment.objects.filter(
        annotator=annotator,
        superseded=False,
        status=JudgmentStatus.SUBMITTED,
        submitted_at__gte=midnight() - WEEK,
    )
    day = Func(F("submitted_at"), function="DATE", output_field=DateField())
    found = done.annotate(day=day).order_by("day").values_list("day")
    counted = found.annotate(n=Count("id"), timed=Count("active_ms"), active=Sum("active_ms"))
    return {day.isoformat(): (n, timed, active or 0) for day, n, timed, active in counted}


def _pace(judgments: int, active_ms: int) -> float | None:
    """Judgments per hour of active time; None where no time was measured."""
    return judgments * 3_600_000 / active_ms if judgments and active_ms else None


def own_agreement(*, user: User, project: Project) -> dict[str, Any]:
    """How far the caller agrees with the others on the latest of their own items.

    Raises:
        ForbiddenError: the project does not show annotators their own figures.
    """
    if not project.own_figures:
        raise ForbiddenError(
            "This project does not show annotators their own figures.", code="own_figures_off"
        )
    annotator = annotator_of(user=user, project=project)
    rows = _rows_beside(annotator) if annotator else []
    # Loading the mathematics takes longer than the web process otherwise needs to start.
    from annotation.agreement.annotators import annotator_figures
    from annotation.agreement.rows import JudgmentRow, read_judgments, read_ratings

    table = read_judgments([JudgmentRow(*row) for row in rows])
    questions = revision_questions(revision_current(project))
    ratings = [found for question in questions if (found := read_ratings(table, question)) is not None]
    figures = annotator_figures(table, ratings) if rows else []
    own = next((one for one in figures if annotator and one["name"] == annotator.name), None)
    value = own and own["agreement_with_others"]
    if own is None or value is None:
        return {"value": None, "interval": None, "n": 0, "reason": "no_common_items"}
    return {
        "value": value,
        "interval": own["agreement_with_others_interval"],
        "n": own["agreement_with_others_n"],
        "reason": None,
    }


def _rows_beside(annotator: Annotator) -> list[tuple[Any, ...]]:
    """The people's judgments on one's latest items, as `JudgmentRow` takes them."""
    counted = Judgment.objects.filter(
        annotator_kind=AnnotatorKind.HUMAN, status=JudgmentStatus.SUBMITTED, superseded=False, surplus=False
    )
    own = counted.filter(annotator=annotator).order_by("-id").values_list("item_id", flat=True)
    items = list(own[:ITEMS_COMPARED])
    found = list(
        counted.filter(item_id__in=items).select_related("annotator", "item", "prompt").order_by("id")
    )
    texts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    completions = Completion.objects.filter(prompt_id__in={row.prompt_id for row in found})
    for prompt, completion, text in completions.order_by("prompt_id", "position").values_list(
        "prompt_id", "id", "text"
    ):
        texts[prompt].append((completion, len(text)))
    rows = []
    for row in found:
        pair = (row.item.first_id, row.item.second_id)
        about = [one for one in texts[row.prompt_id] if row.item.first_id is None or one[0] in pair]
        ids, lengths = tuple(str(one[0]) for one in about), tuple(one[1] for one in about)
        name = f"{row.prompt.external_id}\n{row.item_id}"
        rows.append(
            (
                name,
                ids,
                lengths,
                row.annotator.name,
                row.annotator_kind,
                row.answers,
                row.shown,
                row.active_ms,
            )
        )
    return rows


def own_history(
    *, user: User, project: Project, filters: Mapping[str, str], before: int | None
) -> tuple[QuerySet[Judgment], int | None]:
    """The caller's current judgments that match, among their next `SEARCHED_AT_ONCE`, newest first.

    Beside them the id before which the search goes on when these are used up; None at the end. A word is looked
    for in the prompt, in one's own answers and in the reason.
    """
    annotator = annotator_of(user=user, project=project)
    rows = Judgment.objects.filter(annotator=annotator or 0, superseded=False)
    if before is not None:
        rows = rows.filter(id__lt=before)
    text = filters.get("q", "").strip().replace("\0", "")
    end = None
    if text:
        beyond = list(
            rows.order_by("-id").values_list("id", flat=True)[SEARCHED_AT_ONCE - 1 : SEARCHED_AT_ONCE + 1]
        )
        if len(beyond) == 2:
            end = beyond[0]
            rows = rows.filter(id__gte=end)
        rows = _containing(rows, text)
    if status := filters.get("status"):
        rows = rows.filter(status=status)
    return rows.select_related(*JUDGMENT_WIRE, "project", "prompt"), end


def _containing(rows: QuerySet[Judgment], text: str) -> QuerySet[Judgment]:
    # JSON as the database keeps it: SQLite as Python wrote it (ASCII), PostgreSQL normalised.
    stored = json.dumps(text, ensure_ascii=connection.vendor == "sqlite")[1:-1]
    # Messages come from imports, which write plain UTF-8; answers as Django writes them.
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    read = rows.annotate(said=Cast("prompt__messages", TextField()), answered=Cast("answers", TextField()))
    return read.filter(
        Q(said__icontains=stored)
        | Q(said__icontains=plain)
        | Q(answered__icontains=stored)
        | Q(answered__icontains=plain)
        | Q(reason__icontains=text)
    )


def own_history_wire(rows: Sequence[Judgment]) -> list[dict[str, Any]]:
    """A page of one's own judgments; what was slipped into the queue looks like any other."""
    return [
        {
            **judgment_wire(row, masked=True),
            "excerpt": excerpt(row.prompt.messages),
            "language": row.prompt.language,
        }
        for row in rows
    ]
