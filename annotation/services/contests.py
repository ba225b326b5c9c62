"""How contested an item is, how many places more or fewer it has, and what the queue is to prefer.

These are prepared in `Item.disagreement`, `extra` and `priority`, so that the queue and the review only read an
index. `contest_update` follows one judgment, `contests_rebuild` makes all of a project anew.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import orjson
from celery import current_app
from celery.exceptions import OperationalError
from django.core.cache import cache
from django.db import connection, transaction

from annotation.allocation.adaptive import places_extra
from annotation.allocation.ballots import ballots_of
from annotation.allocation.policies import DISAGREEMENT_FIRST
from annotation.allocation.priorities import disagreement, expected_disagreement, unjudged_disagreement
from annotation.models import (
    AnnotatorKind,
    Item,
    Judgment,
    JudgmentStatus,
    Project,
    Purpose,
)
from annotation.selectors.completions import completions_by_prompt
from annotation.selectors.projects import revision_current
from annotation.selectors.revisions import Asked, asked
from annotation.services.bulk import chunks
from annotation.services.random_arm import random_arms_mark
from annotation.services.transactions import writing
from annotation.sql import changed, rows

PART: Final = 500  # items of one transaction, between which others may write
AT_ONCE_MOST: Final = 2000  # items that are brought up to date while somebody waits
CLAIM_SECONDS: Final = 300  # after which a rebuilding that went silent is taken for dead

Vote = Mapping[str, Any]
"""Answers by question."""

log = logging.getLogger(__name__)

LOCK = "SELECT 1 FROM annotation_item WHERE id = %s FOR NO KEY UPDATE"
VOTES = """
SELECT i.filled, i.reserved, i.extra, i.priority, i.disagreement, i.first_id, i.second_id, i.prompt_id, j.answers
FROM annotation_item i LEFT JOIN annotation_judgment j ON j.item_id = i.id AND NOT j.superseded
  AND j.purpose <> 'repeat' AND j.annotator_kind = 'human' AND j.status = 'submitted' AND NOT j.surplus
