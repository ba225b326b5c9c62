"""Labels that deserve a second look, and sending them to the reviewers."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.parsing import parsed
from annotation.models import Role
from annotation.selectors.access import opaque
from annotation.services.reviewing import items_suspect
from training.api import serializers_second_look as shapes
from training.selectors.models import model_get
from training.selectors.second_look import second_look_wire


class SecondLookView(APIView):
    """Pairs on which everybody said one thing, and models that had not seen them the other."""

    @extend_schema(
        operation_id="reward_models_second_look",
        parameters=[shapes.SecondLookQuerySerializer],
        responses=shapes.SecondLookSerializer,
    )
    def get(self, request: Request, model_id: str) -> Response:
        """With their texts, the most clearly rejected first."""
        model = model_get(user=request.user, model_id=model_id, role=Role.REVIEWER)
        query = shapes.SecondLookQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        return Response(second_look_wire(model=model, **query.validated_data))

    @extend_schema(request=shapes.SecondLookInputSerializer, responses=shapes.SecondLookSentSerializer)
    def post(self, request: Request, model_id: str) -> Response:
        """Put items on the review queue; nobody's judgment changes by it."""
        model = model_get(user=request.user, model_id=model_id, role=Role.ADMIN)
        items = [opaque(item) for item in parsed(shapes.SecondLookInputSerializer, request)["items"]]
        return Response({"sent": items_suspect(project=model.project, item_ids=items)})
