"""How far the annotators can be trusted: their models, habits, and answers to repeats."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_annotator_models as shapes
from annotation.api.authentication import caller
from annotation.models import Project, Role
from annotation.selectors.access import project_get
from annotation.selectors.annotator_models import annotator_models_read, bias_read, repeats_read
from annotation.selectors.counted import kinds_read

KIND = OpenApiParameter(
    "annotator_kind", str, description="`human` unless said; `model`, `simulated`, a comma list, or `all`."
)


def _asked(request: Request, project_id: str) -> tuple[Project, list[str]]:
    project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
    return project, kinds_read(request.query_params.get("annotator_kind", "human"))


class AnnotatorModelsView(APIView):
    """Models of the annotators."""

    @extend_schema(parameters=[KIND], responses=shapes.AnnotatorModelsSerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """Competence, habits and flags by question, and labels beside those of the majority."""
        project, kinds = _asked(request, project_id)
        return Response(annotator_models_read(project=project, kinds=kinds))


class BiasView(APIView):
    """Habits that have nothing to do with the outputs."""

    @extend_schema(parameters=[KIND], responses=shapes.BiasSerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """Position, length, hurry and drift, each with an interval and a reading."""
        project, kinds = _asked(request, project_id)
        return Response(bias_read(project=project, kinds=kinds))


class RepeatsView(APIView):
    """Answers to items that were asked twice."""

    @extend_schema(parameters=[KIND], responses=shapes.RepeatsSerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """How much of the disagreement is taste, a place on the screen, or chance."""
        project, kinds = _asked(request, project_id)
        return Response(repeats_read(project=project, kinds=kinds))
