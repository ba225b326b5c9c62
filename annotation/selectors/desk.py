"""A project as its annotators work in it, read by one statement."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from annotation.errors import NotFoundError
from annotation.models import User
from annotation.selectors.access import opaque
from annotation.sql import moment, rows


@dataclass(frozen=True, slots=True)
class Desk:
    """A project as one of its annotators works in it; `annotator` is None before the first lease."""

    project: int
    overlap: int
    blind: bool
    shuffle: bool
    lease_seconds: int
    paired: bool
    revision: int
    annotator: int | None
    lapsed: bool


DESK = """
SELECT p.overlap, p.blind, p.shuffle, p.lease_seconds, p.item_kind, p.owner_id, m.role, a.id,
  (SELECT r.id FROM annotation_revision r WHERE r.project_id = p.id ORDER BY r.number DESC LIMIT 1),
  EXISTS (SELECT 1 FROM annotation_lease l
    WHERE l.project_id = p.id AND l.status = 'open' AND l.expires_at <= %s)
FROM annotation_project p
LEFT JOIN annotation_member m ON m.project_id = p.id AND m.user_id = %s
LEFT JOIN annotation_annotator a ON a.project_id = p.id AND a.user_id = %s
WHERE p.id = %s AND p.deleted_at IS NULL
"""

DONE = """
SELECT COUNT(*), COUNT(CASE WHEN submitted_at >= %s THEN 1 END)
FROM annotation_judgment WHERE annotator_id = %s AND status = 'submitted' AND NOT superseded
"""


def desk_get(*, user: User, project_id: object) -> Desk:
    """The project for labelling, by the rules of `project_get`: every member may label.

    Raises:
        NotFoundError: there is none, it is deleted, or the caller is not a member.
    """
    key = opaque(project_id)
    for overlap, blind, shuffle, seconds, kind, owner, role, annotator, revision, lapsed in rows(
        DESK, [moment(timezone.now()), user.pk, user.pk, key]
    ):
        if role is not None or owner == user.pk or user.is_superuser:
            return Desk(
                project=key,
                overlap=overlap,
                blind=bool(blind),
                shuffle=bool(shuffle),
                lease_seconds=seconds,
                paired=kind == "pair",
                revision=revision,
                annotator=annotator,
                lapsed=bool(lapsed),
            )
    raise NotFoundError("There is no project with this id, or you are not a member of it.")


def done_counts(annotator: int) -> tuple[int, int]:
    """How many current judgments this annotator has submitted, ever and since midnight UTC."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    [(ever, today)] = rows(DONE, [moment(midnight), annotator])
    return ever, today
