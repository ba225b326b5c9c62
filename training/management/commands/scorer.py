"""`manage.py scorer`: the process that holds the served models."""

from __future__ import annotations

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from training.serving.scorer import serve


class Command(BaseCommand):
    """Serves rewards to the web process."""

    help = "Serve rewards to the web process, on a unix socket unless --port says otherwise."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1", help="With --port: the address to listen on.")
        parser.add_argument("--port", type=int, help="Listen on TCP, for web processes on other machines.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until SIGTERM."""
        if options["port"] is None:
            asyncio.run(serve(path=settings.SCORER_SOCKET))
        else:
            asyncio.run(serve(host=options["host"], port=options["port"]))
