"""How the parts are put together: settings, addresses, Celery, errors on the wire, the supervisor."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
