"""A project as native lines, streamed: memory does not grow with its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from annotation.formats import NativeCompletion, NativeJudgment, NativeLine, NativeMessage
from annotation.formats import write as writers
from annotation.models import Completion, Judgment, JudgmentStatus, Project, Prompt
from annotation.questions import Answer, Question, answers_map
from annotation.selectors.projects import revision_current, revision_questions
from annotation.selectors.revisions import asked
from annotation.splits import group_side

PROMPTS_AT_ONCE = 500
JUDGMENT_FIELDS = (
    "prompt_id", "uuid", "annotator__name", "annotator_kind", "revision_id", "status", "answers", "shown",
    "started_at", "submitted_at", "active_ms", "supersedes__uuid", "reason", "surplus",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFilters:
    """Which judgments an export holds; `min_agreement` is between 0 and 1."""

    since: datetime | None = None
    annotator: str | None = None
    annotator_kinds: tuple[str, ...] = ()
    min_agreement: float | None = None
    pseudonyms: bool = False
    consensus: bool = True
    everything: bool = False
    """Skipped, flagged, superseded and surplus judgments too."""


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
            Prompt.objects.filter(project=project, number__gt=last).order_by("number")[:PROMPTS_AT_ONCE]
        )
        if not prompts:
            return
        last = prompts[-1].number
        ids = [prompt.id for prompt in prompts]
        completions: dict[int, list[Completion]] = defaultdict(list)
        for completion in Completion.objects.filter(prompt_id__in=ids).order_by("prompt_id", "position"):
            completions[completion.prompt_id].append(completion)
        judgments = _judgments(project, filters, ids)
        for prompt in prompts:
            external = {str(row.id): row.external_id for row in completions[prompt.id]}
            yield _line(
                prompt,
                completions[prompt.id],
                tuple(
                    _judgment(project, row, external, names if filters.pseudonyms else None)
                    for row in judgments[prompt.id]
                ),
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
    return found


def _line(prompt: Prompt, completions: list[Completion], judgments: tuple[NativeJudgment, ...]) -> NativeLine:
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
    )


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
    questions = _questions(project)
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
    questions = _questions(project)
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
