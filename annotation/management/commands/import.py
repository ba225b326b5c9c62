"""`manage.py import PROJECT FILE [--format F] [--map M]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from annotation.errors import DomainError
from annotation.formats import map_clean
from annotation.models import Import, ImportStatus, Project
from annotation.selectors.projects import project_named
from annotation.services import imports
from annotation.services.examining import examination_follow


class Command(BaseCommand):
    """Read a file into a project."""

    help = "Read a file into a project (its id, or its name where that is unique)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to read, and how."""
        parser.add_argument("project")
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", default="auto")
        parser.add_argument("--map", help="a map as JSON, or the name of a recipe")
        parser.add_argument("--annotator", help="who judged, where the file does not say")
        parser.add_argument("--strict", action="store_true", help="import nothing if any row is wrong")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read it and print the report."""
        file = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            project = project_named(options["project"])
            record = self.receive(project, file, options)
        except DomainError as error:
            raise CommandError(error.message) from None
        imports.import_run(import_id=record.id)
        examination_follow(import_id=record.id)
        record.refresh_from_db()
        for entry in record.errors[:20]:
            where = f"row {entry['row']}: " if entry["row"] is not None else ""
            self.stderr.write(f"{where}{entry['message']}")
        if record.errors_total > 20:
            self.stderr.write(f"... and {record.errors_total - 20} more")
        self.stdout.write(
            f"{record.rows_read} rows: {record.prompts_created} prompts, {record.completions_created} completions, "
            f"{record.judgments_created} judgments, {record.duplicates} duplicates, {record.skipped} skipped, "
            f"{record.errors_total} errors"
        )
        if record.status == ImportStatus.FAILED:
            raise CommandError("nothing more was imported")

    def receive(self, project: Project, file: Path, options: dict[str, Any]) -> Import:
        """Put a copy of the file in line: reading ends with the removal of what was read."""
        mapping = options["map"]
        if mapping and mapping.lstrip().startswith("{"):
            try:
                mapping = orjson.loads(mapping)
            except orjson.JSONDecodeError as error:
                raise CommandError(f"The map is not valid JSON: {error}") from None
            map_clean(mapping)
        chosen = {"map": mapping, "strict": options["strict"], "dry_run": options["dry_run"]}
        if options["annotator"]:
            chosen["annotator"] = options["annotator"]
        with file.open("rb") as stream:
            copy, _ = imports.upload_keep(stream)
        return imports.import_create(
            project=project,
            user=None,
            path=copy,
            filename=file.name,
            format_name=options["format"],
            options=chosen,
        )
