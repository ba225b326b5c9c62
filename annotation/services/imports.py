"""A file's way into a project: received, read in batches, reported, undone."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from annotation.errors import ConflictError, DomainError
from annotation.formats import (
    Bad,
    Line,
    Skipped,
    columns_of,
    detect,
    guess_map,
    line_to,
    read,
    samples_of,
    suggested_recipe,
)
from annotation.models import Annotator, Completion, Import, ImportStatus, Item, Judgment, Prompt
from annotation.services.intake import Intake, Tally
from annotation.services.items import items_recount
from annotation.services.transactions import writing

if TYPE_CHECKING:
    from annotation.models import Project, User

log = logging.getLogger(__name__)
BATCH_ROWS = 500
REPORTED_MOST = 1000  # errors and notes kept of one import; the totals count all
PREVIEW_LINES = 5
READ_BYTES = 1 << 20
TABLES = frozenset({"csv", "tsv", "xlsx", "json", "jsonl", "parquet"})


class TooLargeError(DomainError):
    """The upload is larger than this installation takes."""

    status = 413
    code = "too_large"


def upload_keep(stream: IO[bytes] | Any) -> tuple[Path, int]:
    """Write an upload below the data folder and return its path and size in bytes.

    Raises:
        TooLargeError: it is larger than `settings.UPLOAD_LIMIT`; nothing is kept.
    """
    settings.UPLOAD_FOLDER.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=settings.UPLOAD_FOLDER)
    size = 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            while chunk := stream.read(READ_BYTES):
                size += len(chunk)
                if size > settings.UPLOAD_LIMIT:
                    limit = settings.UPLOAD_LIMIT // 1024**2
                    raise TooLargeError(
                        f"The file is larger than {limit} MB. Split it, or raise UPLOAD_LIMIT."
                    )
                file.write(chunk)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name), size


def import_create(
    *,
    project: Project,
    user: User | None,
    path: Path,
    filename: str,
    format_name: str,
    options: dict[str, Any],
) -> Import:
    """Put a received file in line.

    `options` are `map`, `dry_run`, `strict` and what the format or recipe takes (`annotator`, ...).
    """
    return Import.objects.create(
        project=project,
        created_by=user,
        filename=filename[:500],
        format=format_name,
        options=options,
        path=str(path),
        size=path.stat().st_size,
    )


def import_run(*, import_id: int) -> None:
    """Read a waiting file. Doing it twice does no harm: only the first caller finds it waiting."""
    claimed = Import.objects.filter(id=import_id, status=ImportStatus.QUEUED).update(
        status=ImportStatus.RUNNING, started_at=timezone.now()
    )
    if not claimed:
        return
    record = Import.objects.select_related("project").get(id=import_id)
    tally, fields = Tally(), {}
    try:
        if record.options.get("dry_run"):
            fields = _look(record)
        if not record.options.get("dry_run") and record.options.get("strict"):
            _read_strictly(record, tally)
        else:
            _read(record, tally)
        status, failure = ImportStatus.SUCCEEDED, ""
    except DomainError as error:
        status, failure = ImportStatus.FAILED, error.message
    except Exception as error:  # the outermost edge: whatever went wrong is shown, and nothing hangs
        log.exception("import %s failed", import_id)
        status, failure = (
            ImportStatus.FAILED,
            f"The import failed ({type(error).__name__}). The server's log says why.",
        )
    finally:
        Path(record.path).unlink(missing_ok=True)
    if failure:
        tally.errors.append({"row": None, "message": failure})
        tally.errors_total += 1
    Import.objects.filter(id=import_id, status=ImportStatus.RUNNING).update(
        status=status,
        failure=failure,
        progress=1.0,
        path="",
        finished_at=timezone.now(),
        **asdict(tally),
        **fields,
    )


def _rows(record: Import, file: IO[bytes]) -> Iterator[Line | Bad | Skipped]:
    options = {
        name: str(value) for name, value in record.options.items() if name not in ("map", "dry_run", "strict")
    }
    mapping = record.options.get("map")
    if mapping is None and record.options.get("detected_map"):
        mapping = record.options["detected_map"]
    return read(file, format=record.format, filename=record.filename, mapping=mapping, options=options)


def _look(record: Import) -> dict[str, Any]:
    """What a dry run tells about the file before its rows: columns, and a map where one can be guessed."""
    path = Path(record.path)
    with path.open("rb") as file:
        detected = record.format if record.format != "auto" else detect(record.filename, file.read(1 << 16))
    columns: list[str] | None = None
    guessed: dict[str, Any] | None = None
    if detected in TABLES and record.options.get("map") is None:
        columns = list(columns_of(path, format=detected, filename=record.filename))
        guessed = guess_map(columns)
    elif detected in TABLES:
        columns = list(columns_of(path, format=detected, filename=record.filename))
    look = {
        "detected_format": detected,
        "columns": columns,
        "detected_map": guessed,
        "detected_recipe": suggested_recipe(columns or ()),
        "samples": samples_of(path, format=detected, filename=record.filename) if columns else None,
    }
    return {"options": {**record.options, **look}}


def _read_strictly(record: Import, tally: Tally) -> None:
    """All rows or none, in one transaction."""
    with writing():
        _read(record, tally)
        if tally.errors_total:
            transaction.set_rollback(True)
    if tally.errors_total:
        tally.prompts_created = tally.completions_created = tally.judgments_created = 0


def _read(record: Import, tally: Tally) -> None:
    """Read batch by batch; each batch is a transaction, and progress is told after it."""
    dry = bool(record.options.get("dry_run"))
    intake = Intake(record, tally)
    batch: list[Line] = []
    preview: list[dict[str, Any]] = []

    def refuse(row: int, message: str) -> None:
        tally.errors_total += 1
        if len(tally.errors) < REPORTED_MOST:
            tally.errors.append({"row": row, "message": message})

    with Path(record.path).open("rb") as file:
        for row in _rows(record, file):
            tally.rows_read += 1
            if isinstance(row, Bad):
                refuse(row.row, row.message)
                continue
            if isinstance(row, Skipped):
                tally.skipped += 1
                continue
            if dry and len(preview) < PREVIEW_LINES:
                preview.append(line_to(row.native))
            batch.append(row)
            if len(batch) >= BATCH_ROWS:
                _store(intake, batch, refuse, dry=dry)
                batch = []
                position = min(0.99, file.tell() / max(1, record.size)) if not file.closed else 0.99
                Import.objects.filter(id=record.id).update(progress=position, rows_read=tally.rows_read)
        _store(intake, batch, refuse, dry=dry)
    tally.errors.sort(key=lambda entry: entry["row"])
    if dry:
        Import.objects.filter(id=record.id).update(preview=preview)


def _store(intake: Intake, batch: list[Line], refuse: Any, *, dry: bool) -> None:
    if not batch:
        return
    with writing():
        intake.store(batch, refuse)
        if dry:
            transaction.set_rollback(True)
    if dry:
        intake.forget()


def import_undo(*, record: Import) -> None:
    """Take back what an import brought.

    Raises:
        ConflictError: it is still running, was undone, or somebody has judged its items since.
    """
    if record.status not in (ImportStatus.SUCCEEDED, ImportStatus.FAILED) or record.options.get("dry_run"):
        raise ConflictError(
            "This import has not finished, or was a dry run; there is nothing to undo.", code="not_undoable"
        )
    if record.undone_at is not None:
        raise ConflictError("This import was undone before.", code="not_undoable")
    with writing():
        if import_judged(record):
            raise ConflictError(
                "Somebody has judged prompts of this import since. Undoing it would lose that work.",
                code="import_in_use",
            )
        own = Judgment.objects.filter(imported_by=record)
        touched = list(own.exclude(prompt__imported_by=record).values_list("item_id", flat=True).distinct())
        own.update(supersedes=None)
        own.delete()
        Item.objects.filter(first__imported_by=record).delete()
        Item.objects.filter(second__imported_by=record).delete()
        Completion.objects.filter(imported_by=record).delete()
        Prompt.objects.filter(imported_by=record).delete()
        Annotator.objects.filter(project=record.project, user=None, judgments=None).delete()
        items_recount(item_ids=touched)
        Import.objects.filter(id=record.id, undone_at=None).update(undone_at=timezone.now())


def import_judged(record: Import) -> bool:
    """Whether judgments that came another way stand on what this import brought."""
    others = Judgment.objects.exclude(imported_by=record)
    own = Judgment.objects.filter(imported_by=record)
    return (
        others.filter(prompt__imported_by=record).exists()
        or others.filter(item__first__imported_by=record).exists()
        or others.filter(item__second__imported_by=record).exists()
        or others.filter(supersedes__in=own).exists()
    )
