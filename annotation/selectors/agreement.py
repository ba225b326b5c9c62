"""The judgments of a project as the agreement figures need them."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, Length

from annotation.agreement.report import agreement_report
from annotation.agreement.rows import JudgmentRow
from annotation.errors import DomainError
from annotation.models import Annotator, AnnotatorKind, Completion, Item, Judgment, JudgmentStatus, Project
from annotation.selectors.projects import revision_current, revision_questions

Unit = tuple[str, tuple[str, ...], tuple[int, ...]]


def judgments_counted(project: Project, *, kinds: Iterable[str]) -> QuerySet[Judgment]:
    """What figures are made of: current, submitted judgments by annotators of `kinds`, without surplus."""
    return Judgment.objects.filter(
        project=project,
        annotator_kind__in=list(kinds),
        status=JudgmentStatus.SUBMITTED,
        superseded=False,
        surplus=False,
    )


def kinds_read(raw: str) -> list[str]:
    """Kinds of annotators from the wire: `human`, `human,simulated` or `all`; 400 for anything else."""
    known = [kind.value for kind in AnnotatorKind]
    kinds = known if raw == "all" else [part.strip() for part in raw.split(",")]
    if not kinds or not set(kinds) <= set(known):
        message = f"annotator_kind must be all or some of {', '.join(known)}."
        raise DomainError(message, fields={"annotator_kind": [message]})
    return kinds


def agreement_read(*, project: Project, kinds: Iterable[str]) -> dict[str, Any]:
    """The agreement figures among annotators of `kinds`, and of each model judge against the human majority.

    Its cost is one pass over the project's counted judgments and the bootstrap: about a second for 100,000.
    """
    questions = revision_questions(revision_current(project))
    kinds = set(kinds)
    needed = kinds | {AnnotatorKind.HUMAN.value, AnnotatorKind.MODEL.value}
    rows: dict[str, list[JudgmentRow]] = defaultdict(list)
    with collector_paused():
        for row in _rows(project, needed):
            rows[row.kind].append(row)
        return agreement_report(
            [row for kind in sorted(kinds) for row in rows[kind]],
            questions,
            judges=rows[AnnotatorKind.MODEL],
            humans=rows[AnnotatorKind.HUMAN],
        )


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for cycles while many rows are built that have none: it takes longer than the building."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _rows(project: Project, kinds: Iterable[str]) -> Iterator[JudgmentRow]:
    judgments = judgments_counted(project, kinds=kinds)
    units = _units(project, judgments)
    annotators = {
        annotator_id: (name, kind)
        for annotator_id, name, kind in Annotator.objects.filter(project=project).values_list(
            "id", "name", "kind"
        )
    }
    found = judgments.order_by("id").values_list(
        "item_id",
        "annotator_id",
        "annotator_kind",
        Cast("answers", TextField()),
        Cast("shown", TextField()),
        "active_ms",
    )
    loads = orjson.loads
    for item_id, annotator_id, kind, answers, shown, active_ms in found.iterator(chunk_size=5000):
        prompt, completions, lengths = units[item_id]
        yield JudgmentRow(
            prompt,
            completions,
            lengths,
            annotators[annotator_id][0],
            kind,
            loads(answers),
            loads(shown),
            active_ms,
        )


def _units(project: Project, judgments: QuerySet[Judgment]) -> dict[int, Unit]:
    """By item: its name, its completions in the order of import, and their lengths.

    The name sorts the items alike wherever the same data lie; completions keep the ids that answers use.
    """
    rows = Completion.objects.filter(prompt__project=project).order_by("prompt_id", "position")
    by_prompt: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for prompt_id, completion_id, length in rows.values_list("prompt_id", "id", Length("text")).iterator():
        by_prompt[prompt_id].append((completion_id, length))
    judged = Item.objects.filter(id__in=judgments.values("item_id"))
    units: dict[int, Unit] = {}
    columns = judged.values_list("id", "prompt_id", "first_id", "second_id", "prompt__external_id")
    for item_id, prompt_id, first, second, external_id in columns.iterator():
        members = by_prompt[prompt_id]
        name = external_id
        if first is not None:
            places = [place for place, (completion, _) in enumerate(members) if completion in (first, second)]
            name = f"{external_id}\n" + ",".join(f"{place:05d}" for place in places)
            members = [members[place] for place in places]
        units[item_id] = (
            name,
            tuple(str(completion) for completion, _ in members),
            tuple(length for _, length in members),
        )
    return units
