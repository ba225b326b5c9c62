"""What the review has found: how much waits, and how far each annotator agrees with what reviewers decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import Count

from annotation.models import (
    Annotator,
    AnnotatorKind,
    Item,
    Judgment,
    JudgmentStatus,
    Project,
    Remark,
    User,
)
from annotation.selectors.projects import count_up_to_limit, revision_current, revision_questions
from annotation.selectors.remarks import unread_by
from annotation.selectors.review import review_counts

DECISIONS_READ = 5000
"""The newest decisions, which the figures are made of: a request reads no more."""
AT_ONCE = 500  # items in one query
ANNOTATORS_MOST = 1000


def summary_read(*, user: User, project: Project) -> dict[str, Any]:
    """Counts by reason, and each annotator's agreement with the decisions (see `agreement_with_decisions`)."""
    # Loading the mathematics takes longer than the web process otherwise needs to start.
    from annotation.agreement.decisions import agreement_with_decisions

    counted = Judgment.objects.filter(
        project=project, status=JudgmentStatus.SUBMITTED, superseded=False, surplus=False
    )
    decisions = counted.filter(annotator_kind=AnnotatorKind.ADJUDICATED)
    adjudicated = count_up_to_limit(decisions)
    aside = Judgment.objects.filter(project=project, set_aside_at__isnull=False, superseded=False)
    by_annotator: Counter[int] = Counter(
        dict(aside.order_by().values_list("annotator_id").annotate(n=Count("id")))
    )
    figures = agreement_with_decisions(_given(decisions), revision_questions(revision_current(project)))
    annotators = Annotator.objects.filter(project=project).exclude(kind=AnnotatorKind.ADJUDICATED)
    return {
        "counts": review_counts(project),
        "adjudicated": adjudicated,
        "decisions_read": min(adjudicated, DECISIONS_READ),
        "set_aside": sum(by_annotator.values()),
        "unread_remarks": unread_by(user, Remark.objects.filter(annotator__project=project)).count(),
        "annotators": [
            {
                "id": str(row.id),
                "name": row.name,
                "kind": row.kind,
                "agreement": figures.get(
                    row.name, {"value": None, "reason": "no item of theirs has been decided", "n": 0}
                ),
                "set_aside": by_annotator[row.id],
            }
            for row in annotators.order_by("name")[:ANNOTATORS_MOST]
        ],
    }


def _given(decisions: Any) -> Iterator[Any]:
    """What annotators said about the items of the newest decisions."""
    from annotation.agreement.decisions import Given

    newest = decisions.order_by("-id").values_list("item_id", "answers")[:DECISIONS_READ]
    decided = dict(newest)
    everything = list(decided)
    for start in range(0, len(everything), AT_ONCE):
        items = everything[start : start + AT_ONCE]
        completions = _completions(items)
        rows = Judgment.objects.filter(
            item_id__in=items, status=JudgmentStatus.SUBMITTED, superseded=False, surplus=False
        ).exclude(annotator_kind=AnnotatorKind.ADJUDICATED)
        for name, item, answers in rows.values_list("annotator__name", "item_id", "answers"):
            yield Given(name, completions[item], answers, decided[item])


def _completions(items: list[int]) -> dict[int, list[str]]:
    """By item: its completions."""
    found: dict[int, list[str]] = {}
    rows = Item.objects.filter(id__in=items).values_list(
        "id", "first_id", "second_id", "prompt__completions__id"
    )
    for item, first, second, completion in rows.order_by("id", "prompt__completions__position"):
        if first is None or completion in (first, second):
            found.setdefault(item, []).append(str(completion))
    return found
