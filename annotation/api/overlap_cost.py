"""What more judgments per item would cost and buy."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.authentication import caller
from annotation.api.serializers_figures import IntervalField
from annotation.api.serializers_projects import QUESTION_KINDS
from annotation.models import Role
from annotation.selectors.access import project_get
from annotation.selectors.overlap_cost import overlap_cost_read


class AskedSerializer(serializers.Serializer[Any]):
    """Adaptive overlap as it might be set."""

    overlap_most = serializers.IntegerField(required=False, min_value=1, max_value=100)
    confidence = serializers.FloatField(required=False, min_value=0.5, max_value=0.999)


class MeasuredAgreementSerializer(serializers.Serializer[Any]):
    """How often two people agree on an item, over n items with two judgments or more."""

    value = serializers.FloatField(allow_null=True)
    interval = IntervalField()
    n = serializers.IntegerField()


class OverlapRowSerializer(serializers.Serializer[Any]):
    """What one overlap costs and buys."""

    overlap = serializers.IntegerField()
    labels = serializers.FloatField()
    hours = serializers.FloatField(allow_null=True, help_text="Of people, at the median pace so far.")
    item_error = serializers.FloatField(
        allow_null=True, help_text="Probability that an item's answer is not what most people would say."
    )
    item_halfwidth = serializers.FloatField(
        allow_null=True, help_text="Scales: half the 95 % interval of an item's mean score, in points."
    )
    mean_halfwidth = serializers.FloatField(
        help_text="Half the 95 % interval of a share or mean score over all items."
    )


class AdaptiveCostSerializer(serializers.Serializer[Any]):
    """What adaptive overlap costs and buys."""

    overlap_most = serializers.IntegerField()
    confidence = serializers.FloatField()
    labels_per_item = serializers.FloatField()
    labels = serializers.FloatField()
    hours = serializers.FloatField(allow_null=True)
    item_error = serializers.FloatField()
    settled = serializers.FloatField(help_text="Share of items that need fewer than the most judgments.")


class QuestionCostSerializer(serializers.Serializer[Any]):
    """The calculation for one question; without rows `reason` says why."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=QUESTION_KINDS)
    agreement = MeasuredAgreementSerializer()
    reason = serializers.ChoiceField(choices=["", "too_few", "by_chance"])
    rows = OverlapRowSerializer(many=True)
    adaptive = AdaptiveCostSerializer(allow_null=True)


class OverlapCostSerializer(serializers.Serializer[Any]):
    """The calculation for a project."""

    items = serializers.IntegerField()
    overlap = serializers.IntegerField()
    judgments = serializers.IntegerField(help_text="That agreement and pace are measured on.")
    median_active_ms = serializers.IntegerField(allow_null=True)
    questions = QuestionCostSerializer(many=True)


class OverlapCostView(APIView):
    """Labels, hours, errors and intervals by overlap."""

    @extend_schema(parameters=[AskedSerializer], responses=OverlapCostSerializer)
    def get(self, request: Request, project_id: str) -> Response:
        """From the agreement and the pace measured so far; adaptive overlap as given, else as set."""
        project = project_get(user=caller(request), project_id=project_id, role=Role.REVIEWER)
        wanted = AskedSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return Response(
            overlap_cost_read(
                project=project,
                most=wanted.validated_data.get("overlap_most"),
                confidence=wanted.validated_data.get("confidence"),
            )
        )
