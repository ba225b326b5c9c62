"""Keyset pages: `{"results": [...], "next": URL or null}`, `?limit=` up to 1000, `?cursor=` from `next`.

A page starts after the last row of the one before, found by index, so that page 10,000 costs what page 1 costs
and rows that arrive meanwhile move nothing.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotation.errors import DomainError

Row = TypeVar("Row", bound=Model)

LIMIT_DEFAULT = 100
LIMIT_MOST = 1000

PAGE_PARAMETERS = [
    OpenApiParameter(
        "limit", int, description=f"Rows of a page, 1 to {LIMIT_MOST}; {LIMIT_DEFAULT} unless said."
    ),
    OpenApiParameter("cursor", str, description="Where the page starts; take it from `next`."),
]
"""For `extend_schema(parameters=...)`."""


def page_limit(request: Request) -> int:
    """The asked number of rows; 400 for what is not a number from 1 to 1000."""
    raw = request.query_params.get("limit", "")
    if not raw:
        return LIMIT_DEFAULT
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10) or not 1 <= int(raw) <= LIMIT_MOST:
        message = f"limit must be a whole number from 1 to {LIMIT_MOST}."
        raise DomainError(message, fields={"limit": [message]})
    return int(raw)


def keyset_page(
    request: Request,
    rows: QuerySet[Row],
    wire: Callable[[list[Row]], list[dict[str, Any]]],
    *,
    keys: Sequence[str] = ("id",),
) -> dict[str, Any]:
    """One page of `rows`, ordered by `keys`, written by `wire` (which gets the page's rows at once).

    The keys are fields that are never null and unique together; a leading `-` sorts downwards. A malformed
    cursor is 400.

    >>> keyset_page(request, Judgment.objects.filter(project=project), judgments_wire)  # doctest: +SKIP
    {'results': [...], 'next': 'http://localhost:8000/api/v1/projects/7/judgments/?cursor=WzEwMF0'}
    """
    limit = page_limit(request)
    cursor = request.query_params.get("cursor", "")
    if cursor:
        rows = rows.filter(_after(rows.model, keys, cursor))
    found = list(rows.order_by(*keys)[: limit + 1])
    page = found[:limit]
    following = None
    if len(found) > limit:
        query = request.query_params.copy()
        query["cursor"] = _encode(page[-1], keys)
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return {"results": wire(page), "next": following}


def keyset_stages(
    request: Request,
    stages: Sequence[tuple[str, QuerySet[Row], Sequence[str]]],
    wire: Callable[[list[Row]], list[dict[str, Any]]],
) -> dict[str, Any]:
    """One page of several lists that follow each other, each `(name, rows, keys)` as `keyset_page` takes them.

    The address in `next` names the list in `stage` and the place in it in `cursor`.
    """
    limit, stage = page_limit(request), request.query_params.get("stage", "")
    names = [name for name, _, _ in stages]
    if stage and stage not in names:
        message = "This stage is not one that `next` gave."
        raise DomainError(message, fields={"stage": [message]})
    start = names.index(stage) if stage else 0
    cursor = request.query_params.get("cursor", "")
    page: list[Row] = []
    following: dict[str, str] | None = None
    for name, rows, keys in stages[start:]:
        if cursor:
            rows = rows.filter(_after(rows.model, keys, cursor))  # noqa: PLW2901  # a narrower list
        cursor, room = "", limit - len(page)
        found = list(rows.order_by(*keys)[: room + 1])
        if len(found) > room:
            last = _encode(found[room - 1], keys) if room else ""
            page, following = page + found[:room], {"stage": name, "cursor": last}
            break
        page += found
    address = None
    if following is not None:
        query = request.query_params.copy()
        query["stage"], query["cursor"] = following["stage"], following["cursor"]
        address = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    return {"results": wire(page), "next": address}


class Listing:
    """The page that a request asks for, where each row is written alone; `key` need not be unique."""

    def __init__(self, request: Request, *, key: str = "id", descending: bool = False) -> None:
        """Sort by `key` and then by id."""
        sign = "-" if descending else ""
        self.request = request
        self.keys = [f"{sign}{key}"] if key == "id" else [f"{sign}{key}", f"{sign}id"]

    def response(self, rows: QuerySet[Row], wire: Callable[[Row], dict[str, Any]]) -> Response:
        """The page as a response."""
        return Response(
            keyset_page(self.request, rows, lambda page: [wire(row) for row in page], keys=self.keys)
        )


@cache
def listed(shape: type[serializers.BaseSerializer[Any]]) -> serializers.Serializer[Any]:
    """The schema of a list of `shape`, for `extend_schema(responses=...)`."""
    name = shape.__name__.removesuffix("Serializer")
    return inline_serializer(
        f"{name}Page", {"results": shape(many=True), "next": serializers.URLField(allow_null=True)}
    )


def _encode(row: Model, keys: Sequence[str]) -> str:
    values = [getattr(row, key.lstrip("-")) for key in keys]
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def _after(model: type[Model], keys: Sequence[str], cursor: str) -> Q:
    """The condition "comes after the row of the cursor" for lexicographic order by `keys`."""
    try:
        raw = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        by_name = {
            name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)
        }
        fields = [by_name[key.lstrip("-")] for key in keys]
        values = [field.to_python(value) for field, value in zip(fields, raw, strict=True)]
        if None in values:
            raise ValueError("a key is never null")
        for field, value in zip(fields, values, strict=True):
            field.run_validators(value)
    except (binascii.Error, ValueError, TypeError, ValidationError):
        message = "This cursor is not one that `next` gave."
        raise DomainError(message, fields={"cursor": [message]}) from None
    condition, equal = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        name, descending = key.lstrip("-"), key.startswith("-")
        condition |= equal & Q(**{f"{name}__{'lt' if descending else 'gt'}": value})
        equal &= Q(**{name: value})
    return condition
