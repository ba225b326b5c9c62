"""What the champion is unsure about is prepared for the queue, by a real scorer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.utils import timezone

from annotation.models import Item, Project
from annotation.selectors.priorities import items_to_prepare
from annotation.services.contests import priorities_set
from tests.factories import make_prompt, make_user
from tests.training.conftest import BAD, GOOD, Processes, make_learnable, make_model, train_now
from training.services.champions import model_promote
from training.services.priorities import priorities_due, project_prioritise
from training.tasks import prioritise

if TYPE_CHECKING:
    from annotation.models import Prompt


def make_open(project: Project, first: str, second: str) -> Prompt:
    """A prompt that nobody has judged."""
    return make_prompt(project, [first, second])


def priority_of(prompt: Prompt) -> float:
    return Item.objects.get(prompt=prompt).priority


@pytest.mark.filterwarnings("ignore:.*socket.socket:pytest.PytestUnraisableExceptionWarning")  # httpcore's
def test_the_champions_doubts_become_priorities_once_and_again(processes: Processes) -> None:
    project = make_learnable(120, allocation="uncertain-first", overlap=1)
    Item.objects.update(filled=1)
    sure = make_open(project, " ".join(GOOD), " ".join(BAD))
    unsure = make_open(project, " ".join(GOOD), " ".join(reversed(GOOD)))
    apart = make_open(project, " ".join(GOOD), "something else")
    Item.objects.filter(prompt=apart).update(random_arm=True)
    assert train_now(project).status == "succeeded"
    assert priorities_due() == [project.id]
    assert project_prioritise(project_id=project.id) == 0  # no scorer runs: it stays due
    assert priorities_due() == [project.id]
    processes.scorer()
    for _ in range(2):
        prioritise(project.id)
        assert 0 < priority_of(sure) < priority_of(unsure) <= 1
        assert priority_of(apart) == 0
    assert set(Item.objects.filter(filled=1).values_list("priority", flat=True)) == {0.0}
    cache.clear()
    late = make_open(project, " ".join(GOOD), "something new")
    assert project_prioritise(project_id=project.id) == 1
    assert priority_of(late) > 0
    assert priorities_due() == [project.id]  # a look every few minutes
    assert priorities_due() == []


@pytest.mark.django_db
def test_only_projects_with_a_champion_that_want_it_are_due() -> None:
    project = make_learnable(30, allocation="uncertain-first")
    assert priorities_due() == []
    model_promote(model=make_model(project), user=make_user())
    assert priorities_due() == [project.id]
    Project.objects.filter(id=project.id).update(paused_at=timezone.now() - timedelta(minutes=1))
    assert priorities_due() == []
    Project.objects.filter(id=project.id).update(paused_at=None, allocation="fewest-first")
    assert priorities_due() == []
    assert project_prioritise(project_id=project.id) == 0


@pytest.mark.django_db
def test_what_was_scored_comes_in_its_order_and_the_rest_apart() -> None:
    project = make_learnable(0, overlap=2)
    items = [Item.objects.get(prompt=make_prompt(project)) for _ in range(5)]
    priorities_set(priorities={items[0].id: 0.2, items[1].id: 0.9, items[2].id: 0.5})
    Item.objects.filter(id=items[1].id).update(filled=1)
    Item.objects.filter(id=items[4].id).update(filled=2)
    scored = items_to_prepare(project=project, count=2, prepared=True)
    assert scored == [items[1].id, items[2].id]
    assert items_to_prepare(project=project, count=10, prepared=False) == [items[3].id]
