"""Items with a known answer: made from an item, a judgment, or what people agree on; changed and retired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotation.errors import ConflictError, NotFoundError, UnprocessableError
from annotation.gold_answers import answers_agreed, gold_clean
from annotation.models import (
    AnnotatorKind,
    Gold,
    Item,
    Judgment,
    JudgmentStatus,
    Project,
    TrustPolicy,
    User,
)
from annotation.questions import AnswerError
from annotation.selectors.completions import completions_of
from annotation.selectors.projects import revision_current
from annotation.selectors.revisions import asked
from annotation.selectors.standing import rules_forget
from annotation.services.gold import gold_rescore

SCANNED_MOST = 2000  # items looked at for agreement by one request, those with the most judgments first
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDraft:
    """A known answer as it comes from the wire; `tolerance` holds what differs from the questions' usual ones."""

    answers: Mapping[str, Any]
    tolerance: Mapping[str, Any]
    explanation: str = ""


def gold_create(
    *, project: Project, author: User | None, item: Item, draft: GoldDraft, judgment: Judgment | None = None
) -> Gold:
    """Give an item a known answer; an item whose answer was retired gets this one instead.

    Raises:
        UnprocessableError: the answers or the tolerance do not fit the questions; `fields` names the places.
        ConflictError: the item has a live known answer.
    """
    answers, tolerance = _cleaned(project, item, draft)
    values = {
        "answers": answers,
        "tolerance": tolerance,
        "explanation": draft.explanation,
        "author": author,
        "judgment": judgment,
    }
    old = Gold.objects.filter(item=item).first()
    if old is not None and old.retired_at is None:
        raise _exists()
    try:
        with transaction.atomic():
            if old is None:
                gold = Gold.objects.create(item=item, project=project, **values)
            else:
                Gold.objects.filter(id=old.id).update(**values, retired_at=None)
                gold = Gold.objects.get(id=old.id)
                gold_rescore(gold)
            TrustPolicy.objects.get_or_create(project=project)
    except IntegrityError:
        raise _exists() from None
    rules_forget(project.id)
    return gold


def gold_create_from_item(*, project: Project, author: User, item_id: int, draft: GoldDraft) -> Gold:
    """Give an item a known answer.

    Raises:
        NotFoundError: the project has no such item.
    """
    item = Item.objects.filter(project=project, id=item_id).first()
    if item is None:
        raise NotFoundError("This project has no item with this id.")
    return gold_create(project=project, author=author, item=item, draft=draft)


def gold_create_from_judgment(*, project: Project, author: User, uuid: UUID, draft: GoldDraft) -> Gold:
    """Let what somebody said, as a reviewer who decided, be the known answer of its item.

    Raises:
        NotFoundError: the project has no such judgment that stands.
    """
    judgment = (
        Judgment.objects.select_related("item")
        .filter(
            project=project,
            uuid=uuid,
            superseded=False,
            set_aside_at=None,
            status=JudgmentStatus.SUBMITTED,
        )
        .first()
    )
    if judgment is None:
        raise NotFoundError("This project has no judgment with this id that stands.")
    given = GoldDraft(answers=judgment.answers, tolerance=draft.tolerance, explanation=draft.explanation)
    return gold_create(project=project, author=author, item=judgment.item, draft=given, judgment=judgment)


def gold_update(*, gold: Gold, data: Mapping[str, Any]) -> Gold:
    """Change a known answer, its tolerance or explanation, or ask it again; what was answered is scored anew.

    Raises:
        UnprocessableError: the answers or the tolerance do not fit the questions; `fields` names the places.
    """
    draft = GoldDraft(
        answers=data.get("answers", gold.answers),
        tolerance=data.get("tolerance", gold.tolerance),
        explanation=data.get("explanation", gold.explanation),
    )
    if "answers" in data or "tolerance" in data:
        gold.answers, gold.tolerance = _cleaned(gold.project, gold.item, draft)
    gold.explanation = draft.explanation
    if "retired" in data:
        gold.retired_at = (gold.retired_at or timezone.now()) if data["retired"] else None
    with transaction.atomic():
        gold.save(update_fields=["answers", "tolerance", "explanation", "retired_at"])
        gold_rescore(gold)
    rules_forget(gold.project_id)
    return gold


def gold_retire(*, gold: Gold) -> None:
    """Ask an item's known answer of nobody any more; its results stay."""
    Gold.objects.filter(id=gold.id, retired_at=None).update(retired_at=timezone.now())
    rules_forget(gold.project_id)


def golds_agreed(*, project: Project, at_least: int, most: int) -> list[tuple[Item, GoldDraft]]:
    """Items on which at least so many people agree in every question that can be checked, with what they say.

    People agree when one of the given answers has all others within the question's usual tolerance. Items
    with the most judgments are looked at first, `SCANNED_MOST` at most; those with a known answer are left out.
    """
    questions = asked(project.id, revision_current(project).id).questions
    candidates = (
        Item.objects.filter(project=project, filled__gte=at_least, gold=None, parked_at=None)
        .select_related("prompt")
        .order_by("-filled", "id")
    )
    found: list[tuple[Item, GoldDraft]] = []
    for start in range(0, SCANNED_MOST, BATCH):
        items = list(candidates[start : start + BATCH])
        ballots = _ballots(items)
        for item in items:
            answers = answers_agreed(questions, ballots[item.id], completions_of(item), at_least=at_least)
            if answers:
                found.append((item, GoldDraft(answers=answers, tolerance={})))
                if len(found) == most:
                    return found
        if len(items) < BATCH:
            break
    return found


def _ballots(items: Sequence[Item]) -> dict[int, list[dict[str, Any]]]:
    """By item: the answers that count."""
    rows = Judgment.objects.filter(
        item__in=items,
        annotator_kind=AnnotatorKind.HUMAN,
        status=JudgmentStatus.SUBMITTED,
        superseded=False,
        surplus=False,
    )
    ballots: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item_id, answers in rows.order_by("id").values_list("item_id", "answers"):
        ballots[item_id].append(answers)
    return ballots


def golds_create_agreed(*, project: Project, author: User, at_least: int, most: int) -> int:
    """Make the items of `golds_agreed` gold; returns how many."""
    made = 0
    for item, draft in golds_agreed(project=project, at_least=at_least, most=most):
        try:
            gold_create(project=project, author=author, item=item, draft=draft)
        except ConflictError:  # somebody else was faster
            continue
        made += 1
    return made


def _cleaned(project: Project, item: Item, draft: GoldDraft) -> tuple[dict[str, Any], dict[str, Any]]:
    questions = asked(project.id, revision_current(project).id).questions
    try:
        return gold_clean(questions, draft.answers, draft.tolerance, completions_of(item))
    except AnswerError as error:
        first = next(iter(error.fields.items()))
        raise UnprocessableError(
            f"{first[0]}: {first[1][0]}", code="invalid_gold", fields=error.fields
        ) from None


def _exists() -> ConflictError:
    return ConflictError("This item has a known answer already; change that one.", code="gold_exists")
