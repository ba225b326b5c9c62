"""A project as native lines, streamed: memory does not grow with its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from annotation.formats import (
    ADJUDICATED_NAME,
    NativeCompletion,
    NativeGold,
    NativeJudgment,
    NativeLine,
    NativeMessage,
)
from annotation.formats import write as writers
from annotation.formats.references import answer_rename
from annotation.models import AnnotatorKind, Completion, Gold, Judgment, JudgmentStatus, Project, Prompt
from annotation.questions import Answer, Question, answers_map
from annotation.selectors.projects import revision_current, revision_questions
from annotation.selectors.revisions import asked
from annotation.splits import group_side

PROMPTS_AT_ONCE = 500
JUDGMENT_FIELDS = (
    "prompt_id", "uuid", "annotator__name", "annotator_kind", "revision_id", "status", "answers", "shown",
    "started_at", "submitted_at", "active_ms", "supersedes__uuid", "reason", "surplus", "item_id",
    "set_aside_at", "set_aside_reason", "purpose",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFilters:
    """Which judgments an export holds; `min_agreement` is between 0 and 1.

    Without `annotator_kinds`, those of every kind; what reviewers decided is a vote beside the others only in
    files that keep each judgment (see `_decided`).
    """

    since: datetime | None = None
    annotator: str | None = None
    annotator_kinds: tuple[str, ...] = ()
    min_agreement: float | None = None
    pseudonyms: bool = False
    consensus: bool = True
    everything: bool = False
    """Skipped, flagged, superseded and surplus judgments too."""
    decided: bool = False
    """An item's decision, where its kind was asked for, stands in place of what people said about the item."""


@dataclass(frozen=True, slots=True)
class Export:
    """A body to stream, its type and name, and headers that say what was left out."""

    body: Iterator[bytes]
    content_type: str
    extension: str
    headers: dict[str, str]


def lines_of(project: Project, filters: ExportFilters) -> Iterator[NativeLine]:
    """Every prompt of a project in the order of import, with the judgments that pass the filters."""
    names: dict[str, str] = {}
    last = 0
    while True:
        prompts = list(
            Prompt.objects.select_related("pool")
            .filter(project=project, number__gt=last)
            .order_by("number")[:PROMPTS_AT_ONCE]
        )
        if not prompts:
            return
        last = prompts[-1].number
        ids = [prompt.id for prompt in prompts]
        completions: dict[int, list[Completion]] = defaultdict(list)
        for completion in Completion.objects.filter(prompt_id__in=ids).order_by("prompt_id", "position"):
            completions[completion.prompt_id].append(completion)
        judgments = _judgments(project, filters, ids)
        golds = _golds(ids) if filters.everything else {}
        for prompt in prompts:
            external = {str(row.id): row.external_id for row in completions[prompt.id]}
            yield _line(
                prompt,
                completions[prompt.id],
                tuple(
                    _judgment(project, row, external, names if filters.pseudonyms else None)
                    for row in judgments.get(prompt.id, ())
                ),
                tuple(_gold(gold, external) for gold in golds.get(prompt.id, ())),
            )


def _judgments(
    project: Project, filters: ExportFilters, prompt_ids: list[int]
) -> dict[int, list[dict[str, Any]]]:
    """The judgments on some prompts that pass the filters, by prompt, in the order in which they were given."""
    rows = Judgment.objects.filter(project=project, prompt_id__in=prompt_ids)
    if not filters.everything:
        rows = rows.filter(superseded=False, surplus=False, status=JudgmentStatus.SUBMITTED)
    if filters.since:
        rows = rows.filter(submitted_at__gte=filters.since)
    if filters.annotator:
        rows = rows.filter(annotator__name=filters.annotator)
    if filters.annotator_kinds:
        rows = rows.filter(annotator_kind__in=filters.annotator_kinds)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("submitted_at", "uuid").values(*JUDGMENT_FIELDS):
        found[row["prompt_id"]].append(row)
    if filters.decided:
        return {prompt_id: _decided(judged, filters.annotator_kinds) for prompt_id, judged in found.items()}
    return found


