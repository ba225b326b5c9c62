"""The one shape of an error on the wire: `{"error": {"code", "message", "fields"}}`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from annotation.errors import DomainError


def body(code: str, message: str, fields: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """The JSON of an error."""
    return {"error": {"code": code, "message": message, "fields": fields or {}}}


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested error detail as dotted paths to lists of messages."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for key, value in detail.items():
            found |= flatten(value, f"{path}.{key}" if path else str(key))
        return found
    if isinstance(detail, list) and any(isinstance(entry, dict | list) for entry in detail):
        found = {}
        for index, value in enumerate(detail):
            found |= flatten(value, f"{path}[{index}]") if value else {}
        return found
    messages = [str(entry) for entry in detail] if isinstance(detail, list) else [str(detail)]
    return {path or "non_field_errors": messages}


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into a response; None leaves it to Django (a defect: 500)."""
    if isinstance(error, DomainError):
        set_rollback()
        return Response(body(error.code, error.message, error.fields), status=error.status)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if isinstance(error, exceptions.ValidationError):
        fields = flatten(error.detail)
        first = next(iter(fields.items()), ("", ["The request is not valid."]))
        return Response(body("invalid", f"{first[0]}: {first[1][0]}", fields), status=error.status_code)
    return Response(body(error.default_code, str(error.detail)), status=error.status_code, headers=headers)


@csrf_exempt
def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """404 for addresses that no view answers."""
    return JsonResponse(body("not_found", "There is nothing at this address."), status=404)


def csrf_failed(request: HttpRequest, reason: str = "") -> JsonResponse:
    """403 for a form of the admin that does not prove that it came from there."""
    return JsonResponse(
        body("csrf_failed", f"{reason} Load the page again and send it once more."), status=403
    )


def server_error(request: HttpRequest) -> JsonResponse:
    """500: a defect of ours; details are in the server's log."""
    return JsonResponse(body("server_error", "The server failed; its log says why."), status=500)
