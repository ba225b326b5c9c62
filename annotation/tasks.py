"""What workers do for people: housekeeping, and files too large to read while somebody waits."""

from typing import Any

from celery import shared_task

from annotation.models import Pool
from annotation.services.contests import contests_due, contests_rebuild
from annotation.services.examining import examination_follow, examination_run, examinations_requeue_stale
from annotation.services.housekeeping import projects_purge
from annotation.services.imports import import_run, imports_requeue_stale
from annotation.services.lease_keeping import leases_expire
from annotation.services.pools import pool_fill, prompts_wanted


@shared_task
def housekeep() -> None:
    """End lapsed leases, purge projects deleted long ago, revive imports. Doing it twice does no harm."""
    leases_expire()
    projects_purge()
    imports_requeue_stale()
    examinations_requeue_stale()
    for project_id in contests_due():
        rebuild_contests.delay(project_id)


@shared_task
def rebuild_contests(project_id: int) -> None:
    """Make what the queue prefers in a project anew. Doing it twice does no harm."""
    contests_rebuild(project_id=project_id)


@shared_task
def fill_pool(project_id: int, pool_id: int, criterion: dict[str, Any], remove: bool) -> None:
    """Put many prompts into a pool, or take them out. Doing it twice does no harm."""
    pool = Pool.objects.filter(id=pool_id, project_id=project_id).select_related("project").first()
    if pool is not None:
        prompts = prompts_wanted(project=pool.project, criterion=criterion)
        pool_fill(pool=pool, prompts=prompts, remove=remove)


@shared_task
def import_file(import_id: int) -> None:
    """Read a file that is waiting. Doing it twice does no harm."""
    import_run(import_id=import_id)
    examination_follow(import_id=import_id)


@shared_task
def examine_import(import_id: int) -> None:
    """Search through what an import brought. Doing it twice does no harm."""
    examination_run(import_id=import_id)
