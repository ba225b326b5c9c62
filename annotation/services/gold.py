"""Scores of answers to gold items, and what follows from them: warnings, pauses, passed and failed rounds."""

from __future__ import annotations

from django.utils import timezone

from annotation.gold_answers import answers_checked
from annotation.models import (
    Annotator,
    Gold,
    GoldFeedback,
    GoldResult,
    Judgment,
    JudgmentStatus,
    Purpose,
)
from annotation.selectors.completions import completions_of
from annotation.selectors.revisions import asked
from annotation.selectors.standing import (
    PAUSED_BY_GOLD,
    PAUSED_BY_ROUND,
    Rules,
    Standing,
    round_of,
    rules_of,
    score_of,
    standing_of,
)
from annotation.services.standing import annotator_pause, annotator_qualify

LEAST_ANSWERS = 5  # below that nobody is warned or paused


def gold_score(judgment: Judgment) -> None:
    """Score a judgment that was just stored, in its transaction, and draw the consequences for its annotator.

    Any first answer to a gold item counts, also one that came as ordinary work. Who is told something about
    the answers cannot improve a score by an edit: then the answers given first count.
    """
    rules = rules_of(judgment.project_id)
    if judgment.purpose == Purpose.REPEAT or (judgment.purpose == Purpose.WORK and not rules.golds):
        return
    gold = Gold.objects.filter(item_id=judgment.item_id).first()
    if gold is None or (gold.retired_at is not None and judgment.purpose == Purpose.WORK):
        return
    scored = _score(judgment, gold, rules)
    if scored or judgment.purpose == Purpose.QUALIFICATION:
        _consequences(judgment.annotator_id, rules)


def gold_rescore(gold: Gold) -> int:
    """Score all current answers to a gold item anew, as when its answers or tolerance change; how many there are.

    Answers given as ordinary work before the item became gold stay unscored. Warnings follow; nobody is paused
    or fails for what happens here.
    """
    rules = rules_of(gold.project_id, fresh=True)
    judgments = Judgment.objects.filter(item_id=gold.item_id, superseded=False).exclude(
        purpose=Purpose.REPEAT
    )
    scored = 0
    for judgment in judgments.exclude(purpose=Purpose.WORK, received_at__lt=gold.created_at):
        scored += _score(judgment, gold, rules)
    return scored


def _score(judgment: Judgment, gold: Gold, rules: Rules) -> bool:
    """Store whether a judgment meets the gold answer; skipped and flagged ones have no result."""
    first = judgment if rules.feedback == GoldFeedback.NONE else _first_answer(judgment)
    if judgment.status != JudgmentStatus.SUBMITTED or first is None:
        GoldResult.objects.filter(judgment=judgment).delete()
        return False
    questions = answers_checked(
        asked(gold.project_id, first.revision_id).questions,
        gold.answers,
        gold.tolerance,
        first.answers,
        completions_of(judgment.item),
    )
    if not questions:
        return False
    GoldResult.objects.update_or_create(
        judgment=judgment,
        defaults={
            "gold": gold,
            "annotator_id": judgment.annotator_id,
            "correct": all(questions.values()),
            "questions": questions,
        },
    )
    return True


def _first_answer(judgment: Judgment) -> Judgment | None:
    """The judgment with which this person first answered the item; edits follow from it."""
    first = judgment if judgment.status == JudgmentStatus.SUBMITTED else None
    while judgment.supersedes is not None:
        judgment = judgment.supersedes
        first = judgment if judgment.status == JudgmentStatus.SUBMITTED else first
    return first


def _consequences(annotator_id: int, rules: Rules) -> None:
    """Pass or fail a round that is over; warn, or pause who is surely below the threshold."""
    standing = standing_of(annotator_id)
    if standing is Standing.QUALIFYING:
        tried = round_of(annotator_id, rules)
        if tried.over and tried.correct >= rules.threshold * tried.needed:
            annotator_qualify(annotator_id)
        elif tried.over:
            annotator_pause(annotator_id, because=PAUSED_BY_ROUND)
    if standing is not Standing.WORKING:
        return
    score = score_of(annotator_id, rules.window)
    if score is None or score.number < LEAST_ANSWERS:
        return
    if rules.pause and score.high < rules.threshold:
        annotator_pause(annotator_id, because=PAUSED_BY_GOLD)
    warned = Annotator.objects.filter(id=annotator_id)
    if score.value >= rules.threshold:
        warned.exclude(warned_at=None).update(warned_at=None)
    else:
        warned.filter(warned_at=None).update(warned_at=timezone.now())
