"""Gold items, the rules by which annotators are checked, and how they stand."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api import serializers_gold as shapes
from annotation.api.authentication import caller
from annotation.api.pagination import PAGE_PARAMETERS, keyset_page, listed
from annotation.api.parsing import parsed
from annotation.errors import UnprocessableError
from annotation.models import Gold, Project, Role, TrustPolicy
from annotation.selectors.access import opaque, project_get
from annotation.selectors.gold import (
    annotator_get,
    annotators_checked,
    annotators_checked_wire,
    gold_get,
    golds_of,
    golds_wire,
    items_shown,
    policy_checks,
    standing_wire,
)
from annotation.services import gold_items as golds
from annotation.services.standing import (
    PAUSED_BY_HAND,
    annotator_pause,
    annotator_qualify,
    annotator_resume,
)
from annotation.services.trust_policies import FIELDS, trust_policy_of, trust_policy_set


class GoldListView(APIView):
    """Items with a known answer."""

    @extend_schema(
        operation_id="projects_gold_list",
        parameters=[
            OpenApiParameter("retired", bool, description="The retired ones instead."),
            *PAGE_PARAMETERS,
        ],
        responses=listed(shapes.GoldSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """Newest first."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        rows = golds_of(project, retired=request.query_params.get("retired") in {"1", "true"})
        return Response(keyset_page(request, rows, golds_wire, keys=["-id"]))

    @extend_schema(request=shapes.GoldInputSerializer, responses={201: shapes.GoldSerializer})
    def post(self, request: Request, project_id: str) -> Response:
        """Give an item a known answer: from the body, or from a judgment."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        gold = _gold_from(project, request, parsed(shapes.GoldInputSerializer, request))
        return Response(golds_wire([gold])[0], status=201)


def _gold_from(project: Project, request: Request, given: dict[str, Any]) -> Gold:
    draft = golds.GoldDraft(
        answers=given.get("answers", {}), tolerance=given["tolerance"], explanation=given["explanation"]
    )
    if ("item" in given) == ("judgment" in given):
        message = "Send either item or judgment."
        raise UnprocessableError(message, fields={"item": [message]})
    if "judgment" in given:
        return golds.gold_create_from_judgment(
            project=project, author=caller(request), uuid=given["judgment"], draft=draft
        )
    return golds.gold_create_from_item(
        project=project, author=caller(request), item_id=opaque(given["item"]), draft=draft
    )


class GoldAgreedView(APIView):
    """Gold items from what people agree on."""

    @extend_schema(
        request=shapes.AgreedInputSerializer,
        responses={
            200: OpenApiResponse(shapes.AgreedSerializer, "What would be made gold."),
            201: OpenApiResponse(shapes.AgreedSerializer, "How many were made gold."),
        },
    )
    def post(self, request: Request, project_id: str) -> Response:
        """Find items on which people agree, and make them gold unless only a preview is asked for."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        given = parsed(shapes.AgreedInputSerializer, request)
        bounds = {"at_least": given["at_least"], "most": given["most"]}
        if not given["preview"]:
            made = golds.golds_create_agreed(project=project, author=caller(request), **bounds)
            return Response({"items": [], "created": made}, status=201)
        found = golds.golds_agreed(project=project, **bounds)
        items = items_shown([item for item, _ in found])
        rows = [{**items[item.id], "answers": draft.answers} for item, draft in found]
        return Response({"items": rows, "created": 0})


class GoldView(APIView):
    """One item with a known answer."""

    @extend_schema(responses=shapes.GoldSerializer)
    def get(self, request: Request, project_id: str, gold_id: str) -> Response:
        """With how often it was answered, and how often rightly."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        return Response(golds_wire([gold_get(project=project, gold_id=gold_id)])[0])

    @extend_schema(request=shapes.GoldPatchSerializer, responses=shapes.GoldSerializer)
    def patch(self, request: Request, project_id: str, gold_id: str) -> Response:
        """Change it; what was answered is scored anew."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        gold = golds.gold_update(
            gold=gold_get(project=project, gold_id=gold_id), data=parsed(shapes.GoldPatchSerializer, request)
        )
        return Response(golds_wire([gold])[0])

    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: str, gold_id: str) -> Response:
        """Ask it no more; the results stay."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        golds.gold_retire(gold=gold_get(project=project, gold_id=gold_id))
        return Response(status=204)


class GoldAnnotatorListView(APIView):
    """How the people who work in a project stand."""

    @extend_schema(
        operation_id="projects_gold_annotators_list",
        parameters=PAGE_PARAMETERS,
        responses=listed(shapes.CheckedAnnotatorSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """With their scores."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        return Response(
            keyset_page(
                request,
                annotators_checked(project),
                lambda page: annotators_checked_wire(project, page),
            )
        )


class GoldAnnotatorView(APIView):
    """One of them."""

    @extend_schema(request=shapes.StandingInputSerializer, responses=shapes.CheckedAnnotatorSerializer)
    def post(self, request: Request, project_id: str, annotator_id: str) -> Response:
        """Pause them, let them go on with a score that begins anew, or take them as qualified."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.ADMIN)
        annotator = annotator_get(project=project, annotator_id=annotator_id)
        match parsed(shapes.StandingInputSerializer, request)["action"]:
            case "pause":
                annotator_pause(annotator.id, because=PAUSED_BY_HAND)
            case "resume":
                annotator_resume(annotator.id)
            case _:
                annotator_qualify(annotator.id)
        annotator.refresh_from_db()
        return Response(annotators_checked_wire(project, [annotator])[0])


def policy_wire(policy: TrustPolicy, project: Project) -> dict[str, Any]:
    """The rules, with what they have to work with."""
    return {name: getattr(policy, name) for name in FIELDS} | policy_checks(project)


class TrustPolicyView(APIView):
    """The rules by which annotators are checked."""

    @extend_schema(responses=shapes.TrustPolicySerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """Those that hold; hidden repeats alone where none were set."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        return Response(policy_wire(trust_policy_of(project), project))

    @extend_schema(request=shapes.TrustPolicyInputSerializer, responses=shapes.TrustPolicySerializer)
    def put(self, request: Request, project_id: str) -> Response:
        """Change them."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.ADMIN)
        given = parsed(shapes.TrustPolicyInputSerializer, request)
        return Response(policy_wire(trust_policy_set(project=project, data=given), project))


class StandingView(APIView):
    """How the caller stands."""

    @extend_schema(responses=shapes.StandingSerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """Their status; score and last answer as far as the project gives them back."""
        project = project_get(user=caller(request), project_id=project_id)
        return Response(standing_wire(user=caller(request), project=project))
