"""Must-pass pairs: pinned judgments, and how models do on them."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.pagination import PAGE_PARAMETERS, keyset_page
from annotation.api.parsing import parsed
from annotation.models import Role
from annotation.selectors.access import opaque, project_get
from training.api import serializers_must_pass as shapes
from training.api.callers import signed_in
from training.selectors.models import champion_of, model_get, model_serving
from training.selectors.must_pass import pins_of, pins_wire, standing_of
from training.services.must_pass import judgment_pin, judgment_unpin, model_try


class MustPassListView(APIView):
    """A project's pinned judgments."""

    @extend_schema(
        parameters=[
            *PAGE_PARAMETERS,
            OpenApiParameter("model", str, description="Whose margins: `champion`, or the id of a model."),
            OpenApiParameter("prompt", str, description="Only what is pinned on this prompt."),
        ],
        responses=shapes.PinListSerializer,
    )
    def get(self, request: Request, project_id: str) -> Response:
        """Newest first, with the champion's margins or those of another model."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        wanted = request.query_params.get("model", "champion")
        champion = wanted == "champion"
        model = champion_of(project.id) if champion else model_serving(project_id=project.id, wanted=wanted)
        rows = pins_of(project.id)
        if prompt := request.query_params.get("prompt"):
            rows = rows.filter(judgment__prompt_id=opaque(prompt))
        page = keyset_page(request, rows, lambda pins: pins_wire(pins, model), keys=("-id",))
        told = {"id": str(model.id), "version": model.version} if model else None
        return Response({**page, "model": told, "standing": standing_of(project.id, model).wire()})

    @extend_schema(
        request=shapes.PinInputSerializer,
        responses={200: shapes.PinSerializer, 201: shapes.PinSerializer},
    )
    def post(self, request: Request, project_id: str) -> Response:
        """Pin a judgment: from now on a challenger that gets it wrong is not promoted by itself."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        asked = parsed(shapes.PinInputSerializer, request)
        pin, created = judgment_pin(
            project=project, user=signed_in(request), uuid=asked["judgment"], note=asked.get("note", "")
        )
        [told] = pins_wire([pin], champion_of(project.id))
        return Response(told, status=201 if created else 200)


class MustPassView(APIView):
    """One pinned judgment."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: str, uuid: UUID) -> Response:
        """Unpin it; earlier decisions keep what they say."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        judgment_unpin(project=project, uuid=uuid)
        return Response(status=204)


class ModelMustPassView(APIView):
    """One model and the must-pass pairs."""

    @extend_schema(request=None, responses=shapes.PinStandingSerializer)
    def post(self, request: Request, model_id: str) -> Response:
        """Hold it against what was pinned after it was made."""
        model = model_get(user=request.user, model_id=model_id, role=Role.REVIEWER)
        model_try(model=model)
        return Response(standing_of(model.project_id, model).wire())
