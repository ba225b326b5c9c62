"""The judgments of a project as the agreement figures need them."""

from __future__ import annotations

import gc
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
from django.core.cache import caches
from django.db.models import Count, Field, Max, Q, QuerySet, TextField
from django.db.models.functions import Cast, Length

from annotation.errors import DomainError
from annotation.models import (
    Annotator,
    AnnotatorKind,
    Completion,
    Item,
    Judgment,
    JudgmentStatus,
    Project,
    Prompt,
)
from annotation.selectors.projects import revision_current, revision_questions

if TYPE_CHECKING:
    from annotation.agreement.rows import JudgmentRow

ROWS = 5000  # that the database hands over at a time
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

    They are kept until something they are made of changes, so that looking again costs a count of the rows.
    """
    figures = caches["figures"]
    key = figures_key(project, kinds)
    found: dict[str, Any] | None = figures.get(key)
    if found is None:
        found = agreement_figures(project=project, kinds=kinds)
        figures.set(key, found)
    return found


def figures_key(project: Project, kinds: Iterable[str]) -> str:
    """A name for the figures that changes with any judgment, revision, annotator or completion they read.

    Judgments are only added, superseded, made surplus, or removed with the import that brought them.
    """
    flagged = {name: Count("id", filter=Q(**{name: True})) for name in ("superseded", "surplus")}
    judgments = Judgment.objects.filter(project=project).aggregate(last=Max("id"), n=Count("id"), **flagged)
    annotators = Annotator.objects.filter(project=project).order_by("id").values_list("id", "name", "kind")
    parts = [
        sorted(kinds),
        revision_current(project).id,
        judgments,
        list(annotators),
        Completion.objects.filter(prompt__project=project).count(),
    ]
    return f"agreement-{project.id}-{hashlib.sha256(orjson.dumps(parts)).hexdigest()}"


def agreement_figures(*, project: Project, kinds: Iterable[str]) -> dict[str, Any]:
    """What `agreement_read` keeps, computed anew: one pass over the counted judgments, and the bootstrap."""
    # Loading the mathematics takes longer than the web process otherwise needs to start.
    from annotation.agreement.report import agreement_report

    questions = revision_questions(revision_current(project))
    wanted = set(kinds)
    needed = sorted(wanted | {AnnotatorKind.HUMAN.value, AnnotatorKind.MODEL.value})
    with collector_paused():
        units = _units(project, needed)
        rows = {kind: list(_rows(project, kind, units)) for kind in needed}
        return agreement_report(
            [row for kind in sorted(wanted) for row in rows[kind]],
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


def _rows(project: Project, kind: str, units: Mapping[int, Unit]) -> Iterator[JudgmentRow]:
    """The counted judgments of one kind in the order of arrival, which its index has."""
    from annotation.agreement.rows import JudgmentRow

    names = dict(Annotator.objects.filter(project=project).values_list("id", "name"))
    found = (
        judgments_counted(project, kinds=[kind])
        .order_by("id")
        .values_list(
            "item_id", "annotator_id", Cast("answers", TextField()), Cast("shown", TextField()), "active_ms"
        )
    )
    loads = orjson.loads
    for item_id, annotator_id, answers, shown, active_ms in found.iterator(chunk_size=ROWS):
        yield JudgmentRow(*units[item_id], names[annotator_id], kind, loads(answers), loads(shown), active_ms)


def _units(project: Project, kinds: Iterable[str]) -> dict[int, Unit]:
    """By item: its name, its completions in the order of import, and their lengths.

    The name sorts the items alike wherever the same data lie; completions keep the ids that answers use.
    """
    texts = Completion.objects.filter(prompt__project=project).order_by()
    by_prompt: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    # As a plain `Field`, the length comes as the database gives it, without a call for each.
    columns = texts.values_list("prompt_id", "position", "id", Length("text", output_field=Field()))
    for prompt_id, position, completion_id, length in columns.iterator(chunk_size=ROWS):
        by_prompt[prompt_id].append((position, completion_id, length))
    for members in by_prompt.values():
        members.sort()
    external = dict(Prompt.objects.filter(project=project).values_list("id", "external_id"))
    judged = Item.objects.filter(id__in=judgments_counted(project, kinds=kinds).values("item_id"))
    items = judged.values_list("id", "prompt_id", "first_id", "second_id")
    units: dict[int, Unit] = {}
    for item_id, prompt_id, first, second in items.iterator(chunk_size=ROWS):
        name, members = external[prompt_id], by_prompt[prompt_id]
        if first is not None:
            places = [place for place, member in enumerate(members) if member[1] in (first, second)]
            name += "\n" + ",".join([f"{place:05d}" for place in places])
            members = [members[place] for place in places]
        units[item_id] = (
            name,
            tuple([str(member[1]) for member in members]),
            tuple([member[2] for member in members]),
        )
    return units
