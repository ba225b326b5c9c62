"""`manage.py train_run RUN ATTEMPT`: the process of one claimed training run. Workers start it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from training.child import child_prepare


class Command(BaseCommand):
    """Runs one attempt that a worker has claimed."""

    help = "Run one attempt of a training run that a worker has claimed; workers call this."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The run and the number of the attempt."""
        parser.add_argument("run", type=int)
        parser.add_argument("attempt", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Learn, unless the worker is gone already."""
        if not child_prepare():
            return
        from training.learn import learn

        learn(run_id=options["run"], attempt=options["attempt"])
