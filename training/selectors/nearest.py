"""The labelled outputs most like a scored one, as the database has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from annotation.models import Completion, Judgment
from annotation.revealing import masked
from annotation.selectors.masking import spans_of
from annotation.selectors.prompts import excerpt
from training.rewards.nearest import judged, judged_together
from training.serving.client import nearest_compute, rewards_compute
from training.snapshot import judgments_dataset, snapshot_ids

if TYPE_CHECKING:
    from annotation.models import Project
    from training.models import RewardModel

TEXT_LONGEST: Final = 4_000  # characters of an output that are shown
Ids = tuple[str, str]


def nearest_read(*, model: RewardModel, items: list[dict[str, Any]], count: int) -> dict[str, Any]:
    """For each item the `count` outputs that `model` learned from which are most like it.

    `{"unavailable", "indexed", "left_out", "items": [{"missing", "neighbours": [...]}]}`; `missing` counts those
    that are no longer in the project. Texts are as annotators of the project see them: without the source in
    a blind project, with names masked where it masks them.
    """
    found = nearest_compute(model_id=model.id, items=items, count=count)
    rows = _rows(model.project, {tuple(ids) for some in found["items"] for one in some for ids in one["ids"]})
    there = [
        [(one, ids) for one in some if (ids := [ids for ids in map(tuple, one["ids"]) if ids in rows])]
        for some in found["items"]
    ]
    shown = {ids[0]: rows[ids[0]] for some in there for _, ids in some}
    told, said = _told(model, shown), _judged(model, {row.prompt_id for row in rows.values()})
    return found | {
        "items": [
            {
                "missing": len(asked) - len(some),
                "neighbours": [
                    {key: value for key, value in one.items() if key != "ids"}
                    | told[ids[0]]
                    | {"judged": judged_together([said[each] for each in ids if each in said])}
                    for one, ids in some
                ],
            }
            for asked, some in zip(found["items"], there, strict=True)
        ]
    }


def _rows(project: Project, wanted: set[Ids]) -> dict[Ids, Completion]:
    """The completions of these ids in files that are still there, each with its prompt."""
    found = Completion.objects.filter(
        prompt__project=project,
        prompt__external_id__in={prompt for prompt, _ in wanted},
        external_id__in={completion for _, completion in wanted},
    ).select_related("prompt")
    rows = {(row.prompt.external_id, row.external_id): row for row in found}
    return {ids: row for ids, row in rows.items() if ids in wanted}


def _told(model: RewardModel, rows: dict[Ids, Completion]) -> dict[Ids, dict[str, Any]]:
    """What is told of each completion but how people judged it."""
    if not rows:
        return {}
    project = model.project
    spans = spans_of(row.id for row in rows.values()) if project.blind and project.mask_names else {}
    scored = rewards_compute(
        model_id=model.id,
        items=[
            {
                "messages": row.prompt.messages,
                "completion": row.text,
                "features": list(map(float, row.features)),
            }
            for row in rows.values()
        ],
    )
    told: dict[Ids, dict[str, Any]] = {}
    for (ids, row), reward in zip(rows.items(), scored, strict=True):
        text = masked(row.text, spans.get(row.id, ()))
        told[ids] = {
            "prompt": {
                "id": str(row.prompt_id),
                "external_id": row.prompt.external_id,
                "excerpt": excerpt(row.prompt.messages),
            },
            "completion": str(row.id),
            "text": text[:TEXT_LONGEST],
            "cut": len(text) > TEXT_LONGEST,
            "reward": reward["reward"],
        }
        if not project.blind:
            told[ids]["source"] = row.source
    return told


def _judged(model: RewardModel, prompts: set[int]) -> dict[Ids, dict[str, Any]]:
    """What the judgments that the model learned from say of the prompts' outputs."""
    snapshot = model.run.snapshot
    ids = Judgment.objects.filter(prompt_id__in=prompts, id__lte=snapshot.last_judgment_id).values_list(
        "id", flat=True
    )
    frozen = np.intersect1d(np.fromiter(ids, dtype=np.int64), snapshot_ids(snapshot))
    return judged(
        judgments_dataset(
            project=model.project, ids=frozen.tolist(), questions=snapshot.selection["questions"]
        )
    )
