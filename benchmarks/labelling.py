"""Annotators labelling at full speed over HTTP: `python -m benchmarks.labelling --out FILE.json`.

Ten thousand prompts with three outputs to rank, eight annotators who ask for the next item and submit, without
a pause. The server runs as `manage.py up` starts it, on SQLite with `synchronous=FULL`, or on what
`DATABASE_URL` names (a database that this benchmark may fill). Three scenes, each on a project of its own:
programs with tokens; browsers with a session's cookie and CSRF; and programs while the trainer, started as
`manage.py up` starts it, fits one ensemble after another on the same cores and database. Reported: judgments a
second, the times of the requests, the server's processor time a judgment, and what was lost, doubled or stored
over the overlap.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil

from benchmarks.annotators import Tally, bearer, browser, label
from benchmarks.judged import project_judged
from benchmarks.machine import describe_machine, output_argument, write_result
from benchmarks.server import Server, serving

OUTPUT = "The river rises in the hills and reaches the sea after three hundred kilometres. " * 5

BEFORE_THE_FIT = ("waiting", "starting", "reading", "embedded", "comparing")


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = output_argument("Annotators labelling at full speed over HTTP.")
    parser.add_argument("--seconds", type=float, default=20, help="how long they label with tokens")
    parser.add_argument("--browser-seconds", type=float, default=10)
    parser.add_argument("--training-seconds", type=float, default=20)
    parser.add_argument("--trained-judgments", type=int, default=9000, help="that the ensembles learn from")
    parser.add_argument("--annotators", type=int, default=8)
    parser.add_argument("--prompts", type=int, default=10_000)
    parser.add_argument("--overlap", type=int, default=3)
    parser.add_argument("--processes", type=int, default=1, help="processes of the web server")
    return parser.parse_args(given)


def fill(prompts: int, annotators: int, overlap: int) -> tuple[int, list[Any]]:
    """Make project, prompts and accounts; the project's id and the annotators."""
    from annotation.models import Completion, Member, Project, Prompt, Role, User
    from annotation.services.items import items_rebuild
    from annotation.services.projects import project_create

    users = User.objects.bulk_create(User(username=f"bench-{time.time_ns()}-{n}") for n in range(annotators))
    questions = [{"name": "order", "kind": "ranking", "title": "Rank the answers", "ties": True}]
    name = f"benchmark {time.time_ns()}"
    data = {"name": name, "template": "custom", "questions": questions, "overlap": overlap}
    project: Project = project_create(owner=users[0], data=data)
    rows = [
        Prompt(
            project=project,
            number=number,
            external_id=f"p{number}",
            messages=[{"role": "user", "content": f"Tell me about river number {number}."}],
            group=f"p{number}",
            content_digest=f"{number:064d}",
        )
        for number in range(1, prompts + 1)
    ]
    Prompt.objects.bulk_create(rows, batch_size=500)
    Completion.objects.bulk_create(
        (
            Completion(
                prompt=row, position=position, external_id=f"c{position}", text=f"{position}: {OUTPUT}"
            )
            for row in rows
            for position in range(3)
        ),
        batch_size=500,
    )
    items_rebuild(project=project)
    Member.objects.bulk_create(Member(project=project, user=user, role=Role.ANNOTATOR) for user in users[1:])
    return project.id, users


def tokens(users: Sequence[Any]) -> list[dict[str, str]]:
    """The headers of programs, a token for each user."""
    from annotation.services.accounts import token_create

    return [bearer(token_create(user=user, name="benchmark")[1]) for user in users]


def sessions(users: Sequence[Any]) -> list[dict[str, str]]:
    """The headers of browsers, a session for each user."""
    from django.test import Client

    headers = []
    for user in users:
        client = Client()
        client.force_login(user)
        headers.append(browser(client.cookies["sessionid"].value))
    return headers


