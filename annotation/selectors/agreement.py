"""The judgments of a project as the agreement figures need them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from django.core.cache import caches
from django.db.models import Field, TextField
from django.db.models.functions import Cast, Length

from annotation.models import (
    Annotator,
    AnnotatorKind,
    Completion,
    Item,
    Project,
    Prompt,
)
from annotation.selectors.annotator_models import competences
from annotation.selectors.counted import ROWS, Unit, collector_paused, figures_key, judgments_counted
from annotation.selectors.projects import revision_current, revision_questions

if TYPE_CHECKING:
    from annotation.agreement.rows import JudgmentRow


def agreement_read(*, project: Project, kinds: Iterable[str]) -> dict[str, Any]:
    """The agreement figures among annotators of `kinds`, and of each model judge against the human majority.

    They are kept until something they are made of changes, so that looking again costs a count of the rows.
    """
    figures = caches["figures"]
    key = figures_key(project, kinds)
    found: dict[str, Any] | None = figures.get(key)
    if found is None:
        found = agreement_figures(project=project, kinds=kinds)
        figures.set(key, found)
    return found


def agreement_figures(*, project: Project, kinds: Iterable[str]) -> dict[str, Any]:
    """What `agreement_read` keeps, computed anew: one pass over the counted judgments, and the bootstrap."""
    # Loading the mathematics takes longer than the web process otherwise needs to start.
    from annotation.agreement.report import agreement_report

    questions = revision_questions(revision_current(project))
    wanted = set(kinds)
    needed = sorted(wanted | {AnnotatorKind.HUMAN.value, AnnotatorKind.MODEL.value})
    with collector_paused():
        units = _units(project, needed)
        rows = {kind: list(_rows(project, kind, units)) for kind in needed}
        report = agreement_report(
            [row for kind in sorted(wanted) for row in rows[kind]],
            questions,
            judges=rows[AnnotatorKind.MODEL],
            humans=rows[AnnotatorKind.HUMAN],
        )
    _competences_add(report, project, wanted)
    return report


def _competences_add(report: dict[str, Any], project: Project, kinds: Iterable[str]) -> None:
    """Write each annotator's competence, or the code that says why it is not known."""
    known = competences(project=project, kinds=kinds)
    for annotator in report["annotators"]:
        one = known[annotator["name"]]
        annotator["competence"] = one["competence"]
        annotator["competence_interval"] = one["interval"]
        annotator["competence_question"] = one["question"]
        annotator["competence_model"] = one["model"]
        annotator["competence_reason"] = one["reason"]


def _rows(project: Project, kind: str, units: Mapping[int, Unit]) -> Iterator[JudgmentRow]:
    """The counted judgments of one kind in the order of arrival, which its index has."""
    from annotation.agreement.rows import JudgmentRow

    names = dict(Annotator.objects.filter(project=project).values_list("id", "name"))
    found = (
        judgments_counted(project, kinds=[kind])
        .order_by("id")
        .values_list(
            "item_id", "annotator_id", Cast("answers", TextField()), Cast("shown", TextField()), "active_ms"
        )
    )
    loads = orjson.loads
    for item_id, annotator_id, answers, shown, active_ms in found.iterator(chunk_size=ROWS):
        yield JudgmentRow(*units[item_id], names[annotator_id], kind, loads(answers), loads(shown), active_ms)


def _units(project: Project, kinds: Iterable[str]) -> dict[int, Unit]:
    """By item: its name, its completions in the order of import, and their lengths.

    The name sorts the items alike wherever the same data lie; completions keep the ids that answers use.
    """
    texts = Completion.objects.filter(prompt__project=project).order_by()
    by_prompt: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    # As a plain `Field`, the length comes as the database gives it, without a call for each.
    columns = texts.values_list("prompt_id", "position", "id", Length("text", output_field=Field()))
    for prompt_id, position, completion_id, length in columns.iterator(chunk_size=ROWS):
        by_prompt[prompt_id].append((position, completion_id, length))
    for members in by_prompt.values():
        members.sort()
    external = dict(Prompt.objects.filter(project=project).values_list("id", "external_id"))
    judged = Item.objects.filter(id__in=judgments_counted(project, kinds=kinds).values("item_id"))
    items = judged.values_list("id", "prompt_id", "first_id", "second_id")
    units: dict[int, Unit] = {}
    for item_id, prompt_id, first, second in items.iterator(chunk_size=ROWS):
        name, members = external[prompt_id], by_prompt[prompt_id]
        if first is not None:
            places = [place for place, member in enumerate(members) if member[1] in (first, second)]
            name += "\n" + ",".join([f"{place:05d}" for place in places])
            members = [members[place] for place in places]
        units[item_id] = (
            name,
            tuple([str(member[1]) for member in members]),
            tuple([member[2] for member in members]),
        )
    return units
