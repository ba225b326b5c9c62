"""A project as its annotators work in it, read by one statement."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from annotation.errors import NotFoundError
from annotation.models import Role, User
from annotation.selectors.access import opaque
from annotation.sql import moment, rows


@dataclass(frozen=True, slots=True)
class Desk:
    """A project as one of its annotators works in it; `annotator` is None before the first lease.

    `paused_because` is what the annotator is paused for, None where they are not; who is `exempt` knows the gold
    answers. `pools` are those that this annotator is given prompts of, `pooled` says whether the project has any. A quota
    is the annotator's own, else the project's. `masked`: names of models are hidden in the outputs. `done` and `done_today` count what the annotator has submitted.
    """

    project: int
    overlap: int
    overlap_most: int
    blind: bool
    masked: bool
    shuffle: bool
    lease_seconds: int
    paired: bool
    policy: str
    random_share: float
    paused: bool
    paused_because: str | None
    qualified: bool
    exempt: bool
    quota_total: int | None
    quota_daily: int | None
    pooled: bool
    revision: int
    annotator: int | None
    lapsed: bool
    pools: tuple[int, ...] = ()
    done: int = 0
    done_today: int = 0

    @property
    def quota_left(self) -> int | None:
        """How many more the annotator may make now; None where no quota says."""
        left = [
            quota - done
            for quota, done in ((self.quota_total, self.done), (self.quota_daily, self.done_today))
            if quota is not None
        ]
        return max(0, min(left)) if left else None


DESK = """
SELECT p.owner_id, m.role, p.overlap, p.overlap_most, p.blind, p.mask_names, p.shuffle, p.lease_seconds, p.item_kind,
  p.allocation, p.random_share, p.paused_at, COALESCE(a.quota_total, p.quota_total), COALESCE(a.quota_daily, p.quota_daily),
  a.paused_at, a.paused_because, a.qualified_at, EXISTS (SELECT 1 FROM annotation_pool o WHERE o.project_id = p.id),
  (SELECT r.id FROM annotation_revision r WHERE r.project_id = p.id ORDER BY r.number DESC LIMIT 1),
  a.id,
  EXISTS (SELECT 1 FROM annotation_lease l
    WHERE l.project_id = p.id AND l.status = 'open' AND l.expires_at <= %s)
FROM annotation_project p
LEFT JOIN annotation_member m ON m.project_id = p.id AND m.user_id = %s
LEFT JOIN annotation_annotator a ON a.project_id = p.id AND a.user_id = %s AND a.kind <> 'adjudicated'
WHERE p.id = %s AND p.deleted_at IS NULL
"""

POOLS = """
SELECT pool_id FROM annotation_pool_annotators WHERE annotator_id = %s
UNION
SELECT g.pool_id FROM annotation_pool_groups g
JOIN annotation_annotator_groups a ON a.annotatorgroup_id = g.annotatorgroup_id WHERE a.annotator_id = %s
ORDER BY 1
"""

DONE = """
SELECT COUNT(*), COUNT(CASE WHEN submitted_at >= %s THEN 1 END),
  COALESCE((SELECT MAX(id) FROM annotation_judgment WHERE annotator_id = %s), 0)
FROM annotation_judgment WHERE annotator_id = %s AND status = 'submitted' AND NOT superseded
"""
# What came after a count, less what of it was superseded since.
DONE_SINCE = """
SELECT COUNT(CASE WHEN j.status = 'submitted' AND NOT j.superseded THEN 1 END)
  - COUNT(CASE WHEN o.id <= %s AND o.status = 'submitted' THEN 1 END),
  COUNT(CASE WHEN j.status = 'submitted' AND NOT j.superseded AND j.submitted_at >= %s THEN 1 END)
  - COUNT(CASE WHEN o.id <= %s AND o.status = 'submitted' AND o.submitted_at >= %s THEN 1 END)
FROM annotation_judgment j LEFT JOIN annotation_judgment o ON o.id = j.supersedes_id
WHERE j.annotator_id = %s AND j.id > %s
"""
COUNTED_ANEW_UP_TO = 500  # judgments; above, a count is carried on for a while
CARRIED_SECONDS = 600.0
CARRIED_KEPT = 5000


@dataclass(frozen=True, slots=True)
class Done:
    """How many judgments an annotator had submitted up to the one of id `last`; good until `until`."""

    ever: int
    today: int
    last: int
    midnight: datetime
    until: float


_done: dict[int, Done] = {}


def desk_get(*, user: User, project_id: object) -> Desk:
    """The project for labelling, by the rules of `project_get`: every member may label.

    Raises:
        NotFoundError: there is none, it is deleted, or the caller is not a member.
    """
    key = opaque(project_id)
    for (
        owner, role, overlap, most, blind, mask_names, shuffle, seconds, kind, policy, random_share, paused_at, quota_total,
        quota_daily, annotator_paused_at, because, qualified_at, pooled, revision, annotator, lapsed
    ) in rows(DESK, [moment(timezone.now()), user.pk, user.pk, key]):  # fmt: skip
        if role is not None or owner == user.pk or user.is_superuser:
            return Desk(
                project=key,
                overlap=overlap,
                overlap_most=most or overlap,
                blind=bool(blind),
                masked=bool(blind and mask_names),
                shuffle=bool(shuffle),
                lease_seconds=seconds,
                paired=kind == "pair",
                policy=policy,
                random_share=random_share,
                paused=paused_at is not None,
                paused_because=None if annotator_paused_at is None else because,
                qualified=qualified_at is not None,
                exempt=owner == user.pk or user.is_superuser or role in (Role.REVIEWER, Role.ADMIN),
                quota_total=quota_total,
                quota_daily=quota_daily,
                pooled=bool(pooled),
                revision=revision,
                annotator=annotator,
                lapsed=bool(lapsed),
            )
    raise NotFoundError("There is no project with this id, or you are not a member of it.")


def desk_of(desk: Desk, annotator: int) -> Desk:
    """The desk with what concerns its annotator: the pools, and what is done so far."""
    pools = tuple(pool for (pool,) in rows(POOLS, [annotator, annotator])) if desk.pooled else ()
    done, done_today = done_counts(annotator)
    return replace(desk, annotator=annotator, pools=pools, done=done, done_today=done_today)


def done_counts(annotator: int) -> tuple[int, int]:
    """How many current judgments this annotator has submitted, ever and since midnight UTC.

    A large count is carried on by what came since; an undone import shows within `CARRIED_SECONDS`.
    """
    today_began = midnight()
    now, kept = time.monotonic(), _done.get(annotator)
    if kept and now < kept.until and kept.midnight == today_began:
        at = moment(today_began)
        [(more, more_today)] = rows(DONE_SINCE, [kept.last, at, kept.last, at, annotator, kept.last])
        return kept.ever + more, kept.today + more_today
    [(ever, today, last)] = rows(DONE, [moment(today_began), annotator, annotator])
    if ever > COUNTED_ANEW_UP_TO:
        _done.pop(annotator, None)
        while len(_done) >= CARRIED_KEPT:
            _done.pop(next(iter(_done)), None)
        _done[annotator] = Done(ever, today, last, today_began, now + CARRIED_SECONDS)
    return ever, today


def midnight() -> datetime:
    """When today (UTC) began."""
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
