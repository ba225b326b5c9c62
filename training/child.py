"""The process of one training run: started, watched, and ended by the worker that claimed the run.

The child may use up its memory, crash in native code or hang without harm to the worker. It dies with
the worker, and is the first that the system's out-of-memory killer takes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import psutil
from django.conf import settings

from training.services.runs import run_heartbeat

POLL: Final = 0.1  # seconds between looks at the child
ASK: Final = 0.5  # seconds between looks at the database
GRACE: Final = 2.0  # seconds to end by itself after SIGTERM
TAIL: Final = 4_000  # characters of the child's last words
PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: `code` is None where it ended in order; `words` is the end of what it printed."""

    code: str | None
    message: str = ""
    words: str = ""


def child_run(*, run_id: int, attempt: int) -> Ending:
    """Run one attempt in a process of its own and wait for its end; heartbeats are sent meanwhile."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "manage.py", "train_run", str(run_id), str(attempt)],
            cwd=settings.BASE_DIR,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            ending = _watch(process, run_id=run_id, attempt=attempt)
        finally:
            _end(process)
        return Ending(ending.code, ending.message, _last_words(output))


def _watch(process: subprocess.Popen[bytes], *, run_id: int, attempt: int) -> Ending:
    """Wait until the child ends or has to."""
    limit = settings.TRAINING_MEMORY_LIMIT
    asked = time.monotonic()
    while process.poll() is None:
        time.sleep(POLL)
        if limit and _resident(process.pid) > limit:
            return Ending(
                "out_of_memory",
                f"The run exhausted its memory limit of {limit / 2**20:,.0f} MB and was ended.",
            )
        if time.monotonic() - asked >= ASK:
            asked = time.monotonic()
            beat = run_heartbeat(run_id=run_id, attempt=attempt)
            if beat != "alive":
                return Ending(beat, f"The run was {beat}.")
    return _explain(process.returncode)


def _explain(status: int) -> Ending:
    """What a child's exit status means, in plain words."""
    if status == 0:
        return Ending(None)
    if status == -signal.SIGKILL:
        return Ending("killed", "The run was killed by signal 9: most likely the machine ran out of memory.")
    if status < 0:
        name = signal.strsignal(-status) or "unknown"
        return Ending("crashed", f"The run crashed in native code: signal {-status} ({name}).")
    return Ending("crashed", f"The run ended with exit status {status} before it had finished.")


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 once it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the child and all that it started."""
    if process.poll() is None:
        _signal(process.pid, signal.SIGTERM)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            _signal(process.pid, signal.SIGKILL)
            process.wait()
    _signal(process.pid, signal.SIGKILL)


def _signal(group: int, number: signal.Signals) -> None:
    """Signal the child's group; there may be nobody left in it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _last_words(output: IO[str]) -> str:
    output.seek(0)
    return output.read()[-TAIL:].strip()


def _environment() -> dict[str, str]:
    """The child's environment: few threads, and the parent that it must not outlive."""
    threads = str(settings.TRAINING_THREADS)
    return os.environ | {
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "PLAUDIT_PARENT": str(os.getpid()),
        "PYTHONPATH": str(settings.BASE_DIR),
    }


def child_prepare() -> bool:
    """Called first thing in the child; False where the parent is gone already.

    The child dies with its parent, is the first to go when memory runs out, and leaves the processor to
    whoever labels.
    """
    parent = os.environ.get("PLAUDIT_PARENT")
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        Path("/proc/self/oom_score_adj").write_text("800")
    os.nice(10)
    return parent is None or os.getppid() == int(parent)
