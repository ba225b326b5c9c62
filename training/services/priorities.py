"""What the champion is unsure about comes first in the queue: scores prepared ahead, never in a request."""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from django.core.cache import cache
from django.utils import timezone

from annotation.allocation.policies import UNCERTAIN_FIRST
from annotation.allocation.priorities import uncertainty, uncertainty_of_outputs
from annotation.models import Completion, Item, Project
from annotation.selectors.priorities import items_to_prepare
from annotation.services.contests import priorities_set
from training.models import Promotion, RewardModel
from training.selectors.models import log_odds_per_reward, promotion_current
from training.serving.client import ScorerUnavailableError, rewards_compute

POOL: Final = 20_000  # open items that are kept scored
ITEMS_AT_ONCE: Final = 200  # between which what was scored is stored
TEXTS_AT_ONCE: Final = 256  # in one request, so that others who ask the scorer need not wait long
AGAIN_SECONDS: Final = 240  # between two looks at whether the pool has to be filled up
CLAIM_SECONDS: Final = 600  # after which a scoring that went silent is taken for dead
LEAST: Final = 1e-9  # of an item that was looked at; 0 says that it was not

log = logging.getLogger(__name__)


def priorities_due() -> list[int]:
    """The projects whose champion has not scored the queue yet, or a while ago."""
    projects = Project.objects.filter(allocation=UNCERTAIN_FIRST, deleted_at=None, paused_at=None)
    due = []
    for project_id in projects.values_list("id", flat=True):
        promotion = promotion_current(project_id)
        if promotion is None:
            continue
        if promotion.prioritised_at is None or cache.add(f"prioritised:{project_id}", 1, AGAIN_SECONDS):
            due.append(project_id)
    return due


def project_prioritise(*, project_id: int) -> int:
    """Score what the queue would come to next with the champion; how many items.

    A new champion scores all of the pool anew, the most promising items first; the same one only items that
    take the place of those that are done. Each part is stored at once, so that what was broken off goes on the
    next time, and doing it twice gives the same priorities.
    """
    claim = f"prioritising:{project_id}"
    project = Project.objects.filter(id=project_id, allocation=UNCERTAIN_FIRST, deleted_at=None).first()
    promotion = promotion_current(project_id)
    if project is None or promotion is None or not cache.add(claim, 1, CLAIM_SECONDS):
        return 0
    number = 0
    try:
        for part in _parts(_pool(project, promotion)):
            priorities_set(priorities=_scored(part, promotion.model))
            cache.touch(claim, CLAIM_SECONDS)
            number += len(part)
        Promotion.objects.filter(id=promotion.id, prioritised_at=None).update(prioritised_at=timezone.now())
    except ScorerUnavailableError as error:
        log.warning("project %s is not prioritised: %s", project_id, error.message)
    finally:
        cache.delete(claim)
    return number


def _pool(project: Project, promotion: Promotion) -> list[int]:
    """The items to score: a new champion's are half those that seemed promising to the one before."""
    scored = items_to_prepare(project=project, count=POOL // 2, prepared=True)
    if promotion.prioritised_at is None:
        return scored + items_to_prepare(project=project, count=POOL - len(scored), prepared=False)
    if len(scored) == POOL // 2:
        return []
    return items_to_prepare(project=project, count=POOL - len(scored), prepared=False)


def _parts(items: Sequence[int]) -> Iterator[list[int]]:
    return (list(items[start : start + ITEMS_AT_ONCE]) for start in range(0, len(items), ITEMS_AT_ONCE))


def _scored(item_ids: Sequence[int], model: RewardModel) -> dict[int, float]:
    """By item: how uncertain the champion is of it."""
    items = list(Item.objects.filter(id__in=item_ids))
    outputs: dict[int, list[Completion]] = defaultdict(list)
    found = Completion.objects.filter(prompt__in={item.prompt_id for item in items}).select_related("prompt")
    for output in found.order_by("prompt_id", "position"):
        outputs[output.prompt_id].append(output)
    wanted = {output.id: output for item in items for output in _outputs_of(item, outputs[item.prompt_id])}
    rewards = _rewards(list(wanted.values()), model)
    priorities: dict[int, float] = {}
    for item in items:
        known = [rewards[output.id] for output in _outputs_of(item, outputs[item.prompt_id])]
        values, spreads = [value for value, _ in known], [spread for _, spread in known]
        if item.first_id is not None and len(known) == 2:
            value = uncertainty(values[0] - values[1], math.hypot(*spreads))
        else:
            value = uncertainty_of_outputs(values, spreads)
        priorities[item.id] = max(value, LEAST)
    return priorities


def _outputs_of(item: Item, outputs: Sequence[Completion]) -> list[Completion]:
    pair = (item.first_id, item.second_id)
    return [output for output in outputs if item.first_id is None or output.id in pair]


def _rewards(outputs: Sequence[Completion], model: RewardModel) -> dict[int, tuple[float, float]]:
    """By output: its reward in log-odds and the standard deviation of that, 0 where the model gives none."""
    unit = log_odds_per_reward(model)
    rewards: dict[int, tuple[float, float]] = {}
    for start in range(0, len(outputs), TEXTS_AT_ONCE):
        part = outputs[start : start + TEXTS_AT_ONCE]
        texts = [
            {"messages": output.prompt.messages, "completion": output.text, "features": output.features}
            for output in part
        ]
        for output, scored in zip(part, rewards_compute(model_id=model.id, items=texts), strict=True):
            rewards[output.id] = (unit * scored["reward"], unit * (scored["std"] or 0.0))
    return rewards
