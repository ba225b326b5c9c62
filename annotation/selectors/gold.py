"""Gold items, the scores of annotators on them, and what an annotator is told, as the wire shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from annotation.errors import NotFoundError
from annotation.gold_answers import checker
from annotation.models import (
    Annotator,
    AnnotatorKind,
    Completion,
    Gold,
    GoldFeedback,
    GoldResult,
    Item,
    Judgment,
    Member,
    Project,
    Role,
    User,
)
from annotation.selectors.access import opaque, role_of
from annotation.selectors.projects import revision_current
from annotation.selectors.prompts import excerpt
from annotation.selectors.revisions import asked
from annotation.selectors.standing import (
    PAUSED_BY_ROUND,
    Rules,
    Score,
    Standing,
    round_of,
    rules_of,
    score_from,
    score_of,
    standing_of,
)

TEXT_SHOWN = 300  # characters of an output in a list


def golds_of(project: Project, *, retired: bool) -> QuerySet[Gold]:
    """The project's gold items, the live or the retired ones."""
    golds = Gold.objects.filter(project=project, retired_at__isnull=not retired)
    return golds.select_related("item__prompt", "author", "judgment")


def gold_get(*, project: Project, gold_id: object) -> Gold:
    """A gold item of a project.

    Raises:
        NotFoundError: there is none of this id.
    """
    found = Gold.objects.select_related("item__prompt", "author", "judgment", "project").filter(
        project=project, id=opaque(gold_id)
    )
    gold = found.first()
    if gold is None:
        raise NotFoundError("This project has no gold item with this id.")
    return gold


def golds_wire(golds: Sequence[Gold]) -> list[dict[str, Any]]:
    """A page of gold items with how many people have answered each, and how many within the tolerance."""
    current = GoldResult.objects.filter(gold__in=golds, judgment__superseded=False)
    counts = {
        gold_id: (answered, right)
        for gold_id, answered, right in current.order_by()
        .values_list("gold_id")
        .annotate(answered=Count("id"), right=Count("id", filter=Q(correct=True)))
    }
    items = items_shown([gold.item for gold in golds])
    return [
        {
            "id": str(gold.id),
            **items[gold.item_id],
            "answers": gold.answers,
            "tolerance": gold.tolerance,
            "explanation": gold.explanation,
            "author": gold.author.username if gold.author else None,
            "judgment": str(gold.judgment.uuid) if gold.judgment else None,
            "answered": counts.get(gold.id, (0, 0))[0],
            "correct": counts.get(gold.id, (0, 0))[1],
            "created_at": gold.created_at,
            "retired_at": gold.retired_at,
        }
        for gold in golds
    ]


