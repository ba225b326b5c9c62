"""Signs of life."""

import time

from celery import shared_task
from django.core.cache import cache

from config.pages import WORKER_ALIVE


@shared_task(name="config.tasks.worker_alive")
def worker_alive() -> None:
    """Beat asks every fifteen seconds, and a worker that still takes tasks answers."""
    cache.set(WORKER_ALIVE, time.time(), timeout=300)
