"""The demo's projects, put in like anybody's data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from annotation.demo.projects import DEMO_PROJECTS
from annotation.demo.simulate import demo_lines
from annotation.models import Project
from annotation.services.imports import import_create, import_run
from annotation.services.projects import project_create

if TYPE_CHECKING:
    from datetime import datetime

    from annotation.models import User


def demo_load(*, owner: User, now: datetime) -> Iterator[tuple[Project, bool]]:
    """Make the demo projects that are missing; yields each with whether it was made now.

    The first of them is made last, so that it stands first in the list of projects.
    """
    for definition in reversed(DEMO_PROJECTS):
        project = Project.objects.filter(owner=owner, name=definition["name"], is_demo=True).first()
        if project is not None:
            yield project, False
            continue
        project = project_create(owner=owner, data=definition, is_demo=True)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "demo.jsonl"
            path.write_bytes(
                b"".join(orjson.dumps(line) + b"\n" for line in demo_lines(now, project=definition))
            )
            record = import_create(
                project=project,
                user=owner,
                path=path,
                filename="demo.jsonl",
                format_name="native",
                options={"strict": True},
            )
            import_run(import_id=record.id)
        record.refresh_from_db()
        if record.errors_total or record.failure:
            raise RuntimeError(f"the demo does not import: {record.errors[:3]}")
        yield project, True
