"""The demo as native lines: its prompts, their outputs, and the judgments of the simulated annotators.

>>> from datetime import UTC, datetime
>>> line = next(demo_lines(datetime(2026, 1, 31, tzinfo=UTC)))
>>> line["id"], line["completions"][0]["id"]
('generation-en-01', 'c1')
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations, zip_longest
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid5

from annotation.demo.annotators import ANNOTATORS, SimulatedAnnotator, criterion_quality
from annotation.demo.checks import checks_add
from annotation.demo.choosing import lines_choose
from annotation.demo.marking import lines_marked
from annotation.demo.projects import DEMO_PROJECT, DEMO_PROJECTS, SELECTIONS

__all__ = [
    "ANNOTATORS",
    "DEMO_PROJECT",
    "DEMO_PROJECTS",
    "SimulatedAnnotator",
    "demo_lines",
    "demo_prompts",
    "demo_quality",
    "reading_length",
    "simulate",
]

DATA = Path(__file__).parent
NAMESPACE = UUID("5f0c3a52-6f5e-5c52-9d0d-2f1a6f0a9b11")
DAYS = 6
SEED = 20
OVERLAP = {1: 6, 2: 12, 3: 25, 4: 57}
"""Weights of how many annotators judge an item that is not left free."""
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

Prompt = Mapping[str, Any]
Quality = Mapping[str, Mapping[str, float]]


def demo_prompts(tasks: Sequence[str] = ("generation", "dialogue", "translation")) -> list[dict[str, Any]]:
    """Read the demo's prompts as native lines without judgments; the tasks take turns."""
    texts = [(DATA / f"{task}.jsonl").read_text(encoding="utf-8") for task in tasks]
    files = [[json.loads(line) for line in text.split("\n") if line] for text in texts]
    return [prompt for turn in zip_longest(*files) for prompt in turn if prompt is not None]


def demo_quality() -> dict[str, dict[str, float]]:
    """Read the hidden quality, 0 to 1, of each completion of each prompt. It is never imported."""
    quality: dict[str, dict[str, float]] = json.loads((DATA / "quality.json").read_text(encoding="utf-8"))
    return quality


def reading_length(text: str) -> float:
    """Measure a text by the effort of reading it: a Chinese character counts as three letters."""
    return len(text) + 2.0 * len(CJK.findall(text))


@dataclass(frozen=True)
class _Task:
    """One annotator's work on one item, not yet placed in time."""

    prompt: Prompt
    item: tuple[str, ...]
    annotator: SimulatedAnnotator
    key: str


