"""Prompts and set-aside items as the wire shows them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from annotation.errors import NotFoundError
from annotation.models import (
    AnnotatorKind,
    Completion,
    Item,
    Judgment,
    JudgmentStatus,
    Project,
    Prompt,
    Role,
    User,
)
from annotation.selectors.access import RANKS, opaque, role_of
from annotation.selectors.judgments import JUDGMENT_WIRE, judgments_wire

EXCERPT = 160  # characters
JUDGMENTS_SHOWN = 1000


def excerpt(messages: Sequence[Mapping[str, Any]]) -> str:
    """The beginning of what was said to the model, on one line; of a dialogue the first and the last turn."""
    turns = [message for message in messages if message.get("role") == "user"] or messages[-1:]
    said = [" ".join(str(message["content"]).split()) for message in turns]
    if len(said) <= 1:
        return _cut("".join(said), EXCERPT)
    return f"{_cut(said[0], EXCERPT // 2)} … {_cut(said[-1], EXCERPT // 2)}"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def prompts_search(*, project: Project, text: str) -> QuerySet[Prompt]:
    """The prompts of a project whose id or messages contain `text`; reads prompts until a page is full."""
    prompts = Prompt.objects.filter(project=project)
    if not text:
        return prompts
    # JSON as the database keeps it: SQLite as Python wrote it (ASCII), PostgreSQL normalised.
    stored = json.dumps(text, ensure_ascii=connection.vendor == "sqlite")[1:-1]
    said = prompts.annotate(said=Cast("messages", TextField()))
    return said.filter(Q(external_id__icontains=text) | Q(said__icontains=stored))


def prompts_wire(prompts: Sequence[Prompt]) -> list[dict[str, Any]]:
    """A page of prompts with how many completions and current, submitted judgments each has."""
    ids = [prompt.id for prompt in prompts]
    completions = _counts(Completion.objects.filter(prompt_id__in=ids).order_by())
    current = Judgment.objects.filter(prompt_id__in=ids, superseded=False, status=JudgmentStatus.SUBMITTED)
    judgments = _counts(current.order_by())
    return [
        {
            "id": str(prompt.id),
            "external_id": prompt.external_id,
            "excerpt": excerpt(prompt.messages),
            "completions": completions.get(prompt.id, 0),
            "judgments": judgments.get(prompt.id, 0),
            "language": prompt.language,
        }
        for prompt in prompts
    ]


def _counts(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.values_list("prompt_id").annotate(n=Count("id")))


def prompt_get(*, user: User, prompt_id: object) -> Prompt:
    """A prompt of a project in which the caller is at least a reviewer.

    Raises:
        NotFoundError: there is none, or it is not for the caller's eyes.
    """
    prompt = (
        Prompt.objects.select_related("project")
        .filter(id=opaque(prompt_id), project__deleted_at=None)
        .first()
    )
    role = role_of(user=user, project=prompt.project) if prompt else None
    if prompt is None or role is None or RANKS[role] < RANKS[Role.REVIEWER]:
        raise NotFoundError("There is no prompt with this id.")
    return prompt


def prompt_wire(prompt: Prompt) -> dict[str, Any]:
    """A prompt with its completions and what was said about them (the first thousand judgments)."""
    judgments = Judgment.objects.filter(prompt=prompt).select_related(*JUDGMENT_WIRE).order_by("id")
    return {
        "id": str(prompt.id),
        "external_id": prompt.external_id,
        "messages": prompt.messages,
        "metadata": prompt.metadata,
        "group": prompt.group,
        "language": prompt.language,
        "completions": [
            {"id": str(row.id), "external_id": row.external_id, "text": row.text, "source": row.source}
            for row in Completion.objects.filter(prompt=prompt).order_by("position")
        ],
        "judgments": judgments_wire(list(judgments[:JUDGMENTS_SHOWN])),
    }


def items_parked(project: Project) -> QuerySet[Item]:
    """The items that were skipped too often."""
    return Item.objects.filter(project=project, parked_at__isnull=False).select_related("prompt")


def items_flagged(project: Project) -> QuerySet[Item]:
    """The items with a current judgment that flags them."""
    flagged = Judgment.objects.filter(
        project=project,
        annotator_kind__in=AnnotatorKind.values,  # all of them: so the index by kind and status serves
        status=JudgmentStatus.FLAGGED,
        superseded=False,
        set_aside_at=None,
    )
    return Item.objects.filter(id__in=flagged.values("item_id")).select_related("prompt")


def items_set_aside_wire(items: Sequence[Item]) -> list[dict[str, Any]]:
    """A page of parked or flagged items with who skipped or flagged them, and why."""
    skips: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Judgment.objects.filter(
        item_id__in=[item.id for item in items],
        status__in=[JudgmentStatus.SKIPPED, JudgmentStatus.FLAGGED],
        superseded=False,
    )
    for item_id, name, reason, status in rows.order_by("id").values_list(
        "item_id", "annotator__name", "reason", "status"
    ):
        skips[item_id].append({"annotator": name, "reason": reason, "status": status})
    return [
        {
            "item": str(item.id),
            "prompt": {
                "id": str(item.prompt_id),
                "external_id": item.prompt.external_id,
                "excerpt": excerpt(item.prompt.messages),
            },
            "skips": skips[item.id],
            "parked_at": item.parked_at,
        }
        for item in items
    ]
