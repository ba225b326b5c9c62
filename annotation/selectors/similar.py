"""Near-duplicates and outputs that name their model, as the wire shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from annotation.models import (
    Completion,
    Item,
    NearDuplicate,
    NearDuplicateKind,
    Project,
    Prompt,
    Resolution,
    Revelation,
)
from annotation.selectors.prompts import excerpt
from annotation.splits import group_side

TEXT_MOST = 8_000  # characters of a text that are sent
AROUND = 120  # characters on both sides of a name


def near_duplicates(*, project: Project, kind: str, resolution: str) -> QuerySet[NearDuplicate]:
    """The pairs of a kind about which people have decided so, or not yet."""
    rows = NearDuplicate.objects.filter(project=project, kind=kind, resolution=resolution)
    return rows.select_related("prompt", "other", "first", "second", "resolved_by")


def near_duplicates_wire(rows: Sequence[NearDuplicate], *, project: Project) -> list[dict[str, Any]]:
    """A page of pairs with their texts, side by side."""
    items = items_of(row for row in rows if row.kind == NearDuplicateKind.OUTPUTS)
    return [
        {
            "id": str(row.id),
            "kind": row.kind,
            "similarity": row.similarity,
            "resolution": row.resolution,
            "resolved_by": row.resolved_by.username if row.resolved_by else None,
            "resolved_at": row.resolved_at,
            "sides": _outputs(row) if row.first else _prompts(row, project),
            "prompt": {
                "id": str(row.prompt_id),
                "external_id": row.prompt.external_id,
                "excerpt": excerpt(row.prompt.messages),
            },
            "parkable": row.id in items and items[row.id].parked_at is None,
        }
        for row in rows
    ]


def items_of(rows: Iterable[NearDuplicate]) -> dict[int, Item]:
    """By pair of outputs: the item that asks about just these two, where there is one."""
    pairs = {(row.first_id, row.second_id): row for row in rows}
    prompts = {row.prompt_id for row in pairs.values()}
    alone: dict[int, set[int]] = {prompt: set() for prompt in prompts}
    for completion, prompt in Completion.objects.filter(prompt_id__in=prompts).values_list("id", "prompt_id"):
        alone[prompt].add(completion)
    found: dict[int, Item] = {}
    by_prompt: dict[int, list[NearDuplicate]] = {prompt: [] for prompt in prompts}
    for row in pairs.values():
        by_prompt[row.prompt_id].append(row)
    for item in Item.objects.filter(prompt_id__in=prompts):
        for row in by_prompt[item.prompt_id]:
            both = {row.first_id, row.second_id}
            about = {item.first_id, item.second_id} if item.first_id else alone[item.prompt_id]
            if about == both:
                found[row.id] = item
    return found


def _prompts(row: NearDuplicate, project: Project) -> list[dict[str, Any]]:
    return [_prompt(one, project) for one in (row.other, row.prompt) if one is not None]


def _prompt(prompt: Prompt, project: Project) -> dict[str, Any]:
    said = "\n\n".join(str(message["content"]) for message in prompt.messages)
    return {
        "id": str(prompt.id),
        "external_id": prompt.external_id,
        "source": "",
        "group": prompt.group,
        "side": group_side(project.salt, prompt.group),
        **_text(said),
    }


def _outputs(row: NearDuplicate) -> list[dict[str, Any]]:
    return [
        {
            "id": str(one.id),
            "external_id": one.external_id,
            "source": one.source,
            "group": None,
            "side": None,
            **_text(one.text),
        }
        for one in (row.first, row.second)
        if one is not None
    ]


def _text(text: str) -> dict[str, Any]:
    return {"text": text[:TEXT_MOST], "cut": len(text) > TEXT_MOST}


def revelations(project: Project) -> QuerySet[Revelation]:
    """The outputs of a project that say which model wrote them."""
    return Revelation.objects.filter(project=project).select_related("completion", "completion__prompt")


def revelations_wire(rows: Sequence[Revelation]) -> list[dict[str, Any]]:
    """A page of such outputs, each with the words around the first name and the names' places in them."""
    return [_revelation(row) for row in rows]


def _revelation(row: Revelation) -> dict[str, Any]:
    completion = row.completion
    first = row.spans[0][0]
    start = max(0, first - AROUND)
    end = min(len(completion.text), row.spans[0][1] + AROUND)
    spans = [[one - start, other - start] for one, other in row.spans if other <= end]
    return {
        "completion": str(completion.id),
        "external_id": completion.external_id,
        "source": completion.source,
        "text": completion.text[start:end],
        "before": start > 0,
        "after": end < len(completion.text),
        "spans": spans,
        "names": sorted({completion.text[one:other] for one, other in row.spans}),
        "prompt": {
            "id": str(completion.prompt_id),
            "external_id": completion.prompt.external_id,
            "excerpt": excerpt(completion.prompt.messages),
        },
    }


RESOLUTIONS = [one.value for one in Resolution]
KINDS = [one.value for one in NearDuplicateKind]
