"""The Celery application: queues `default`, `cpu` and `gpu`, and what beat starts."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("plaudit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
