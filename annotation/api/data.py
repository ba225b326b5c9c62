"""Data in and out."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import IO, Any

import orjson
from django.http import Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_data as shapes
from annotation.api.pagination import Listing, listed
from annotation.api.renderers import OrjsonRenderer
from annotation.errors import DomainError
from annotation.formats import FORMATS, RECIPES, map_clean
from annotation.models import AnnotatorKind, Import, ImportStatus, Role
from annotation.selectors.access import opaque, project_get
from annotation.selectors.exports import EXPORTS, ExportFilters
from annotation.selectors.imports import import_wire
from annotation.services import imports
from annotation.services.import_undo import import_undo

INLINE_BYTES = 1 << 20  # files up to this size are read while the caller waits; larger ones by a worker
LONGEST_WAIT = 300.0
LONGEST_TEXT = 200  # characters of a parameter
POLL_SECONDS = 0.1
MULTIPART_BYTES = 1 << 16  # what a form adds to its file
ANSWERED = (ImportStatus.SUCCEEDED, ImportStatus.FAILED)
TEXT_PARAMETERS = ("annotator", "delimiter", "quoting", "sheet", "synthetic")


class RawParser(BaseParser):
    """Leaves a body of any type unread, to be streamed."""

    media_type = "*/*"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The stream itself."""
        return {"file": stream}


def flag(request: Request, name: str) -> bool:
    """A yes-or-no query parameter."""
    return request.query_params.get(name, "").lower() in {"1", "true", "yes"}


def map_of(request: Request) -> dict[str, Any] | str | None:
    """`?map=`: JSON, or the name of a recipe.

    Raises:
        DomainError: it is neither, or the map has a mistake.
    """
    raw = request.query_params.get("map", "").strip()
    if not raw:
        return None
    if not raw.startswith("{"):
        if raw not in RECIPES:
            known = ", ".join(RECIPES)
            raise DomainError(
                f"There is no recipe “{raw[:60]}”. There are: {known}.", fields={"map": ["Unknown recipe."]}
            )
        return raw
    try:
        mapping = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise DomainError(f"The map is not valid JSON: {error}", fields={"map": [str(error)]}) from None
    map_clean(mapping)
    return dict(mapping)


def options_of(request: Request) -> dict[str, Any]:
    """How a file is to be read, from the query."""
    options: dict[str, Any] = {
        "map": map_of(request),
        "dry_run": flag(request, "dry_run"),
        "strict": flag(request, "strict"),
    }
    for name in TEXT_PARAMETERS:
        value = request.query_params.get(name)
        if value and (len(value) > LONGEST_TEXT or "\0" in value):
            raise DomainError(f"{name} is too long, or no text.", fields={name: ["Not a usable text."]})
        if value:
            options[name] = value
    return options


def format_of(request: Request) -> str:
    """`?format=`, `auto` unless said.

    Raises:
        DomainError: no such format is read.
    """
    name = request.query_params.get("format", "auto")
    if name != "auto" and name not in FORMATS:
        raise DomainError(
            f"The format “{name[:40]}” is not one of: auto, {', '.join(FORMATS)}.",
            fields={"format": ["Unknown format."]},
        )
    return name


def wait_of(request: Request) -> float:
    """`?wait=`, the seconds until an unfinished import is answered with 202."""
    try:
        return min(LONGEST_WAIT, max(0.0, float(request.query_params.get("wait", "0"))))
    except ValueError:
        raise DomainError("wait must be a number of seconds.", fields={"wait": ["Not a number."]}) from None


class ImportListView(APIView):
    """Files that came in."""

    parser_classes = [MultiPartParser, RawParser]

    @extend_schema(responses=listed(shapes.ImportSerializer))
    def get(self, request: Request, project_id: str) -> Response:
        """Newest first."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        rows = Import.objects.filter(project=project).select_related("created_by", "examination")
        return Listing(request, key="created_at", descending=True).response(
            rows, lambda record: import_wire(record, detail=False)
        )

    @extend_schema(
        parameters=[
            OpenApiParameter("format", str, enum=["auto", *FORMATS], default="auto"),
            OpenApiParameter("map", str, description="A map as JSON, or the name of a recipe."),
            OpenApiParameter("wait", float, description="Seconds to wait for the end; then 202."),
            OpenApiParameter("filename", str),
            OpenApiParameter("dry_run", bool, description="Report and preview, write nothing."),
            OpenApiParameter("strict", bool, description="Import nothing if any row is wrong."),
            OpenApiParameter("annotator", str, description="Who judged, where the file does not say."),
        ],
        request={"application/octet-stream": bytes},
        responses={201: shapes.ImportSerializer, 202: shapes.ImportSerializer},
    )
    def post(self, request: Request, project_id: str) -> Response:
        """Take a file, as the body or as multipart `file`."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        format_name, options, wait = format_of(request), options_of(request), wait_of(request)
        imports.upload_check(int(request.headers.get("Content-Length") or 0) - MULTIPART_BYTES)
        file = request.data.get("file")
        if file is None or isinstance(file, str):
            raise DomainError("Send the file as the body, or as multipart field `file`.", code="no_file")
        name = request.query_params.get("filename") or getattr(file, "name", None) or "upload"
        path, size = imports.upload_keep(file)
        record = imports.import_create(
            project=project,
            user=request.user,  # type: ignore[arg-type]  # the permission lets nobody else in
            path=path,
            filename=str(name),
            format_name=format_name,
            options=options,
        )
        if size <= INLINE_BYTES:
            # numpy is loaded with the first import: a web process that labels alone does without.
            from annotation.services.examining import examination_run

            imports.import_run(import_id=record.id)
            examination_run(import_id=record.id)
        else:
            imports.import_dispatch(import_id=record.id)
        record = finished(record, wait)
        return Response(import_wire(record), status=201 if record.status in ANSWERED else 202)


