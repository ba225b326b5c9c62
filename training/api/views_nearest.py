"""Why a reward: what the model has seen that was most alike."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.parsing import parsed
from annotation.models import Role
from annotation.selectors.access import project_get
from training.api.serializers_nearest import NearestAnswerSerializer, NearestRequestSerializer
from training.selectors.models import model_serving
from training.selectors.nearest import nearest_read


class NearestView(APIView):
    """Labelled outputs like a scored one."""

    @extend_schema(request=NearestRequestSerializer, responses=NearestAnswerSerializer)
    def post(self, request: Request, project_id: str) -> Response:
        """The labelled outputs most like each of up to 16 completions, with how people judged them."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        asked = parsed(NearestRequestSerializer, request)
        model = model_serving(project_id=project.id, wanted=asked["model"])
        found = nearest_read(model=model, items=asked["items"], count=asked["count"])
        served = {"id": str(model.id), "version": model.version, "kind": model.kind}
        return Response({"model": served, **found})
