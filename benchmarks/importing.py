"""Files in and out: `python -m benchmarks.importing --out FILE.json`.

Ten thousand prompts with three outputs of 40 to 150 words each, through the service and over HTTP (the server
as `manage.py up` starts it), 11,650 comparisons, a dry run, the same file again, exports, and what the memory of
a reader grows by while it reads a large file. Every database is new: SQLite with `synchronous=FULL`. Beside the
seconds stands the processor time, which others on the machine change less.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import orjson
import psutil

from benchmarks.machine import describe_machine, output_argument, write_result
from benchmarks.server import serving

COMPARISONS = 11_650
COMPARISON = {"name": "overall", "kind": "comparison", "title": "Which answer is better?", "ties": True}
RANKING = {"name": "order", "kind": "ranking", "title": "Rank the answers", "ties": True}


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = output_argument("Imports and exports.")
    parser.add_argument("--prompts", type=int, default=10_000)
    parser.add_argument(
        "--megabytes", type=int, default=200, help="size of the file whose memory is measured"
    )
    return parser.parse_args(given)


def lines(completions: int, *, judged: bool) -> Iterator[bytes]:
    """Native lines without end; the words have the lengths and frequencies of English."""
    random = Random(1)
    letters = "eeetttaaaooiinnsshhrrddllcumwfgypbvk"
    words = [
        "".join(random.choices(letters, k=random.choice((1, 2, 2, 3, 3, 4, 5, 7, 9)))) for _ in range(4000)
    ]
    weights = [1 / rank for rank in range(1, len(words) + 1)]

    def text(least: int, most: int) -> str:
        return " ".join(random.choices(words, weights, k=random.randint(least, most)))

    number = 0
    while True:
        number += 1
        line: dict[str, Any] = {
            "id": f"prompt-{number}",
            "messages": [{"role": "user", "content": text(8, 40)}],
            "completions": [
                {"id": f"c{index}", "text": text(40, 150), "source": f"model-{index}"}
                for index in range(completions)
            ],
        }
        if judged:
            choice = random.choice(("c0", "c1", "tie"))
            line["judgments"] = [
                {
                    "id": str(UUID(int=number)),
                    "annotator": f"annotator-{number % 20}",
                    "answers": {"overall": {"choice": choice}},
                    "shown": ["c1", "c0"],
                    "submitted_at": "2026-01-31T10:00:00Z",
                    "active_ms": random.randint(2000, 60_000),
                }
            ]
        yield orjson.dumps(line) + b"\n"


def write_lines(path: Path, *, count: int, completions: int, judged: bool) -> None:
    """A file of `count` lines."""
    with path.open("wb") as file:
        file.writelines(islice(lines(completions, judged=judged), count))


def write_megabytes(path: Path, megabytes: int) -> int:
    """A file of about this size; how many lines it has."""
    size = count = 0
    with path.open("wb") as file:
        for line in lines(3, judged=False):
            file.write(line)
            size, count = size + len(line), count + 1
            if size >= megabytes * 10**6:
                return count
    return count


def fresh_database(folder: Path) -> None:
    """Point this process at a new database below `folder`."""
    os.environ["PLAUDIT_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def project_make(question: dict[str, Any]) -> Any:
    """A project of a superuser of its own."""
    from annotation.models import User
    from annotation.services.projects import project_create

    owner = User.objects.create_superuser(f"bench-{time.time_ns()}")
    return project_create(
        owner=owner, data={"name": "benchmark", "template": "custom", "questions": [question]}
    )


def timed(function: Callable[[], Any], rows: int) -> dict[str, Any]:
    """Seconds, processor seconds, and rows a second by both."""
    wall, processor = time.perf_counter(), time.process_time()
    function()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return {
        "rows": rows,
        "seconds": round(wall, 3),
        "processor_seconds": round(processor, 3),
        "rows_per_second": round(rows / wall),
        "rows_per_processor_second": round(rows / processor),
    }


def take(project: Any, path: Path, **options: Any) -> Any:
    """Import a copy of a file through the service.

    Raises:
        RuntimeError: not every row was taken.
    """
    from annotation.services.imports import import_create, import_run, upload_keep

    with path.open("rb") as file:
        copy, _ = upload_keep(file)
    record = import_create(
        project=project, user=None, path=copy, filename="lines.jsonl", format_name="native", options=options
    )
    import_run(import_id=record.id)
    record.refresh_from_db()
    if record.status != "succeeded" or record.errors_total:
        raise RuntimeError(f"the import went wrong: {record.errors[:3]}")
    return record


def through_the_service(folder: Path, path: Path, rows: int, question: dict[str, Any]) -> dict[str, Any]:
    """Import, again, dry, export."""
    fresh_database(folder)
    from annotation.selectors.exports import EXPORTS, ExportFilters
    from annotation.services.examining import examination_run

    project, taken = project_make(question), []
    result = {
        "file_megabytes": round(path.stat().st_size / 1e6, 1),
        "dry_run": timed(lambda: take(project, path, dry_run=True), rows),
        "import": timed(lambda: taken.append(take(project, path)), rows),
        "search_for_likenesses": timed(lambda: examination_run(import_id=taken[0].id), rows),
        "the_same_again": timed(lambda: take(project, path), rows),
    }
    for name in ("jsonl", "csv", "parquet", "trl-preference"):
        export = EXPORTS[name](project, ExportFilters())
        result[f"export_{name}"] = timed(lambda body=export.body: sum(map(len, body)), rows)  # type: ignore[misc]
    return result


def over_http(folder: Path, path: Path, rows: int) -> dict[str, Any]:
    """Upload to a server and wait for the report; files of this size are a worker's, which is in the figure."""
    fresh_database(folder)
    from annotation.services.accounts import token_create
    from config.management.commands.up import broker

    project = project_make(RANKING)
    _, secret = token_create(user=project.owner, name="benchmark")
    child = broker(folder / "logs")
    child.start()
    child.wait_ready(20)
    try:
        with serving(os.environ, folder / "server.log") as server, worker(folder):
            address = (
                f"http://127.0.0.1:{server.port}/api/v1/projects/{project.id}/imports/?format=native&wait=120"
            )
            headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/x-ndjson"}
            start = time.perf_counter()
            response = httpx.post(address, content=path.read_bytes(), headers=headers, timeout=180)
            seconds = time.perf_counter() - start
    finally:
        child.stop()
    report = response.json()
    if response.status_code != 201 or report["prompts_created"] != rows:
        raise RuntimeError(f"the import went wrong: {response.status_code} {response.text[:500]}")
    return {"rows": rows, "seconds": round(seconds, 3), "rows_per_second": round(rows / seconds)}


