"""A run's status changes by the table alone."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from annotation.errors import ConflictError, UnprocessableError
from tests.training.conftest import LINEAR, make_learnable
from training.models import RunStatus, TrainingRun
from training.services.runs import (
    MOST_ATTEMPTS,
    run_cancel,
    run_claim,
    run_create,
    run_fail,
    run_heartbeat,
    runs_requeue_stale,
)
from training.states import run_move, table
from training.tasks import train

pytestmark = pytest.mark.django_db


def make_run() -> TrainingRun:
    return run_create(project=make_learnable(20), request={"model": LINEAR})


def claimed() -> TrainingRun:
    run = make_run()
    run_claim(run_id=run.id, worker="test")
    run.refresh_from_db()
    return run


def silence(run: TrainingRun) -> None:
    TrainingRun.objects.filter(id=run.id).update(heartbeat_at=timezone.now() - timedelta(hours=1))


def test_docstring_of_the_model_prints_the_table() -> None:
    assert table() in (inspect.getdoc(TrainingRun) or "")


def test_final_status_cannot_be_left() -> None:
    with pytest.raises(ValueError, match="does not go from succeeded"):
        run_move(run_id=1, old=RunStatus.SUCCEEDED, new=RunStatus.RUNNING)


def test_move_from_another_status_changes_nothing() -> None:
    run = make_run()
    assert not run_move(run_id=run.id, old=RunStatus.RUNNING, new=RunStatus.FAILED)
    assert not run_move(run_id=run.id, old=RunStatus.QUEUED, new=RunStatus.RUNNING, where=Q(attempt=7))
    run.refresh_from_db()
    assert run.status == RunStatus.QUEUED


def test_run_is_claimed_once() -> None:
    run = make_run()
    assert run_claim(run_id=run.id, worker="a") == 1
    assert run_claim(run_id=run.id, worker="b") is None


def test_task_on_a_run_that_is_not_queued_does_nothing() -> None:
    run = claimed()
    train(run.id)
    train(run.id)
    run.refresh_from_db()
    assert (run.status, run.attempt) == (RunStatus.RUNNING, 1)


def test_task_on_an_unknown_run_does_nothing() -> None:
    train(12345)


def test_heartbeat_of_an_older_attempt_is_lost() -> None:
    run = claimed()
    assert run_heartbeat(run_id=run.id, attempt=1, progress=0.5, log="half\n") == "alive"
    assert run_heartbeat(run_id=run.id, attempt=2, progress=0.9) == "lost"
    run.refresh_from_db()
    assert (run.progress, run.log) == (0.5, "half\n")


def test_waiting_run_is_cancelled_at_once_and_twice_is_the_same() -> None:
    run = make_run()
    assert run_cancel(run=run).status == RunStatus.CANCELLED
    assert run_cancel(run=run).status == RunStatus.CANCELLED
    assert run_claim(run_id=run.id, worker="late") is None


def test_running_run_is_asked_to_stop_and_ends_as_cancelled() -> None:
    run = claimed()
    run_cancel(run=run)
    assert run_heartbeat(run_id=run.id, attempt=1) == "cancelled"
    assert run_fail(run_id=run.id, attempt=1, code="killed", message="killed")
    run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.CANCELLED, None)


def test_ended_run_cannot_be_cancelled() -> None:
    run = claimed()
    run_fail(run_id=run.id, attempt=1, code="crashed", message="it crashed")
    with pytest.raises(ConflictError) as caught:
        run_cancel(run=run)
    assert caught.value.code == "run_finished"


def test_silent_run_waits_again_until_its_attempts_are_used_up() -> None:
    run = make_run()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert run_claim(run_id=run.id, worker="w") == attempt
        assert runs_requeue_stale() == 0
        silence(run)
        assert runs_requeue_stale() == 1
        assert runs_requeue_stale() == 0
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.error["code"] == "worker_lost"
    assert run.finished_at is not None


def test_silent_run_that_was_to_be_cancelled_is_cancelled() -> None:
    run = claimed()
    run_cancel(run=run)
    silence(run)
    runs_requeue_stale()
    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED


def test_waiting_run_whose_message_was_lost_is_sent_again() -> None:
    run = make_run()
    assert runs_requeue_stale() == 0
    silence(run)
    assert runs_requeue_stale() == 1
    assert runs_requeue_stale() == 0


@pytest.mark.parametrize(
    ("request_", "path"),
    [
        ({"model": {"kind": "oracle"}}, "model.kind"),
        ({"model": {**LINEAR, "device": "abacus"}}, "model.device"),
        ({"model": LINEAR, "evaluation": {"scheme": "hope"}}, "evaluation.scheme"),
        ({"model": LINEAR, "data": {"questions": ["nope"]}}, "data.questions"),
    ],
)
def test_recipe_that_cannot_be_followed_is_refused_with_its_place(
    request_: dict[str, object], path: str
) -> None:
    with pytest.raises(UnprocessableError) as caught:
        run_create(project=make_learnable(20), request=request_)
    assert path in caught.value.fields


def test_run_that_asks_for_a_gpu_goes_to_its_queue() -> None:
    run = run_create(project=make_learnable(20), request={"model": {**LINEAR, "device": "gpu"}})
    assert run.queue == "gpu"
    assert "device" not in run.recipe["model"]
