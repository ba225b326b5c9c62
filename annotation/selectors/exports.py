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
from annotation.questions import Question, answers_map
from annotation.selectors.projects import revision_current, revision_questions
from annotation.selectors.revisions import asked
from annotation.splits import group_side

PROMPTS_AT_ONCE = 500


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
    names: dict[int, str] = {}
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
        judgments: dict[int, list[Judgment]] = defaultdict(list)
        for judgment in _judgments(project, filters).filter(prompt_id__in=ids):
            judgments[judgment.prompt_id].append(judgment)
        for prompt in prompts:
            yield _line(prompt, completions[prompt.id], judgments[prompt.id], names, filters)


def _judgments(project: Project, filters: ExportFilters) -> Any:
    rows = Judgment.objects.filter(project=project).select_related("annotator", "supersedes")
    if not filters.everything:
        rows = rows.filter(superseded=False, surplus=False, status=JudgmentStatus.SUBMITTED)
    if filters.since:
        rows = rows.filter(submitted_at__gte=filters.since)
    if filters.annotator:
        rows = rows.filter(annotator__name=filters.annotator)
    if filters.annotator_kinds:
        rows = rows.filter(annotator_kind__in=filters.annotator_kinds)
    return rows.order_by("submitted_at", "uuid")


def _line(
    prompt: Prompt,
    completions: list[Completion],
    judgments: list[Judgment],
    names: dict[int, str],
    filters: ExportFilters,
) -> NativeLine:
    external = {str(completion.id): completion.external_id for completion in completions}
    return NativeLine(
        id=prompt.external_id,
        messages=tuple(NativeMessage(message["role"], message["content"]) for message in prompt.messages),
        completions=tuple(
            NativeCompletion(
                completion.external_id,
                completion.text,
                completion.source,
                tuple(completion.features),
                completion.metadata,
            )
            for completion in completions
        ),
        group=prompt.group,
        metadata=prompt.metadata,
        judgments=tuple(_judgment(judgment, external, names, filters) for judgment in judgments),
    )


def _judgment(
    judgment: Judgment, external: dict[str, str], names: dict[int, str], filters: ExportFilters
) -> NativeJudgment:
    name = judgment.annotator.name
    if filters.pseudonyms:
        name = names.setdefault(judgment.annotator_id, f"annotator-{len(names) + 1}")
    questions = asked(judgment.project_id, judgment.revision_id).questions
    return NativeJudgment(
        annotator=name,
        answers=answers_map(questions, judgment.answers, external),
        id=str(judgment.uuid),
        annotator_kind=judgment.annotator_kind,
        status=judgment.status,
        shown=tuple(external[completion] for completion in judgment.shown),
        started_at=judgment.started_at,
        submitted_at=judgment.submitted_at,
        active_ms=judgment.active_ms,
        supersedes=str(judgment.supersedes.uuid) if judgment.supersedes else None,
        reason=judgment.reason,
        surplus=judgment.surplus,
    )


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
