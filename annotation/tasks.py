"""What workers do for people: housekeeping, and files too large to read while somebody waits."""

from celery import shared_task

from annotation.services.housekeeping import projects_purge
from annotation.services.imports import import_run, imports_requeue_stale
from annotation.services.leases import leases_expire


@shared_task
def housekeep() -> None:
    """End lapsed leases, purge projects deleted long ago, revive imports. Doing it twice does no harm."""
    leases_expire()
    projects_purge()
    imports_requeue_stale()


@shared_task
def import_file(import_id: int) -> None:
    """Read a file that is waiting. Doing it twice does no harm."""
    import_run(import_id=import_id)
