"""`manage.py recount`: rebuild the counters of items from judgments and leases."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from annotation.models import Project
from annotation.services.items import items_recount


class Command(BaseCommand):
    """Rebuild what the queue counts."""

    help = "Rebuild the counters of items (places filled and reserved, skips) from judgments and leases."

    def add_arguments(self, parser: CommandParser) -> None:
        """One project, or all."""
        parser.add_argument("--project", type=int, help="the project's id; all projects unless given")

    def handle(self, *args: Any, project: int | None = None, **options: Any) -> None:
        """Recount."""
        items_recount(project=Project.objects.get(id=project) if project else None)
        self.stdout.write("Recounted.")
