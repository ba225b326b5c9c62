"""Agreement: alpha on 200,000 units x 5 raters, and all figures of 100,000 judgments, alone and over HTTP.

The `krippendorff` package is measured beside ours where it is installed; it is no dependency. Over HTTP, the
server runs as `manage.py up` starts it, on SQLite; each repeat of `computed` comes after one more judgment, so that
nothing kept answers it, and `kept` is the same page looked at again. Beside the seconds stands the server's
processor time, which others on the machine change less.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from annotation.agreement.krippendorff import Level, krippendorff_alpha
from annotation.agreement.report import agreement_report
from annotation.agreement.rows import JudgmentRow
from annotation.questions import Question, question_clean
from benchmarks.judged import answer, judgment_add, project_judged
from benchmarks.machine import describe_machine, output_argument, time_repeats, write_result
from benchmarks.server import Server, serving

LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
UNITS, RATERS, CATEGORIES = 200_000, 5, 5
PROMPTS, OVERLAP, ANNOTATORS = 33_334, 3, 50


def ratings_matrix() -> NDArray[np.float64]:
    """Return units x raters: 70 % of the ratings are the unit's own category, the rest are random."""
    generator = np.random.default_rng(3)
    true = generator.integers(0, CATEGORIES, (UNITS, 1))
    random = generator.integers(0, CATEGORIES, (UNITS, RATERS))
    return np.where(generator.random((UNITS, RATERS)) < 0.7, true, random).astype(np.float64)


def measure_alpha(repeats: int) -> list[dict[str, Any]]:
    """Time alpha on each level, and the package's beside it where there is one."""
    matrix = ratings_matrix()
    package = importlib.import_module("krippendorff") if importlib.util.find_spec("krippendorff") else None
    results = []
    for level in LEVELS:
        entry: dict[str, Any] = {
            "level": level,
            "units": UNITS,
            "raters": RATERS,
            "alpha": krippendorff_alpha(matrix, level),
            "ours": time_repeats(partial(krippendorff_alpha, matrix, level), repeats),
            "krippendorff_package": None,
        }
        if package is not None:
            peer = partial(package.alpha, reliability_data=matrix.T, level_of_measurement=level)
            entry["krippendorff_package"] = {"alpha": float(peer()), **time_repeats(peer, repeats)}
        results.append(entry)
    return results


def judgments(kind: str) -> list[JudgmentRow]:
    """Return about 100,000 judgments by 50 annotators, three on each item."""
    random = Random(1)
    completions = ("a", "b") if kind == "comparison" else ("a", "b", "c")
    rows = []
    for prompt in range(PROMPTS):
        lengths = tuple(random.randint(20, 900) for _ in completions)
        for annotator in random.sample(range(ANNOTATORS), OVERLAP):
            shown = random.sample(completions, len(completions))
            answers = {"overall": answer(kind, completions, random)}
            active_ms = random.randint(1000, 60_000)
            name = f"annotator-{annotator:02d}"
            row = JudgmentRow(f"p{prompt}", completions, lengths, name, "human", answers, shown, active_ms)
            rows.append(row)
    return rows


def measure_report(repeats: int) -> list[dict[str, Any]]:
    """Time all figures with their bootstrap intervals, for each of the kinds that are asked most."""
    results = []
    for kind in ("comparison", "ranking", "rating"):
        options = {"strengths": 3} if kind == "comparison" else {}
        questions: list[Question] = [question_clean({"name": "overall", "kind": kind, **options})]
        rows = judgments(kind)
        timing = time_repeats(partial(agreement_report, rows, questions), repeats)
        results.append({"kind": kind, "judgments": len(rows), "annotators": ANNOTATORS, **timing})
    return results


def timed_gets(server: Server, path: str, token: str, project: int | None, repeats: int) -> dict[str, Any]:
    """Seconds and processor seconds of a page; with a project, one judgment is added to it before each."""
    seconds, processor = [], []
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}/api/v1", timeout=120) as client:
        for _ in range(repeats):
            if project is not None:
                judgment_add(project)
            begin, used = time.perf_counter(), server.cpu_seconds()
            response = client.get(path, headers={"Authorization": f"Bearer {token}"})
            seconds.append(round(time.perf_counter() - begin, 4))
            processor.append(round(server.cpu_seconds() - used, 2))
            response.raise_for_status()
    return {
        "median_seconds": statistics.median(seconds),
        "median_processor_seconds": statistics.median(processor),
        "seconds": seconds,
        "processor_seconds": processor,
        "bytes": len(response.content),
        "judgments": response.json()["judgments"],
    }


def over_http(kind: str, repeats: int) -> dict[str, Any]:
    """The agreement and progress pages of a project with 100,000 judgments in a new database."""
    with tempfile.TemporaryDirectory(prefix="plaudit-bench-") as folder:
        os.environ["PLAUDIT_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        project, token = project_judged(kind, prompts=PROMPTS, overlap=OVERLAP, annotators=ANNOTATORS)
        with serving({}, Path(folder) / "web.log") as server:
            page = f"/projects/{project}/agreement/"
            return {
                "kind": kind,
                "first": timed_gets(server, page, token, None, 1),
                "computed": timed_gets(server, page, token, project, repeats),
                "kept": timed_gets(server, page, token, None, repeats),
                "progress": timed_gets(server, f"/projects/{project}/progress/", token, None, repeats),
                "server_memory_mb": round(server.memory_bytes() / 1e6, 1),
            }


def measure_http(repeats: int) -> list[dict[str, Any]]:
    """Each kind in a process of its own."""
    results = []
    for kind in ("comparison", "ranking"):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            results.append(pool.submit(over_http, kind, repeats).result())
    return results


def main() -> None:
    """Run all three and write one document."""
    parser = output_argument(__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    result = {
        "benchmark": "agreement",
        "machine": describe_machine(["numpy", "scipy", "krippendorff"]),
        "alpha": measure_alpha(arguments.repeats),
        "report": measure_report(arguments.repeats),
        "over_http": measure_http(arguments.repeats),
    }
    write_result(result, arguments.out)


if __name__ == "__main__":
    main()
