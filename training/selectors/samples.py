"""A few of a project's outputs, with what people said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from annotation.models import Completion as CompletionRow
from annotation.models import Prompt as PromptRow
from training.rewards.data import Completion, Dataset, Message, Prompt
from training.snapshot import judgments_dataset, judgments_selected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotation.models import Project


def outputs_sample(*, project: Project, selection: dict[str, Any], size: int) -> Dataset:
    """At most `size` outputs of whole prompts, the same ones each time: judged ones first, others after them.

    `selection` is the cleaned `data` of a run's request. Ids of prompts are random, so the first ones by id
    are a random sample.
    """
    judgments = judgments_selected(project, selection)
    labelled = list(judgments.order_by("prompt_id").values_list("prompt_id", flat=True).distinct()[:size])
    judged = _whole(labelled, size) or labelled[:1]
    ids = list(judgments.filter(prompt_id__in=judged).values_list("id", flat=True))
    sample = judgments_dataset(project=project, ids=ids, questions=selection["questions"])
    rest = size - sample.row_count
    others = PromptRow.objects.filter(project=project).exclude(id__in=judged).order_by("id")
    more = _whole(list(others.values_list("id", flat=True)[: max(0, rest)]), rest)
    return replace(sample, prompts=sample.prompts + _unjudged(more))


def _whole(prompts: Sequence[int], size: int) -> list[int]:
    """The first of these prompts, as many as have `size` outputs together at most."""
    counts = dict(
        CompletionRow.objects.filter(prompt_id__in=prompts)
        .order_by()
        .values_list("prompt_id")
        .annotate(outputs=Count("id"))
    )
    kept: list[int] = []
    for prompt in prompts:
        size -= counts.get(prompt, 0)
        if size < 0:
            break
        kept.append(prompt)
    return kept


def _unjudged(prompts: Sequence[int]) -> tuple[Prompt, ...]:
    """These prompts with all of their outputs."""
    rows = PromptRow.objects.filter(id__in=prompts).order_by("id").prefetch_related("completions")
    return tuple(
        Prompt(
            id=row.external_id,
            messages=tuple(Message(message["role"], message["content"]) for message in row.messages),
            completions=tuple(
                Completion(one.external_id, one.text, one.source) for one in row.completions.all()
            ),
            group=row.group,
            language=row.language,
        )
        for row in rows
    )