def items_shown(items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    """By item: its prompt and the beginnings of its outputs; `prompt` should have been read with each."""
    outputs: dict[int, list[tuple[int, str]]] = {}
    rows = Completion.objects.filter(prompt_id__in={item.prompt_id for item in items})
    for prompt_id, completion_id, text in rows.order_by("prompt_id", "position").values_list(
        "prompt_id", "id", "text"
    ):
        outputs.setdefault(prompt_id, []).append((completion_id, text))
    return {
        item.id: {
            "item": str(item.id),
            "prompt": {
                "id": str(item.prompt_id),
                "external_id": item.prompt.external_id,
                "excerpt": excerpt(item.prompt.messages),
            },
            "completions": [
                {"id": str(completion), "text": text[:TEXT_SHOWN]}
                for completion, text in outputs.get(item.prompt_id, [])
                if item.first_id is None or completion in (item.first_id, item.second_id)
            ],
        }
        for item in items
    }


def policy_checks(project: Project) -> dict[str, Any]:
    """What the rules of a project have to work with: live gold items, and the questions that can be checked."""
    questions = asked(project.id, revision_current(project).id).questions
    return {
        "golds": Gold.objects.filter(project=project, retired_at=None).count(),
        "checkable": [question.name for question in questions if checker(question)],
    }


def annotators_checked(project: Project) -> QuerySet[Annotator]:
    """The people who work in a project."""
    return Annotator.objects.filter(project=project, kind=AnnotatorKind.HUMAN).exclude(user=None)


def annotator_get(*, project: Project, annotator_id: object) -> Annotator:
    """One of the people who work in a project.

    Raises:
        NotFoundError: there is none of this id.
    """
    annotator = annotators_checked(project).filter(id=opaque(annotator_id)).first()
    if annotator is None:
        raise NotFoundError("Nobody with this id works in this project.")
    return annotator


def annotators_checked_wire(project: Project, annotators: Sequence[Annotator]) -> list[dict[str, Any]]:
    """A page of annotators with their scores and standings; one statement for all scores."""
    rules = rules_of(project.id)
    scores = _scores([annotator.id for annotator in annotators], rules.window)
    reviewers = {project.owner_id, *_reviewers(project)}
    return [
        {
            "id": str(annotator.id),
            "name": annotator.name,
            "status": _status(annotator, rules, exempt=annotator.user_id in reviewers),
            "because": annotator.paused_because,
            "since": annotator.paused_at or annotator.warned_at or annotator.qualified_at,
            "qualified_at": annotator.qualified_at,
            "score": score_wire(scores.get(annotator.id)),
        }
        for annotator in annotators
    ]


def _reviewers(project: Project) -> QuerySet[Member, int]:
    own = Member.objects.filter(project=project, role__in=[Role.REVIEWER, Role.ADMIN])
    return own.values_list("user_id", flat=True)


def _status(annotator: Annotator, rules: Rules, *, exempt: bool) -> str:
    if annotator.paused_at is not None:
        failed = annotator.paused_because == PAUSED_BY_ROUND
        return Standing.QUALIFICATION_FAILED if failed else Standing.PAUSED
    if exempt:
        return Standing.EXEMPT
    if annotator.qualified_at is None and rules.qualifies:
        return Standing.QUALIFYING
    return "warned" if annotator.warned_at else Standing.WORKING


def _scores(annotators: Sequence[int], window: int) -> dict[int, Score]:
    """By annotator: the score over the last `window` answers since it began anew."""
    newest = Window(RowNumber(), partition_by=F("annotator_id"), order_by=F("judgment_id").desc())
    since = Q(annotator__scored_since=None) | Q(judgment__submitted_at__gte=F("annotator__scored_since"))
    results = GoldResult.objects.filter(
        since, annotator_id__in=annotators, judgment__superseded=False, judgment__set_aside_at=None
    )
    counts: dict[int, list[int]] = {}
    for annotator_id, correct in (
        results.annotate(place=newest).filter(place__lte=window).values_list("annotator_id", "correct")
    ):
        count = counts.setdefault(annotator_id, [0, 0])
        count[0] += correct
        count[1] += 1
    return {annotator_id: score_from(*count) for annotator_id, count in counts.items()}


def score_wire(score: Score | None) -> dict[str, Any] | None:
    """A score with its interval and what it is made of."""
    if score is None:
        return None
    return {
        "value": score.value,
        "low": score.low,
        "high": score.high,
        "n": score.number,
        "correct": score.correct,
    }


def standing_wire(*, user: User, project: Project) -> dict[str, Any]:
    """What the caller is told about their own work: never more than the project's rules allow."""
    annotator = Annotator.objects.filter(project=project, user=user, kind=AnnotatorKind.HUMAN).first()
    rules = rules_of(project.id)
    told: dict[str, Any] = {
        "status": str(Standing.WORKING),
        "feedback": rules.feedback,
        "score": None,
        "threshold": None,
        "qualification": None,
        "last": None,
    }
    if annotator is None:
        # The queue's first answer makes the row; the page asks for both at once.
        if rules.qualifies and role_of(user=user, project=project) is Role.ANNOTATOR:
            needed = rules.qualification_items
            told["status"] = str(Standing.QUALIFYING)
            told["qualification"] = round_wire(needed, answered=0, correct=None, threshold=rules.threshold)
        return told
    standing = standing_of(annotator.id)
    warned = standing is Standing.WORKING and annotator.warned_at is not None
    told["status"] = "warned" if warned else str(standing)
    if standing in (Standing.QUALIFYING, Standing.QUALIFICATION_FAILED) and rules.qualification_items:
        told["qualification"] = _round_wire(annotator.id, rules, standing)
    if standing is not Standing.EXEMPT and rules.feedback != GoldFeedback.NONE:
        told["score"] = score_wire(score_of(annotator.id, rules.window))
        told["threshold"] = rules.threshold
    if standing is not Standing.EXEMPT and rules.feedback == GoldFeedback.ANSWER:
        told["last"] = last_answer_wire(annotator.id)
    return told


def _round_wire(annotator_id: int, rules: Rules, standing: Standing) -> dict[str, Any]:
    tried = round_of(annotator_id, rules)
    failed = standing is Standing.QUALIFICATION_FAILED
    correct = tried.correct if failed else None
    return round_wire(tried.needed, answered=tried.answered, correct=correct, threshold=rules.threshold)


def round_wire(needed: int, *, answered: int, correct: int | None, threshold: float) -> dict[str, Any]:
    """A round of qualification as its annotator sees it."""
    return {"needed": needed, "answered": answered, "correct": correct, "threshold": threshold}


def last_answer_wire(annotator_id: int) -> dict[str, Any] | None:
    """The annotator's newest answer to a gold item, with the known one and its explanation."""
    results = GoldResult.objects.filter(annotator_id=annotator_id, judgment__superseded=False)
    result = results.select_related("gold", "judgment").order_by("-judgment_id").first()
    if result is None:
        return None
    judgment: Judgment = result.judgment
    return {
        "judgment": str(judgment.uuid),
        "correct": result.correct,
        "questions": result.questions,
        "answers": result.gold.answers,
        "shown": judgment.shown,
        "explanation": result.gold.explanation,
        "at": judgment.submitted_at,
    }
