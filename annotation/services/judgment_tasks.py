"""What a judgment is about, found by the lease that it answers or by the judgment that it supersedes."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from annotation.errors import NotFoundError
from annotation.models import Annotator, Judgment, Purpose, User
from annotation.selectors.completions import completions_of
from annotation.selectors.projects import revision_current
from annotation.selectors.revisions import Asked, asked
from annotation.services.contests import Contest
from annotation.sql import rows

TASK = """
SELECT a.id, a.name, a.kind, p.id, p.overlap, p.overlap_most, p.confidence, p.allocation, p.owner_id, m.role, i.id, i.prompt_id, l.revision_id, l.shown,
  l.policy, l.arm, l.probability, l.purpose
FROM annotation_lease l
JOIN annotation_annotator a ON a.id = l.annotator_id AND a.user_id = %s AND a.kind <> 'adjudicated'
JOIN annotation_project p ON p.id = l.project_id AND p.deleted_at IS NULL
JOIN annotation_item i ON i.id = l.item_id
LEFT JOIN annotation_member m ON m.project_id = p.id AND m.user_id = a.user_id
WHERE l.id = %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is judged: an item for an annotator, with the questions that were given and how it was chosen."""

    annotator: Annotator
    project: int
    contest: Contest
    item: int
    prompt: int
    asked: Asked
    completions: list[str]
    lease: int | None
    policy: str
    arm: str
    probability: float | None
    purpose: Purpose


def task_of_lease(*, user: User, lease_id: int) -> Task:
    """What a lease of the caller is about; 404 where there is none, or the caller is no longer a member."""
    for (
        annotator_id, name, kind, project, overlap, most, confidence, allocation, owner, role, item, prompt, revision,
        shown, policy, arm, probability, purpose
    ) in rows(TASK, [user.pk, lease_id]):  # fmt: skip
        if role is not None or owner == user.pk or user.is_superuser:
            return Task(
                annotator=Annotator(
                    id=annotator_id, project_id=project, name=name, kind=kind, user_id=user.pk
                ),
                project=project,
                contest=Contest(allocation, overlap, most, confidence),
                item=item,
                prompt=prompt,
                asked=asked(project, revision),
                completions=orjson.loads(shown),
                lease=lease_id,
                policy=policy,
                arm=arm,
                probability=probability,
                purpose=Purpose(purpose),
            )
    raise NotFoundError("You have no lease with this id. Ask the queue for a new one.", code="lease_lost")


def task_of_judgment(old: Judgment) -> Task:
    """What a judgment is about, to be answered anew by today's questions."""
    return Task(
        annotator=old.annotator,
        project=old.project_id,
        contest=Contest.of(old.project),
        item=old.item_id,
        prompt=old.prompt_id,
        asked=asked(old.project_id, revision_current(old.project).id),
        completions=old.shown or completions_of(old.item),
        lease=None,
        policy=old.policy,
        arm=old.arm,
        probability=old.probability,
        purpose=Purpose(old.purpose),
    )
