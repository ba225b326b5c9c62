"""Labelling while the web process dies: `python -m benchmarks.crash --out FILE.json`.

Fifty annotators label without a pause for a minute, and the web process with all its children is killed twice
(SIGKILL) and started again. The annotators do what the browser's outbox does: send a judgment again under the same
uuid until the server has said that it has it. Reported: judgments a second, how long nobody was answered, and what
was lost, doubled or stored over the overlap. The server runs as `manage.py up` starts it, on SQLite with
`synchronous=FULL`, or on what `DATABASE_URL` names (a database that this benchmark may fill).
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import psutil

from benchmarks.annotators import Connection
from benchmarks.bulk_project import Bulk, bulk_project
from benchmarks.labelling import spread, tokens
from benchmarks.machine import describe_machine, output_argument, write_result
from benchmarks.server import ROOT, free_port, wait_ready

AGAIN_SECONDS = 0.2  # between two tries
PATIENCE_SECONDS = 120.0  # after the end of the work, for what is still on its way


class Mortal:
    """A web process on one port that can be killed and started again."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        """Nothing runs yet."""
        self.environment = {**os.environ, **environment}
        self.log = log
        self.port = free_port()
        self.deaths: list[float] = []  # when it was killed, and when it answered again
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        from config.management.commands.up import web_command

        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                web_command("127.0.0.1", self.port, 1),
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_ready(self.port, self.process, self.log)

    def kill(self) -> None:
        """End it and its children in the middle of whatever they do."""
        if self.process is None:
            return
        try:
            parent = psutil.Process(self.process.pid)
            family = [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            family = []
        for member in family:
            member.kill()
        self.process.wait()
        psutil.wait_procs(family, timeout=10)

    def die_and_return(self) -> None:
        """A crash, and what the supervisor does about it."""
        begin = time.monotonic()
        self.kill()
        self.start()
        self.deaths.append(time.monotonic() - begin)


@contextmanager
def mortal(environment: Mapping[str, str], log: Path) -> Iterator[Mortal]:
    """A running server that may be killed; it has ended when the block is left."""
    server = Mortal(environment, log)
    try:
        server.start()
        yield server
    finally:
        server.kill()


class Persistent:
    """An annotator who sends everything until the server has it; `stored` are the judgments it says it has."""

    def __init__(self, port: int, headers: dict[str, str], project: int, seed: int) -> None:
        """Nothing is sent yet."""
        self.connection = Connection(port, headers)
        self.project = project
        self.chance = random.Random(seed)
        self.stored: list[tuple[str, str]] = []  # (uuid, item)
        self.repeated = 0
        self.surplus = 0
        self.refused: list[tuple[int, Any]] = []
        self.next_seconds: list[float] = []

    def label(self, until: float) -> None:
        """Judge whatever the queue gives until the monotonic clock says `until` or nothing is left."""
        try:
            self._label(until)
        finally:
            self.connection.http.close()

    def _label(self, until: float) -> None:
        while time.monotonic() < until:
            begin = time.monotonic()
            answer = self.ask("GET", f"/projects/{self.project}/queue/?count=2", until=until)
            if answer is None:
                return
            self.next_seconds.append(time.monotonic() - begin)
            status, queue = answer
            if status != 200:
                self.refused.append((status, queue))
                return
            if queue.get("reason") == "all_done":
                return
            if not queue["items"]:
                time.sleep(AGAIN_SECONDS)
            for item in queue["items"]:
                self.judge(item, until)

    def judge(self, item: dict[str, Any], until: float) -> None:
        """Send a judgment until it is stored."""
        name = str(uuid.uuid4())
        body = {
            "lease": item["lease"],
            "answers": {"overall": {"choice": self.chance.choice(item["shown"])}},
            "shown": item["shown"],
            "active_ms": 1000,
        }
        answer = self.ask("PUT", f"/judgments/{name}/", body, until=until + PATIENCE_SECONDS)
        if answer is None or answer[0] not in (200, 201):
            self.refused.append(answer or (0, "no answer"))
            return
        self.stored.append((name, item["item"]))
        self.repeated += answer[0] == 200
        self.surplus += answer[1]["surplus"]

    def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, until: float
    ) -> tuple[int, Any] | None:
        """The answer, however often one has to ask; None when time is over."""
        while True:
            try:
                status, answer = self.connection.ask(method, path, body)
                if status < 500:
                    return status, answer
            except (OSError, HTTPException):
                self.connection.http.close()
            if time.monotonic() > until:
                return None
            time.sleep(AGAIN_SECONDS * self.chance.uniform(0.5, 1.5))


def label_through(
    server: Mortal, bulk: Bulk, headers: Sequence[dict[str, str]], *, seconds: float, kills: int
) -> list[Persistent]:
    """Let everybody label for `seconds`, in which the server dies `kills` times."""
    people = [Persistent(server.port, header, bulk.project, seed) for seed, header in enumerate(headers)]
    begin = time.monotonic()
    with ThreadPoolExecutor(len(people)) as pool:
        working = [pool.submit(person.label, begin + seconds) for person in people]
        done = threading.Event()
        for kill in range(1, kills + 1):
            done.wait(max(0.0, begin + seconds * kill / (kills + 1) - time.monotonic()))
            server.die_and_return()
        for work in working:
            work.result()
    return people


def verdict(project: int, people: Sequence[Persistent]) -> dict[str, int]:
    """What the database has, beside what the server said it had stored."""
    from django.db.models import Count, F

    from annotation.models import Item, Judgment
    from annotation.services.items import items_recount

    said = [entry for person in people for entry in person.stored]
    judgments = Judgment.objects.filter(project_id=project)
    stored = {(str(uuid), str(item)) for uuid, item in judgments.values_list("uuid", "item_id")}
    counted = judgments.filter(status="submitted", surplus=False, superseded=False).order_by()
    by_item = counted.values("item_id").annotate(number=Count("id"))
    first = judgments.exclude(purpose="repeat").order_by()
    twice = first.values("item_id", "annotator_id").annotate(number=Count("id"))
    items = Item.objects.filter(project_id=project)
    before = set(items.values_list("id", "filled", "reserved", "skips"))
    items_recount(item_ids=list(items.filter(filled__gt=0).values_list("id", flat=True)))
    items_recount(item_ids=list(items.filter(reserved__gt=0).values_list("id", flat=True)))
    return {
        "said_to_be_stored": len(said),
        "lost": len(set(said) - stored),
        "unsaid": len(stored - set(said)),
        "doubled": len(said) - len(set(said)) + twice.filter(number__gt=1).count(),
        "over_overlap": by_item.filter(number__gt=F("item__project__overlap") + F("item__extra")).count(),
        "counters_wrong": len(before - set(items.values_list("id", "filled", "reserved", "skips"))),
        "surplus": sum(person.surplus for person in people),
        "refused": sum(len(person.refused) for person in people),
        "answered_again": sum(person.repeated for person in people),
    }


def main(given: Sequence[str] | None = None) -> None:
    """Measure and report."""
    parser = output_argument("Labelling while the web process dies.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--annotators", type=int, default=50)
    parser.add_argument("--prompts", type=int, default=4000)
    options: argparse.Namespace = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="plaudit-bench-") as folder:
        os.environ["PLAUDIT_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from django.db import connection

        bulk = bulk_project(prompts=options.prompts, outputs=2, annotators=options.annotators)
        headers = tokens(bulk.users)
        with mortal({}, Path(folder) / "web.log") as server:
            begin = time.monotonic()
            people = label_through(server, bulk, headers, seconds=options.seconds, kills=options.kills)
            seconds = time.monotonic() - begin
            outcome = verdict(bulk.project, people)
        report = {
            "benchmark": "crash",
            "database": connection.vendor,
            "machine": describe_machine(["django", "granian", "psycopg"]),
            "settings": {name: value for name, value in vars(options).items() if name != "out"},
            "seconds": round(seconds, 1),
            "judgments_per_second": round(outcome["said_to_be_stored"] / seconds, 1),
            "next": spread([each for person in people for each in person.next_seconds]),
            "down_seconds": [round(each, 2) for each in server.deaths],
            "check": outcome,
        }
    write_result(report, options.out)


if __name__ == "__main__":
    main()
