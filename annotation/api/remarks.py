"""Remarks between reviewers and an annotator."""

from __future__ import annotations

from functools import partial

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_review as shapes
from annotation.api.authentication import caller
from annotation.api.pagination import PAGE_PARAMETERS, keyset_page, keyset_stages, listed
from annotation.api.parsing import parsed
from annotation.models import Annotator, Item
from annotation.selectors.access import project_get
from annotation.selectors.remarks import (
    is_reviewer,
    remark_wire,
    remarks_of,
    remarks_visible,
    thread_of,
    threads_stages,
    threads_wire,
    unread_by,
)
from annotation.services.remarks import remark_write, remarks_read

UNREAD_COUNTED = 100
ANNOTATOR = OpenApiParameter(
    "annotator", str, description="An annotator's id, for reviewers; the caller's own thread unless said."
)


class ThreadListView(APIView):
    """Threads of a project."""

    @extend_schema(
        operation_id="projects_remarks_list",
        parameters=[
            OpenApiParameter(
                "annotator", str, enum=["me"], description="Only what concerns the caller's labels."
            ),
            OpenApiParameter("stage", str, description="Take it from `next`."),
            *PAGE_PARAMETERS,
        ],
        responses=shapes.ThreadPageSerializer,
    )
    def get(self, request: Request, project_id: str) -> Response:
        """Unread ones first, then by their newest remark; annotators see their own."""
        user = caller(request)
        project = project_get(user=user, project_id=project_id)
        own_only = request.query_params.get("annotator") == "me"
        visible = remarks_visible(user=user, project=project, own_only=own_only)
        wire = partial(threads_wire, user, reviewer=is_reviewer(user=user, project=project))
        page = keyset_stages(request, threads_stages(user=user, visible=visible), wire)
        return Response({**page, "unread": unread_by(user, visible)[:UNREAD_COUNTED].count()})


def thread(request: Request, project_id: str, item_id: str) -> tuple[Item, Annotator]:
    """The thread that a request is about."""
    return thread_of(
        user=caller(request),
        project=project_get(user=caller(request), project_id=project_id),
        item_id=item_id,
        annotator=request.query_params.get("annotator", ""),
    )


class RemarkListView(APIView):
    """One thread."""

    @extend_schema(
        operation_id="projects_items_remarks_list",
        parameters=[ANNOTATOR, *PAGE_PARAMETERS],
        responses=listed(shapes.RemarkSerializer),
    )
    def get(self, request: Request, project_id: str, item_id: str) -> Response:
        """In the order in which it was written."""
        item, annotator = thread(request, project_id, item_id)
        rows = remarks_of(item, annotator)
        return Response(keyset_page(request, rows, lambda page: [remark_wire(row) for row in page]))

    @extend_schema(
        parameters=[ANNOTATOR],
        request=shapes.RemarkInputSerializer,
        responses={201: shapes.RemarkSerializer},
    )
    def post(self, request: Request, project_id: str, item_id: str) -> Response:
        """Write to the other side."""
        item, annotator = thread(request, project_id, item_id)
        text = parsed(shapes.RemarkInputSerializer, request)["text"]
        remark = remark_write(user=caller(request), item=item, annotator=annotator, text=text)
        return Response(remark_wire(remark), status=201)


class RemarkReadView(APIView):
    """What has been read of a thread."""

    @extend_schema(
        operation_id="projects_items_remarks_read",
        parameters=[ANNOTATOR],
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, project_id: str, item_id: str) -> Response:
        """Everything that the other side wrote."""
        item, annotator = thread(request, project_id, item_id)
        remarks_read(user=caller(request), item=item, annotator=annotator)
        return Response(status=204)
