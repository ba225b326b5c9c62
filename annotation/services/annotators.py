"""How much an annotator may do, whether they are handed anything, and whom they belong with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from annotation.errors import NotFoundError
from annotation.models import Annotator, AnnotatorKind, Project
from annotation.selectors.access import opaque
from annotation.services.pools import groups_named
from annotation.services.standing import PAUSED_BY_HAND, annotator_pause, annotator_resume
from annotation.services.transactions import writing

QUOTAS = ("quota_total", "quota_daily")


def annotator_get(*, project: Project, annotator_id: object) -> Annotator:
    """An annotator of the project.

    Raises:
        NotFoundError: it has none of this id.
    """
    people = Annotator.objects.filter(project=project).exclude(kind=AnnotatorKind.ADJUDICATED)
    annotator = people.filter(id=opaque(annotator_id)).first()
    if annotator is None:
        raise NotFoundError("This project has no annotator with this id.")
    return annotator


def annotator_update(*, annotator: Annotator, data: Mapping[str, Any]) -> Annotator:
    """Change quotas (None is the project's), groups by name, and whether the annotator is paused.

    Raises:
        ConflictError: who failed the qualification cannot try again, since no gold items are left.
    """
    quotas = {name: data[name] for name in QUOTAS if name in data}
    with writing():
        if quotas:
            Annotator.objects.filter(id=annotator.id).update(**quotas)
        if "groups" in data:
            annotator.groups.set(groups_named(annotator.project, data["groups"]))
        if data.get("paused") is True:
            annotator_pause(annotator.id, because=PAUSED_BY_HAND)
        elif data.get("paused") is False:
            annotator_resume(annotator.id)
    annotator.refresh_from_db()
    return annotator


def project_pause(*, project: Project) -> Project:
    """Hand out nothing more; everything that is sent is still taken. Twice changes nothing."""
    Project.objects.filter(id=project.id, paused_at=None).update(paused_at=timezone.now())
    project.refresh_from_db(fields=["paused_at"])
    return project


def project_resume(*, project: Project) -> Project:
    """Hand out again."""
    Project.objects.filter(id=project.id).update(paused_at=None)
    project.refresh_from_db(fields=["paused_at"])
    return project
