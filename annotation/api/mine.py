"""An annotator's own work."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.authentication import caller
from annotation.api.pagination import PAGE_PARAMETERS, listed, page_limit
from annotation.api.serializers_labelling import JudgmentSerializer
from annotation.errors import DomainError
from annotation.models import JudgmentStatus
from annotation.selectors.access import opaque, project_get
from annotation.selectors.mine import mine_read, own_agreement, own_history, own_history_wire

LONGEST_SEARCH = 200


class OwnDaySerializer(serializers.Serializer[Any]):
    """One day (UTC)."""

    day = serializers.DateField()
    judgments = serializers.IntegerField()
    active_ms = serializers.IntegerField()


class MineSerializer(serializers.Serializer[Any]):
    """The caller's work in a project; `per_hour` counts active time and is null where none was measured."""

    total = serializers.IntegerField()
    today = serializers.IntegerField(help_text="Since midnight UTC.")
    active_ms_today = serializers.IntegerField()
    per_hour_today = serializers.FloatField(allow_null=True)
    per_hour_week = serializers.FloatField(allow_null=True)
    week = OwnDaySerializer(many=True)
    quota_total_left = serializers.IntegerField(allow_null=True)
    quota_daily_left = serializers.IntegerField(allow_null=True)
    own_figures = serializers.BooleanField(help_text="Whether `mine/agreement/` answers.")


class OwnAgreementSerializer(serializers.Serializer[Any]):
    """How far the caller agrees with the others: the share of the others' answers that equal their own."""

    value = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    n = serializers.IntegerField(help_text="Answers of the caller that others answered too.")
    reason = serializers.CharField(allow_null=True)


class OwnJudgmentSerializer(JudgmentSerializer):
    """One of the caller's judgments, with the beginning of its prompt."""

    excerpt = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)


class MineView(APIView):
    """The caller's work."""

    @extend_schema(responses=MineSerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """Counts, pace and what the quota leaves."""
        project = project_get(user=caller(request), project_id=project_id)
        return Response(mine_read(user=caller(request), project=project))


class OwnAgreementView(APIView):
    """The caller among the others."""

    @extend_schema(responses=OwnAgreementSerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """Agreement on the caller's latest items; 403 `own_figures_off` where the project does not show it."""
        project = project_get(user=caller(request), project_id=project_id)
        return Response(own_agreement(user=caller(request), project=project))


class OwnJudgmentListView(APIView):
    """The caller's history."""

    @extend_schema(
        operation_id="projects_mine_judgments_list",
        parameters=[
            OpenApiParameter("q", str, description="Text in the prompt, the answers or the reason."),
            OpenApiParameter("status", str, enum=JudgmentStatus.values),
            *PAGE_PARAMETERS,
        ],
        responses=listed(OwnJudgmentSerializer),
    )
    def get(self, request: Request, project_id: str) -> Response:
        """Current judgments, newest first. A search looks through some of them at a time: follow `next`."""
        project = project_get(user=caller(request), project_id=project_id)
        query = request.query_params
        if len(query.get("q", "")) > LONGEST_SEARCH:
            message = f"Search for at most {LONGEST_SEARCH} characters."
            raise DomainError(message, fields={"q": [message]})
        if query.get("status", "") not in ("", *JudgmentStatus.values):
            message = f"status must be one of {', '.join(JudgmentStatus.values)}."
            raise DomainError(message, fields={"status": [message]})
        limit = page_limit(request)
        before = opaque(query["cursor"]) if query.get("cursor") else None
        rows, end = own_history(user=caller(request), project=project, filters=query.dict(), before=before)
        found = list(rows.order_by("-id")[: limit + 1])
        page = found[:limit]
        cursor = page[-1].id if len(found) > limit else end
        following = None
        if cursor is not None:
            parameters = query.copy()
            parameters["cursor"] = str(cursor)
            following = request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")
        return Response({"results": own_history_wire(page), "next": following})