def simulate(
    prompts: Iterable[Prompt],
    quality: Quality,
    *,
    questions: Sequence[Mapping[str, Any]],
    seed: int,
    now: datetime,
    annotators: Sequence[SimulatedAnnotator] = ANNOTATORS,
    free: float = 0.3,
    name: str = "",
    repeats: int = 0,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (prompt id, native judgment), in the order of `submitted_at`.

    A share `free` of the items is left to people; every other item is judged by one to four annotators. The
    judgments lie in the `DAYS` days before the day of `now`. `repeats` items of each annotator's are asked of
    them once more at the end, in the other order. The same arguments give the same judgments, and
    ids depend on `seed` and `name` only, so that two projects with the same prompts have different ids.
    """
    pairs = any(question["kind"] == "comparison" for question in questions)
    work: dict[str, list[_Task]] = defaultdict(list)
    for prompt in prompts:
        completions = [completion["id"] for completion in prompt["completions"]]
        for item in combinations(completions, 2) if pairs else [tuple(completions)]:
            item_key = f"{seed}/{name}/{prompt['id']}/{'+'.join(item)}"
            for annotator in _assigned(annotators, free=free, rng=Random(item_key)):
                work[annotator.name].append(_Task(prompt, item, annotator, f"{item_key}/{annotator.name}"))
    judgments = [
        judgment
        for annotator in annotators
        for judgment in _worked(work[annotator.name], quality, questions=questions, now=now, repeats=repeats)
    ]
    yield from sorted(judgments, key=lambda entry: (entry[1]["submitted_at"], entry[1]["id"]))


def _assigned(
    annotators: Sequence[SimulatedAnnotator], *, free: float, rng: Random
) -> list[SimulatedAnnotator]:
    """Draw who judges an item: nobody for a free one, else 1 to 4, weighted by `share`, without repetition."""
    if rng.random() < free:
        return []
    (count,) = rng.choices(list(OVERLAP), weights=list(OVERLAP.values()))
    drawn = sorted(annotators, key=lambda annotator: rng.expovariate(annotator.share))[:count]
    return [annotator for annotator in annotators if annotator in drawn]


def _worked(
    tasks: Sequence[_Task],
    quality: Quality,
    *,
    questions: Sequence[Mapping[str, Any]],
    now: datetime,
    repeats: int,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Do one annotator's tasks one after the other, an equal part on each day, then some of them again."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    per_day = -(-len(tasks) // DAYS)
    clock = midnight
    orders: list[list[str]] = []
    for index, task in enumerate(tasks):
        rng = Random(task.key)
        if index % per_day == 0:
            day = midnight - timedelta(days=DAYS - index // per_day)
            clock = day + timedelta(hours=Random(f"{task.key}/begins").uniform(7, 16))
        shown = list(task.item)
        rng.shuffle(shown)
        orders.append(shown)
        judgment, clock = _judged(task, shown, quality, questions, rng, clock)
        yield task.prompt["id"], judgment
    step = max(1, len(tasks) // (repeats + 1))
    for task, shown in list(zip(tasks, orders, strict=True))[::step][:repeats]:
        again = replace(task, key=f"{task.key}/again")
        judgment, clock = _judged(again, shown[::-1], quality, questions, Random(again.key), clock)
        yield task.prompt["id"], {**judgment, "purpose": "repeat"}


def _judged(
    task: _Task,
    shown: list[str],
    quality: Quality,
    questions: Sequence[Mapping[str, Any]],
    rng: Random,
    clock: datetime,
) -> tuple[dict[str, Any], datetime]:
    """One judgment, begun shortly after `clock`, and when it was sent."""
    lengths = {
        completion["id"]: reading_length(completion["text"])
        for completion in task.prompt["completions"]
        if completion["id"] in task.item
    }
    active_ms = task.annotator.active_ms(lengths, rng)
    started_at = clock + timedelta(seconds=rng.uniform(0.4, 2.5))
    submitted_at = started_at + timedelta(milliseconds=active_ms)
    judgment = {
        "id": str(uuid5(NAMESPACE, task.key)),
        "annotator": task.annotator.name,
        "annotator_kind": "simulated",
        "status": "submitted",
        "answers": _answers(task, shown, quality[task.prompt["id"]], lengths, questions, rng),
        "shown": shown,
        "started_at": started_at.isoformat(timespec="milliseconds"),
        "submitted_at": submitted_at.isoformat(timespec="milliseconds"),
        "active_ms": active_ms,
    }
    return judgment, submitted_at


def _answers(
    task: _Task,
    shown: Sequence[str],
    quality: Mapping[str, float],
    lengths: Mapping[str, float],
    questions: Sequence[Mapping[str, Any]],
    rng: Random,
) -> dict[str, Any]:
    several = len(questions) > 1
    return {
        question["name"]: task.annotator.answer(
            question,
            shown,
            criterion_quality(quality, key=f"{task.prompt['id']}/{question['name']}") if several else quality,
            lengths,
            rng,
        )
        for question in questions
    }


def demo_lines(
    now: datetime, *, seed: int = SEED, project: Mapping[str, Any] = DEMO_PROJECT
) -> Iterator[dict[str, Any]]:
    """Yield one demo project's native lines: prompts with completions and simulated judgments.

    `project` is one of `DEMO_PROJECTS`; `now` has a time zone, and all judgments lie before its day.
    """
    selection = SELECTIONS[project["name"]]
    prompts = demo_prompts(selection.tasks)[: selection.prompts]
    if selection.marked:
        yield from lines_marked(prompts, now)
        return
    lines = {prompt["id"]: {**prompt, "judgments": []} for prompt in prompts}
    quality = demo_quality()
    for prompt_id, judgment in simulate(
        prompts,
        quality,
        questions=project["questions"],
        seed=seed,
        now=now,
        annotators=[each for each in ANNOTATORS if not selection.only or each.name in selection.only],
        free=selection.free,
        name=project["name"],
        repeats=selection.repeats,
    ):
        lines[prompt_id]["judgments"].append(judgment)
    if selection.checked:
        checks_add(lines, quality)
    if selection.chosen:
        lines_choose(lines, quality, project)
    yield from lines.values()
