"""What the tests of gold items and repeats share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone

from annotation.models import (
    Annotator,
    Gold,
    Item,
    Judgment,
    JudgmentStatus,
    Project,
    Purpose,
    TrustPolicy,
    User,
)
from annotation.selectors.standing import rules_forget
from annotation.services.gold import gold_score

if TYPE_CHECKING:
    from collections.abc import Sequence


def make_gold(item: Item, **fields: Any) -> Gold:
    """An item whose first completion is known to be the better one."""
    answers = fields.pop("answers", {"overall": {"choice": str(item.first_id), "strength": 1}})
    gold = Gold.objects.create(item=item, project=item.project, answers=answers, **fields)
    rules_forget(item.project_id)
    return gold


def make_policy(project: Project, **fields: Any) -> TrustPolicy:
    """Rules that ask no repeats unless said."""
    policy, _ = TrustPolicy.objects.update_or_create(
        project=project, defaults={"repeat_share": 0.0, **fields}
    )
    rules_forget(project.id)
    return policy


def make_annotator(project: Project, user: User) -> Annotator:
    """The row of an account in a project."""
    return Annotator.objects.create(project=project, user=user, name=user.username)


def make_judgment(annotator: Annotator, item: Item, choice: str, **fields: Any) -> Judgment:
    """A judgment as the service stores it, without a lease."""
    defaults: dict[str, Any] = {
        "annotator_kind": annotator.kind,
        "status": JudgmentStatus.SUBMITTED,
        "answers": {"overall": {"choice": choice, "strength": 1}},
        "shown": [str(item.first_id), str(item.second_id)],
        "submitted_at": timezone.now(),
        "purpose": Purpose.WORK,
        "digest": "",
    }
    return Judgment.objects.create(
        uuid=uuid4(),
        annotator=annotator,
        project_id=item.project_id,
        item=item,
        prompt_id=item.prompt_id,
        revision=item.project.revisions.latest("number"),
        **(defaults | fields),
    )


def answer_gold(annotator: Annotator, item: Item, *, right: bool, **fields: Any) -> Judgment:
    """An answer to an item of `make_gold`, scored."""
    choice = str(item.first_id if right else item.second_id)
    judgment = make_judgment(annotator, item, choice, **({"purpose": Purpose.GOLD} | fields))
    gold_score(judgment)
    return judgment


def long_ago(judgments: Sequence[Judgment]) -> None:
    """Let judgments be from before an hour."""
    before = timezone.now() - timedelta(hours=1)
    Judgment.objects.filter(id__in=[judgment.id for judgment in judgments]).update(submitted_at=before)
