"""One reader's way through a file, batch by batch.

What a batch brought and what is told about it are written in one transaction, so that a reader that takes over
from one that died goes on after the last batch. A dry run, and the first pass of a strict import, write nothing
and hold no transaction open: what the file would have brought is noted in a temporary file, without its texts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from copy import copy
from dataclasses import fields
from pathlib import Path
from typing import IO, Any

from django.db import IntegrityError
from django.utils import timezone

from annotation.errors import ConflictError
from annotation.formats import (
    Bad,
    FormatError,
    Line,
    Row,
    Skipped,
    columns_of,
    detect,
    guess_map,
    line_to,
    read,
    samples_of,
    suggested_recipe,
)
from annotation.models import Import, ImportStatus, Project
from annotation.services.import_undo import import_remove
from annotation.services.intake import Intake
from annotation.services.tally import Tally
from annotation.services.transactions import writing

BATCH_ROWS = 1000
BATCH_CHARACTERS = 8_000_000
PREVIEW_LINES = 5
HEARTBEAT_SECONDS = 1.0
RETRIES = 3  # of a batch that another writer crossed
OWN_OPTIONS = frozenset({"map", "dry_run", "strict"})
TABLES = frozenset({"csv", "tsv", "xlsx", "json", "jsonl", "parquet"})


class TakenOverError(Exception):
    """Another reader has been given the file, since this one was silent for long."""


class _ChangedError(Exception):
    """A strict import met a row that its check had found good."""


class Reading:
    """Reads a file that is its own: `tally` is what is stored, `look` and `preview` what a dry run tells."""

    def __init__(self, record: Import) -> None:
        self.record = record
        self.dry = bool(record.options.get("dry_run"))
        self.strict = bool(record.options.get("strict"))
        self.tally = Tally(**{entry.name: getattr(record, entry.name) for entry in fields(Tally)})
        self.look: dict[str, Any] = {}
        self.preview: list[dict[str, Any]] | None = None
        self._told = 0.0

    def run(self) -> None:
        """Read it all.

        Raises:
            TakenOverError: another reader has it now.
            DomainError: the file cannot be used.
        """
        if self.dry:
            self.look = self._look()
            self.preview = []
            self.tally = self._check(share=1.0)
        elif self.strict and not self.tally.rows_read:
            checked = self._check(share=0.5)
            if checked.errors_total:
                checked.prompts_created = checked.completions_created = checked.judgments_created = 0
                self.tally = checked
                return
        if not self.dry:
            self._store()

    def _check(self, *, share: float) -> Tally:
        """What reading would come to; nothing is written."""
        tally = Tally()
        with closing(Intake(self.record, check=True)) as intake:
            for batch, progress in self._batches():
                self._take(intake, batch, tally)
                if time.monotonic() - self._told >= HEARTBEAT_SECONDS:
                    self._tell(progress=progress * share)
        return tally

    def _store(self) -> None:
        """Write batch by batch."""
        intake = Intake(self.record)
        try:
            for batch, progress in self._batches(after=self.tally.rows_read):
                share = 0.5 + progress / 2 if self.strict else progress
                self.tally = self._store_batch(intake, batch, share)
        except _ChangedError:
            raise self._give_up() from None

    def _store_batch(self, intake: Intake, batch: list[Row], progress: float) -> Tally:
        for attempt in range(RETRIES):
            tally = copy(self.tally)
            tally.errors, tally.notes = list(tally.errors), list(tally.notes)
            try:
                with writing():
                    # One import at a time numbers a project's prompts; annotators are not held up.
                    Project.objects.select_for_update(no_key=True).get(id=self.record.project_id)
                    self._take(intake, batch, tally)
                    if self.strict and tally.errors_total:
                        raise _ChangedError
                    self._tell(progress=progress, **vars(tally))
            except IntegrityError:  # somebody judged an item, or joined the project, at this very moment
                if attempt == RETRIES - 1:
                    raise
            else:
                return tally
        raise AssertionError("the last attempt returns or raises")

    def _give_up(self) -> ConflictError:
        """Take back what a strict import had written when a row went wrong that its check had found good."""
        import_remove(record=self.record)
        self.tally = Tally(rows_read=self.tally.rows_read)
        return ConflictError(
            "The project was changed while this file was read. Nothing is imported; send it again."
        )

    def _take(self, intake: Intake, batch: list[Row], tally: Tally) -> None:
        lines: list[Line] = []
        for row in batch:
            tally.rows_read += 1
            if isinstance(row, Bad):
                tally.refuse(row.row, row.message)
            elif isinstance(row, Skipped):
                tally.skipped += 1
            else:
                lines.append(row)
                if self.preview is not None and len(self.preview) < PREVIEW_LINES:
                    self.preview.append(line_to(row.native))
        if lines:
            intake.store(lines, tally)
            tally.errors.sort(key=lambda entry: entry["row"])

    def _tell(self, **values: Any) -> None:
        """Give a sign of life, and write what is known.

        Raises:
            TakenOverError: the file is another reader's now.
        """
        self._told = time.monotonic()
        mine = Import.objects.filter(
            id=self.record.id, status=ImportStatus.RUNNING, attempt=self.record.attempt
        )
        if not mine.update(heartbeat_at=timezone.now(), **values):
            raise TakenOverError

    def _batches(self, *, after: int = 0) -> Iterator[tuple[list[Row], float]]:
        """The rows after the first `after`, in parts that fit into memory, each with the share read so far."""
        batch: list[Row] = []
        characters = 0
        with Path(self.record.path).open("rb") as file:
            for count, row in enumerate(self._rows(file), 1):
                if count <= after:
                    continue
                batch.append(row)
                characters += _weight(row)
                if len(batch) >= BATCH_ROWS or characters >= BATCH_CHARACTERS:
                    yield batch, min(0.99, file.tell() / max(1, self.record.size))
                    batch, characters = [], 0
            if batch:
                yield batch, 0.99

    def _rows(self, file: IO[bytes]) -> Iterator[Row]:
        options = {name: str(value) for name, value in self.record.options.items() if name not in OWN_OPTIONS}
        return read(
            file,
            format=self.record.format,
            filename=self.record.filename,
            mapping=self.record.options.get("map"),
            options=options,
        )

    def _detected(self, name: str, head: bytes) -> str:
        """The file's format; `auto` for an archive that only its recipe can open."""
        try:
            return detect(name, head)
        except FormatError:
            if isinstance(self.record.options.get("map"), str):
                return "auto"
            raise

    def _look(self) -> dict[str, Any]:
        """What a dry run tells about the file before its rows: columns, and a map where one can be guessed."""
        path, name = Path(self.record.path), self.record.filename
        with path.open("rb") as file:
            detected = self.record.format
            if detected == "auto":
                detected = self._detected(name, file.read(1 << 16))
        columns: list[str] | None = None
        if detected in TABLES:
            columns = list(columns_of(path, format=detected, filename=name))
        guess = columns is not None and self.record.options.get("map") is None
        return {
            "detected_format": None if detected == "auto" else detected,
            "columns": columns,
            "detected_map": guess_map(columns or ()) if guess else None,
            "detected_recipe": suggested_recipe(columns or ()),
            "samples": samples_of(path, format=detected, filename=name) if columns else None,
        }


def _weight(row: Row) -> int:
    """About how many characters a row holds in memory."""
    if not isinstance(row, Line):
        return 0
    native = row.native
    texts = sum(len(message.content) for message in native.messages)
    return (
        texts + sum(len(completion.text) for completion in native.completions) + 500 * len(native.judgments)
    )
