"""Which judgments figures are made of, and when what was made of them is out of date."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import orjson
from django.db.models import Count, Max, Q, QuerySet

from annotation.errors import DomainError
from annotation.models import Annotator, AnnotatorKind, Completion, Judgment, JudgmentStatus, Project
from annotation.selectors.projects import revision_current

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
