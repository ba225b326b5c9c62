"""Rules tried before a model is made of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation.api.parsing import parsed
from annotation.errors import UnprocessableError
from annotation.models import Role
from annotation.selectors.access import project_get
from training.api import serializers_rules as shapes
from training.rewards.data import Dataset
from training.rewards.models.rules import RuleError, rules_clean
from training.rewards.models.rules.trial import RuleTrial, rules_try
from training.selectors.samples import outputs_sample
from training.snapshot import selection_clean


class RulesTryView(APIView):
    """Rules on a sample of the project's outputs."""

    @extend_schema(request=shapes.RulesTrySerializer, responses=shapes.RulesTriedSerializer)
    def post(self, request: Request, project_id: str) -> Response:
        """What each rule finds, and how often their sum agrees with the labels; nothing is stored."""
        project = project_get(user=request.user, project_id=project_id, role=Role.ADMIN)
        asked = parsed(shapes.RulesTrySerializer, request)
        try:
            rules = rules_clean(asked["rules"])
        except RuleError as error:
            raise UnprocessableError(str(error), fields=error.fields) from None
        selection = selection_clean(project, asked["data"])
        sample = outputs_sample(project=project, selection=selection, size=asked["n"])
        trial = rules_try(rules, sample)
        return Response(
            {
                "sample": sample.row_count,
                "outputs": trial.outputs,
                "rules": [rule_wire(one, sample) for one in trial.rules],
                "agreement": trial.agreement,
                "equal": trial.equal,
            }
        )


def rule_wire(trial: RuleTrial, sample: Dataset) -> dict[str, Any]:
    """What a rule did, for the wire."""
    return {
        "name": trial.rule.name,
        "check": trial.rule.check,
        "weight": trial.rule.weight,
        "tried": trial.tried,
        "held": trial.held,
        "share": trial.share,
        "mean": trial.mean,
        "timeouts": trial.timeouts,
        "stopped": trial.stopped,
        "preferred": trial.preferred,
        "examples": [
            {
                "prompt": sample.rows[one.row][0].id,
                "holds": one.holds,
                "text": one.text,
                "before": one.start,
                "after": one.rest,
                "hits": [{"start": start, "end": end} for start, end in one.hits],
            }
            for one in trial.examples
        ],
    }
