"""A training run from the button to its end. Every step is a compare-and-set, so doing it twice does no harm."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from celery import current_app
from celery.exceptions import OperationalError
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from annotation.errors import ConflictError, UnprocessableError
from training.models import RunStatus, TrainingRun, Trigger
from training.rewards.recipe import RecipeError, recipe_clean, recipe_digest, recipe_wire
from training.rewards.recipe_options import PACKAGED
from training.snapshot import ratings_asked, selection_clean, snapshot_create
from training.states import FINAL, run_move

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotation.models import Project, User
    from training.models import Snapshot

MOST_ATTEMPTS: Final = 3
LOG_LIMIT: Final = 200_000  # characters of one run's log
DEVICES: Final = {"cpu": "cpu", "gpu": "gpu"}  # the queue by the device that the request asks for
OF_RATINGS: Final = {"loss": "squared", "criteria": "heads"}  # options that learn from ratings alone
WAITING: Final = {"cpu": "waiting for a worker", "gpu": "waiting for a worker with a GPU"}

log = logging.getLogger(__name__)
Beat = Literal["alive", "cancelled", "lost"]


def run_create(
    *,
    project: Project,
    request: Mapping[str, Any],
    user: User | None = None,
    trigger: Trigger | str = Trigger.MANUAL,
    snapshot: Snapshot | None = None,
) -> TrainingRun:
    """Queue a run: the request's recipe read, its judgments frozen, its message sent after the commit.

    `request` is `{"model": {"kind", "device"?, ...}, "data": {...}, "evaluation": {...}, "seed"}`; a
    `snapshot` that the caller has made already stands in for `data`. Raises UnprocessableError for a recipe
    that cannot be followed, and with code `not_enough_labels`.
    """
    selection = snapshot.selection if snapshot else selection_clean(project, request.get("data") or {})
    recipe, digest, queue = request_clean(request, selection)
    ratings_require(project, selection, recipe["model"])
    frozen = snapshot or snapshot_create(project=project, selection=selection)
    with transaction.atomic():
        run = TrainingRun.objects.create(
            project=project,
            snapshot=frozen,
            recipe=recipe,
            recipe_digest=digest,
            queue=queue,
            trigger=trigger,
            created_by=user,
            heartbeat_at=timezone.now(),
            step=WAITING[queue],
        )
        run_dispatch(run_id=run.id, queue=queue)
    return run


def ratings_require(project: Project, selection: Mapping[str, Any], model: Mapping[str, Any]) -> None:
    """Refuse a fit of ratings where no rating is asked for. Raises UnprocessableError."""
    for place, value in OF_RATINGS.items():
        if model.get(place) == value and not ratings_asked(project, selection["questions"]):
            message = f"{place} “{value}” learns from ratings, and none of the chosen questions asks for one."
            raise UnprocessableError(message, fields={f"model.{place}": [message]})


def request_clean(
    request: Mapping[str, Any], selection: Mapping[str, Any]
) -> tuple[dict[str, Any], str, str]:
    """The recipe in its full form, its digest, and the queue. Raises UnprocessableError.

    `selection` is the cleaned `data` of the request.
    """
    model = dict(request.get("model") or {})
    device = model.pop("device", None) or "cpu"
    if device not in DEVICES:
        raise UnprocessableError("The device must be cpu or gpu.", fields={"model.device": ["cpu or gpu"]})
    raw = {
        "model": model,
        "data": {**selection, "questions": selection["questions"] or None},
        "evaluation": request.get("evaluation") or {},
        "seed": request.get("seed", 0),
    }
    try:
        recipe = recipe_clean(raw)
    except RecipeError as error:
        raise UnprocessableError(str(error), fields=error.fields) from None
    allowed = [PACKAGED, *settings.CHECKPOINTS]
    parts = recipe.options.get("parts") or []
    asked = {"model.checkpoint": recipe.options.get("checkpoint", PACKAGED)} | {
        f"model.parts.{place}.model.checkpoint": part["model"].get("checkpoint", PACKAGED)
        for place, part in enumerate(parts)
    }
    if unknown := [path for path, checkpoint in asked.items() if checkpoint not in allowed]:
        message = f"The operator allows these checkpoints: {', '.join(allowed)}."
        raise UnprocessableError(message, fields={path: [message] for path in unknown})
    return recipe_wire(recipe), recipe_digest(recipe), DEVICES[device]


def run_dispatch(*, run_id: int, queue: str) -> None:
    """Send a queued run to the workers once the transaction has committed.

    The message is dropped when nobody takes it within twice the heartbeat's time; `runs_requeue_stale` sends
    another one long before, so that a lost broker loses no run and a long queue holds no heap of copies.
    """
    transaction.on_commit(lambda: _send(run_id, queue))


def _send(run_id: int, queue: str) -> None:
    """Put the message into the broker; where that is down, the coordinator finds the run waiting."""
    try:
        current_app.send_task(
            "training.tasks.train",
            args=[run_id],
            queue=queue,
            expires=2 * settings.HEARTBEAT_TIMEOUT,
            retry=False,
        )
    except OperationalError as error:
        log.warning("run %s waits: the broker cannot be reached (%s)", run_id, error)
        TrainingRun.objects.filter(id=run_id, status=RunStatus.QUEUED).update(heartbeat_at=None)


def run_claim(*, run_id: int, worker: str) -> int | None:
    """Take a queued run for a worker: the number of the attempt, or None where someone else has it."""
    run = TrainingRun.objects.filter(id=run_id, status=RunStatus.QUEUED).first()
    if run is None:
        return None
    now, attempt = timezone.now(), run.attempt + 1
    claimed = run_move(
        run_id=run_id,
        old=RunStatus.QUEUED,
        new=RunStatus.RUNNING,
        where=Q(attempt=run.attempt),
        attempt=attempt,
        worker=worker,
        heartbeat_at=now,
        started_at=run.started_at or now,
        progress=0,
        step="starting",
        curve=[],
    )
    return attempt if claimed else None


def run_heartbeat(*, run_id: int, attempt: int, log: str = "", **fields: Any) -> Beat:
    """Say that the attempt lives, with its progress, step and curve; `log` is added to what is there.

    Answers `cancelled` when somebody asked to stop, `lost` when the run is no longer this attempt's.
    """
    if log:
        fields["log"] = Concat(F("log"), Value(log))
    held = TrainingRun.objects.filter(id=run_id, status=RunStatus.RUNNING, attempt=attempt)
    if held.update(heartbeat_at=timezone.now(), **fields) == 0:
        return "lost"
    return "cancelled" if held.filter(cancel_requested=True).exists() else "alive"


def run_fail(*, run_id: int, attempt: int, code: str, message: str, log: str = "") -> bool:
    """End an attempt with its reason in plain words; a run that was being cancelled ends as cancelled."""
    held = Q(attempt=attempt)
    if log:
        run_heartbeat(run_id=run_id, attempt=attempt, log=log)
    return run_move(
        run_id=run_id,
        old=RunStatus.RUNNING,
        new=RunStatus.CANCELLED,
        where=held & Q(cancel_requested=True),
        step="cancelled",
    ) or run_move(
        run_id=run_id,
        old=RunStatus.RUNNING,
        new=RunStatus.FAILED,
        where=held,
        error={"code": code, "message": message},
        step="failed",
    )


def run_cancel(*, run: TrainingRun) -> TrainingRun:
    """Stop a run: at once while it waits, within about a second while it runs.

    Raises ConflictError (`run_finished`) for a run that has ended another way.
    """
    if not run_move(run_id=run.id, old=RunStatus.QUEUED, new=RunStatus.CANCELLED, step="cancelled"):
        TrainingRun.objects.filter(id=run.id, status=RunStatus.RUNNING).update(cancel_requested=True)
    run.refresh_from_db()
    if run.status in FINAL and run.status != RunStatus.CANCELLED:
        raise ConflictError("The run has ended already.", code="run_finished")
    return run


def runs_requeue_stale() -> int:
    """Find what the workers lost: runs whose heartbeat stopped, and waiting runs whose message is gone.

    A stopped run waits again, up to `MOST_ATTEMPTS`, then fails. Returns how many were touched.
    """
    now = timezone.now()
    silent = Q(heartbeat_at__lt=now - timedelta(seconds=settings.HEARTBEAT_TIMEOUT)) | Q(heartbeat_at=None)
    touched = 0
    for run in TrainingRun.objects.filter(silent, status=RunStatus.RUNNING):
        touched += _run_requeue(run, silent)
    waiting = TrainingRun.objects.filter(silent, status=RunStatus.QUEUED)
    for run_id, queue in list(waiting.values_list("id", "queue")):
        with transaction.atomic():
            if waiting.filter(id=run_id).update(heartbeat_at=now):
                run_dispatch(run_id=run_id, queue=queue)
                touched += 1
    return touched


def _run_requeue(run: TrainingRun, silent: Q) -> bool:
    """Send one run whose worker fell silent back to the queue, or end it."""
    held = silent & Q(attempt=run.attempt)
    if run.cancel_requested:
        return run_move(
            run_id=run.id, old=RunStatus.RUNNING, new=RunStatus.CANCELLED, where=held, step="cancelled"
        )
    if run.attempt >= MOST_ATTEMPTS:
        message = f"Its worker fell silent {run.attempt} times; it is not tried again."
        return run_move(
            run_id=run.id,
            old=RunStatus.RUNNING,
            new=RunStatus.FAILED,
            where=held,
            error={"code": "worker_lost", "message": message},
            step="failed",
        )
    with transaction.atomic():
        note = f"The worker of attempt {run.attempt} fell silent; the run waits for another one.\n"
        moved = run_move(
            run_id=run.id,
            old=RunStatus.RUNNING,
            new=RunStatus.QUEUED,
            where=held,
            heartbeat_at=timezone.now(),
            progress=0,
            step=WAITING[run.queue],
            log=Concat(F("log"), Value(note)),
        )
        if moved:
            run_dispatch(run_id=run.id, queue=run.queue)
    return moved
