"""Projects that many people have labelled already, written straight into the database."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import orjson

QUESTIONS: dict[str, dict[str, Any]] = {
    "comparison": {"name": "overall", "kind": "comparison", "title": "Which is better?", "strengths": 3},
    "ranking": {"name": "overall", "kind": "ranking", "title": "Rank the answers", "ties": True},
    "rating": {"name": "overall", "kind": "rating", "title": "How good is each?"},
}
TEXT = "The river rises in the hills and reaches the sea after three hundred kilometres. "


def answer(kind: str, completions: Sequence[str], random: Random) -> dict[str, Any]:
    """What one annotator says about completions that stand in the order of their quality."""
    if kind == "comparison":
        choice = random.choices([*completions[:2], "tie"], weights=[6, 3, 1])[0]
        return {"choice": choice} if choice == "tie" else {"choice": choice, "strength": random.randint(1, 3)}
    if kind == "rating":
        return {"scores": {name: random.randint(1, 5) for name in completions}}
    order = list(completions)
    if random.random() < 0.5:
        random.shuffle(order)
    return {"tiers": [[name] for name in order]}


def output(number: int, random: Random) -> str:
    """One of 600 texts of 20 to 200 words."""
    return TEXT * random.randint(1, 12) + f"It is river {number % 50}."


def judgment_add(project_id: int) -> None:
    """One more judgment, a copy of another by an annotator of its own."""
    from annotation.models import Annotator, Judgment

    name = f"visitor-{time.time_ns()}"
    judgment = Judgment.objects.filter(project_id=project_id).order_by("id")[0]
    judgment.pk, judgment.uuid = None, uuid.uuid4()
    judgment.annotator = Annotator.objects.create(project_id=project_id, name=name)
    judgment.save(force_insert=True)


def project_judged(kind: str, *, prompts: int, overlap: int, annotators: int) -> tuple[int, str]:
    """A project with `overlap` judgments on each of its prompts; its id, and a token of its owner."""
    from django.db import transaction
    from django.utils import timezone

    from annotation.models import Annotator, Completion, Item, Judgment, Prompt, User
    from annotation.models.ids import opaque_id
    from annotation.selectors.projects import revision_current
    from annotation.services.accounts import token_create
    from annotation.services.bulk import rows_insert
    from annotation.services.projects import project_create

    random, now = Random(1), timezone.now()
    owner = User.objects.create(username=f"bench-{time.time_ns()}")
    data = {
        "name": kind, "template": "custom", "questions": [QUESTIONS[kind]], "overlap": overlap,
    }  # fmt: skip
    project = project_create(owner=owner, data=data)
    people = Annotator.objects.bulk_create(
        Annotator(project=project, name=f"annotator-{number:03d}") for number in range(annotators)
    )
    width = 2 if kind == "comparison" else 3
    prompt_rows, completion_rows, item_rows = [], [], []
    completions: dict[int, list[str]] = {}
    for number in range(1, prompts + 1):
        prompt = opaque_id()
        message = orjson.dumps([{"role": "user", "content": f"Tell me about river {number % 100}."}]).decode()
        prompt_rows.append(
            (prompt, project.id, number, f"p{number}", message, f"p{number}", f"{number:064d}")
        )
        own = [opaque_id() for _ in range(width)]
        completions[prompt] = [str(completion) for completion in own]
        for place, completion in enumerate(own):
            completion_rows.append((completion, prompt, place, f"c{place}", output(number, random)))
        pair = own if project.item_kind == "pair" else (None, None)
        item_rows.append((opaque_id(), project.id, prompt, number, *pair, overlap))
    prompt_columns = ("id", "project_id", "number", "external_id", "messages", "group", "content_digest")
    with transaction.atomic():
        rows_insert(Prompt, prompt_columns, prompt_rows)
        rows_insert(Completion, ("id", "prompt_id", "position", "external_id", "text"), completion_rows)
        item_columns = ("id", "project_id", "prompt_id", "prompt_number", "first_id", "second_id", "filled")
        rows_insert(Item, item_columns, item_rows)
        revision = revision_current(project)
        judgments = []
        for item, _, prompt, *_ in item_rows:
            names = completions[prompt]
            for person in random.sample(people, overlap):
                submitted = now - timedelta(seconds=random.randint(0, 30 * 24 * 3600))
                said = orjson.dumps({"overall": answer(kind, names, random)}).decode()
                shown = orjson.dumps(random.sample(names, width)).decode()
                judgments.append(
                    (
                        uuid.UUID(int=random.getrandbits(128)), project.id, prompt, item, person.id, "human",
                        revision.id, "submitted", said, shown, submitted, now, random.randint(1000, 60_000), "",
                    )
                )  # fmt: skip
        columns = (
            "uuid", "project_id", "prompt_id", "item_id", "annotator_id", "annotator_kind", "revision_id",
            "status", "answers", "shown", "submitted_at", "received_at", "active_ms", "digest",
        )  # fmt: skip
        rows_insert(Judgment, columns, judgments)
    return project.id, token_create(user=owner, name="benchmark")[1]
