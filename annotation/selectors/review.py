"""The review queue: what people disagree on, flagged or skipped, failing gold, and labels to look at again."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db.models import Count, Q, QuerySet

from annotation.allocation.policies import shown_order
from annotation.errors import DomainError
from annotation.models import (
    AnnotatorKind,
    GoldResult,
    Item,
    Judgment,
    JudgmentStatus,
    Project,
    Purpose,
    Remark,
    User,
)
from annotation.questions import Question
from annotation.selectors.completions import completions_by_prompt
from annotation.selectors.projects import count_up_to_limit, revision_current, revision_questions
from annotation.selectors.prompts import excerpt, items_flagged, items_parked
from annotation.selectors.remarks import unread_by

REASONS = ("gold-failing", "parked", "flagged", "suspected", "contested")
"""In the order of the queue that shows all: what few items have comes first."""
KEYS: dict[str, tuple[str, ...]] = {
    "gold-failing": ("id",),
    "parked": ("parked_at", "id"),
    "flagged": ("prompt_number", "id"),
    "suspected": ("suspected_at", "id"),
    "contested": ("-disagreement", "id"),
}
GOLD_ANSWERS_LEAST = 3  # fewer say nothing about the gold answer
FAILING_MOST = 1000
ANEW_MOST = 10_000  # results up to which they are read for every request
KEPT_SECONDS = 60.0
PROJECTS_KEPT = 1000
VOTES_SHOWN = 4  # different answers to a question
FREE_TEXT = frozenset({"comment", "highlight", "rewrite"})

_failing: dict[int, tuple[float, list[int]]] = {}


def reason_read(raw: str) -> str:
    """A reason from the wire, or `all`; 400 for anything else."""
    if raw not in {"all", *REASONS}:
        message = f"reason must be all or one of {', '.join(REASONS)}."
        raise DomainError(message, fields={"reason": [message]})
    return raw


def gold_failing(project: Project) -> list[int]:
    """The items whose live gold answer at least half of three or more people missed: it may be wrong itself.

    It reads all results of the project; where they are many, what was found is used again for a while.
    """
    kept = _failing.get(project.id)
    if kept and time.monotonic() < kept[0]:
        return kept[1]
    results = GoldResult.objects.filter(
        gold__project=project,
        gold__retired_at=None,
        judgment__superseded=False,
        judgment__set_aside_at=None,
    )
    counted = (
        results.order_by("gold__item_id")
        .values_list("gold__item_id")
        .annotate(n=Count("id"), wrong=Count("id", filter=Q(correct=False)))
    )
    found = list(counted)
    failing = [item for item, answers, wrong in found if _fails(answers, wrong)][:FAILING_MOST]
    if sum(answers for _, answers, _ in found) > ANEW_MOST:
        while len(_failing) >= PROJECTS_KEPT:
            _failing.pop(next(iter(_failing)), None)
        _failing[project.id] = (time.monotonic() + KEPT_SECONDS, failing)
    return failing


def _fails(answers: int, wrong: int) -> bool:
    return answers >= GOLD_ANSWERS_LEAST and 2 * wrong >= answers


def review_items(project: Project, reason: str, *, failing: Sequence[int]) -> QuerySet[Item]:
    """The items that wait for review for one reason, found by that reason's index."""
    match reason:
        case "gold-failing":
            items = Item.objects.filter(project=project, id__in=failing).select_related("prompt")
        case "parked":
            items = items_parked(project)
        case "flagged":
            items = items_flagged(project)
        case "suspected":
            items = Item.objects.filter(project=project, suspected_at__isnull=False).select_related("prompt")
        case _:
            items = Item.objects.filter(project=project, disagreement__gt=0).select_related("prompt")
    return items.filter(reviewed_at=None)


def review_stages(project: Project, reason: str) -> list[tuple[str, QuerySet[Item], tuple[str, ...]]]:
    """The lists that make a queue, one after the other: of `all`, each without what an earlier one has."""
    failing = gold_failing(project)
    if reason != "all":
        return [(reason, review_items(project, reason, failing=failing), KEYS[reason])]
    stages = []
    for name in REASONS:
        items = review_items(project, name, failing=failing)
        if name != "gold-failing":
            items = items.exclude(id__in=failing)
        if name in {"flagged", "suspected", "contested"}:
            items = items.filter(parked_at=None)
        if name in {"suspected", "contested"}:
            items = items.exclude(id__in=items_flagged(project).order_by().values("id"))
        if name == "contested":
            items = items.filter(suspected_at=None)
        stages.append((name, items, KEYS[name]))
    return stages


