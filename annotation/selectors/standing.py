"""Whether an annotator may work: qualified, paused, or still to pass the round of gold items.

A policy is read once every few seconds in each process: a queue request and a judgment cost no statement for it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from annotation.agreement.wilson import wilson_interval
from annotation.models import (
    Annotator,
    Gold,
    GoldFeedback,
    Judgment,
    JudgmentStatus,
    Purpose,
    Role,
    TrustPolicy,
)
from annotation.sql import rows

KEPT_SECONDS = 3.0
KEPT_MOST = 1000
REPEAT_SHARE = TrustPolicy._meta.get_field("repeat_share").get_default()

PAUSED_BY_GOLD = "gold"
PAUSED_BY_HAND = "hand"
PAUSED_BY_ROUND = "qualify"  # a round of qualification that was failed


class Standing(StrEnum):
    """How an annotator stands in a project.

    `exempt` are reviewers and administrators who label: they can read the gold answers, so none are asked of them.
    """

    WORKING = "working"
    EXEMPT = "exempt"
    QUALIFYING = "qualifying"
    QUALIFICATION_FAILED = "qualification_failed"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a project checks its annotators; `golds` counts the items with a live gold answer."""

    gold_share: float = 0.0
    repeat_share: float = REPEAT_SHARE
    qualification_items: int = 0
    threshold: float = 0.0
    window: int = 50
    pause: bool = False
    feedback: str = GoldFeedback.NONE
    golds: int = 0

    @property
    def qualifies(self) -> bool:
        """Whether there is a round before real work: it needs as many gold items as it asks."""
        return 0 < self.qualification_items <= self.golds


STANDING = """
SELECT a.project_id, a.paused_at, a.paused_because, a.qualified_at, p.owner_id = a.user_id, m.role, u.is_superuser
FROM annotation_annotator a
JOIN annotation_project p ON p.id = a.project_id
LEFT JOIN annotation_member m ON m.project_id = a.project_id AND m.user_id = a.user_id
LEFT JOIN annotation_user u ON u.id = a.user_id
WHERE a.id = %s
"""
RULES = """
SELECT t.gold_share, t.repeat_share, t.qualification_items, t.threshold, t.window, t.pause, t.feedback,
  (SELECT COUNT(*) FROM annotation_gold g WHERE g.project_id = t.project_id AND g.retired_at IS NULL)
FROM annotation_trustpolicy t WHERE t.project_id = %s
"""
_rules: dict[int, tuple[float, Rules]] = {}


def rules_of(project_id: int, *, fresh: bool = False) -> Rules:
    """A project's rules, at most `KEPT_SECONDS` old unless asked `fresh`; without a policy only repeats are asked."""
    kept = None if fresh else _rules.get(project_id)
    now = time.monotonic()
    if kept and now < kept[0]:
        return kept[1]
    found = rows(RULES, [project_id])
    rules = Rules()
    for gold_share, repeat_share, needed, threshold, window, pause, feedback, golds in found:
        rules = Rules(gold_share, repeat_share, needed, threshold, window, bool(pause), feedback, golds)
    while len(_rules) >= KEPT_MOST:
        _rules.pop(next(iter(_rules)), None)
    _rules[project_id] = (now + KEPT_SECONDS, rules)
    return rules


def rules_forget(project_id: int) -> None:
    """Read the rules anew next time, since this process has changed them."""
    _rules.pop(project_id, None)


def standing_of(annotator_id: int) -> Standing:
    """How an annotator stands, by one statement (and two more in a round of qualification)."""
    [(project, paused_at, because, qualified_at, owner, role, superuser)] = rows(STANDING, [annotator_id])
    return standing_known(
        annotator_id,
        project=project,
        paused_because=None if paused_at is None else because,
        qualified=qualified_at is not None,
        exempt=bool(owner or superuser or role in (Role.REVIEWER, Role.ADMIN)),
    )


def standing_known(
    annotator_id: int, *, project: int, paused_because: str | None, qualified: bool, exempt: bool
) -> Standing:
    """How an annotator stands of whom this much has been read; `paused_because` is None for who is not paused."""
    if paused_because is not None:
        return Standing.QUALIFICATION_FAILED if paused_because == PAUSED_BY_ROUND else Standing.PAUSED
    if exempt:
        return Standing.EXEMPT
    rules = rules_of(project)
    if not qualified and rules.qualifies and round_of(annotator_id, rules).possible:
        return Standing.QUALIFYING
    return Standing.WORKING


@dataclass(frozen=True, slots=True)
class Round:
    """A round of qualification: answered and right so far, passed over, and still to be asked."""

    needed: int
    answered: int
    correct: int
    passed_over: int
    unseen: int

    @property
    def possible(self) -> bool:
        """Whether there are enough gold items for this person; who cannot be asked is not held up."""
        return self.answered + self.passed_over + self.unseen >= self.needed

    @property
    def over(self) -> bool:
        """Whether all were answered, or nothing is left because some were passed over."""
        return self.answered >= self.needed or self.unseen == 0


def round_of(annotator_id: int, rules: Rules) -> Round:
    """How far an annotator's round of qualification has come; the numbers are bounded by the gold items."""
    asked = counted(annotator_id, Judgment.objects.filter(purpose=Purpose.QUALIFICATION, superseded=False))
    found = list(asked.order_by("id").values_list("status", "gold_result__correct"))
    answers = [correct for status, correct in found if status == JudgmentStatus.SUBMITTED]
    answers = answers[: rules.qualification_items]
    return Round(
        needed=rules.qualification_items,
        answered=len(answers),
        correct=sum(correct is True for correct in answers),
        passed_over=len(found) - len(answers),
        unseen=golds_unseen(annotator_id)[: rules.qualification_items].count(),
    )


def counted(annotator_id: int, judgments: QuerySet[Judgment]) -> QuerySet[Judgment]:
    """An annotator's judgments since their score began anew."""
    since: datetime | None = (
        Annotator.objects.filter(id=annotator_id).values_list("scored_since", flat=True).first()
    )
    judgments = judgments.filter(annotator_id=annotator_id)
    return judgments.filter(submitted_at__gte=since) if since else judgments


def golds_unseen(annotator_id: int) -> QuerySet[Gold]:
    """Live gold items that an annotator may be given and has not judged."""
    annotator = Annotator.objects.only("project_id").get(id=annotator_id)
    own_pools = Q(item__pool=None) | Q(item__pool__annotators=annotator_id)
    own_pools |= Q(item__pool__groups__annotators=annotator_id)
    seen = Judgment.objects.filter(annotator_id=annotator_id, superseded=False).values("item_id")
    return (
        Gold.objects.filter(own_pools, project_id=annotator.project_id, retired_at=None, item__parked_at=None)
        .exclude(item__in=seen)
        .distinct()
    )


@dataclass(frozen=True, slots=True)
class Score:
    """The share of right answers to the last gold items, with its 95 % interval."""

    number: int
    correct: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share."""
        return self.correct / self.number


def score_of(annotator_id: int, window: int) -> Score | None:
    """The score over the last `window` gold answers since it began anew; None before the first."""
    answers = counted(annotator_id, Judgment.objects.filter(superseded=False, set_aside_at=None))
    newest = answers.filter(gold_result__isnull=False).order_by("-id")
    right = list(newest.values_list("gold_result__correct", flat=True)[:window])
    return score_from(sum(right), len(right)) if right else None


def score_from(correct: int, number: int) -> Score:
    """A score with its interval."""
    low, high = wilson_interval(correct, number)
    return Score(number, correct, low, high)
