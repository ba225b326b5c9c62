"""Rows for tests, by plain functions: what a test does not name is a sensible default."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from annotation.models import Completion, Item, Member, Project, Prompt, Question, Revision, Role, User
from training.models import RewardModel, Snapshot, TrainingRun

if TYPE_CHECKING:
    from collections.abc import Sequence

numbers = itertools.count(1)
COMPARISON = {
    "name": "overall",
    "kind": "comparison",
    "title": "Which answer is better?",
    "options": {"strengths": 1, "ties": True, "both_bad": False},
}
RANKING = {"name": "order", "kind": "ranking", "title": "Rank the answers", "options": {"ties": True}}
MARKS = {
    "name": "marks",
    "kind": "highlight",
    "title": "Mark what is wrong",
    "options": {"labels": ["wrong"]},
}


def make_user(
    username: str | None = None, *, superuser: bool = False, password: str = "secret-word-9"
) -> User:
    """An account."""
    name = username or f"user{next(numbers)}"
    if superuser:
        return User.objects.create_superuser(name, password=password)
    return User.objects.create_user(name, password=password)


def make_project(
    owner: User | None = None,
    *,
    questions: Sequence[dict[str, Any]] = (COMPARISON,),
    annotators: Sequence[User] = (),
    **fields: Any,
) -> Project:
    """A project with one revision of `questions` and the given annotators as members."""
    kinds = {question["kind"] for question in questions}
    project = Project.objects.create(
        owner=owner or make_user(),
        name=fields.pop("name", f"project {next(numbers)}"),
        item_kind="pair" if "comparison" in kinds else "prompt",
        **fields,
    )
    revision = Revision.objects.create(project=project, number=1)
    for position, question in enumerate(questions):
        Question.objects.create(revision=revision, position=position, **question)
    for user in annotators:
        Member.objects.create(project=project, user=user, role=Role.ANNOTATOR)
    return project


def make_prompt(
    project: Project,
    texts: Sequence[str] = ("first answer", "second answer"),
    *,
    question: str | None = None,
    external_id: str | None = None,
    sources: Sequence[str] = (),
    group: str | None = None,
) -> Prompt:
    """A prompt with completions and the items they make in this project."""
    number = next(numbers)
    text = question or f"question {number}?"
    prompt = Prompt.objects.create(
        project=project,
        number=number,
        external_id=external_id or f"p{number}",
        messages=[{"role": "user", "content": text}],
        group=group or text,
        content_digest=f"{number:064d}",
    )
    completions = [
        Completion.objects.create(
            prompt=prompt,
            position=position,
            external_id=f"c{position + 1}",
            text=body,
            source=sources[position] if sources else "",
        )
        for position, body in enumerate(texts)
    ]
    pairs: list[tuple[Completion | None, Completion | None]] = [(None, None)]
    if project.item_kind == "pair":
        pairs = list(itertools.combinations(completions, 2))
    for first, second in pairs:
        Item.objects.create(project=project, prompt=prompt, first=first, second=second, prompt_number=number)
    return prompt


def make_reward_model(project: Project, *, version: int = 1) -> RewardModel:
    """A version of a reward model with its run and snapshot, without any file."""
    snapshot = Snapshot.objects.create(
        project=project,
        fingerprint="",
        selection={},
        judgment_ids=b"",
        judgments=0,
        prompts=0,
        annotators=[],
    )
    run = TrainingRun.objects.create(project=project, snapshot=snapshot, recipe={}, recipe_digest="")
    return RewardModel.objects.create(
        project=project,
        run=run,
        version=version,
        kind="linear",
        evaluation={},
        artifact="",
        sha256="",
        size_bytes=0,
    )
