"""The queue, judgments and leases."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_labelling as shapes
from annotation.api.authentication import caller
from annotation.api.pagination import PAGE_PARAMETERS, keyset_page, listed
from annotation.api.parsing import parsed
from annotation.errors import DomainError, NotFoundError, UnprocessableError
from annotation.selectors.access import opaque, project_get
from annotation.selectors.desk import desk_get
from annotation.selectors.judgments import (
    judgment_detail_wire,
    judgment_get,
    judgment_wire,
    judgments_filter,
    judgments_visible,
    judgments_wire,
    masked_for,
)
from annotation.selectors.queue import queue_wire
from annotation.services.judgments import Submission, judgment_record
from annotation.services.lease_keeping import lease_return, leases_renew, leases_return
from annotation.services.leases import COUNT_MOST, leases_take


class QueueView(APIView):
    """What to judge next."""

    @extend_schema(
        parameters=[
            OpenApiParameter("count", int, description=f"How many items, 1 to {COUNT_MOST}; 1 unless said.")
        ],
        responses=shapes.QueueSerializer,
    )
    def get(self, request: Request, project_id: str) -> Response:
        """The caller's open leases first, then new ones."""
        desk = desk_get(user=caller(request), project_id=project_id)
        handout = leases_take(user=caller(request), desk=desk, count=count_of(request))
        return Response(queue_wire(handout))


def count_of(request: Request) -> int:
    """The parameter `count`; 400 for what is not a number from 1 to `COUNT_MOST`."""
    raw = request.query_params.get("count", "1")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 6) or not 1 <= int(raw) <= COUNT_MOST:
        message = f"count must be a whole number from 1 to {COUNT_MOST}."
        raise DomainError(message, fields={"count": [message]})
    return int(raw)


class JudgmentView(APIView):
    """One judgment, under the id that its client minted."""

    @extend_schema(responses=shapes.JudgmentDetailSerializer)
    def get(self, request: Request, uuid: UUID) -> Response:
        """A judgment of one's own (reviewers: any) with what it is about."""
        judgment = judgment_get(user=caller(request), uuid=uuid)
        masked = masked_for(caller(request), judgment.project)
        return Response(judgment_detail_wire(judgment, masked=masked))

    @extend_schema(
        request=shapes.SubmissionSerializer,
        responses={
            200: OpenApiResponse(shapes.JudgmentSerializer, "It had been stored before."),
            201: OpenApiResponse(shapes.JudgmentSerializer, "It is stored now."),
        },
    )
    def put(self, request: Request, uuid: UUID) -> Response:
        """Store it, once, however often it is sent."""
        given = parsed(shapes.SubmissionSerializer, request)
        if (given["lease"] is None) == (given["supersedes"] is None):
            message = "Send either lease or supersedes."
            raise UnprocessableError(message, fields={"lease": [message]})
        given["lease"] = None if given["lease"] is None else lease_of(given["lease"])
        recorded = judgment_record(user=caller(request), submission=Submission(uuid=uuid, **given))
        return Response(
            judgment_wire(recorded.judgment, masked=True), status=201 if recorded.created else 200
        )


def lease_of(raw: str) -> int:
    """A lease's id; 0, which none has, for what cannot be one, so that a known uuid is looked at first."""
    try:
        return opaque(raw)
    except NotFoundError:
        return 0


class JudgmentListView(APIView):
    """The judgments of a project."""

    @extend_schema(
        operation_id="projects_judgments_list",
        parameters=[
            OpenApiParameter("annotator", str, description="An annotator's name, or `me`."),
            OpenApiParameter("prompt", str, description="A prompt's id."),
            OpenApiParameter("since", str, description="Those received at or after this time (ISO 8601)."),
            OpenApiParameter("status", str, enum=["submitted", "skipped", "flagged"]),
            OpenApiParameter(
                "order", str, enum=["oldest", "newest"], description="By arrival; oldest unless said."
            ),
            *PAGE_PARAMETERS,
        ],
        responses=listed(shapes.JudgmentSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """All of them, superseded ones too, for reviewers; for annotators their own."""
        project = project_get(user=caller(request), project_id=project_id)
        rows = judgments_filter(
            judgments_visible(user=caller(request), project=project),
            user=caller(request),
            filters=request.query_params.dict(),
        )
        keys = ["-id"] if request.query_params.get("order") == "newest" else ["id"]
        masked = masked_for(caller(request), project)
        wire = partial(judgments_wire, masked=masked)
        return Response(keyset_page(request, rows, wire, keys=keys))


class LeaseView(APIView):
    """One lease."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, lease_id: str) -> Response:
        """Give it back."""
        lease_return(user=caller(request), lease_id=opaque(lease_id))
        return Response(status=204)


class LeasesRenewView(APIView):
    """Leases of a page that is worked on."""

    @extend_schema(request=shapes.LeasesSerializer, responses=shapes.LeasesRenewedSerializer)
    def post(self, request: Request, project_id: str) -> Response:
        """Let open ones run their full time again; one that is absent from the answer has ended."""
        project = project_get(user=caller(request), project_id=project_id)
        given = parsed(shapes.LeasesSerializer, request)
        ends = leases_renew(
            user=caller(request), project=project, leases=[lease_of(raw) for raw in given["leases"]]
        )
        return Response({"leases": [{"lease": str(lease), "expires_at": end} for lease, end in ends.items()]})


class LeasesReturnView(APIView):
    """Leases of a page that is left."""

    @extend_schema(request=shapes.LeasesReturnSerializer, responses=shapes.LeasesReturnedSerializer)
    def post(self, request: Request, project_id: str) -> Response:
        """Let them run out soon; a page that is only loaded again gets them back from the queue."""
        project = project_get(user=caller(request), project_id=project_id)
        given = parsed(shapes.LeasesReturnSerializer, request)
        number = leases_return(
            user=caller(request),
            project=project,
            leases=[lease_of(raw) for raw in given["leases"]],
            after_seconds=given["after_seconds"],
        )
        return Response({"returned": number})
