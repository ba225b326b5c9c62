"""The search through what an import brought: near-duplicates, equal outputs, outputs that name their model.

It runs after the import, part by part, so that importing stays as fast as it is: at once where the file was
small, else by a worker. What a part found is written with how far the search has come, in one transaction.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import current_app
from celery.exceptions import OperationalError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from annotation.models import (
    Completion,
    Examination,
    ExaminationStatus,
    Import,
    ImportStatus,
    NearDuplicate,
    NearDuplicateKind,
    Project,
    Prompt,
    Revelation,
)
from annotation.models.ids import opaque_id
from annotation.services.bulk import chunks, rows_insert
from annotation.services.likeness import (
    DUPLICATE_COLUMNS,
    Keys,
    Text,
    keys_of,
    outputs_alike,
    prompts_link,
    text_of,
)
from annotation.services.revelations import REVELATION_COLUMNS, Answer, revelation_rows
from annotation.services.transactions import writing

log = logging.getLogger(__name__)
PART = 300  # prompts of one transaction
SILENT = timedelta(minutes=5)  # without a sign of life; a part takes seconds
ATTEMPTS_MOST = 3


class _TakenOverError(Exception):
    """Another worker searches through this import now."""


@dataclass(slots=True)
class _Found:
    """What a part of an import came to before anything was written."""

    texts: list[Text]
    keys: Keys
    equal: list[tuple[Any, ...]]
    revelations: list[tuple[Any, ...]]


def examination_follow(*, import_id: int) -> None:
    """Have a worker search through an import that has finished and brought something."""
    record = Import.objects.get(id=import_id)
    if _wanted(record):
        Examination.objects.get_or_create(record=record)
        transaction.on_commit(lambda: _send(record.id))


def examination_run(*, import_id: int) -> None:
    """Search through a finished import. Doing it twice does no harm: only the first caller finds it waiting."""
    record = Import.objects.select_related("project").get(id=import_id)
    if not _wanted(record):
        return
    Examination.objects.get_or_create(record=record)
    mine = Examination.objects.filter(record=record)
    claimed = mine.filter(status=ExaminationStatus.QUEUED).update(
        status=ExaminationStatus.RUNNING, heartbeat_at=timezone.now(), attempt=F("attempt") + 1
    )
    if not claimed:
        return
    examination = mine.get()
    try:
        _search(record, examination)
    except _TakenOverError:
        log.warning("the search through import %s was taken over by another worker", import_id)
        return
    except Exception:  # the outermost edge: the search is tried again, and the import itself is whole
        log.exception("the search through import %s broke off", import_id)
        return
    mine.filter(status=ExaminationStatus.RUNNING, attempt=examination.attempt).update(
        status=ExaminationStatus.SUCCEEDED, finished_at=timezone.now()
    )


def examinations_requeue_stale() -> int:
    """Send searches again whose worker has fallen silent or whose message was lost; returns how many.

    Imports of an older version, which were never searched, are taken up too. One that broke off three times
    has failed; the import is whole all the same.
    """
    for record in Import.objects.filter(_BROUGHT, examination=None)[:PART]:
        Examination.objects.get_or_create(record=record)
        _send(record.id)
    now = timezone.now()
    stale = Examination.objects.filter(
        heartbeat_at__lt=now - SILENT, status__in=[ExaminationStatus.QUEUED, ExaminationStatus.RUNNING]
    )
    stale.filter(attempt__gte=ATTEMPTS_MOST, status=ExaminationStatus.RUNNING).update(
        status=ExaminationStatus.FAILED, finished_at=now
    )
    sent = 0
    for examination in list(stale):
        # The mark keeps it from being sent again with every round.
        again = stale.filter(id=examination.id).update(status=ExaminationStatus.QUEUED, heartbeat_at=now)
        if again:
            _send(examination.record_id)
            sent += 1
    return sent


_BROUGHT = (
    Q(status__in=[ImportStatus.SUCCEEDED, ImportStatus.FAILED], undone_at=None, project__deleted_at=None)
    & (Q(prompts_created__gt=0) | Q(completions_created__gt=0))
    & (Q(options__dry_run=False) | ~Q(options__has_key="dry_run"))
)


def _wanted(record: Import) -> bool:
    ended = record.status in (ImportStatus.SUCCEEDED, ImportStatus.FAILED)
    brought = record.prompts_created or record.completions_created
    return bool(ended and brought and record.undone_at is None and not record.options.get("dry_run"))


def _send(import_id: int) -> None:
    """Put the message into the broker; where that is down, `examinations_requeue_stale` sends another one later."""
    try:
        current_app.send_task("annotation.tasks.examine_import", args=[import_id], retry=False)
    except OperationalError as error:
        log.warning("the search through import %s waits: the broker cannot be reached (%s)", import_id, error)


def _search(record: Import, examination: Examination) -> None:
    """The prompts that came with the import, then the older ones that it gave more outputs."""
    own = Prompt.objects.filter(project_id=record.project_id, imported_by=record)
    while part := list(own.filter(number__gt=examination.prompts_upto).order_by("number")[:PART]):
        found = _look(record, part, sketch=True)
        examination.prompts_upto = part[-1].number
        _write(record, examination, found)
    added = Completion.objects.filter(imported_by=record).exclude(prompt__imported_by=record)
    while some := list(
        added.filter(id__gt=examination.completions_upto).order_by("id").values_list("id", "prompt_id")[:PART]
    ):
        found = _look(record, list(Prompt.objects.filter(id__in={row[1] for row in some})), sketch=False)
        examination.completions_upto = some[-1][0]
        _write(record, examination, found)


def _look(record: Import, prompts: Sequence[Prompt], *, sketch: bool) -> _Found:
    """What is found in prompts and their outputs, outside any transaction; `sketch` for prompts that are new."""
    project_id = record.project_id
    by_prompt: dict[int, list[Answer]] = defaultdict(list)
    own: set[int] = set()
    rows = Completion.objects.filter(prompt_id__in=[prompt.id for prompt in prompts])
    for completion, prompt, text, source, came in rows.order_by("prompt_id", "position").values_list(
        "id", "prompt_id", "text", "source", "imported_by_id"
    ):
        by_prompt[prompt].append((completion, prompt, text, source))
        if came == record.id:
            own.add(completion)
    equal = [
        (
            opaque_id(),
            project_id,
            NearDuplicateKind.OUTPUTS,
            prompt,
            None,
            answers[one][0],
            answers[other][0],
            value,
        )
        for prompt, answers in by_prompt.items()
        for one, other, value in outputs_alike([answer[2] for answer in answers])
    ]
    answers = [answer for some in by_prompt.values() for answer in some]
    texts = [text_of(prompt) for prompt in prompts] if sketch else []
    revelations = [row for row in revelation_rows(project_id, answers) if row[0] in own]
    return _Found(texts, keys_of(texts), equal, revelations)


def _write(record: Import, examination: Examination, found: _Found) -> None:
    """Store what a part came to, and how far the search has come.

    Raises:
        _TakenOverError: another worker has been given the search.
    """
    with writing():
        # One search at a time links a project's prompts, so that of two near-duplicates the later finds the other.
        Project.objects.select_for_update(no_key=True).get(id=record.project_id)
        near = prompts_link(project_id=record.project_id, texts=found.texts, keys=found.keys)
        equal = _fresh(found.equal)
        revealing = _unknown(found.revelations)
        rows_insert(NearDuplicate, DUPLICATE_COLUMNS, equal)
        rows_insert(Revelation, REVELATION_COLUMNS, revealing)
        mine = Examination.objects.filter(
            id=examination.id, status=ExaminationStatus.RUNNING, attempt=examination.attempt
        )
        told = mine.update(
            heartbeat_at=timezone.now(),
            prompts_upto=examination.prompts_upto,
            completions_upto=examination.completions_upto,
            near_duplicates=F("near_duplicates") + near,
            equal_outputs=F("equal_outputs") + len({row[3] for row in equal}),
            revealing=F("revealing") + len(found.revelations),
        )
        if not told:
            raise _TakenOverError


def _fresh(equal: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Those of the pairs of outputs that are not stored yet."""
    known: set[tuple[int | None, int | None]] = set()
    for firsts in chunks({row[5] for row in equal}):
        known |= set(NearDuplicate.objects.filter(first__in=firsts).values_list("first_id", "second_id"))
    return [row for row in equal if (row[5], row[6]) not in known]


def _unknown(revelations: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Those of the outputs that are not stored yet: a project that masks names stores them with the import."""
    known: set[int] = set()
    for ids in chunks({row[0] for row in revelations}):
        known |= set(Revelation.objects.filter(completion_id__in=ids).values_list("completion_id", flat=True))
    return [row for row in revelations if row[0] not in known]
