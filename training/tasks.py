"""What the workers do. A task takes ids, and doing it twice does no harm."""

from __future__ import annotations

import os
import socket

from celery import shared_task

from training.child import child_run
from training.services.champions import champion_measure, champions_due
from training.services.housekeeping import artifacts_sweep
from training.services.policies import policies_apply
from training.services.runs import run_claim, run_fail, runs_requeue_stale


@shared_task
def coordinate() -> None:
    """Every 30 s: find lost runs, and make the runs that the projects' policies ask for."""
    runs_requeue_stale()
    policies_apply()
    for model_id in champions_due():
        measure_champion.delay(model_id)


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
