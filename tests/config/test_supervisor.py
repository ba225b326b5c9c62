"""The supervisor: children that die come back, and nothing is left behind."""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from django.core.management.base import CommandError

from config.management.commands.up import check_port, locked
from config.supervisor import Child, Supervisor, describe_exit

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = [
    sys.executable,
    "-c",
    (
        "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
        "print('ready', flush=True); time.sleep(60)"
    ),
]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)",
]


def wait_until(condition, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def says_ready(log: Path) -> bool:
    return log.exists() and b"ready" in log.read_bytes()


def test_dead_child_is_started_again_and_told_of() -> None:
    said: list[str] = []
    child = Child("sleeper", SLEEPER)
    supervisor = Supervisor([child], say=said.append)
    child.start()
    first = child.process
    assert first is not None
    first.send_signal(signal.SIGKILL)
    first.wait()
    try:
        wait_until(
            lambda: supervisor.revive(child) or (child.process is not None and child.process is not first)
        )
        assert "sleeper ended (killed by SIGKILL)" in said[0]
    finally:
        child.stop()


def test_child_that_dies_at_once_waits_longer_each_time() -> None:
    said: list[str] = []
    child = Child("failing", [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor = Supervisor([child], say=said.append)
    child.start()
    wait_until(lambda: supervisor.revive(child) or child.failures >= 3)
    assert ["in 0 s" in said[0], "in 1 s" in said[1], "in 2 s" in said[2]] == [True] * 3
    assert "exit status 3" in said[0]
    assert child.not_before > time.monotonic()


def test_stop_ends_a_child_with_everything_it_started(tmp_path: Path) -> None:
    child = Child("parent", PARENT, log=tmp_path / "log")
    child.start()
    wait_until(lambda: says_ready(tmp_path / "log"))
    assert child.process is not None
    grandchildren = psutil.Process(child.process.pid).children()
    assert len(grandchildren) == 1
    child.stop()
    wait_until(lambda: not any(process.is_running() for process in grandchildren))


def test_child_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.supervisor.STOP_SECONDS", 0.2)
    said: list[str] = []
    child = Child("stubborn", STUBBORN, log=tmp_path / "log")
    child.start()
    wait_until(lambda: says_ready(tmp_path / "log"))
    child.stop(said.append)
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL
    assert said == ["stubborn does not stop; killing it"]


def test_children_start_in_order_and_stop_in_the_opposite_one(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []

    class Noted(Child):
        def start(self) -> None:
            events.append(f"start {self.name}")
            super().start()

        def stop(self, say=print) -> None:
            events.append(f"stop {self.name}")
            super().stop(say)

    supervisor = Supervisor([Noted("first", SLEEPER), Noted("second", SLEEPER)], say=events.append)
    threading.Timer(0.5, lambda: supervisor.request_stop(signal.SIGINT, None)).start()
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        supervisor.run(started=lambda: events.append("started"))
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    assert events == ["start first", "start second", "started", "stop second", "stop first"]


def test_taken_port_is_refused_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"--port {port + 1}"):
            check_port("127.0.0.1", port)


def test_second_supervisor_on_one_data_folder_is_refused(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "up.lock"),
        pytest.raises(CommandError, match="already runs"),
        locked(tmp_path / "up.lock"),
    ):
        pytest.fail("the lock was given twice")


def test_exit_statuses_are_said_in_words() -> None:
    assert describe_exit(2) == "exit status 2"
    assert describe_exit(-9) == "killed by SIGKILL"
    assert describe_exit(-200) == "killed by signal 200"
