"""How quickly `manage.py up` answers, and how much memory the web process takes: `python -m benchmarks.startup`.

A new data folder, migrated before the clock runs: what is measured is every start but the first. The clock stops
at the first 200 of `/healthz`. Then the web process is warmed (the page, the schema, a queue, judgments, figures),
its memory is read from the kernel, and its mapped files are searched for torch.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.machine import describe_machine, output_argument, write_result
from benchmarks.server import ROOT, free_port

HEAVY = ("torch", "sklearn", "scipy", "pyarrow")
READY_SECONDS = 60
GET = 200


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = output_argument("Start and memory of the web process.")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--prompts", type=int, default=200)
    return parser.parse_args(given)


def fill(prompts: int) -> tuple[int, str]:
    """A database with one project that has judgments; its id and a token."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from benchmarks.judged import project_judged

    return project_judged("comparison", prompts=prompts, overlap=3, annotators=8)


def start(port: int, log: Path) -> tuple[subprocess.Popen[bytes], float]:
    """Start the whole of Plaudit; the process and the seconds until the web process answered.

    Raises:
        RuntimeError: it ended or stayed silent.
    """
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    begin = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    while process.poll() is None and time.perf_counter() - begin < READY_SECONDS:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == GET:
                return process, time.perf_counter() - begin
        except httpx.TransportError:
            time.sleep(0.02)
    stop(process)
    raise RuntimeError(f"it did not start:\n{log.read_text()[-3000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C, and wait for the end of all parts."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def web_processes(supervisor: int) -> list[psutil.Process]:
    """The web server and its workers among the supervisor's children."""
    children = psutil.Process(supervisor).children(recursive=True)
    web = [child for child in children if "config.wsgi:application" in child.cmdline()]
    found = {child.pid: child for parent in web for child in (parent, *parent.children(recursive=True))}
    return list(found.values())


def memory(processes: Sequence[psutil.Process]) -> dict[str, float]:
    """Megabytes of all processes, shared pages counted once (PSS), and of the largest alone (RSS)."""
    each = [process.memory_full_info() for process in processes]
    return {
        "megabytes": round(sum(one.pss for one in each) / 1e6, 1),
        "largest_megabytes": round(max(one.rss for one in each) / 1e6, 1),
    }


def libraries(processes: Sequence[psutil.Process]) -> dict[str, bool]:
    """Which of the heavy libraries have a compiled module mapped into one of the processes."""
    paths = {mapped.path for process in processes for mapped in process.memory_maps()}
    return {name: any(f"/site-packages/{name}/" in path for path in paths) for name in HEAVY}


def warm(port: int, project: int, token: str) -> dict[str, int]:
    """Ask for what a day's users ask for; the status of each answer."""
    paths = [
        "/", "/admin/login/", "/api/v1/schema/", "/api/v1/session/", "/api/v1/projects/",
        f"/api/v1/projects/{project}/", *(f"/api/v1/projects/{project}/{name}/" for name in (
            "queue", "progress", "agreement", "prompts", "members", "training-runs", "reward-models",
        )),
        *(f"/api/v1/projects/{project}/export/?format={name}" for name in ("jsonl", "csv")),
    ]  # fmt: skip
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
        answers = {path: client.get(path).status_code for path in paths}
        for _ in range(30):
            client.get(f"/api/v1/projects/{project}/queue/")
    return {path.replace(str(project), "PROJECT"): status for path, status in answers.items()}


def imports() -> dict[str, Any]:
    """Processor seconds and memory that loading the web process's modules takes, in a process of its own."""
    code = (
        "import resource, sys, time, config.wsgi, config.urls;"
        "print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,"
        f" *(name for name in {HEAVY!r} if name in sys.modules))"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    return {
        "processor_seconds": round(float(printed[0]), 2),
        "megabytes": round(int(printed[1]) * 1024 / 1e6, 1),
        "heavy_modules": printed[2:],
    }


def main(given: Sequence[str] | None = None) -> None:
    """Measure and report."""
    options = arguments(given)
    with tempfile.TemporaryDirectory(prefix="plaudit-bench-") as folder:
        os.environ["PLAUDIT_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        project, token = fill(options.prompts)
        seconds = []
        for turn in range(options.repeats):
            port = free_port()
            process, taken = start(port, Path(folder) / "up.log")
            try:
                seconds.append(round(taken, 2))
                if turn == options.repeats - 1:
                    web = web_processes(process.pid)
                    fresh, before = memory(web), libraries(web)
                    answers = warm(port, project, token)
                    web = web_processes(process.pid)
                    warmed, after = memory(web), libraries(web)
            finally:
                stop(process)
        report = {
            "benchmark": "startup",
            "machine": describe_machine(["django", "granian", "djangorestframework"]),
            "settings": {"repeats": options.repeats, "prompts": options.prompts},
            "seconds_to_healthz": {"median": statistics.median(seconds), "all": seconds},
            "imports_of_the_web_process": imports(),
            "web_at_start": {**fresh, "libraries": before},
            "web_after_warming": {**warmed, "libraries": after, "answers": answers},
        }
    write_result(report, options.out)


if __name__ == "__main__":
    main()
