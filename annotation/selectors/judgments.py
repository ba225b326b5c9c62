"""Judgments as the wire shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from annotation.allocation.policies import ACTIVE_ARM, MAIN_ARM
from annotation.errors import DomainError, NotFoundError
from annotation.formats import ADJUDICATED_NAME
from annotation.models import Annotator, AnnotatorKind, Completion, Judgment, Project, Purpose, Role, User
from annotation.models.projects import Allocation
from annotation.revealing import masked as names_masked
from annotation.selectors.access import RANKS, opaque, own_rows, role_of
from annotation.selectors.masking import spans_of
from annotation.selectors.revisions import asked

JUDGMENT_WIRE = ("annotator", "supersedes", "set_aside_by")
"""What `judgment_wire` shows of other rows, for `select_related`."""


def judgment_wire(judgment: Judgment, *, masked: bool = False) -> dict[str, Any]:
    """A judgment; `annotator`, `supersedes` and `set_aside_by` should have been read with it.

    `masked` is for the eyes of annotators: what was slipped into the queue looks like work, and work like it.
    """
    told = {
        "uuid": str(judgment.uuid),
        "project": str(judgment.project_id),
        "prompt": str(judgment.prompt_id),
        "item": str(judgment.item_id),
        "annotator": judgment.annotator.name,
        "annotator_kind": judgment.annotator_kind,
        "author": author_of(judgment),
        "status": judgment.status,
        "answers": judgment.answers,
        "shown": judgment.shown,
        "started_at": judgment.started_at,
        "submitted_at": judgment.submitted_at,
        "active_ms": judgment.active_ms,
        "reason": judgment.reason,
        "surplus": judgment.surplus,
        "set_aside": set_aside_wire(judgment),
        "superseded": judgment.superseded,
        "supersedes": str(judgment.supersedes.uuid) if judgment.supersedes else None,
        "revision": asked(judgment.project_id, judgment.revision_id).number,
        "policy": judgment.policy,
        "arm": judgment.arm,
        "probability": judgment.probability,
        "purpose": judgment.purpose,
    }
    return told | _as_work(judgment) if masked else told


def _as_work(judgment: Judgment) -> dict[str, Any]:
    """What every judgment says to annotators: that it came by the project's policy of today.

    Work says the same as what was slipped in, since the policy under which it came may have been another one.
    """
    project = judgment.project
    shares = {"arm": ACTIVE_ARM, "probability": 1 - project.random_share}
    if project.allocation == Allocation.FEWEST_FIRST:
        shares = {"arm": MAIN_ARM, "probability": 1.0}
    work = judgment.purpose == Purpose.WORK
    surplus = judgment.surplus if work else judgment.set_aside_at is not None
    return {"surplus": surplus, "purpose": Purpose.WORK, "policy": project.allocation, **shares}


def masked_for(user: User, project: Project) -> bool:
    """Whether the caller is shown judgments as annotators are."""
    role = role_of(user=user, project=project)
    return role is None or RANKS[role] < RANKS[Role.REVIEWER]


def author_of(judgment: Judgment) -> str | None:
    """Who decided, of a reviewer's decision; None of everything else."""
    if judgment.annotator_kind != AnnotatorKind.ADJUDICATED:
        return None
    return judgment.annotator.name.removesuffix(ADJUDICATED_NAME)


def set_aside_wire(judgment: Judgment) -> dict[str, Any] | None:
    """When, by whom and why a judgment was set aside; None where it was not."""
    if judgment.set_aside_at is None:
        return None
    return {
        "at": judgment.set_aside_at,
        "by": judgment.set_aside_by.username if judgment.set_aside_by else None,
        "reason": judgment.set_aside_reason,
    }


def judgments_wire(judgments: Sequence[Judgment], *, masked: bool = False) -> list[dict[str, Any]]:
    """A page of judgments."""
    return [judgment_wire(judgment, masked=masked) for judgment in judgments]


def judgments_visible(*, user: User, project: Project) -> QuerySet[Judgment]:
    """The judgments of a project that the caller may see: reviewers all, annotators their own."""
    judgments = Judgment.objects.filter(project=project).select_related(*JUDGMENT_WIRE, "project")
    if not masked_for(user, project):
        return judgments
    # By id: with a join the database may rather walk through the whole project in the order of arrival.
    own = Annotator.objects.filter(project=project, user=user).values_list("id", flat=True)
    return judgments.filter(annotator__in=list(own))


def judgments_filter(
    judgments: QuerySet[Judgment], *, user: User, filters: Mapping[str, str]
) -> QuerySet[Judgment]:
    """Those that match the filters of the wire: `annotator`, `prompt`, `since`, `status`; 400 for malformed ones."""
    if annotator := filters.get("annotator"):
        own = annotator == "me"
        judgments = (
            judgments.filter(annotator__in=own_rows(user))
            if own
            else judgments.filter(annotator__name=annotator)
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
    found = Judgment.objects.select_related(*JUDGMENT_WIRE, "project", "prompt", "item").filter(
        uuid=uuid, project__deleted_at=None
    )
    for judgment in sorted(found, key=lambda judgment: (judgment.annotator.user_id != user.pk, judgment.id)):
        role = role_of(user=user, project=judgment.project)
        own = judgment.annotator.user_id == user.pk
        if role and (own or RANKS[role] >= RANKS[Role.REVIEWER]):
            return judgment
    raise NotFoundError("There is no judgment with this id.")


def judgment_detail_wire(judgment: Judgment, *, masked: bool = False) -> dict[str, Any]:
    """A judgment with what it is about, for the page on which it is edited."""
    completions = {str(row.id): row for row in Completion.objects.filter(prompt_id=judgment.prompt_id)}
    item = judgment.item
    pair = [str(item.first_id), str(item.second_id)] if item.first_id else list(completions)
    shown = judgment.shown or pair
    hidden = masked and judgment.project.blind and judgment.project.mask_names
    spans = spans_of(row.id for row in completions.values()) if hidden else {}
    return {
        **judgment_wire(judgment, masked=masked),
        "prompt_detail": {"messages": judgment.prompt.messages, "language": judgment.prompt.language},
        "completions": [
            {
                "id": completion,
                "text": names_masked(completions[completion].text, spans.get(int(completion), ())),
            }
            for completion in shown
            if completion in completions
        ],
    }
