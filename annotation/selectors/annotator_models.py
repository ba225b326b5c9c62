"""What is known about the annotators of a project: their models, habits and repeats.

All of it is read from the newest `LIMIT` counted judgments, so that the cost is bounded and the figures tell how
people work now; the answers say how many there were and how many were read. It is kept under a key of all it
depends on, like the agreement figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from django.core.cache import caches
from django.db.models import Field, QuerySet, TextField
from django.db.models.functions import Cast, Length

from annotation.models import Annotator, Completion, Item, Judgment, JudgmentStatus, Project, Prompt, Purpose
from annotation.selectors.counted import ROWS, Unit, collector_paused, figures_key, judgments_counted
from annotation.selectors.projects import revision_current, revision_questions

if TYPE_CHECKING:
    from annotation.agreement.rows import JudgmentRow
    from annotation.annotators.repeats import Twice
    from annotation.questions import Question

LIMIT = 50_000
REPEATS_LIMIT = 20_000


def annotator_models_read(*, project: Project, kinds: Iterable[str]) -> dict[str, Any]:
    """For each question: competence, habits and flags of its annotators, and what the labels gain by them."""

    def compute(rows: list[JudgmentRow], questions: list[Question]) -> dict[str, Any]:
        from annotation.annotators.report import annotator_models

        return annotator_models(rows, questions)

    return _kept(project, kinds, "annotator-models", compute)


def bias_read(*, project: Project, kinds: Iterable[str]) -> dict[str, Any]:
    """First-position and longer-output rates, hurry and drift, of all annotators and of each."""

    def compute(rows: list[JudgmentRow], questions: list[Question]) -> dict[str, Any]:
        from annotation.annotators.bias import bias_report

        return bias_report(rows, questions)

    return _kept(project, kinds, "bias", compute)


def competences(*, project: Project, kinds: Iterable[str]) -> dict[str, dict[str, Any]]:
    """By annotator's name: competence with its interval from the question they have answered most, or the reason.

    `reason` is a code: `not_enough` (labels on items that others labelled too), or why there is no model at all.
    """
    best: dict[str, dict[str, Any]] = {}
    reason = "no_model"
    for question in annotator_models_read(project=project, kinds=kinds)["questions"]:
        if question["reason"] not in (None, "no_model"):
            reason = question["reason"]
        for one in question["annotators"]:
            rank = (one["competence"] is not None, one["shared"])
            held = best.get(one["name"])
            if held is None or rank > (held["competence"] is not None, held["shared"]):
                best[one["name"]] = {**one, "question": question["name"], "model": question["model"]}
    found: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"competence": None, "interval": None, "question": None, "model": None, "reason": reason}
    )
    for name, one in best.items():
        found[name] = {
            "competence": one["competence"],
            "interval": one["competence_interval"],
            "question": one["question"],
            "model": one["model"],
            "reason": one["reason"],
        }
    return found


def effects_by_annotator(*, project: Project, kinds: Iterable[str]) -> dict[str, dict[int, dict[str, float]]]:
    """By question and annotator's id: competence, beta, position and longer, where they are known.

    For `annotation.annotators.posterior`, whose `side_log_likelihoods` and `category_log_likelihoods` turn them
    into the log probability of a vote.
    """
    ids = {name: row for row, name in Annotator.objects.filter(project=project).values_list("id", "name")}
    found: dict[str, dict[int, dict[str, float]]] = {}
    for question in annotator_models_read(project=project, kinds=kinds)["questions"]:
        found[question["name"]] = {
            ids[one["name"]]: {
                "competence": one["competence"],
                **{name: effect["value"] for name, effect in one["effects"].items()},
            }
            for one in question["annotators"]
            if one["competence"] is not None and one["name"] in ids
        }
    return found


def repeats_read(*, project: Project, kinds: Iterable[str]) -> dict[str, Any]:
    """What people answered when they were asked the same again, question by question."""

    def compute(rows: list[JudgmentRow], questions: list[Question]) -> dict[str, Any]:
        from annotation.agreement.rows import read_judgments, read_ratings
        from annotation.annotators.bias import agreement_figure
        from annotation.annotators.repeats import repeats_read as read
        from annotation.annotators.repeats import repeats_report

        twice = list(_twice(project, kinds))
        judgments = read_judgments(rows)
        entries = []
        for question in questions:
            ratings = read_ratings(judgments, question)
            if ratings is not None:
                report = repeats_report(read(question, twice), agreement_figure(ratings))
                entries.append({"name": question.name, "kind": question.kind, **report})
        return {"judgments": len(rows), "repeats": len(twice), "questions": entries}

    return _kept(project, kinds, "repeats", compute)


def _kept(
    project: Project,
    kinds: Iterable[str],
    name: str,
    compute: Callable[[list[JudgmentRow], list[Question]], dict[str, Any]],
) -> dict[str, Any]:
    """Compute once for each state of the judgments, revisions, annotators and completions."""
    figures = caches["figures"]
    kinds = sorted(kinds)
    key = f"{name}-{figures_key(project, kinds)}"
    found: dict[str, Any] | None = figures.get(key)
    if found is None:
        with collector_paused():
            newest, total = _newest(project, kinds)
            rows = list(_rows(project, newest))
            found = compute(rows, revision_questions(revision_current(project)))
        found = {**found, "judgments_total": total, "limit": LIMIT}
        figures.set(key, found)
    return found


def _newest(project: Project, kinds: list[str]) -> tuple[QuerySet[Judgment], int]:
    """The newest counted judgments, at most `LIMIT`, and how many there are in all."""
    counted = judgments_counted(project, kinds=kinds)
    oldest = counted.order_by("-id").values_list("id", flat=True)[LIMIT - 1 : LIMIT].first()
    newest = counted if oldest is None else counted.filter(id__gte=oldest)
    return newest, counted.count()


def _rows(project: Project, newest: QuerySet[Judgment]) -> Iterator[JudgmentRow]:
    """Judgments in the order of arrival, with when they were made."""
    from annotation.agreement.rows import JudgmentRow

    annotators = {
        row: (name, kind)
        for row, name, kind in Annotator.objects.filter(project=project).values_list("id", "name", "kind")
    }
    units = _units(newest)
    loads = orjson.loads
    columns = newest.order_by("id").values_list(
        "item_id",
        "annotator_id",
        Cast("answers", TextField()),
        Cast("shown", TextField()),
        "active_ms",
        "submitted_at",
    )
    for item, annotator, answers, shown, active_ms, submitted in columns.iterator(chunk_size=ROWS):
        name, kind = annotators[annotator]
        yield JudgmentRow(
            *units[item], name, kind, loads(answers), loads(shown), active_ms, _seconds(submitted)
        )


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _units(newest: QuerySet[Judgment]) -> dict[int, Unit]:
    """By item: the prompt's name, the completions judged in the order of import, and their lengths."""
    items = list(
        Item.objects.filter(id__in=newest.values("item_id"))
        .values_list("id", "prompt_id", "first_id", "second_id")
        .iterator(chunk_size=ROWS)
    )
    prompts = newest.values("prompt_id")
    external = dict(Prompt.objects.filter(id__in=prompts).values_list("id", "external_id"))
    by_prompt: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    columns = (
        Completion.objects.filter(prompt_id__in=prompts)
        .order_by()
        .values_list("prompt_id", "position", "id", Length("text", output_field=Field()))
    )
    for prompt, position, completion, length in columns.iterator(chunk_size=ROWS):
        by_prompt[prompt].append((position, completion, length))
    units: dict[int, Unit] = {}
    for item, prompt, first, second in items:
        members = sorted(by_prompt[prompt])
        name = external[prompt]
        if first is not None:
            members = [member for member in members if member[1] in (first, second)]
            name += "\n" + ",".join([f"{member[0]:05d}" for member in members])
        units[item] = (
            name,
            tuple([str(member[1]) for member in members]),
            tuple([member[2] for member in members]),
        )
    return units


