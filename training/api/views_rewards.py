"""Rewards on request, and the keys for trainers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.pagination import PAGE_PARAMETERS, keyset_page, listed
from annotation.api.parsing import parsed
from annotation.errors import NotFoundError, UnprocessableError
from annotation.models import Role
from annotation.selectors.access import opaque, project_get
from training.api import serializers as shapes
from training.api.callers import signed_in
from training.models import ScoringToken
from training.selectors.models import log_odds_per_reward, model_serving
from training.services.tokens import scoring_token_create, scoring_token_revoke, scoring_token_use
from training.serving.client import rewards_compute
from training.serving.protocols import ProtocolError, openrlhf_answer, openrlhf_items


class RewardView(APIView):
    """Rewards of completions."""

    @extend_schema(request=shapes.RewardRequestSerializer, responses=shapes.RewardAnswerSerializer)
    def post(self, request: Request, project_id: str) -> Response:
        """Score up to 1,024 completions by the champion or another model of the project."""
        project = project_get(user=request.user, project_id=project_id, role=Role.REVIEWER)
        asked = parsed(shapes.RewardRequestSerializer, request)
        model = model_serving(project_id=project.id, wanted=asked["model"])
        rewards = rewards_compute(model_id=model.id, items=asked["items"], explain=asked["explain"])
        served = {
            "id": str(model.id),
            "version": model.version,
            "kind": model.kind,
            "log_odds_per_reward": log_odds_per_reward(model),
        }
        return Response({"model": served, "rewards": rewards})


class ScoringTokenListView(APIView):
    """Keys that can only score."""

    @extend_schema(parameters=PAGE_PARAMETERS, responses=listed(shapes.ScoringTokenSerializer))
    def get(self, request: Request, project_id: str) -> Response:
        """Newest first."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        rows = ScoringToken.objects.filter(project=project)
        return Response(
            keyset_page(request, rows, lambda page: [token_wire(row) for row in page], keys=("-id",))
        )

    @extend_schema(
        request=shapes.ScoringTokenInputSerializer, responses={201: shapes.ScoringTokenCreatedSerializer}
    )
    def post(self, request: Request, project_id: str) -> Response:
        """Make a key; its secret is in this answer and nowhere else."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        asked = parsed(shapes.ScoringTokenInputSerializer, request)
        token, secret = scoring_token_create(
            project=project, user=signed_in(request), name=asked["name"], model_id=asked.get("model")
        )
        url = request.build_absolute_uri(f"/api/v1/serve/{secret}/get_reward")
        return Response(token_wire(token) | {"token": secret, "url": url}, status=201)


class ScoringTokenView(APIView):
    """One key."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, token_id: str) -> Response:
        """Take it back."""
        token = ScoringToken.objects.filter(id=opaque(token_id)).first()
        if token is None:
            raise NotFoundError("There is no scoring token with this id.")
        project_get(user=request.user, project_id=token.project_id, role=Role.ADMIN)
        scoring_token_revoke(token=token)
        return Response(status=204)


class GetRewardView(APIView):
    """OpenRLHF's remote reward model. The key stands in the address, since the trainer sends no header."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        auth=[], request=shapes.GetRewardRequestSerializer, responses=shapes.GetRewardAnswerSerializer
    )
    def post(self, request: Request, secret: str) -> Response:
        """Score whole texts; the prompts' part is taken off them first."""
        token = scoring_token_use(secret=secret)
        body = request.data if isinstance(request.data, dict) else {}
        try:
            items = openrlhf_items(body)
        except ProtocolError as error:
            raise UnprocessableError(str(error)) from None
        wanted = str(token.model_id) if token.model_id else "champion"
        model = model_serving(project_id=token.project_id, wanted=wanted)
        return Response(openrlhf_answer(rewards_compute(model_id=model.id, items=items)))


def token_wire(token: ScoringToken) -> dict[str, Any]:
    """A key for the wire, without its secret."""
    return {
        "id": str(token.id),
        "name": token.name,
        "model": str(token.model_id) if token.model_id else None,
        "created_at": token.created_at,
        "last_used_at": token.last_used_at,
        "prefix": token.prefix,
    }
