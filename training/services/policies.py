"""Retraining by rule."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from annotation.errors import DomainError
from training.models import RetrainingPolicy, TrainingRun, Trigger
from training.selectors.policies import DEFAULT_MODELS, policy_selection, policy_state
from training.services.runs import request_clean, run_create
from training.snapshot import selection_clean, snapshot_create

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotation.models import Project

log = logging.getLogger(__name__)


def policy_set(*, project: Project, data: Mapping[str, Any]) -> RetrainingPolicy:
    """Store a project's policy, its recipes and its selection checked. Raises UnprocessableError."""
    models = list(data.get("models") or DEFAULT_MODELS)
    selection = selection_clean(project, data.get("data") or {})
    for model in models:
        request_clean({"model": model}, selection)
    values = {
        "enabled": data["enabled"],
        "every_labels": data["every_labels"],
        "quiet_seconds": data["quiet_seconds"],
        "every_minutes": data["every_minutes"],
        "models": models,
        "data": selection,
        "promotion": data["promotion"],
    }
    policy, _ = RetrainingPolicy.objects.update_or_create(project=project, defaults=values)
    return policy


def policies_apply() -> list[TrainingRun]:
    """Make the runs that are due in all projects; a project whose policy cannot be followed stops no other."""
    runs: list[TrainingRun] = []
    due = RetrainingPolicy.objects.filter(enabled=True, project__deleted_at=None).select_related("project")
    for policy in due:
        try:
            runs += policy_apply(policy=policy)
        except DomainError as error:
            log.warning("project %s is not retrained: %s", policy.project_id, error.message)
    return runs


def policy_apply(*, policy: RetrainingPolicy) -> list[TrainingRun]:
    """Make the runs of one project where it is time, one for each of its recipes, on one snapshot.

    Whoever moves the policy's `turn` on makes them: two coordinators at once make them once.
    """
    if policy_state(policy).blocked_by is not None:
        return []
    snapshot = snapshot_create(project=policy.project, selection=policy_selection(policy))
    if not RetrainingPolicy.objects.filter(id=policy.id, turn=policy.turn).update(turn=policy.turn + 1):
        return []
    return [
        run_create(
            project=policy.project, request={"model": model}, trigger=Trigger.POLICY, snapshot=snapshot
        )
        for model in policy.models or DEFAULT_MODELS
    ]