def _twice(project: Project, kinds: Iterable[str]) -> Iterator[Twice]:
    """The newest repeats that people answered, each beside their current answer to the item itself."""
    from annotation.annotators.repeats import Twice

    names = dict(Annotator.objects.filter(project=project, kind__in=list(kinds)).values_list("id", "name"))
    submitted = Judgment.objects.filter(
        annotator_id__in=list(names),
        status=JudgmentStatus.SUBMITTED,
        superseded=False,
        set_aside_at__isnull=True,
    )
    repeats = list(
        submitted.filter(purpose=Purpose.REPEAT)
        .order_by("-id")
        .values_list("item_id", "annotator_id", "answers", "shown")[:REPEATS_LIMIT]
    )
    originals = {
        (item, annotator): (answers, shown)
        for item, annotator, answers, shown in submitted.exclude(purpose=Purpose.REPEAT)
        .filter(
            item_id__in=Judgment.objects.filter(annotator_id__in=list(names), purpose=Purpose.REPEAT).values(
                "item_id"
            )
        )
        .values_list("item_id", "annotator_id", "answers", "shown")
        .iterator(chunk_size=ROWS)
    }
    for item, annotator, again, shown_again in repeats:
        found = originals.get((item, annotator))
        if found is not None:
            yield Twice(names[annotator], found[0], again, found[1], shown_again)
