"""Near-duplicates, and outputs that name their model."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_similar as shapes
from annotation.api.authentication import caller
from annotation.api.pagination import PAGE_PARAMETERS, keyset_page, listed
from annotation.api.parsing import parsed
from annotation.errors import DomainError
from annotation.models import NearDuplicateKind, Resolution, Role
from annotation.selectors.access import opaque, project_get
from annotation.selectors.similar import (
    KINDS,
    RESOLUTIONS,
    near_duplicates,
    near_duplicates_wire,
    revelations,
    revelations_wire,
)
from annotation.services.similar import near_duplicates_resolve


def choice_of(request: Request, name: str, values: list[str], usual: str) -> str:
    """A query parameter that is one of `values`; 400 for anything else."""
    value = request.query_params.get(name, usual)
    if value not in values:
        message = f"{name} must be one of {', '.join(values)}."
        raise DomainError(message, fields={name: [message]})
    return value


class NearDuplicateListView(APIView):
    """Pairs of nearly equal texts."""

    @extend_schema(
        operation_id="projects_near_duplicates_list",
        parameters=[
            OpenApiParameter("kind", str, enum=KINDS, default=NearDuplicateKind.PROMPTS.value),
            OpenApiParameter("resolution", str, enum=RESOLUTIONS, default=Resolution.OPEN.value),
            *PAGE_PARAMETERS,
        ],
        responses=listed(shapes.NearDuplicateSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """The most similar first."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        rows = near_duplicates(
            project=project,
            kind=choice_of(request, "kind", KINDS, NearDuplicateKind.PROMPTS),
            resolution=choice_of(request, "resolution", RESOLUTIONS, Resolution.OPEN),
        )
        return Response(
            keyset_page(
                request,
                rows,
                lambda page: near_duplicates_wire(page, project=project),
                keys=["-similarity", "id"],
            )
        )

    @extend_schema(request=shapes.NearDuplicateDecisionSerializer, responses={200: shapes.DecidedSerializer})
    def post(self, request: Request, project_id: str) -> Response:
        """Decide about some of them."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        given = parsed(shapes.NearDuplicateDecisionSerializer, request)
        if given["resolution"] == Resolution.GROUPED:
            project_get(user=caller(request), project_id=project_id, role=Role.ADMIN)
        decided = near_duplicates_resolve(
            project=project,
            user=caller(request),
            ids=[opaque(one) for one in given["ids"]],
            resolution=given["resolution"],
        )
        return Response({"decided": decided})


class RevealingListView(APIView):
    """Outputs that say which model wrote them."""

    @extend_schema(
        operation_id="projects_revealing_list",
        parameters=PAGE_PARAMETERS,
        responses=listed(shapes.RevelationSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """In no order that tells anything."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        return Response(keyset_page(request, revelations(project), revelations_wire, keys=["completion_id"]))