WHERE i.id = %s
"""
PREPARED = "UPDATE annotation_item SET disagreement = %s, extra = %s, priority = %s WHERE id = %s"
PRIORITY = "UPDATE annotation_item SET priority = %s WHERE id = %s AND priority <> %s"


@dataclass(frozen=True, slots=True)
class Contest:
    """What of a project's settings the prepared values depend on."""

    policy: str
    overlap: int
    overlap_most: int | None
    confidence: float | None

    @classmethod
    def of(cls, project: Project) -> Contest:
        """The settings of a project."""
        return cls(project.allocation, project.overlap, project.overlap_most, project.confidence)

    @property
    def adaptive(self) -> bool:
        """Whether items may have more or fewer places than the overlap."""
        return self.confidence is not None and self.overlap_most is not None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The prepared values of an item."""

    disagreement: float | None
    extra: int
    priority: float


def contest_update(*, item_id: int, contest: Contest, questions: Asked) -> None:
    """Bring the prepared values of one item up to date, in the transaction that changed its judgments."""
    if contest.overlap == 1 and not contest.adaptive and contest.policy != DISAGREEMENT_FIRST:
        return  # nobody is asked twice, so nobody disagrees
    if connection.features.has_select_for_update:  # what others change meanwhile would be overwritten
        rows(LOCK, [item_id])
    found = rows(VOTES, [item_id])
    filled, reserved, extra, priority, contested, first, second, prompt, _ = found[0]
    votes = [orjson.loads(answers) for *_, answers in found if answers]
    completions = [str(first), str(second)] if first is not None else completions_by_prompt([prompt])[prompt]
    before = Prepared(contested, extra, priority)
    now = _prepared(contest, questions, votes, completions, before, filled, reserved)
    if now != before:
        changed(PREPARED, [now.disagreement, now.extra, now.priority, item_id])


def contests_follow(*, project: Project, item_ids: Iterable[int]) -> None:
    """Bring items up to date whose judgments changed otherwise: set aside, restored, imported, taken back."""
    rebuild = _Rebuild(project, reset=False)
    for ids in chunks(sorted(set(item_ids))):
        items = Item.objects.filter(id__in=ids).order_by("id")
        rebuild.items(list(items.select_for_update(of=("self",), no_key=True)))


def _prepared(
    contest: Contest,
    questions: Asked,
    votes: Sequence[Vote],
    completions: Sequence[str],
    before: Prepared,
    filled: int,
    reserved: int,
) -> Prepared:
    """The values that an item with these votes should have."""
    ballots = ballots_of(questions.questions, votes, completions)
    extra = 0
    if contest.confidence is not None and contest.overlap_most is not None:
        extra = places_extra(
            ballots,
            judgments=filled,
            overlap=contest.overlap,
            most=contest.overlap_most,
            confidence=contest.confidence,
            reserved=reserved,
        )
    priority = before.priority
    if contest.policy == DISAGREEMENT_FIRST:
        priority = expected_disagreement(ballots) if votes else unjudged_disagreement(questions.questions)
    return Prepared(disagreement(ballots), extra, priority)


def priority_of_new(project: Project) -> float:
    """The priority with which an item of a project begins, before anybody has judged it."""
    if project.allocation != DISAGREEMENT_FIRST:
        return 0.0
    return unjudged_disagreement(asked(project.id, revision_current(project).id).questions)


def priorities_set(*, priorities: Mapping[int, float]) -> None:
    """Write the priorities of items, in parts; doing it twice changes nothing."""
    pairs = iter(sorted(priorities.items()))
    while part := list(islice(pairs, PART)):
        with writing():
            for item, priority in part:
                changed(PRIORITY, [priority, item, priority])


def settings_key(project: Project) -> str:
    """What the prepared values of a project were made for; the policy stands first."""
    return "|".join(
        str(value)
        for value in (
            project.allocation,
            project.random_share,
            project.overlap,
            project.overlap_most,
            project.confidence,
        )
    )


def contests_requeue(project: Project) -> None:
    """Have the prepared values made anew where the settings behind them have changed: at once if it is little.

    A worker does the rest; where none can be told now, `housekeep` finds the project (see `contests_due`).
    """
    if project.prepared_for == settings_key(project):
        return
    if not Item.objects.filter(project=project)[AT_ONCE_MOST:].exists():
        contests_rebuild(project_id=project.id)
        return
    transaction.on_commit(lambda: _send(project.id))


def _send(project_id: int) -> None:
    try:
        current_app.send_task("annotation.tasks.rebuild_contests", args=[project_id], retry=False)
    except OperationalError:
        log.warning("no broker: project %s is prepared by the next housekeeping", project_id)


def contests_due() -> list[int]:
    """The projects whose prepared values are for other settings than theirs."""
    projects = Project.objects.filter(deleted_at=None)
    return [project.id for project in projects if project.prepared_for != settings_key(project)]


def contests_rebuild(*, project_id: int) -> int:
    """Make `disagreement`, `extra`, `priority` and `random_arm` of all items of a project anew; how many items.

    In parts by item id, each in a transaction of its own, so that people label meanwhile. Doing it twice
    changes nothing; while one does it, another call does nothing. Where somebody is stopped half way, the next
    housekeeping after `CLAIM_SECONDS` begins again.
    """
    project = Project.objects.filter(id=project_id).first()
    claim = f"contests:{project_id}"
    if project is None or not cache.add(claim, 1, CLAIM_SECONDS):
        return 0
    try:
        made_for, number = settings_key(project), 0
        random_arms_mark(project=project)
        reset = project.prepared_for.partition("|")[0] != project.allocation
        rebuild = _Rebuild(project, reset=reset)
        while rebuild.part():
            cache.touch(claim, CLAIM_SECONDS)
        number = rebuild.number
        Project.objects.filter(id=project_id).update(prepared_for=made_for)
        return number
    finally:
        cache.delete(claim)


class _Rebuild:
    """All items of a project, a part at a time."""

    def __init__(self, project: Project, *, reset: bool) -> None:
        """With `reset`, the priorities are those of another policy and begin anew."""
        self.project = project
        self.contest = Contest.of(project)
        self.questions = asked(project.id, revision_current(project).id)
        self.fresh = priority_of_new(project) if reset else None
        self.last = 0
        self.number = 0

    def part(self) -> bool:
        """Bring the next part up to date; False when nothing is left."""
        with writing():
            rest = Item.objects.filter(project=self.project, id__gt=self.last).order_by("id")
            items = list(rest.select_for_update(of=("self",), no_key=True)[:PART])
            self.items(items)
        if not items:
            return False
        self.last, self.number = items[-1].id, self.number + len(items)
        return True

    def items(self, items: Sequence[Item]) -> None:
        """Bring items up to date that no other transaction changes meanwhile."""
        votes = _votes([item.id for item in items if item.filled])
        whole = completions_by_prompt(
            item.prompt_id for item in items if item.id in votes and item.first_id is None
        )
        found = ((item, self._now(item, votes[item.id], whole)) for item in items)
        changes = [
            (now.disagreement, now.extra, now.priority, item.id)
            for item, now in found
            if now != Prepared(item.disagreement, item.extra, item.priority)
        ]
        if changes:
            with connection.cursor() as cursor:
                cursor.executemany(PREPARED, changes)

    def _now(self, item: Item, votes: Sequence[Vote], whole: Mapping[int, Sequence[str]]) -> Prepared:
        start = Prepared(item.disagreement, item.extra, item.priority if self.fresh is None else self.fresh)
        if not votes and not item.extra and item.disagreement is None:
            return start
        pair = [str(item.first_id), str(item.second_id)]
        completions = pair if item.first_id is not None else whole.get(item.prompt_id, ())
        return _prepared(self.contest, self.questions, votes, completions, start, item.filled, item.reserved)


def _votes(item_ids: Sequence[int]) -> dict[int, list[Vote]]:
    """The votes that count, by item."""
    votes: dict[int, list[Vote]] = defaultdict(list)
    counted = Judgment.objects.filter(
        item_id__in=item_ids,
        superseded=False,
        annotator_kind=AnnotatorKind.HUMAN,
        status=JudgmentStatus.SUBMITTED,
        surplus=False,
    ).exclude(purpose=Purpose.REPEAT)
    for item_id, answers in counted.values_list("item_id", "answers"):
        votes[item_id].append(answers)
    return votes
