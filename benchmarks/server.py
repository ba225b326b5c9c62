"""A web process of its own, started as `manage.py up` starts it, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running web process."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Processor time of the server and its children so far."""
        parent = psutil.Process(self.process.pid)
        times = [process.cpu_times() for process in (parent, *parent.children(recursive=True))]
        return sum(time.user + time.system for time in times)

    def memory_bytes(self) -> int:
        """Resident memory of the server and its children, shared pages counted once (PSS)."""
        parent = psutil.Process(self.process.pid)
        return sum(process.memory_full_info().pss for process in (parent, *parent.children(recursive=True)))

    def private_bytes(self) -> int:
        """What would be free without the server: its memory without the database's pages that it maps."""
        parent = psutil.Process(self.process.pid)
        return sum(process.memory_full_info().uss for process in (parent, *parent.children(recursive=True)))


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(environment: Mapping[str, str], log: Path, *, processes: int = 1) -> Iterator[Server]:
    """Serve with `environment` added to our own; the server has ended when the block is left."""
    from config.management.commands.up import web_command

    port = free_port()
    command = web_command("127.0.0.1", port, processes)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_ready(port, process, log)
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers.

    Raises:
        RuntimeError: it ended, or was silent for a minute; the message has its log.
    """
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-4000:]}")
