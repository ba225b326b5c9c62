"""What the workers do. A task takes ids, and doing it twice does no harm."""

from __future__ import annotations

import os
import socket

from celery import shared_task

from training.child import child_run
from training.models import RewardModel
from training.selectors.must_pass import champions_untried
from training.services.champions import champion_measure, champions_due
from training.services.housekeeping import artifacts_sweep
from training.services.must_pass import champion_try
from training.services.policies import policies_apply
from training.services.priorities import priorities_due, project_prioritise
from training.services.runs import run_claim, run_fail, runs_requeue_stale


@shared_task
def coordinate() -> None:
    """Every 30 s: find lost runs, and make the runs that the projects' policies ask for."""
    runs_requeue_stale()
    policies_apply()
    for model_id in champions_due():
        measure_champion.delay(model_id)
    for project_id in priorities_due():
        prioritise.delay(project_id)
    for model_id in champions_untried():
        try_must_pass.delay(model_id)


@shared_task
def sweep() -> None:
    """Every hour: remove files that no reward model names."""
    artifacts_sweep()


@shared_task
def train(run_id: int) -> None:
    """Run one queued training run in a process of its own; nothing where it is not queued any more."""
    attempt = run_claim(run_id=run_id, worker=f"{socket.gethostname()}:{os.getpid()}")
    if attempt is None:
        return
    ending = child_run(run_id=run_id, attempt=attempt)
    message = ending.message or "The run ended without a result."
    log = f"{message}\n{ending.words}\n"
    run_fail(run_id=run_id, attempt=attempt, code=ending.code or "crashed", message=message, log=log)


@shared_task
def measure_champion(model_id: int) -> None:
    """Hold a champion against the labels collected since its promotion."""
    champion_measure(model_id=model_id)


@shared_task
def prioritise(project_id: int) -> None:
    """Let the champion score what the queue would come to next. Doing it twice does no harm."""
    project_prioritise(project_id=project_id)


@shared_task
def try_must_pass(model_id: int) -> None:
    """Hold a champion against what was pinned after it was made."""
    champion_try(model=RewardModel.objects.get(id=model_id))
