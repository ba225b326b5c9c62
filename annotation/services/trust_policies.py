"""How a project checks its annotators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from annotation.models import Annotator, AnnotatorKind, Judgment, Project, TrustPolicy
from annotation.selectors.standing import rules_forget

FIELDS = (
    "gold_share",
    "repeat_share",
    "qualification_items",
    "threshold",
    "window",
    "pause",
    "feedback",
)


def trust_policy_set(*, project: Project, data: Mapping[str, Any]) -> TrustPolicy:
    """Change the rules; what is not named stays.

    Whoever has worked in the project before a round of qualification is asked for counts as qualified.
    """
    with transaction.atomic():
        policy, _ = TrustPolicy.objects.select_for_update().get_or_create(project=project)
        begins = not policy.qualification_items and data.get("qualification_items")
        for name in FIELDS:
            if name in data:
                setattr(policy, name, data[name])
        policy.save(update_fields=FIELDS)
        if begins:
            Annotator.objects.filter(
                project=project,
                kind=AnnotatorKind.HUMAN,
                qualified_at=None,
                id__in=Judgment.objects.filter(project=project).values("annotator_id"),
            ).update(qualified_at=timezone.now())
    rules_forget(project.id)
    return policy


def trust_policy_of(project: Project) -> TrustPolicy:
    """The rules of a project; those that hold where none were set: nothing but hidden repeats."""
    kept = TrustPolicy.objects.filter(project=project).first()
    return kept or TrustPolicy(project=project, gold_share=0.0)
