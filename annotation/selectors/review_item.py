"""One item as a reviewer sees it: what was shown, what everybody said, what was decided."""

from __future__ import annotations

from collections import Counter
from typing import Any

from annotation.allocation.policies import shown_order
from annotation.models import Annotator, AnnotatorKind, Completion, Item, Judgment, Project, Remark, User
from annotation.selectors.completions import completions_of
from annotation.selectors.judgments import JUDGMENT_WIRE, judgments_wire
from annotation.selectors.remarks import unread_by
from annotation.selectors.review import gold_failing, reasons_of

JUDGMENTS_SHOWN = 500


def item_wire(*, user: User, project: Project, item: Item, sources: bool) -> dict[str, Any]:
    """An item with its judgments, the oldest first; which models wrote the outputs only where asked."""
    found = Judgment.objects.filter(item=item).select_related(*JUDGMENT_WIRE).order_by("id")
    judgments = list(found[:JUDGMENTS_SHOWN])
    kept = [row for row in judgments if not row.superseded and row.set_aside_at is None]
    ids = completions_of(item)
    texts = {str(row.id): row for row in Completion.objects.filter(id__in=ids)}
    return {
        "item": str(item.id),
        "prompt": {
            "id": str(item.prompt_id),
            "external_id": item.prompt.external_id,
            "messages": item.prompt.messages,
            "language": item.prompt.language,
        },
        "completions": [
            {"id": pk, "text": texts[pk].text, "source": texts[pk].source if sources else None} for pk in ids
        ],
        "shown": shown_order(ids, annotator=user.pk, item=item.id, shuffle=project.shuffle),
        "reasons": reasons_of(item, kept, failing=item.id in gold_failing(project)),
        "disagreement": item.disagreement,
        "parked_at": item.parked_at,
        "reviewed_at": item.reviewed_at,
        "is_gold": hasattr(item, "gold") and item.gold.retired_at is None,
        "decision": next(
            (
                str(row.uuid)
                for row in judgments
                if row.annotator_kind == AnnotatorKind.ADJUDICATED and not row.superseded
            ),
            None,
        ),
        "judgments": judgments_wire(judgments),
        "annotators": _annotators(user, item, judgments),
    }


def _annotators(user: User, item: Item, judgments: list[Judgment]) -> list[dict[str, Any]]:
    """Who judged the item or was spoken to about it, with the state of the thread with each."""
    remarks = Remark.objects.filter(item=item)
    counts = Counter(remarks.values_list("annotator_id", flat=True))
    unread = Counter(unread_by(user, remarks).values_list("annotator_id", flat=True))
    ids = {row.annotator_id for row in judgments} | counts.keys()
    return [
        {
            "id": str(row.id),
            "name": row.name,
            "kind": row.kind,
            "has_account": row.user_id is not None and row.kind != AnnotatorKind.ADJUDICATED,
            "remarks": counts[row.id],
            "unread": unread[row.id],
        }
        for row in Annotator.objects.filter(id__in=ids).order_by("name")
    ]
