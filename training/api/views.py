"""Training runs, reward models, promotion and retraining."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.pagination import PAGE_PARAMETERS, keyset_page, listed
from annotation.api.parsing import parsed
from annotation.errors import UnprocessableError
from annotation.models import Role
from annotation.selectors.access import project_get
from training.api import serializers as shapes
from training.api.callers import signed_in
from training.artifacts import artifact_open
from training.models import Promotion, RetrainingPolicy
from training.selectors.models import ModelStatus, model_get, model_wire, models_of, promotion_wire
from training.selectors.policies import policy_of, policy_selection, policy_state
from training.selectors.runs import own_name, run_get, run_wire, runs_of
from training.services.champions import model_promote
from training.services.policies import policy_set
from training.services.runs import run_cancel, run_create

NATIVE = "native"


class RunListView(APIView):
    """A project's training runs."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=listed(shapes.RunSummarySerializer))
    def get(self, request: Request, project_id: str) -> Response:
        """Newest first, without log and curve."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        mine = own_name(user=signed_in(request), project=project)
        return Response(
            keyset_page(
                request,
                runs_of(project),
                lambda page: [run_wire(run, mine=mine, full=False) for run in page],
                keys=("-created_at", "-id"),
            )
        )

    @extend_schema(request=shapes.RunInputSerializer, responses={201: shapes.RunSerializer})
    def post(self, request: Request, project_id: str) -> Response:
        """Retrain: the labels are frozen now, a worker takes the run."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        run = run_create(
            project=project, request=parsed(shapes.RunInputSerializer, request), user=signed_in(request)
        )
        return Response(run_wire(run, mine=own_name(user=signed_in(request), project=project)), status=201)


class RunView(APIView):
    """One training run."""

    @extend_schema(responses=shapes.RunSerializer)
    def get(self, request: Request, run_id: str) -> Response:
        """Its progress, log and live curve."""
        run = run_get(user=request.user, run_id=run_id, role=Role.REVIEWER)
        return Response(run_wire(run, mine=own_name(user=signed_in(request), project=run.project)))


class RunCancelView(APIView):
    """Stopping a run."""

    @extend_schema(request=None, responses=shapes.RunSerializer)
    def post(self, request: Request, run_id: str) -> Response:
        """At once while it waits, within about a second while it runs."""
        run = run_get(user=request.user, run_id=run_id, role=Role.ADMIN)
        run = run_cancel(run=run)
        return Response(run_wire(run, mine=own_name(user=signed_in(request), project=run.project)))


class ModelListView(APIView):
    """A project's reward models."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=listed(shapes.RewardModelSerializer))
    def get(self, request: Request, project_id: str) -> Response:
        """Newest version first."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        statuses = ModelStatus(project.id)
        return Response(
            keyset_page(
                request,
                models_of(project),
                lambda page: [model_wire(model, statuses) for model in page],
                keys=("-version",),
            )
        )


class ModelView(APIView):
    """One reward model."""

    @extend_schema(responses=shapes.RewardModelSerializer)
    def get(self, request: Request, model_id: str) -> Response:
        """With its evaluation."""
        model = model_get(user=request.user, model_id=model_id, role=Role.REVIEWER)
        return Response(model_wire(model, ModelStatus(model.project_id)))


class ModelPromoteView(APIView):
    """Promotion by hand, and the way back to an older model."""

    @extend_schema(request=shapes.PromoteSerializer, responses=shapes.RewardModelSerializer)
    def post(self, request: Request, model_id: str) -> Response:
        """Make this model the champion."""
        model = model_get(user=request.user, model_id=model_id, role=Role.ADMIN)
        asked = parsed(shapes.PromoteSerializer, request)
        model = model_promote(
            model=model, user=signed_in(request), reason=asked.get("reason", ""), force=asked["force"]
        )
        return Response(model_wire(model, ModelStatus(model.project_id)))


class ModelArtifactView(APIView):
    """A model's files."""

    @extend_schema(
        parameters=[OpenApiParameter("format", str, enum=[NATIVE], description="`native` unless said.")],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, model_id: str) -> FileResponse:
        """A zip archive of safetensors, JSON and the model card, streamed."""
        model = model_get(user=request.user, model_id=model_id, role=Role.REVIEWER)
        wanted = request.query_params.get("format", NATIVE)
        if wanted != NATIVE:
            message = f"format must be {NATIVE}."
            raise UnprocessableError(message, fields={"format": [message]})
        return FileResponse(
            artifact_open(model),
            as_attachment=True,
            filename=f"reward-model-v{model.version}.zip",
            content_type="application/zip",
        )


class PromotionListView(APIView):
    """A project's champions over time."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=listed(shapes.PromotionSerializer))
    def get(self, request: Request, project_id: str) -> Response:
        """Newest first."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        rows = Promotion.objects.filter(project=project).select_related("model", "previous", "by")
        return Response(
            keyset_page(request, rows, lambda page: [promotion_wire(row) for row in page], keys=("-id",))
        )


class RetrainingView(APIView):
    """When a project retrains by itself."""

    @extend_schema(responses=shapes.PolicySerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """The policy, and what it waits for."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        return Response(policy_wire(policy_of(project)))

    @extend_schema(request=shapes.PolicyInputSerializer, responses=shapes.PolicySerializer)
    def put(self, request: Request, project_id: str) -> Response:
        """Set the policy; what is left out takes its default."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        policy = policy_set(project=project, data=parsed(shapes.PolicyInputSerializer, request))
        return Response(policy_wire(policy))


def policy_wire(policy: RetrainingPolicy) -> dict[str, Any]:
    """A policy and its state for the wire."""
    return {
        "enabled": policy.enabled,
        "every_labels": policy.every_labels,
        "quiet_seconds": policy.quiet_seconds,
        "every_minutes": policy.every_minutes,
        "models": policy.models,
        "data": policy_selection(policy),
        "promotion": policy.promotion,
        "state": asdict(policy_state(policy)),
    }