def finished(record: Import, seconds: float) -> Import:
    """The import once it has ended, or as it stands after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        record = Import.objects.select_related("created_by", "examination").get(id=record.id)
        if record.status in ANSWERED or time.monotonic() >= end:
            return record
        time.sleep(POLL_SECONDS)


def import_get(request: Request, import_id: str, role: Role) -> Import:
    """An import of a project in which the caller holds `role`; 404 otherwise."""
    record = (
        Import.objects.select_related("created_by", "project", "examination")
        .filter(id=opaque(import_id))
        .first()
    )
    if record is None:
        raise Http404
    project_get(user=request.user, project_id=record.project_id, role=role)
    return record


class ImportView(APIView):
    """One file that came in."""

    @extend_schema(responses=shapes.ImportSerializer)
    def get(self, request: Request, import_id: str) -> Response:
        """Its report so far."""
        return Response(import_wire(import_get(request, import_id, Role.REVIEWER)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, import_id: str) -> Response:
        """Undo it, where nobody has judged its items since."""
        import_undo(record=import_get(request, import_id, Role.ADMIN))
        return Response(status=204)


class RecipeListView(APIView):
    """Maps that are shipped."""

    @extend_schema(responses=listed(shapes.RecipeSerializer))
    def get(self, request: Request) -> Response:
        """All of them, with the questions their judgments answer."""
        rows = [
            {
                "name": recipe.name,
                "title": recipe.title,
                "description": recipe.description,
                "needs_filename": recipe.needs_filename,
                "options": [{"name": option.name, "title": option.title} for option in recipe.options],
                "questions": list(recipe.questions),
            }
            for recipe in RECIPES.values()
        ]
        return Response({"results": rows, "next": None})


class AnyRenderer(BaseRenderer):
    """Lets a view answer with a type of its own, whatever the client says it accepts."""

    media_type = "*/*"
    format = "any"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        """Errors are JSON all the same."""
        return b"" if data is None else orjson.dumps(data, default=str)


def time_of(raw: str) -> datetime | None:
    """A point in time; without an offset it is UTC, and a `+` that the address turned into a space is meant.

    Raises:
        DomainError: it is none.
    """
    try:
        moment = datetime.fromisoformat(raw.strip().replace(" ", "+") if "T" in raw else raw) if raw else None
        return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DomainError("since must be an ISO 8601 time.", fields={"since": ["Not a time."]}) from None


def filters_of(request: Request) -> ExportFilters:
    """Which judgments to export, from the query.

    Raises:
        DomainError: a filter has a value it cannot have.
    """
    query = request.query_params
    agreement = query.get("min_agreement")
    try:
        least = None if not agreement else float(agreement)
    except ValueError:
        least = -1.0
    if least is not None and not 0 <= least <= 1:
        raise DomainError("min_agreement must be from 0 to 1.", fields={"min_agreement": ["From 0 to 1."]})
    asked = [kind for kind in query.get("annotator_kind", "").split(",") if kind]
    kinds = tuple(AnnotatorKind.values if "all" in asked else asked)
    if unknown := set(kinds) - set(AnnotatorKind.values):
        raise DomainError(
            f"There are no annotators of kind {', '.join(unknown)}.", fields={"annotator_kind": ["Unknown."]}
        )
    return ExportFilters(
        since=time_of(query.get("since", "")),
        annotator=query.get("annotator", "").replace("\0", "") or None,
        annotator_kinds=kinds,
        min_agreement=least,
        pseudonyms=query.get("names") == "pseudonyms",
        consensus=query.get("consensus", "1") not in {"0", "false", "no"},
    )


class ExportView(APIView):
    """A project's data as a file."""

    renderer_classes = [OrjsonRenderer, AnyRenderer]

    @extend_schema(
        parameters=[
            OpenApiParameter("format", str, enum=list(EXPORTS), default="jsonl"),
            OpenApiParameter("since", OpenApiTypes.DATETIME),
            OpenApiParameter("annotator", str),
            OpenApiParameter(
                "annotator_kind",
                str,
                description="One or several, with commas between, or `all`. Where `adjudicated` is among them, "
                "a reviewer's decision stands in training data in place of what people said about its item.",
            ),
            OpenApiParameter("min_agreement", float),
            OpenApiParameter("names", str, enum=["pseudonyms"]),
            OpenApiParameter("consensus", bool, default=True, description="One row per pair, not per vote."),
        ],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, project_id: str) -> StreamingHttpResponse:
        """Stream it; headers say how many rows there are and what was left out."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        name = request.query_params.get("format", "jsonl")
        if name not in EXPORTS:
            raise DomainError(
                f"The format must be one of {', '.join(EXPORTS)}.", fields={"format": ["Unknown format."]}
            )
        export = EXPORTS[name](project, filters_of(request))
        stem = slugify(project.name, allow_unicode=True)[:100] or "project"
        disposition = content_disposition_header(
            as_attachment=True, filename=f"{stem}-{name}.{export.extension}"
        )
        headers = {"Content-Disposition": str(disposition), **export.headers}
        return StreamingHttpResponse(export.body, content_type=export.content_type, headers=headers)
