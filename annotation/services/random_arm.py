"""The share of the prompts that is kept apart from the policy, so that figures on them stay unbiased."""

from __future__ import annotations

from typing import Final

from annotation.allocation.policies import ACTIVE_ARM, in_random_arm
from annotation.models import Item, Judgment, Project, Prompt
from annotation.services.items import items_lock
from annotation.services.transactions import writing

PART: Final = 500  # prompts of one transaction, between which others may write


def random_arms_mark(*, project: Project) -> None:
    """Mark the share of the prompts' groups that is kept apart from the policy.

    Which groups belong to a smaller share is known from the hash alone. A larger share is drawn from all prompts
    only while no policy has chosen among them; after that it is that of the prompts imported from now on, since the
    arm would lack what the policy has taken already.
    """
    chosen = Judgment.objects.filter(project=project, arm=ACTIVE_ARM).exists()
    last = 0
    while True:
        prompts = list(
            Prompt.objects.filter(project=project, id__gt=last)
            .order_by("id")
            .values_list("id", "group")[:PART]
        )
        if not prompts:
            return
        inside = [pk for pk, group in prompts if in_random_arm(project.salt, group, project.random_share)]
        outside = [
            pk for pk, group in prompts if not in_random_arm(project.salt, group, project.random_share)
        ]
        with writing():
            items_lock(Item.objects.filter(prompt__in=[pk for pk, _ in prompts]))
            Item.objects.filter(prompt__in=outside, random_arm=True).update(random_arm=False)
            if not chosen:
                Item.objects.filter(prompt__in=inside, random_arm=False).update(random_arm=True)
        last = prompts[-1][0]
