"""What is not the API: health, metrics, and the page that loads the browser's program."""

from __future__ import annotations

import time
from functools import cache

from django.conf import settings
from django.core.cache import cache as store
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

WORKER_ALIVE = "worker-alive"
WORKER_SILENT_SECONDS = 60


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and worker answer; 503 with the ones that do not."""
    from redis import RedisError  # loaded when first asked, for the sake of a quick start

    checks: dict[str, str] = {"database": "ok", "broker": "ok", "worker": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        checks["database"] = str(error)
    try:
        seen = store.get(WORKER_ALIVE)
        if seen is None or time.time() - seen > WORKER_SILENT_SECONDS:
            checks["worker"] = "no worker has reported in the last minute"
    except RedisError as error:
        checks["broker"] = str(error)
        checks["worker"] = "unknown, the broker does not answer"
    healthy = all(answer == "ok" for answer in checks.values())
    return JsonResponse(checks, status=200 if healthy else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus's text form."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@cache
def page() -> bytes | None:
    """The browser's page as built, None before `make setup` has built it."""
    path = settings.FRONTEND_DIST / "index.html"
    return path.read_bytes() if path.is_file() else None


@require_GET
def browser(request: HttpRequest) -> HttpResponse:
    """The browser's program; its router knows the rest of the address."""
    body = page()
    if body is None:
        return HttpResponse("The user interface is not built yet: run `make setup`.", status=503)
    return HttpResponse(body, headers={"Cache-Control": "no-cache"})
