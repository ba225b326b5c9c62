"""Labels that deserve a second look, as the database has them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from annotation.models import Completion, Item, Prompt
from annotation.revealing import masked
from annotation.selectors.masking import spans_of
from training.artifacts import second_look_read
from training.rewards.second_look import KIND, nothing

if TYPE_CHECKING:
    from annotation.models import Project
    from training.models import RewardModel

TEXT_LONGEST: Final = 4_000  # characters of an output that are shown


def second_look_wire(*, model: RewardModel, start: int, limit: int) -> dict[str, Any]:
    """Some of the pairs of `training.rewards.second_look` with their texts; `next` starts the following ones.

    Pairs whose prompt or output is no longer in the project, or which stand in no item, are left out. Texts are
    as annotators of the project see them: with names masked where it masks them.
    """
    told = model.evaluation.get("second_look", {})
    # A large model's archive is not unpacked for a list that is empty.
    found = (second_look_read(model) if told.get("found") else None) or nothing(KIND) | told
    listed = found["pairs"][start : start + limit]
    end = start + len(listed)
    return {
        "refits": found["refits"],
        "looked_at": found["looked_at"],
        "found": found["found"],
        "listed": len(found["pairs"]),
        "pairs": _pairs(model.project, listed),
        "next": end if end < len(found["pairs"]) else None,
    }


def _pairs(project: Project, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    prompts = {
        row.external_id: row
        for row in Prompt.objects.filter(project=project, external_id__in={one["prompt"] for one in listed})
    }
    named = {one[side] for one in listed for side in ("preferred", "rejected")}
    outputs = {
        (row.prompt_id, row.external_id): row
        for row in Completion.objects.filter(
            prompt_id__in=[row.id for row in prompts.values()], external_id__in=named
        )
    }
    masks = project.blind and project.mask_names
    spans = spans_of(row.id for row in outputs.values()) if masks else {}
    items = list(Item.objects.filter(prompt_id__in=[row.id for row in prompts.values()]))
    by_pair = {
        frozenset((item.first_id, item.second_id)): item for item in items if item.first_id is not None
    }
    by_prompt = {item.prompt_id: item for item in items if item.first_id is None}
    result = []
    for one in listed:
        prompt = prompts.get(one["prompt"])
        if prompt is None:
            continue
        sides = [outputs.get((prompt.id, one[side])) for side in ("preferred", "rejected")]
        if sides[0] is None or sides[1] is None:
            continue
        item = by_pair.get(frozenset((sides[0].id, sides[1].id))) or by_prompt.get(prompt.id)
        if item is None:
            continue
        result.append(
            {
                "item": str(item.id),
                "prompt": {
                    "id": str(prompt.id),
                    "external_id": prompt.external_id,
                    "messages": prompt.messages,
                    "language": prompt.language,
                },
                **{
                    side: _output(row, spans.get(row.id, ()))
                    for side, row in zip(("preferred", "rejected"), sides, strict=True)
                    if row is not None
                },
                "votes": one["votes"],
                "margins": one["margins"],
                "in_review": item.suspected_at is not None and item.reviewed_at is None,
                "reviewed_at": item.reviewed_at,
            }
        )
    return result


def _output(row: Completion, spans: Any) -> dict[str, Any]:
    text = masked(row.text, spans)
    return {"id": str(row.id), "text": text[:TEXT_LONGEST], "cut": len(text) > TEXT_LONGEST}
