"""Progress, agreement, prompts, and items that were set aside."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_figures as figures
from annotation.api import serializers_labelling as shapes
from annotation.api.authentication import caller
from annotation.api.pagination import PAGE_PARAMETERS, keyset_page, listed
from annotation.models import Role
from annotation.selectors.access import opaque, project_get
from annotation.selectors.agreement import agreement_read
from annotation.selectors.counted import kinds_read
from annotation.selectors.progress import progress_read
from annotation.selectors.prompts import (
    items_flagged,
    items_parked,
    items_set_aside_wire,
    prompt_get,
    prompt_wire,
    prompts_search,
    prompts_wire,
)
from annotation.services.items import item_release


class ProgressView(APIView):
    """How far the labelling has come."""

    @extend_schema(responses=figures.ProgressSerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """Counts of items and judgments, per day and per annotator."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        return Response(progress_read(project=project))


class AgreementView(APIView):
    """How far the annotators agree."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "annotator_kind",
                str,
                description="`human` unless said; `model`, `simulated`, a comma list, or `all`.",
            )
        ],
        responses=figures.AgreementSerializer,
    )
    def get(self, request: Request, project_id: str) -> Response:
        """The measures of each question with intervals, the annotators, and the judges."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        kinds = kinds_read(request.query_params.get("annotator_kind", "human"))
        return Response(agreement_read(project=project, kinds=kinds))


class PromptListView(APIView):
    """The prompts of a project."""

    @extend_schema(
        operation_id="projects_prompts_list",
        parameters=[
            OpenApiParameter("q", str, description="Text in the id or the messages."),
            *PAGE_PARAMETERS,
        ],
        responses=listed(shapes.PromptRowSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """In the order of import."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        rows = prompts_search(project=project, text=request.query_params.get("q", "").strip())
        return Response(keyset_page(request, rows, prompts_wire, keys=["number"]))


class PromptView(APIView):
    """One prompt, for reviewers."""

    @extend_schema(responses=shapes.PromptSerializer)
    def get(self, request: Request, prompt_id: str) -> Response:
        """Its completions with their sources, and its judgments."""
        return Response(prompt_wire(prompt_get(user=caller(request), prompt_id=prompt_id)))


class ParkedView(APIView):
    """Items that three people skipped."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=listed(shapes.SetAsideSerializer))
    def get(self, request: Request, project_id: str) -> Response:
        """Those parked first come first."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        return Response(
            keyset_page(request, items_parked(project), items_set_aside_wire, keys=["parked_at", "id"])
        )


class ParkedReleaseView(APIView):
    """The way back into the queue."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, project_id: str, item_id: str) -> Response:
        """Give the item out again, to those who have not skipped it."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        item_release(project=project, item_id=opaque(item_id))
        return Response(status=204)


class FlaggedView(APIView):
    """Items that somebody flagged."""

    @extend_schema(
        operation_id="projects_flagged_list",
        parameters=PAGE_PARAMETERS,
        responses=listed(shapes.SetAsideSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """With who flagged them, and why."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        return Response(
            keyset_page(request, items_flagged(project), items_set_aside_wire, keys=["prompt_number", "id"])
        )
