"""The completions that items and prompts have, by the ids that answers name them by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from annotation.models import Completion, Item

PART = 500  # prompts of one query


def completions_of(item: Item) -> list[str]:
    """The completions that an item is about, in the order of import."""
    if item.first_id is not None:
        return [str(item.first_id), str(item.second_id)]
    return completions_by_prompt([item.prompt_id])[item.prompt_id]


def completions_by_prompt(prompt_ids: Iterable[int]) -> dict[int, list[str]]:
    """By prompt: its completions in the order of import; an empty list for one that has none."""
    ids = sorted(set(prompt_ids))
    found: dict[int, list[str]] = defaultdict(list)
    for start in range(0, len(ids), PART):
        rows = Completion.objects.filter(prompt_id__in=ids[start : start + PART])
        for prompt, completion in rows.order_by("prompt_id", "position").values_list("prompt_id", "id"):
            found[prompt].append(str(completion))
    return found
