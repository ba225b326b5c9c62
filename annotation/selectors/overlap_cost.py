"""What more judgments per item would cost a project and what they would buy."""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import Any, Final

from django.core.cache import caches
from django.db.models import Max

from annotation.models import AnnotatorKind, Item, Project
from annotation.questions import Question
from annotation.selectors.completions import completions_by_prompt
from annotation.selectors.counted import judgments_counted
from annotation.selectors.projects import revision_current, revision_questions

NEWEST: Final = 20_000  # judgments that are looked at
KEPT_SECONDS: Final = 60
MORE_PLACES: Final = 2
USUAL_CONFIDENCE: Final = 0.85


def overlap_cost_read(
    *, project: Project, most: int | None = None, confidence: float | None = None
) -> dict[str, Any]:
    """The calculation for every question that can be voted on.

    Agreement and pace are those of the newest `NEWEST` counted human judgments, kept for a minute unless one is
    added. Adaptive overlap is worked out for `most` and `confidence`, by default the project's, or a usual pair.
    """
    from annotation.allocation.cost_table import cost_table  # loads the mathematics

    measured, active_ms, judgments = _measured(project)
    most = most or project.overlap_most or project.overlap + MORE_PLACES
    confidence = confidence or project.confidence or USUAL_CONFIDENCE
    items = Item.objects.filter(project=project).count()
    seconds = None if active_ms is None else active_ms / 1000
    return {
        "items": items,
        "overlap": project.overlap,
        "judgments": judgments,
        "median_active_ms": active_ms,
        "questions": [
            cost_table(found, items=max(items, 1), seconds=seconds, most=most, confidence=confidence)
            for found in measured
        ],
    }


def _measured(project: Project) -> tuple[list[Any], int | None, int]:
    revision = revision_current(project)
    counted = judgments_counted(project, kinds=[AnnotatorKind.HUMAN])
    last = counted.aggregate(last=Max("id"))["last"]
    kept, key = caches["figures"], f"overlap-cost-{project.id}-{revision.id}-{last}"
    found: tuple[list[Any], int | None, int] | None = kept.get(key)
    if found is None:
        found = _measure(project, revision_questions(revision))
        kept.set(key, found, KEPT_SECONDS)
    return found


def _measure(project: Project, questions: list[Question]) -> tuple[list[Any], int | None, int]:
    """What the newest judgments say of each question, their median active time, and how many they are."""
    from annotation.allocation.ballots import ballots_of, unvoted
    from annotation.allocation.cost_table import measure

    votes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    pairs: dict[int, list[str]] = {}
    prompts: dict[int, int] = {}
    times: list[int] = []
    rows = judgments_counted(project, kinds=[AnnotatorKind.HUMAN]).order_by("-id")[:NEWEST]
    for item, prompt, first, second, answers, active_ms in rows.values_list(
        "item_id", "prompt_id", "item__first_id", "item__second_id", "answers", "active_ms"
    ):
        votes[item].append(answers)
        if first is None:
            prompts[item] = prompt
        else:
            pairs[item] = [str(first), str(second)]
        if active_ms is not None:
            times.append(active_ms)
    completions = completions_by_prompt(prompts.values())
    ballots = [
        ballot
        for item, cast in votes.items()
        for ballot in ballots_of(questions, cast, pairs.get(item) or completions[prompts[item]])
    ]
    kinds = {question.name: question.kind for question in questions if unvoted([question])}
    steps = {
        question.name: (question.options["max"] - question.options["min"])
        / (len(unvoted([question])[0].categories) - 1)
        for question in questions
        if question.kind == "rating"
    }
    number = sum(map(len, votes.values()))
    return measure(ballots, kinds, steps), round(median(times)) if times else None, number
