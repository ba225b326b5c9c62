"""Projects with something to learn, and a real worker with its broker."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

import psutil
import pytest
from django.db import connection
from django.utils import timezone

from annotation.models import Annotator, Completion, Item, Judgment, Project, Prompt
from config.management.commands.up import connects
from config.paths import BASE_DIR
from tests.factories import COMPARISON, make_project, make_user, numbers
from training.artifacts import artifact_save, held_out_write
from training.models import RewardModel, TrainingRun
from training.services.runs import run_claim, run_create
from training.serving.client import disconnect
from training.snapshot import snapshot_create

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import SettingsWrapper

    from training.artifacts import HeldOut

PATIENCE = 60  # seconds that a test waits for a worker
LINEAR = {"kind": "linear", "features": {"encoder": False}}
GOOD = ["clear", "correct", "careful", "helpful", "precise"]
BAD = ["wrong", "vague", "rude", "broken", "lazy"]


def make_comparisons(
    project: Project, count: int, *, kind: str = "human", annotator: str = "ann-1"
) -> list[Judgment]:
    """New prompts with a good and a bad answer each, the good one preferred by one annotator nine times in ten."""
    rng = random.Random(Prompt.objects.filter(project=project).count())
    revision = project.revisions.get()
    judge, _ = Annotator.objects.get_or_create(project=project, name=annotator, kind=kind)
    prompts, completions, items, judgments = [], [], [], []
    for number in islice(numbers, count):
        text = f"question {number} about {rng.choice(GOOD)} things"
        prompt = Prompt(
            project=project,
            number=number,
            external_id=f"p{number}",
            messages=[{"role": "user", "content": text}],
            group=text,
            content_digest=f"{number:064d}",
        )
        pair = [
            Completion(
                prompt=prompt,
                position=position,
                external_id=f"c{position + 1}",
                text=" ".join(rng.choices(words, k=rng.randint(3, 8))),
            )
            for position, words in enumerate(rng.sample([GOOD, BAD], 2))
        ]
        item = Item(project=project, prompt=prompt, first=pair[0], second=pair[1], prompt_number=number)
        better = max(pair, key=lambda completion: completion.text.split()[0] in GOOD)
        worse = pair[1 - pair.index(better)]
        chosen = better if rng.random() < 0.9 else worse
        judgments.append(
            Judgment(
                uuid=uuid4(),
                project=project,
                prompt=prompt,
                item=item,
                annotator=judge,
                annotator_kind=kind,
                revision=revision,
                status="submitted",
                answers={"overall": {"choice": str(chosen.id), "strength": 1}},
                shown=[str(completion.id) for completion in pair],
                submitted_at=timezone.now(),
                digest="",
            )
        )
        prompts.append(prompt)
        completions += pair
        items.append(item)
    Prompt.objects.bulk_create(prompts)
    Completion.objects.bulk_create(completions)
    Item.objects.bulk_create(items)
    return Judgment.objects.bulk_create(judgments)


def make_learnable(count: int = 60, **fields: Any) -> Project:
    """A project with one comparison question and `count` human labels."""
    project = make_project(make_user(), questions=(COMPARISON,), **fields)
    make_comparisons(project, count)
    return project


@pytest.fixture(autouse=True)
def _own_artifacts(settings: SettingsWrapper, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Artifacts of tests lie in the test's own folder."""
    default = {
        **settings.STORAGES["default"],
        "OPTIONS": {"location": str(tmp_path_factory.mktemp("artifacts"))},
    }
    settings.STORAGES = {**settings.STORAGES, "default": default}


def train_now(project: Project, **request: Any) -> TrainingRun:
    """A run from the request to its end, in this process."""
    from training.learn import learn

    run = run_create(project=project, request={"model": LINEAR, **request})
    attempt = run_claim(run_id=run.id, worker="test")
    assert attempt is not None
    learn(run_id=run.id, attempt=attempt)
    run.refresh_from_db()
    return run


def make_model(project: Project, held_out: HeldOut | None = None, *, recipe: str = "a") -> RewardModel:
    """A version of a reward model whose archive holds its held-out rewards alone."""
    selection = {"questions": [], "annotator_kinds": ["human"], "since": None}
    run = TrainingRun.objects.create(
        project=project,
        snapshot=snapshot_create(project=project, selection=selection),
        recipe={
            "model": {"kind": "linear"},
            "data": selection,
            "evaluation": {"scheme": "holdout"},
            "seed": 0,
        },
        recipe_digest=recipe,
        status="succeeded",
    )
    with tempfile.TemporaryDirectory() as folder:
        held_out_write(Path(folder), held_out or {})
        artifact = artifact_save(Path(folder), name="models/test")
    return RewardModel.objects.create(
        project=project,
        run=run,
        version=RewardModel.objects.filter(project=project).count() + 1,
        kind="linear",
        evaluation={},
        artifact=artifact.name,
        sha256=artifact.sha256,
        size_bytes=artifact.size_bytes,
    )


def wait_for(
    condition: Callable[[], object], *, what: str, every: Callable[[], object] | None = None
) -> None:
    """Wait until a condition holds; `every` is called about once a second meanwhile."""
    end, turn = time.monotonic() + PATIENCE, 0
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"waited {PATIENCE} s for: {what}")
        if every is not None and turn % 10 == 0:
            every()
        turn += 1
        time.sleep(0.1)


class Processes:
    """Processes of Plaudit on the test's database and broker."""

    def __init__(self, folder: Path) -> None:
        """Logs go to `folder`."""
        from django.conf import settings

        self.folder = folder
        self.environment = os.environ | {
            "DATABASE_URL": database_url(),
            "PLAUDIT_DATA": str(settings.DATA),
            "REDIS_URL": settings.REDIS_URL,
            "SECRET_KEY": settings.SECRET_KEY,
            "ARTIFACT_STORAGE_OPTIONS": json.dumps(settings.STORAGES["default"]["OPTIONS"]),
            "HEARTBEAT_TIMEOUT": "4",
            "OMP_NUM_THREADS": "1",
        }
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start `python ARGUMENTS` in the checkout."""
        with (self.folder / f"process-{len(self.started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=BASE_DIR,
                env=self.environment | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.started.append(process)
        return process

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """A Celery worker for all queues, with two processes."""
        queues = ("--queues", "default,cpu,gpu", "--concurrency", "2", "--without-gossip", "--without-mingle")
        return self.start("-m", "celery", "--app", "config", "worker", *queues, "-l", "info", **environment)

    def scorer(self) -> subprocess.Popen[bytes]:
        """A scorer that answers."""
        from django.conf import settings

        process = self.start("manage.py", "scorer", SCORER_MODELS="4")
        wait_for(lambda: connects(settings.SCORER_SOCKET), what="the scorer")
        return process

    def end(self) -> None:
        """End what still runs, and its children."""
        disconnect()
        for process in self.started:
            if process.poll() is None:
                family = psutil.Process(process.pid).children(recursive=True)
                process.send_signal(signal.SIGKILL)
                process.wait()
                psutil.wait_procs(family, timeout=5)


def database_url() -> str:
    """The address of the test's database."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{config['NAME']}"
    credentials = f"{quote(config['USER'])}:{quote(config['PASSWORD'])}"
    return (
        f"postgres://{credentials}@{quote(config['HOST'], safe='')}:{config['PORT'] or 5432}/{config['NAME']}"
    )


@pytest.fixture
def processes(transactional_db: None, tmp_path: Path) -> Iterator[Processes]:
    """Starts workers and scorers on the test's database; they are gone before it is emptied."""
    running = Processes(tmp_path)
    yield running
    running.end()
