"""What beat starts."""

from celery import shared_task

from annotation.services.housekeeping import projects_purge
from annotation.services.leases import leases_expire


@shared_task
def housekeep() -> None:
    """End lapsed leases and purge projects that were deleted long ago. Doing it twice does no harm."""
    leases_expire()
    projects_purge()
