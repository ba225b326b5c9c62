"""Training runs as the wire shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from annotation.errors import NotFoundError
from annotation.models import AnnotatorKind, Project, Role
from annotation.selectors.access import annotator_of, opaque, project_get
from training.models import RunStatus, TrainingRun

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from annotation.models import User

FORESEEABLE: Final = 0.02  # progress from which the time left can be guessed


def runs_of(project: Project) -> QuerySet[TrainingRun]:
    """The project's runs with what the wire shows of them."""
    return TrainingRun.objects.filter(project=project).select_related(
        "snapshot", "created_by", "reward_model"
    )


def run_get(*, user: User | AnonymousUser, run_id: object, role: Role = Role.ANNOTATOR) -> TrainingRun:
    """A run of a project in which the caller holds at least `role`. Raises NotFoundError, ForbiddenError."""
    rows = TrainingRun.objects.filter(id=opaque(run_id))
    run = rows.select_related("snapshot", "created_by", "reward_model", "project").first()
    if run is None:
        raise NotFoundError("There is no training run with this id.")
    project_get(user=user, project_id=run.project_id, role=role)
    return run


def own_name(*, user: User, project: Project) -> str | None:
    """The name under which the caller's judgments stand in a project."""
    annotator = annotator_of(user=user, project=project)
    return annotator.name if annotator else None


def run_wire(run: TrainingRun, *, mine: str | None, full: bool = True) -> dict[str, Any]:
    """A run for the wire; without `full`, log and curve are left out as lists do.

    `mine` is the caller's name among the annotators.
    """
    model = getattr(run, "reward_model", None)
    wire = {
        "id": str(run.id),
        "project": str(run.project_id),
        "status": run.status,
        "trigger": run.trigger,
        "model": run.recipe.get("model", {}),
        "data": run.snapshot.selection,
        "evaluation": run.recipe.get("evaluation", {}),
        "seed": run.recipe.get("seed", 0),
        "queue": run.queue,
        "progress": run.progress,
        "step": run.step,
        "eta_seconds": seconds_left(run),
        "error": run.error,
        "attempt": run.attempt,
        "created_by": run.created_by.username if run.created_by else "",
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "reward_model": str(model.id) if model else None,
        "labels": label_counts(run.snapshot.annotators, mine=mine),
        "decision": model.decision if model else None,
    }
    return wire | {"log": run.log, "curve": run.curve} if full else wire


def label_counts(annotators: list[dict[str, Any]], *, mine: str | None) -> dict[str, int]:
    """How many of a snapshot's judgments are whose."""
    counts = dict.fromkeys(AnnotatorKind.values, 0) | {"total": 0, "mine": 0}
    for annotator in annotators:
        counts[annotator["kind"]] += annotator["judgments"]
        counts["total"] += annotator["judgments"]
        if annotator["name"] == mine:
            counts["mine"] += annotator["judgments"]
    return counts


def seconds_left(run: TrainingRun) -> float | None:
    """The time left if the rest goes on as what is done; None where that cannot be told."""
    if run.status != RunStatus.RUNNING or run.started_at is None or run.progress < FORESEEABLE:
        return None
    spent = (timezone.now() - run.started_at).total_seconds()
    return round(spent * (1 - run.progress) / run.progress, 1)