def _decided(judged: list[dict[str, Any]], kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """The judgments that make training data: of an item that a reviewer has decided, the decision.

    Decisions count only where `kinds` names theirs.
    """
    if AnnotatorKind.ADJUDICATED not in kinds:
        return [row for row in judged if row["annotator_kind"] != AnnotatorKind.ADJUDICATED]
    items = {row["item_id"] for row in judged if row["annotator_kind"] == AnnotatorKind.ADJUDICATED}
    return [
        row for row in judged if row["annotator_kind"] != AnnotatorKind.HUMAN or row["item_id"] not in items
    ]


def _golds(prompt_ids: list[int]) -> dict[int, list[Gold]]:
    """The known answers on some prompts, by prompt, in the order of their items' pairs."""
    found: dict[int, list[Gold]] = defaultdict(list)
    golds = Gold.objects.filter(item__prompt__in=prompt_ids).select_related("item")
    for gold in golds.order_by("item__first__position", "item__second__position"):
        found[gold.item.prompt_id].append(gold)
    return found


def _gold(gold: Gold, external: dict[str, str]) -> NativeGold:
    """A known answer with the files' ids."""

    def rename(name: object, _path: str) -> Any:
        return external.get(str(name), name)

    pair = (gold.item.first_id, gold.item.second_id)
    return NativeGold(
        answers={
            name: _in_order(answer_rename(answer, rename, ""), external)
            for name, answer in gold.answers.items()
        },
        tolerance=gold.tolerance,
        explanation=gold.explanation,
        completions=tuple(external[str(completion)] for completion in pair if completion is not None),
        retired=gold.retired_at is not None,
    )


def _line(
    prompt: Prompt,
    completions: list[Completion],
    judgments: tuple[NativeJudgment, ...],
    gold: tuple[NativeGold, ...],
) -> NativeLine:
    return NativeLine(
        id=prompt.external_id,
        messages=tuple(NativeMessage(message["role"], message["content"]) for message in prompt.messages),
        completions=tuple(
            NativeCompletion(row.external_id, row.text, row.source, tuple(row.features), row.metadata)
            for row in completions
        ),
        group=prompt.group,
        metadata=prompt.metadata,
        judgments=judgments,
        pool=prompt.pool.name if prompt.pool else None,
        gold=gold,
    )


def _judgment(
    project: Project, row: dict[str, Any], external: dict[str, str], pseudonyms: dict[str, str] | None
) -> NativeJudgment:
    name = row["annotator__name"]
    if pseudonyms is not None:
        name = pseudonyms.setdefault(name, f"annotator-{len(pseudonyms) + 1}")
    questions = asked(project.id, row["revision_id"]).questions
    return NativeJudgment(
        annotator=name,
        answers={
            name: _in_order(answer, external)
            for name, answer in answers_map(questions, row["answers"], external).items()
        },
        id=str(row["uuid"]),
        annotator_kind=row["annotator_kind"],
        status=row["status"],
        shown=tuple(external[completion] for completion in row["shown"]),
        started_at=row["started_at"],
        submitted_at=row["submitted_at"],
        active_ms=row["active_ms"],
        supersedes=str(row["supersedes__uuid"]) if row["supersedes__uuid"] else None,
        reason=row["reason"],
        surplus=row["surplus"],
        author=_author(row, name),
        set_aside_at=row["set_aside_at"],
        set_aside_reason=row["set_aside_reason"],
        purpose=row["purpose"],
    )


def _author(row: dict[str, Any], name: str) -> str:
    """Who decided, by the name that the file gives them."""
    if row["annotator_kind"] != AnnotatorKind.ADJUDICATED or not name.endswith(ADJUDICATED_NAME):
        return ""
    return name.removesuffix(ADJUDICATED_NAME)


def _in_order(answer: Answer, external: dict[str, str]) -> Answer:
    """The answer with what it says of each completion in their order, where it would stand by opaque id."""
    places = {name: place for place, name in enumerate(external.values())}
    return {key: _value_in_order(value, places) for key, value in answer.items()}


def _value_in_order(value: Any, places: dict[str, int]) -> Any:
    match value:
        case dict():  # scores and values by completion
            return {name: value[name] for name in sorted(value, key=places.__getitem__)}
        case [list(), *_]:  # tiers
            return [sorted(tier, key=places.__getitem__) for tier in value]
        case [dict(), *_]:  # spans
            return sorted(value, key=lambda span: (places[span["completion"]], span["start"], span["end"]))
    return value


def _jsonl(project: Project, filters: ExportFilters) -> Export:
    lines = lines_of(project, replace(filters, everything=True))
    return Export(writers.write_jsonl(lines), "application/x-ndjson", "jsonl", {})


def _csv(project: Project, filters: ExportFilters) -> Export:
    return Export(writers.write_csv(lines_of(project, filters)), "text/csv; charset=utf-8", "csv", {})


def _parquet(project: Project, filters: ExportFilters) -> Export:
    body = writers.write_parquet(lines_of(project, filters))
    return Export(body, "application/vnd.apache.parquet", "parquet", {})


def _trl_preference(project: Project, filters: ExportFilters) -> Export:
    questions, filters = _questions(project), replace(filters, decided=True)
    options: dict[str, Any] = {"consensus": filters.consensus, "min_agreement": filters.min_agreement}
    counts = writers.count_trl_preference(lines_of(project, filters), questions, **options)
    body = writers.write_trl_preference(
        lines_of(project, filters),
        questions,
        split=lambda line: group_side(project.salt, line.group or line.id),
        **options,
    )
    headers = {
        "X-Plaudit-Rows": str(counts.rows),
        "X-Plaudit-Undecided": str(counts.undecided),
        "X-Plaudit-Below-Agreement": str(counts.below_agreement),
    }
    return Export(body, "application/x-ndjson", "jsonl", headers)


def _trl_unpaired(project: Project, filters: ExportFilters) -> Export:
    questions, filters = _questions(project), replace(filters, decided=True)
    counts = writers.count_trl_unpaired(lines_of(project, filters), questions, good_at=project.good_at)
    body = writers.write_trl_unpaired(lines_of(project, filters), questions, good_at=project.good_at)
    headers = {
        "X-Plaudit-Rows": str(counts.rows),
        "X-Plaudit-Undecided": str(counts.undecided),
        "X-Plaudit-Unjudged": str(counts.unjudged),
    }
    return Export(body, "application/x-ndjson", "jsonl", headers)


def _questions(project: Project) -> list[Question]:
    return revision_questions(revision_current(project))


EXPORTS: dict[str, Callable[[Project, ExportFilters], Export]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
    "trl-preference": _trl_preference,
    "trl-unpaired": _trl_unpaired,
}
