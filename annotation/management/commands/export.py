"""`manage.py export PROJECT --format F` writes to standard output."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotation.errors import NotFoundError
from annotation.selectors.exports import EXPORTS, ExportFilters
from annotation.selectors.projects import project_named


class Command(BaseCommand):
    """Write a project as a file."""

    help = "Write a project to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to write."""
        parser.add_argument("project")
        parser.add_argument("--format", choices=list(EXPORTS), default="jsonl")
        parser.add_argument("--pseudonyms", action="store_true", help="do not name annotators")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stream the bytes."""
        try:
            project = project_named(options["project"])
        except NotFoundError as error:
            raise CommandError(error.message) from None
        export = EXPORTS[options["format"]](project, ExportFilters(pseudonyms=options["pseudonyms"]))
        try:
            for piece in export.body:
                sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # who reads has seen enough, as `head` does; nothing is left to be flushed to
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