def review_counts(project: Project) -> dict[str, int]:
    """How many items wait for each reason; counted up to a limit."""
    failing = gold_failing(project)
    return {
        reason.replace("-", "_"): count_up_to_limit(review_items(project, reason, failing=failing))
        for reason in REASONS
    }


def review_wire(user: User, project: Project, items: Sequence[Item]) -> list[dict[str, Any]]:
    """A page of items with why they are here and what people said; completions in the order of the item's page."""
    ids = [item.id for item in items]
    judgments: dict[int, list[Judgment]] = defaultdict(list)
    rows = Judgment.objects.filter(item_id__in=ids, superseded=False).exclude(purpose=Purpose.REPEAT)
    for judgment in rows.select_related("annotator").defer("digest").order_by("id"):
        judgments[judgment.item_id].append(judgment)
    completions = completions_by_prompt(item.prompt_id for item in items)
    unread = Counter(
        unread_by(user, Remark.objects.filter(item_id__in=ids)).values_list("item_id", flat=True)
    )
    failing = set(gold_failing(project))
    questions = revision_questions(revision_current(project))
    return [
        {
            **_row(item, judgments[item.id], questions, failing=item.id in failing),
            "completions": shown_order(
                item_completions(item, completions[item.prompt_id]),
                annotator=user.pk,
                item=item.id,
                shuffle=project.shuffle,
            ),
            "unread_remarks": unread[item.id],
        }
        for item in items
    ]


def item_completions(item: Item, of_prompt: Sequence[str]) -> list[str]:
    """The completions that an item is about, in the order of import."""
    if item.first_id is None:
        return list(of_prompt)
    return [completion for completion in of_prompt if int(completion) in (item.first_id, item.second_id)]


def _row(
    item: Item, judgments: Sequence[Judgment], questions: Sequence[Question], *, failing: bool
) -> dict[str, Any]:
    kept = [judgment for judgment in judgments if judgment.set_aside_at is None]
    people = [judgment for judgment in kept if judgment.annotator_kind == AnnotatorKind.HUMAN]
    decided = next((row for row in kept if row.annotator_kind == AnnotatorKind.ADJUDICATED), None)
    said = [row for row in kept if row.status == JudgmentStatus.SUBMITTED and row is not decided]
    return {
        "item": str(item.id),
        "prompt": {
            "id": str(item.prompt_id),
            "external_id": item.prompt.external_id,
            "excerpt": excerpt(item.prompt.messages),
        },
        "reasons": reasons_of(item, kept, failing=failing),
        "disagreement": item.disagreement,
        "judgments": len(said),
        "set_aside": len(judgments) - len(kept),
        "notes": [
            {"annotator": row.annotator.name, "status": row.status, "reason": row.reason}
            for row in people
            if row.status != JudgmentStatus.SUBMITTED
        ],
        "votes": votes_of(said, questions),
        "decided": decided is not None,
        "parked_at": item.parked_at,
        "reviewed_at": item.reviewed_at,
    }


def reasons_of(item: Item, judgments: Sequence[Judgment], *, failing: bool) -> list[str]:
    """Why an item waits for review, of its current judgments that are not set aside."""
    holds = {
        "gold-failing": failing,
        "parked": item.parked_at is not None,
        "flagged": any(judgment.status == JudgmentStatus.FLAGGED for judgment in judgments),
        "suspected": item.suspected_at is not None,
        "contested": bool(item.disagreement),
    }
    return [reason for reason in REASONS if holds[reason]]


def votes_of(judgments: Sequence[Judgment], questions: Sequence[Question]) -> list[dict[str, Any]]:
    """By question: the answers that were given most, with how many gave each; strengths make no difference."""
    votes = []
    for question in questions:
        if question.kind in FREE_TEXT:
            continue
        given: Counter[bytes] = Counter()
        for judgment in judgments:
            answer = judgment.answers.get(question.name)
            if answer:
                given[orjson.dumps(_without_strength(answer), option=orjson.OPT_SORT_KEYS)] += 1
        if given:
            votes.append(
                {
                    "question": question.name,
                    "answers": [
                        {"answer": orjson.loads(answer), "count": count}
                        for answer, count in given.most_common(VOTES_SHOWN)
                    ],
                    "different": len(given),
                }
            )
    return votes


def _without_strength(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "strength"}
