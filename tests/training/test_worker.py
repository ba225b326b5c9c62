"""Runs by a real worker through a real broker, with what can go wrong under way."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import psutil

from tests.training.conftest import LINEAR, make_learnable, wait_for
from training.models import RunStatus, TrainingRun
from training.services.runs import run_cancel, run_create
from training.tasks import coordinate, train

if TYPE_CHECKING:
    import subprocess

    from tests.training.conftest import Processes

HEADS = {**LINEAR, "kind": "ensemble", "heads": 2, "hidden": 8, "epochs": 100, "patience": 100}
LONG = {"model": HEADS, "evaluation": {"scheme": "cross-validation", "folds": 40}}


def status(run: TrainingRun) -> str:
    run.refresh_from_db()
    return run.status


def child_of(worker: subprocess.Popen[bytes]) -> psutil.Process | None:
    """The process of a training run below a worker."""
    for process in psutil.Process(worker.pid).children(recursive=True):
        try:
            if "train_run" in process.cmdline():
                return process
        except psutil.NoSuchProcess:
            continue
    return None


def start_run(request: dict[str, Any] | None = None) -> TrainingRun:
    return run_create(project=make_learnable(), request=request or {"model": LINEAR})


def wait_for_child(worker: subprocess.Popen[bytes]) -> psutil.Process:
    wait_for(lambda: child_of(worker), what="the run's process")
    found = child_of(worker)
    assert found is not None
    return found


def test_run_goes_from_the_button_to_a_champion(processes: Processes) -> None:
    processes.worker()
    run = start_run()
    wait_for(lambda: status(run) in {"succeeded", "failed"}, what="the end of the run")
    assert run.status == RunStatus.SUCCEEDED, run.log
    model = run.reward_model
    assert (model.version, model.kind) == (1, "linear")
    assert model.decision["code"] == "first"
    assert model.promotions.get().code == "first"
    assert model.evaluation["pairs"]["accuracy"]["value"] > 0.7
    assert run.progress == 1
    assert "evaluating" in run.log


def test_killed_worker_leaves_a_run_that_another_worker_finishes(processes: Processes) -> None:
    worker = processes.worker()
    run = start_run(LONG)
    wait_for(lambda: status(run) == "running" and run.progress > 0.06, what="progress")
    child = wait_for_child(worker)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    wait_for(lambda: not child.is_running() or child.status() == "zombie", what="the child to die too")
    assert status(run) == "running"
    processes.worker()
    wait_for(
        lambda: status(run) in {"succeeded", "failed"}, what="the second attempt", every=coordinate.delay
    )
    assert run.status == RunStatus.SUCCEEDED, run.log
    assert run.attempt == 2
    assert "fell silent" in run.log


def test_native_crash_ends_its_run_alone_with_the_reason(processes: Processes) -> None:
    worker = processes.worker()
    crashing = start_run(LONG)
    wait_for_child(worker).send_signal(signal.SIGSEGV)
    wait_for(lambda: status(crashing) != "running", what="the end of the run")
    assert crashing.status == RunStatus.FAILED
    assert crashing.error["code"] == "crashed"
    assert "signal 11" in crashing.error["message"]
    assert worker.poll() is None
    other = start_run()
    wait_for(lambda: status(other) == "succeeded", what="a run after the crash")


def test_killed_child_is_reported_as_out_of_memory(processes: Processes) -> None:
    worker = processes.worker()
    run = start_run(LONG)
    wait_for_child(worker).kill()
    wait_for(lambda: status(run) != "running", what="the end of the run")
    assert run.status == RunStatus.FAILED
    assert "signal 9" in run.error["message"]
    assert "memory" in run.error["message"]


def test_run_over_its_memory_limit_is_ended_with_the_reason(processes: Processes) -> None:
    processes.worker(TRAINING_MEMORY_LIMIT=str(40 * 2**20))
    run = start_run(LONG)
    wait_for(lambda: status(run) == "failed", what="the end of the run")
    assert run.error["code"] == "out_of_memory"
    assert "40 MB" in run.error["message"]


def test_cancelled_run_stops_and_its_process_is_gone(processes: Processes) -> None:
    worker = processes.worker()
    run = start_run(LONG)
    child = wait_for_child(worker)
    run_cancel(run=run)
    wait_for(lambda: status(run) == "cancelled", what="the cancellation")
    wait_for(lambda: not child.is_running() or child.status() == "zombie", what="the child's end")
    assert run.error is None
    assert not hasattr(run, "reward_model")


def test_message_delivered_twice_trains_once(processes: Processes) -> None:
    processes.worker()
    run = start_run()
    train.apply_async(args=[run.id], queue="cpu")
    wait_for(lambda: status(run) == "succeeded", what="the run")
    train(run.id)
    assert status(run) == "succeeded"
    assert run.attempt == 1
    assert run.project.reward_models.count() == 1
