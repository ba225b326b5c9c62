"""The review queue, decisions of reviewers, and judgments that are set aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_review as shapes
from annotation.api.authentication import caller
from annotation.api.data import flag, time_of
from annotation.api.pagination import PAGE_PARAMETERS, keyset_stages, listed
from annotation.api.parsing import parsed
from annotation.api.serializers_labelling import JudgmentSerializer
from annotation.errors import DomainError, NotFoundError
from annotation.models import Annotator, Judgment, Project, Role
from annotation.selectors.access import opaque, project_get
from annotation.selectors.judgments import judgment_wire
from annotation.selectors.remarks import item_get
from annotation.selectors.review import REASONS, reason_read, review_stages, review_wire
from annotation.selectors.review_item import item_wire
from annotation.selectors.review_summary import summary_read
from annotation.services import reviewing
from annotation.services.adjudication import Decision, item_adjudicate


def reviewed_project(request: Request, project_id: object) -> Project:
    """The project, for reviewers."""
    return project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)


class ReviewView(APIView):
    """Items that wait for review."""

    @extend_schema(
        operation_id="projects_review_list",
        parameters=[
            OpenApiParameter("reason", str, enum=["all", *REASONS], default="all"),
            OpenApiParameter("stage", str, description="Take it from `next`."),
            *PAGE_PARAMETERS,
        ],
        responses=listed(shapes.ReviewRowSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """For one reason, or for all: those with doubtful gold, parked, flagged, then the most contested first."""
        project = reviewed_project(request, project_id)
        reason = reason_read(request.query_params.get("reason", "all"))
        stages = review_stages(project, reason)
        return Response(
            keyset_stages(request, stages, lambda page: review_wire(caller(request), project, page))
        )


class ReviewSummaryView(APIView):
    """What the review has found."""

    @extend_schema(responses=shapes.ReviewSummarySerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """Counts by reason, and how far each annotator agrees with the decisions."""
        return Response(summary_read(user=caller(request), project=reviewed_project(request, project_id)))


class ReviewItemView(APIView):
    """One item for its reviewer."""

    @extend_schema(
        parameters=[OpenApiParameter("sources", bool, description="Tell which models wrote the outputs.")],
        responses=shapes.ReviewItemSerializer,
    )
    def get(self, request: Request, project_id: str, item_id: str) -> Response:
        """The prompt, the outputs, and every judgment."""
        project = reviewed_project(request, project_id)
        item = item_get(project=project, item_id=item_id)
        return Response(
            item_wire(user=caller(request), project=project, item=item, sources=flag(request, "sources"))
        )


class ReviewDoneView(APIView):
    """Whether an item has been reviewed."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, project_id: str, item_id: str) -> Response:
        """Take the item off the queue until somebody judges it again."""
        project = reviewed_project(request, project_id)
        reviewing.review_done(project=project, item_id=opaque(item_id), done=True)
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: str, item_id: str) -> Response:
        """Put it back."""
        project = reviewed_project(request, project_id)
        reviewing.review_done(project=project, item_id=opaque(item_id), done=False)
        return Response(status=204)


class AdjudicationView(APIView):
    """The decision about an item."""

    @extend_schema(
        request=shapes.DecisionSerializer,
        responses={
            200: OpenApiResponse(JudgmentSerializer, "It had been stored before."),
            201: OpenApiResponse(JudgmentSerializer, "It is stored now."),
        },
    )
    def put(self, request: Request, project_id: str, item_id: str) -> Response:
        """Decide; it supersedes the current decision, whoever made it."""
        project = reviewed_project(request, project_id)
        item = item_get(project=project, item_id=item_id)
        decision = Decision(item=item.id, **parsed(shapes.DecisionSerializer, request))
        recorded = item_adjudicate(user=caller(request), project=project, item=item, decision=decision)
        return Response(judgment_wire(recorded.judgment), status=201 if recorded.created else 200)