def memory_of_a_reader(folder: Path, path: Path, rows: int) -> dict[str, Any]:
    """By how much the process grows while it reads and writes a large file, and while it checks one."""
    fresh_database(folder)
    warm = folder / "warm.jsonl"
    write_lines(warm, count=2000, completions=3, judged=False)
    take(project_make(RANKING), warm)
    project = project_make(RANKING)
    process = psutil.Process()
    result: dict[str, Any] = {"file_megabytes": round(path.stat().st_size / 1e6, 1), "rows": rows}
    for name, options in (("import", {}), ("dry_run", {"dry_run": True})):
        before = private_bytes(process)
        peak, ended = [before], threading.Event()

        def watch(peak: list[int] = peak, ended: threading.Event = ended) -> None:
            while not ended.wait(0.05):
                peak[0] = max(peak[0], private_bytes(process))

        watcher = threading.Thread(target=watch)
        watcher.start()
        target = project if name == "import" else project_make(RANKING)
        figures = timed(lambda target=target, options=options: take(target, path, **options), rows)  # type: ignore[misc]
        ended.set()
        watcher.join()
        result[name] = {
            **figures,
            "megabytes_before": round(before / 1e6, 1),
            "megabytes_grown": round((peak[0] - before) / 1e6, 1),
        }
    return result


def private_bytes(process: psutil.Process) -> int:
    """Memory of the process alone: pages of the database that it maps are the system's cache."""
    return int(process.memory_info().rss - process.memory_info().shared)


class worker:  # noqa: N801  (used like a function, as contextlib's own)
    """A Celery worker of the queue that reads files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> None:
        import subprocess
        import sys

        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "-Q",
            "default",
            "-P",
            "solo",
            "-l",
            "INFO",
        ]
        self.log = (self.folder / "worker.log").open("wb")
        self.process = subprocess.Popen(
            command, env=dict(os.environ), stdout=self.log, stderr=subprocess.STDOUT
        )
        end = time.monotonic() + 60
        while b" ready" not in (self.folder / "worker.log").read_bytes():
            if time.monotonic() > end or self.process.poll() is not None:
                self.__exit__()
                raise RuntimeError((self.folder / "worker.log").read_text()[-3000:])
            time.sleep(0.1)

    def __exit__(self, *exc: object) -> None:
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


def apart(function: Callable[..., dict[str, Any]], *values: Any) -> dict[str, Any]:
    """The result of a function in a process of its own, with a folder of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
    ):
        return pool.submit(function, Path(folder), *values).result()


def main(given: Sequence[str] | None = None) -> None:
    """Run all and write one document."""
    options = arguments(given)
    with tempfile.TemporaryDirectory() as folder:
        prompts, pairs, large = (Path(folder) / f"{name}.jsonl" for name in ("prompts", "pairs", "large"))
        write_lines(prompts, count=options.prompts, completions=3, judged=False)
        write_lines(pairs, count=COMPARISONS, completions=2, judged=True)
        rows = write_megabytes(large, options.megabytes)
        result = {
            "benchmark": "importing",
            "machine": describe_machine(["django", "orjson", "psycopg"]),
            "prompts_with_three_outputs": apart(through_the_service, prompts, options.prompts, RANKING),
            "the_same_as_pairs": apart(through_the_service, prompts, options.prompts, COMPARISON),
            "comparisons": apart(through_the_service, pairs, COMPARISONS, COMPARISON),
            "over_http": apart(over_http, prompts, options.prompts),
            "memory": apart(memory_of_a_reader, large, rows),
        }
    write_result(result, options.out)


if __name__ == "__main__":
    main()