@contextmanager
def training(judgments: int) -> Iterator[dict[str, Any]]:
    """Let the trainer fit ensembles one after another while the block runs; how much it did, once it is left.

    Raises:
        RuntimeError: no run got as far as its fit.
    """
    from annotation.models import Project
    from config.management.commands.up import parts
    from training.models import RunStatus
    from training.services.runs import run_create

    children = {child.name: child for child in parts("127.0.0.1", 0, 1)}
    project = Project.objects.get(
        id=project_judged("comparison", prompts=judgments // 3, overlap=3, annotators=20)[0]
    )
    done: dict[str, Any] = {}
    started = []
    try:
        for name in ("broker", "trainer"):
            if name in children:
                started.append(children[name])
                children[name].start()
                children[name].wait_ready(20)
        first = run_create(project=project, request={"model": {"kind": "ensemble"}})
        for seed in range(1, 50):
            run_create(
                project=project,
                request={"model": {"kind": "ensemble"}, "seed": seed},
                snapshot=first.snapshot,
            )
        end = time.monotonic() + 120
        while first.step.startswith(BEFORE_THE_FIT):
            if time.monotonic() > end or first.status not in (RunStatus.QUEUED, RunStatus.RUNNING):
                raise RuntimeError(f"no fit began: {first.status} {first.step} {first.log[-2000:]}")
            time.sleep(0.2)
            first.refresh_from_db()
        used = _trainer_seconds(children["trainer"])
        begin = time.monotonic()
        done["step_before"] = first.step
        yield done
        done["seconds"] = round(time.monotonic() - begin, 1)
        done["trainer_processor_seconds_at_least"] = round(_trainer_seconds(children["trainer"]) - used, 1)
        done["judgments"] = judgments // 3 * 3
        current = project.training_runs.filter(status=RunStatus.RUNNING).first()
        done["step_after"] = current.step if current else None
        runs = project.training_runs.values_list("status", flat=True)
        done["runs"] = {str(status): list(runs).count(status) for status in set(runs)}
    finally:
        for child in reversed(started):
            child.stop()


def _trainer_seconds(child: Any) -> float:
    """Processor time of the trainer, its run in hand, and the runs that have ended."""
    parent = psutil.Process(child.process.pid)
    times = [process.cpu_times() for process in (parent, *parent.children(recursive=True))]
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


def check(project: int, tallies: Sequence[Tally]) -> dict[str, int]:
    """What the database has, beside what the server said it had stored."""
    from django.db.models import Count, F

    from annotation.models import Item, Judgment

    stored = {
        str(uuid) for uuid in Judgment.objects.filter(project_id=project).values_list("uuid", flat=True)
    }
    acknowledged = [uuid for tally in tallies for uuid in tally.stored]
    places = Judgment.objects.filter(project_id=project, status="submitted", surplus=False, superseded=False)
    by_item = places.order_by().values("item_id").annotate(number=Count("id"))
    first = Judgment.objects.filter(project_id=project).exclude(purpose="repeat")
    twice = first.order_by().values("item_id", "annotator_id")
    filled = dict(Item.objects.filter(project_id=project, filled__gt=0).values_list("id", "filled"))
    return {
        "lost": len(set(acknowledged) - stored),
        "unacknowledged": len(stored - set(acknowledged)),
        "doubled": twice.annotate(number=Count("id")).filter(number__gt=1).count(),
        "over_overlap": by_item.filter(number__gt=F("item__project__overlap")).count(),
        "counters_wrong": sum(filled.get(row["item_id"]) != row["number"] for row in by_item),
        "surplus": sum(tally.surplus for tally in tallies),
    }


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum, in milliseconds."""
    ordered = sorted(seconds)
    return {
        "p50_ms": round(1000 * statistics.median(ordered), 2),
        "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 2),
        "max_ms": round(1000 * ordered[-1], 2),
    }


def measure(server: Server, project: int, headers: Sequence[dict[str, str]], length: float) -> dict[str, Any]:
    """Let the annotators label for `length` seconds, and count."""
    load = os.getloadavg()
    context = get_context("spawn")
    with ProcessPoolExecutor(len(headers), mp_context=context) as pool:
        warm = time.time() + 2
        work = [(server.port, header, project, warm, seed) for seed, header in enumerate(headers)]
        warming = list(pool.map(label, *zip(*work, strict=True)))
        cpu, begin = server.cpu_seconds(), time.time()
        until = begin + length
        work = [(server.port, header, project, until, seed) for seed, header in enumerate(headers)]
        tallies = list(pool.map(label, *zip(*work, strict=True)))
        seconds, cpu = time.time() - begin, server.cpu_seconds() - cpu
    judgments = sum(len(tally.stored) for tally in tallies)
    return {
        "judgments": judgments,
        "judgments_per_second": round(judgments / seconds, 1),
        "next": spread([second for tally in tallies for second in tally.next_seconds]),
        "submit": spread([second for tally in tallies for second in tally.put_seconds]),
        "server_cpu_ms_per_judgment": round(1000 * cpu / judgments, 2),
        "server_memory_mb": round(server.memory_bytes() / 1e6, 1),
        "refused": sum(sum(tally.refused.values()) for tally in tallies),
        "check": check(project, [*warming, *tallies]),
        "load_average_before": [round(each, 2) for each in load],
        "load_average_after": [round(each, 2) for each in os.getloadavg()],
    }


def main(given: Sequence[str] | None = None) -> None:
    """Measure and report."""
    options = arguments(given)
    with tempfile.TemporaryDirectory(prefix="plaudit-bench-") as folder:
        os.environ["PLAUDIT_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        size = (options.prompts, options.annotators, options.overlap)
        with serving({}, Path(folder) / "web.log", processes=options.processes) as server:
            project, users = fill(*size)
            figures = measure(server, project, tokens(users), options.seconds)
            project, users = fill(*size)
            in_browsers = measure(server, project, sessions(users), options.browser_seconds)
            project, users = fill(*size)
            with training(options.trained_judgments) as trained:
                beside_training = measure(server, project, tokens(users), options.training_seconds)
        from django.db import connection

        report = {
            "benchmark": "labelling",
            "database": connection.vendor,
            "machine": describe_machine(["django", "granian", "djangorestframework", "torch"]),
            "settings": {name: value for name, value in vars(options).items() if name != "out"},
            **figures,
            "in_browsers": in_browsers,
            "while_an_ensemble_trains": {**beside_training, "training": trained},
        }
    write_result(report, options.out)


if __name__ == "__main__":
    main()