def judgment_reviewed(request: Request, uuid: UUID) -> Judgment:
    """A judgment that the caller may set aside; copies of a project have the same ids, so `?project=` may say which."""
    found = Judgment.objects.select_related("project").filter(uuid=uuid, project__deleted_at=None)
    if project := request.query_params.get("project"):
        found = found.filter(project_id=opaque(project))
    forbidden: DomainError | None = None
    for judgment in found.order_by("id"):
        try:
            reviewed_project(request, judgment.project_id)
        except DomainError as error:
            forbidden = error if error.status == 403 else forbidden
        else:
            return judgment
    raise forbidden or NotFoundError("There is no judgment with this id.")


class SetAsideView(APIView):
    """Whether a judgment is set aside."""

    @extend_schema(request=shapes.SetAsideInputSerializer, responses=JudgmentSerializer)
    def post(self, request: Request, uuid: UUID) -> Response:
        """Leave it out of everything, and keep it with the reason."""
        judgment = judgment_reviewed(request, uuid)
        given = parsed(shapes.SetAsideInputSerializer, request)
        stored = reviewing.judgment_set_aside(user=caller(request), judgment=judgment, reason=given["reason"])
        return Response(judgment_wire(stored))

    @extend_schema(responses=JudgmentSerializer)
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Let it count again, where its place is still free."""
        judgment = judgment_reviewed(request, uuid)
        return Response(judgment_wire(reviewing.judgment_restore(judgment=judgment)))


def moment_of(request: Request, name: str) -> datetime | None:
    """A point in time from the query; 400 for anything else."""
    raw = request.query_params.get(name, "")
    try:
        return time_of(raw)
    except DomainError:
        message = f"{name} must be a time like 2026-01-31T10:00:00Z."
        raise DomainError(message, fields={name: [message]}) from None


def annotator_get(project: Project, annotator_id: object) -> Annotator:
    """An annotator of a project; 404 otherwise."""
    annotator = Annotator.objects.filter(project=project, id=opaque(annotator_id)).first()
    if annotator is None:
        raise NotFoundError("This project has no annotator with this id.")
    return annotator


def batch_wire(batch: reviewing.Batch) -> dict[str, Any]:
    """A part of an action on many judgments."""
    return {"at": batch.at, "done": batch.done, "left": batch.left}


class AnnotatorSetAsideView(APIView):
    """Many judgments of one annotator."""

    @extend_schema(
        parameters=[OpenApiParameter("since", OpenApiTypes.DATETIME)], responses=shapes.AsideCountSerializer
    )
    def get(self, request: Request, project_id: str, annotator_id: str) -> Response:
        """How many would be set aside, and how many are."""
        annotator = annotator_get(reviewed_project(request, project_id), annotator_id)
        return Response(
            {
                "judgments": reviewing.annotator_open(
                    annotator=annotator, since=moment_of(request, "since")
                ).count(),
                "set_aside": reviewing.annotator_aside(annotator=annotator, at=None).count(),
            }
        )

    @extend_schema(request=shapes.AnnotatorSetAsideSerializer, responses=shapes.BatchSerializer)
    def post(self, request: Request, project_id: str, annotator_id: str) -> Response:
        """Set a part of them aside; call again with the answer's `at` until nothing is left."""
        annotator = annotator_get(reviewed_project(request, project_id), annotator_id)
        given = parsed(shapes.AnnotatorSetAsideSerializer, request)
        batch = reviewing.annotator_set_aside(user=caller(request), annotator=annotator, **given)
        return Response(batch_wire(batch))

    @extend_schema(
        parameters=[
            OpenApiParameter("at", OpenApiTypes.DATETIME, description="One action; all unless said.")
        ],
        responses=shapes.BatchSerializer,
    )
    def delete(self, request: Request, project_id: str, annotator_id: str) -> Response:
        """Take a part of it back; call again until nothing is left."""
        annotator = annotator_get(reviewed_project(request, project_id), annotator_id)
        batch = reviewing.annotator_restore(annotator=annotator, at=moment_of(request, "at"))
        return Response(batch_wire(batch))
