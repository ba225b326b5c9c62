"""Starts the parts on one machine, restarts one that dies, stops all of them in order.

Each child leads a process group of its own and is told by the kernel when the supervisor dies, so
that neither Ctrl-C nor a kill leaves a process behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STEADY_SECONDS = 30.0  # a child that lived this long starts again without waiting
LONGEST_WAIT = 30.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.2
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One part: its command, and how to see that it is ready (None: at once)."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0

    def start(self) -> None:
        """Start the process; its output goes to its log file."""
        output = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                env={**os.environ, **self.environment},
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - the supervisor has no threads
            )
        finally:
            if output:
                output.close()
        self.started = time.monotonic()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the child and what it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    def wait_ready(self, seconds: float) -> bool:
        """Wait until the child answers, for at most `seconds`; False when it died or never did."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                return False
            if self.ready is None or self.ready():
                return True
            time.sleep(0.05)
        return False

    def stop(self, say: Callable[[str], None] = print) -> None:
        """End the child and what it started; one that does not listen is killed."""
        if self.process is None:
            return
        self.signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"{self.name} does not stop; killing it")
        self.signal(signal.SIGKILL)
        self.process.wait()


class Supervisor:
    """Runs children in the order given and stops them in the opposite one."""

    def __init__(self, children: Sequence[Child], *, say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stopping = False

    def request_stop(self, number: int, frame: object) -> None:
        """Signal handler: stop at the next turn."""
        self.stopping = True

    def run(self, *, started: Callable[[], None]) -> None:
        """Start all, call `started` once, and watch until a signal asks to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.request_stop)
        try:
            for child in self.children:
                if self.stopping:
                    return
                child.start()
                if not child.wait_ready(60) and not self.stopping:
                    self.say(f"{child.name} did not start; its log is {child.log}")
            if not self.stopping:
                started()
            while not self.stopping:
                for child in self.children:
                    self.revive(child)
                time.sleep(POLL_SECONDS)
        finally:
            self.stop()

    def revive(self, child: Child) -> None:
        """Start a dead child again, after a wait that doubles with each quick death."""
        if child.process is None:
            if time.monotonic() >= child.not_before:
                child.start()
            return
        code = child.process.poll()
        if code is None:
            return
        child.signal(signal.SIGKILL)  # what it may have left behind
        lived = time.monotonic() - child.started
        child.failures = 1 if lived > STEADY_SECONDS else child.failures + 1
        wait = 0.0 if child.failures == 1 else min(LONGEST_WAIT, 2.0 ** (child.failures - 2))
        self.say(
            f"{child.name} ended ({describe_exit(code)}); starting it again in {wait:.0f} s. Log: {child.log}"
        )
        child.process = None
        child.not_before = time.monotonic() + wait

    def stop(self) -> None:
        """End every child, last started first."""
        for child in reversed(self.children):
            child.stop(self.say)


def describe_exit(code: int) -> str:
    """An exit status in words."""
    if code >= 0:
        return f"exit status {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
