"""When a project retrains next, and what it waits for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Max
from django.utils import timezone

from annotation.models import AnnotatorKind
from training.models import RetrainingPolicy, RunStatus, Snapshot, TrainingRun
from training.snapshot import FEWEST_JUDGMENTS, judgments_selected

if TYPE_CHECKING:
    from annotation.models import Project

FEWEST_FRESH: Final = 25
FRESH_SHARE: Final = 0.1  # of the last snapshot
DEFAULT_MODELS: Final = ({"kind": "linear"},)


@dataclass(frozen=True, slots=True)
class PolicyState:
    """What a policy saw; `blocked_by` is None where it is time to retrain.

    `disabled`; `run_in_progress`; `not_enough_labels`; `no_new_labels`; `waiting_for_labels`;
    `waiting_for_schedule`; `waiting_for_quiet` (people are labelling right now).
    """

    fresh_labels: int
    needed_labels: int
    last_snapshot_at: datetime | None
    last_label_at: datetime | None
    next_check_at: datetime | None
    blocked_by: str | None


def policy_of(project: Project) -> RetrainingPolicy:
    """The project's policy; one that is switched off, and not stored, where nobody has made one."""
    policy = RetrainingPolicy.objects.filter(project=project).first()
    return policy or RetrainingPolicy(project=project, models=list(DEFAULT_MODELS))


def policy_selection(policy: RetrainingPolicy) -> dict[str, Any]:
    """Which judgments its runs train on, in full."""
    return {"questions": [], "annotator_kinds": [AnnotatorKind.HUMAN.value], "since": None, **policy.data}


def policy_state(policy: RetrainingPolicy, *, now: datetime | None = None) -> PolicyState:
    """Read the counts that the policy goes by. It costs the labels since the last snapshot."""
    now = now or timezone.now()
    last = Snapshot.objects.filter(project=policy.project).order_by("-created_at", "-id").first()
    latest_run = TrainingRun.objects.filter(project=policy.project).order_by("-created_at").first()
    selected = judgments_selected(policy.project, policy_selection(policy))
    fresh = selected.filter(id__gt=last.last_judgment_id if last else 0)
    count = fresh.count()
    last_label_at = fresh.aggregate(at=Max("received_at"))["at"]
    needed = _needed(policy, last)
    scheduled = None
    if policy.every_minutes:
        scheduled = latest_run.created_at + timedelta(minutes=policy.every_minutes) if latest_run else now
    quiet = last_label_at + timedelta(seconds=policy.quiet_seconds) if last_label_at else None
    running = (
        latest_run is not None
        and TrainingRun.objects.filter(
            project=policy.project, status__in=[RunStatus.QUEUED, RunStatus.RUNNING]
        ).exists()
    )
    blocked = None
    due = scheduled is not None and now >= scheduled
    if not policy.enabled:
        blocked = "disabled"
    elif running:
        blocked = "run_in_progress"
    elif last is None and count < FEWEST_JUDGMENTS:
        blocked = "not_enough_labels"
    elif count == 0:
        blocked = "no_new_labels"
    elif not due and count < needed:
        blocked = "waiting_for_labels" if scheduled is None or policy.every_labels else "waiting_for_schedule"
    elif quiet is not None and now < quiet:
        blocked = "waiting_for_quiet"
    upcoming = {"waiting_for_quiet": quiet, "waiting_for_schedule": scheduled, None: now}
    return PolicyState(
        fresh_labels=count,
        needed_labels=needed,
        last_snapshot_at=last.created_at if last else None,
        last_label_at=last_label_at or (_last_label(policy) if last else None),
        next_check_at=upcoming.get(blocked, scheduled if policy.enabled else None),
        blocked_by=blocked,
    )


def _needed(policy: RetrainingPolicy, last: Snapshot | None) -> int:
    """How many fresh labels the policy waits for."""
    if policy.every_labels:
        return policy.every_labels
    return max(FEWEST_FRESH, math.ceil(FRESH_SHARE * last.judgments)) if last else FEWEST_FRESH


def _last_label(policy: RetrainingPolicy) -> datetime | None:
    """When the newest label of the chosen kinds came."""
    newest = judgments_selected(policy.project, policy_selection(policy)).order_by("-id").first()
    return newest.received_at if newest else None
