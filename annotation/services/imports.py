"""A file's way into a project: received, read in batches, reported."""

from __future__ import annotations

import errno
import logging
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from celery import current_app
from celery.exceptions import OperationalError
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from annotation.errors import DomainError
from annotation.models import Import, ImportStatus
from annotation.services.import_reading import Reading, TakenOverError

if TYPE_CHECKING:
    from annotation.models import Project, User

log = logging.getLogger(__name__)
READ_BYTES = 1 << 20
SILENT = timedelta(minutes=5)  # without a sign of life; the longest a reader takes over one batch is seconds
ATTEMPTS_MOST = 3


class TooLargeError(DomainError):
    """The upload is larger than this installation takes."""

    status = 413
    code = "too_large"


class DiskFullError(DomainError):
    """There is no room for the upload."""

    status = 507
    code = "disk_full"


def upload_keep(stream: IO[bytes] | Any) -> tuple[Path, int]:
    """Write an upload below the data folder and return its path and size in bytes.

    Raises:
        TooLargeError: it is larger than `settings.UPLOAD_LIMIT`; nothing is kept.
        DiskFullError: the disk is full; nothing is kept.
        DomainError: it is empty.
    """
    settings.UPLOAD_FOLDER.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=settings.UPLOAD_FOLDER)
    size = 0
    try:
        with os.fdopen(descriptor, "wb") as file:
            while chunk := stream.read(READ_BYTES):
                size += len(chunk)
                upload_check(size)
                file.write(chunk)
        if not size:
            raise DomainError("The file is empty.", code="no_file")
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError("The server's disk is full. Make room below its data folder.") from error
        raise
    return Path(name), size


def upload_check(size: int) -> None:
    """Refuse an upload of more bytes than this installation takes.

    Raises:
        TooLargeError: it is larger than `settings.UPLOAD_LIMIT`.
    """
    if size > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // 1024**2
        raise TooLargeError(f"The file is larger than {limit} MB. Split it, or raise UPLOAD_LIMIT.")


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
        filename="".join(character for character in filename if character.isprintable())[:500],
        format=format_name,
        options=options,
        path=str(path),
        size=path.stat().st_size,
    )


def import_dispatch(*, import_id: int) -> None:
    """Have a worker read a waiting file, once the transaction has committed."""
    transaction.on_commit(lambda: _send(import_id))


def _send(import_id: int) -> None:
    """Put the message into the broker; where that is down, `imports_requeue_stale` sends another one later."""
    try:
        current_app.send_task("annotation.tasks.import_file", args=[import_id], retry=False)
    except OperationalError as error:
        log.warning("import %s waits: the broker cannot be reached (%s)", import_id, error)


def import_run(*, import_id: int) -> None:
    """Read a waiting file. Doing it twice does no harm: only the first caller finds it waiting."""
    record = _claimed(import_id)
    if record is None:
        return
    reading = Reading(record)
    try:
        reading.run()
        status, failure = ImportStatus.SUCCEEDED, ""
    except TakenOverError:
        log.warning("import %s was taken over by another reader", import_id)
        return
    except DomainError as error:
        status, failure = ImportStatus.FAILED, error.message
    except FileNotFoundError:
        status, failure = (
            ImportStatus.FAILED,
            "The upload is not on the machine of this worker. Workers need the data folder of the web process.",
        )
    except Exception as error:  # the outermost edge: whatever went wrong is shown, and nothing hangs
        log.exception("import %s failed", import_id)
        status, failure = (
            ImportStatus.FAILED,
            (
                f"The import failed ({type(error).__name__}); the server's log says why. "
                f"{reading.tally.rows_read} rows were read before; sending the file again adds only the others."
            ),
        )
    _finish(record, reading, status, failure)


def _claimed(import_id: int) -> Import | None:
    now = timezone.now()
    claimed = Import.objects.filter(id=import_id, status=ImportStatus.QUEUED).update(
        status=ImportStatus.RUNNING,
        started_at=Coalesce(F("started_at"), now),
        heartbeat_at=now,
        attempt=F("attempt") + 1,
    )
    return Import.objects.select_related("project").get(id=import_id) if claimed else None


def _finish(record: Import, reading: Reading, status: str, failure: str) -> None:
    """Write the report; what one batch had broken off is not in it, since its rows are not there either."""
    tally = reading.tally
    if failure:
        tally.refuse(None, failure)
    ended = Import.objects.filter(id=record.id, status=ImportStatus.RUNNING, attempt=record.attempt).update(
        status=status,
        failure=failure,
        progress=1.0,
        path="",
        finished_at=timezone.now(),
        preview=reading.preview,
        options={**record.options, **reading.look},
        **vars(tally),
    )
    if ended:
        Path(record.path).unlink(missing_ok=True)


def imports_requeue_stale() -> int:
    """Put imports whose reader has fallen silent back in line; those that did so three times have failed.

    Waiting ones whose message got lost are sent again. A reader that was only slow notices that it has been
    replaced, and stops. Returns how many were put in line.
    """
    limit = timezone.now() - SILENT
    stale = Import.objects.filter(heartbeat_at__lt=limit, status=ImportStatus.RUNNING)
    for record in stale.filter(attempt__gte=ATTEMPTS_MOST):
        message = (
            f"The import broke off {record.attempt} times after row {record.rows_read}; its worker may have run "
            "out of memory. What was read is imported; split the file and send the rest again."
        )
        failed = stale.filter(id=record.id).update(
            status=ImportStatus.FAILED,
            failure=message,
            errors=[*record.errors, {"row": None, "message": message}],
            errors_total=F("errors_total") + 1,
            path="",
            finished_at=timezone.now(),
        )
        if failed:
            Path(record.path).unlink(missing_ok=True)
    stale.update(status=ImportStatus.QUEUED)
    waiting = Import.objects.filter(status=ImportStatus.QUEUED).filter(
        Q(heartbeat_at__lt=limit) | Q(heartbeat_at=None, created_at__lt=limit)
    )
    sent = 0
    for import_id in waiting.values_list("id", flat=True):
        # The mark keeps it from being sent again with every round.
        sent += waiting.filter(id=import_id).update(heartbeat_at=timezone.now())
        _send(import_id)
    return sent
