"""Judgments as the wire shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from annotation.errors import DomainError, NotFoundError
from annotation.models import Completion, Judgment, Project, Role, User
from annotation.selectors.access import RANKS, opaque, role_of
from annotation.selectors.revisions import asked


def judgment_wire(judgment: Judgment) -> dict[str, Any]:
    """A judgment; `annotator` and `supersedes` should have been read with it."""
    return {
        "uuid": str(judgment.uuid),
        "project": str(judgment.project_id),
        "prompt": str(judgment.prompt_id),
        "item": str(judgment.item_id),
        "annotator": judgment.annotator.name,
        "annotator_kind": judgment.annotator_kind,
        "status": judgment.status,
        "answers": judgment.answers,
        "shown": judgment.shown,
        "started_at": judgment.started_at,
        "submitted_at": judgment.submitted_at,
        "active_ms": judgment.active_ms,
        "reason": judgment.reason,
        "surplus": judgment.surplus,
        "superseded": judgment.superseded,
        "supersedes": str(judgment.supersedes.uuid) if judgment.supersedes else None,
        "revision": asked(judgment.project_id, judgment.revision_id).number,
        "policy": judgment.policy,
        "arm": judgment.arm,
        "probability": judgment.probability,
    }


def judgments_wire(judgments: Sequence[Judgment]) -> list[dict[str, Any]]:
    """A page of judgments."""
    return [judgment_wire(judgment) for judgment in judgments]


def judgments_visible(*, user: User, project: Project) -> QuerySet[Judgment]:
    """The judgments of a project that the caller may see: reviewers all, annotators their own."""
    judgments = Judgment.objects.filter(project=project).select_related("annotator", "supersedes")
    role = role_of(user=user, project=project)
    if role is None or RANKS[role] < RANKS[Role.REVIEWER]:
        return judgments.filter(annotator__user=user)
    return judgments


def judgments_filter(
    judgments: QuerySet[Judgment], *, user: User, filters: Mapping[str, str]
) -> QuerySet[Judgment]:
    """Those that match the filters of the wire: `annotator`, `prompt`, `since`, `status`; 400 for malformed ones."""
    if annotator := filters.get("annotator"):
        own = annotator == "me"
        judgments = (
            judgments.filter(annotator__user=user) if own else judgments.filter(annotator__name=annotator)
        )
    if prompt := filters.get("prompt"):
        judgments = judgments.filter(prompt_id=opaque(prompt))
    if since := filters.get("since"):
        judgments = judgments.filter(received_at__gte=_time(since))
    if status := filters.get("status"):
        judgments = judgments.filter(status=status)
    return judgments


def _time(raw: str) -> datetime:
    """A point in time; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(raw.replace(" ", "+") if "T" in raw else raw)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = "since must be a time like 2026-01-31T10:00:00Z."
        raise DomainError(message, fields={"since": [message]}) from None


def judgment_get(*, user: User, uuid: UUID) -> Judgment:
    """A judgment that the caller may see: an own one first, since copies of a project have the same uuids.

    Raises:
        NotFoundError: there is none, or it is not for the caller's eyes.
    """
    found = Judgment.objects.select_related("annotator", "supersedes", "project", "prompt", "item").filter(
        uuid=uuid, project__deleted_at=None
    )
    for judgment in sorted(found, key=lambda judgment: (judgment.annotator.user_id != user.pk, judgment.id)):
        role = role_of(user=user, project=judgment.project)
        own = judgment.annotator.user_id == user.pk
        if role and (own or RANKS[role] >= RANKS[Role.REVIEWER]):
            return judgment
    raise NotFoundError("There is no judgment with this id.")


def judgment_detail_wire(judgment: Judgment) -> dict[str, Any]:
    """A judgment with what it is about, for the page on which it is edited."""
    completions = {str(row.id): row for row in Completion.objects.filter(prompt_id=judgment.prompt_id)}
    item = judgment.item
    pair = [str(item.first_id), str(item.second_id)] if item.first_id else list(completions)
    shown = judgment.shown or pair
    return {
        **judgment_wire(judgment),
        "prompt_detail": {"messages": judgment.prompt.messages, "language": judgment.prompt.language},
        "completions": [
            {"id": completion, "text": completions[completion].text}
            for completion in shown
            if completion in completions
        ],
    }
