"""The queue at a million prompts: `python -m benchmarks.queue --out FILE.json`.

Fifty annotators label a comparison project over HTTP, each a judgment in three seconds (people take ten), under every
allocation policy: at the start, and when most items are full and everybody has thousands of judgments behind
them, on an own pool, and with the six pairs of four outputs. The server runs as `manage.py up` starts it, on what
`DATABASE_URL` names (a database that this benchmark may fill; SQLite otherwise). Reported for each scene: the
times of next and submit, and, for one scene without any pause, how much the machine bears. Annotators, server and
database share the machine's cores, so the clients' own processor time is reported too.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.annotators import Connection, Tally
from benchmarks.bulk_project import Bulk, bulk_judge, bulk_project
from benchmarks.labelling import check, spread, tokens
from benchmarks.machine import describe_machine, output_argument, write_result
from benchmarks.server import Server, serving

POLICIES = ("fewest-first", "uncertain-first", "disagreement-first")
PROCESSES = 5  # of the clients; each has its share of the annotators as threads
WARM_SECONDS = 4.0
LATE = "CASE WHEN prompt_number % 500 = 0 THEN 0 WHEN prompt_number % 10 < 2 THEN 1 WHEN prompt_number % 10 = 2 THEN 2 ELSE {full} END"


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = output_argument("The queue at a million prompts under every policy.")
    parser.add_argument("--prompts", type=int, default=1_000_000)
    parser.add_argument("--paired-prompts", type=int, default=20_000, help="with four outputs, six pairs")
    parser.add_argument("--annotators", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=12, help="of each scene")
    parser.add_argument("--pause", type=float, default=3.0, help="mean seconds between two judgments")
    return parser.parse_args(given)


def annotate(
    port: int,
    headers: Sequence[dict[str, str]],
    project: int,
    start: float,
    until: float,
    pause: float,
    seed: int,
) -> tuple[list[Tally], float]:
    """Let the annotators of one process work; what each did, and the processor time it took."""
    used = time.process_time()
    with ThreadPoolExecutor(len(headers)) as pool:
        work = [
            pool.submit(_label, port, header, project, start, until, pause, seed + place)
            for place, header in enumerate(headers)
        ]
        tallies = [each.result() for each in work]
    return tallies, time.process_time() - used


def _label(
    port: int, headers: dict[str, str], project: int, start: float, until: float, pause: float, seed: int
) -> Tally:
    """Choose one of the outputs of whatever the queue gives; requests before `start` are not timed."""
    chance, tally, connection = random.Random(seed), Tally(), Connection(port, headers)
    time.sleep(chance.random() * min(pause, 1.0))
    while time.time() < until:
        timed = time.time() >= start
        begin = time.perf_counter()
        status, queue = connection.ask("GET", f"/projects/{project}/queue/?count=1")
        if timed:
            tally.next_seconds.append(time.perf_counter() - begin)
        if status != 200:
            tally.refused[status] = tally.refused.get(status, 0) + 1
            continue
        if not queue["items"]:
            tally.refused[0] = tally.refused.get(0, 0) + 1
            time.sleep(0.1)
            continue
        item = queue["items"][0]
        time.sleep(pause * chance.uniform(0.5, 1.5))
        body = {
            "lease": item["lease"],
            "answers": {"overall": {"choice": chance.choice(item["shown"])}},
            "shown": item["shown"],
            "active_ms": 1000,
        }
        name = str(uuid.uuid4())
        begin = time.perf_counter()
        status, answer = connection.ask("PUT", f"/judgments/{name}/", body)
        if timed:
            tally.put_seconds.append(time.perf_counter() - begin)
        if status in (200, 201):
            tally.stored.append(name)
            tally.surplus += answer["surplus"]
        else:
            tally.refused[status] = tally.refused.get(status, 0) + 1
    return tally


def scene(
    server: Server,
    bulk: Bulk,
    headers: Sequence[dict[str, str]],
    *,
    policy: str,
    seconds: float,
    pause: float,
) -> dict[str, Any]:
    """Label under a policy, and count."""
    from annotation.models import Project
    from annotation.services.contests import settings_key

    project = Project.objects.get(id=bulk.project)
    project.allocation = policy
    project.prepared_for = settings_key(project)
    project.save(update_fields=["allocation", "prepared_for"])
    parts = [headers[place::PROCESSES] for place in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(time.sleep, [0.5] * PROCESSES))  # until all of them have started
        start = time.time() + WARM_SECONDS
        work = [
            pool.submit(
                annotate, server.port, part, bulk.project, start, start + seconds, pause, 1000 * place
            )
            for place, part in enumerate(parts)
            if part
        ]
        time.sleep(max(0.0, start - time.time()))
        used = server.cpu_seconds()
        done = [each.result() for each in work]
        used = server.cpu_seconds() - used
    tallies = [tally for found, _ in done for tally in found]
    judgments = sum(len(tally.put_seconds) for tally in tallies)
    checked = check(bulk.project, tallies)
    return {
        "judgments_per_second": round(judgments / seconds, 1),
        "next": spread([second for tally in tallies for second in tally.next_seconds]),
        "submit": spread([second for tally in tallies for second in tally.put_seconds]),
        "server_cpu_ms_per_judgment": round(1000 * used / max(judgments, 1), 2),
        "clients_cpu_share": round(sum(spent for _, spent in done) / (seconds + WARM_SECONDS), 2),
        "empty_or_refused": sum(sum(tally.refused.values()) for tally in tallies),
        "lost": checked["lost"],
        "doubled": checked["doubled"],
        "over_overlap": checked["over_overlap"],
    }


def pool_all(bulk: Bulk, *, pools: int, share: int) -> None:
    """Make pools, each for an equal part of the annotators and of every `share`-th prompt."""
    from django.db import connection

    from annotation.models import Item, Pool, Prompt

    made = [Pool.objects.create(project_id=bulk.project, name=f"pool {number}") for number in range(pools)]
    for number, pool in enumerate(made):
        pool.annotators.set(bulk.annotators[number::pools])
    for model, column in ((Prompt, "number"), (Item, "prompt_number")):
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {model._meta.db_table} SET pool_id = {made[0].id} + ({column} / {share}) % {pools} "
                f"WHERE project_id = {bulk.project} AND {column} % {share} = 0"
            )


def timed(work: Callable[[], Any], seconds: dict[str, float], name: str) -> Any:
    """Do something, and note how long it took."""
    begin = time.perf_counter()
    result = work()
    seconds[name] = round(time.perf_counter() - begin, 1)
    return result


def measure(server: Server, options: argparse.Namespace) -> dict[str, Any]:
    """All scenes."""
    loading: dict[str, float] = {}
    people, pace = options.annotators, {"seconds": options.seconds, "pause": options.pause}
    single = timed(
        lambda: bulk_project(prompts=options.prompts, outputs=2, annotators=people), loading, "prompts"
    )
    headers = tokens(single.users)
    scenes: dict[str, Any] = {
        "at_the_start": {name: scene(server, single, headers, policy=name, **pace) for name in POLICIES},
        "without_a_pause": scene(
            server, single, headers, policy=POLICIES[0], seconds=options.seconds, pause=0.0
        ),
    }
    judged = timed(lambda: bulk_judge(single, filled=LATE.format(full=3)), loading, "judgments")
    scenes["late"] = {name: scene(server, single, headers, policy=name, **pace) for name in POLICIES}
    timed(lambda: pool_all(single, pools=5, share=20), loading, "pools")
    scenes["with_pools"] = {name: scene(server, single, headers, policy=name, **pace) for name in POLICIES}
    several = timed(
        lambda: bulk_project(prompts=options.paired_prompts, outputs=4, annotators=people), loading, "pairs"
    )
    headers = tokens(several.users)
    scenes["six_pairs_a_prompt"] = {
        name: scene(server, several, headers, policy=name, **pace) for name in POLICIES
    }
    return {"loading_seconds": loading, "judgments_before_late": judged, "scenes": scenes}


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
        from django.db import connection

        with serving({}, Path(folder) / "web.log") as server:
            figures = measure(server, options)
        report = {
            "benchmark": "queue",
            "database": connection.vendor,
            "machine": describe_machine(["django", "granian", "psycopg"]),
            "settings": {name: value for name, value in vars(options).items() if name != "out"},
            **figures,
        }
    write_result(report, options.out)


if __name__ == "__main__":
    main()
