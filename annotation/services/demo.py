"""The demo's projects, put in like anybody's data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from django.db.models import Count, Q

from annotation.allocation.ballots import ballots_of
from annotation.allocation.policies import ACTIVE_ARM, RANDOM_ARM
from annotation.allocation.priorities import disagreement
from annotation.demo.choosing import SALT
from annotation.demo.projects import DEMO_PROJECTS, SELECTIONS
from annotation.demo.simulate import demo_lines
from annotation.models import Annotator, AnnotatorKind, Item, Judgment, JudgmentStatus, Project, Purpose
from annotation.models.projects import Allocation
from annotation.selectors.projects import revision_current, revision_questions
from annotation.services.contests import settings_key
from annotation.services.examining import examination_run
from annotation.services.imports import import_create, import_run
from annotation.services.items import PARK_AFTER
from annotation.services.projects import project_create
from annotation.services.remarks import remark_write
from annotation.services.reviewing import review_done

if TYPE_CHECKING:
    from datetime import datetime

    from annotation.models import User

CONTESTED = 8
"""Items on which the simulated annotators disagree most, that are shown for review."""
REMARK_BY = "sim-steady"
REMARK = (
    "Simulated for the demo: both keep to what was asked, so I went by the tone. Should the tone decide here, or is "
    "this a tie?"
)


def demo_load(*, owner: User, now: datetime) -> Iterator[tuple[Project, bool]]:
    """Make the demo projects that are missing; yields each with whether it was made now.

    The first of them is made last, so that it stands first in the list of projects.
    """
    for definition in reversed(DEMO_PROJECTS):
        project = Project.objects.filter(owner=owner, name=definition["name"], is_demo=True).first()
        if project is not None:
            yield project, False
            continue
        project = project_create(owner=owner, data=definition, is_demo=True)
        selection = SELECTIONS[project.name]
        if selection.chosen:
            Project.objects.filter(id=project.id).update(salt=SALT)
            project.salt = SALT
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "demo.jsonl"
            path.write_bytes(
                b"".join(orjson.dumps(line) + b"\n" for line in demo_lines(now, project=definition))
            )
            record = import_create(
                project=project,
                user=owner,
                path=path,
                filename="demo.jsonl",
                format_name="native",
                options={"strict": True},
            )
            import_run(import_id=record.id)
            examination_run(import_id=record.id)
        record.refresh_from_db()
        if record.errors_total or record.failure:
            raise RuntimeError(f"the demo does not import: {record.errors[:3]}")
        if selection.checked:
            _review_begin(project=project, owner=owner, now=now)
        if selection.chosen:
            _arms_set(project)
        yield project, True


def _review_begin(*, project: Project, owner: User, now: datetime) -> None:
    """Let the review queue have something: it lists what people do, and the demo's labels are simulated.

    The prepared `disagreement` of an item becomes that of people with the first label of a person.
    """
    # New items are prepared for their project's settings: housekeeping need not undo what follows.
    Project.objects.filter(id=project.id).update(prepared_for=settings_key(project))
    skipped = Count("judgments", filter=Q(judgments__status=JudgmentStatus.SKIPPED))
    parked = Item.objects.filter(project=project).annotate(times=skipped).filter(times__gte=PARK_AFTER)
    Item.objects.filter(id__in=list(parked.values_list("id", flat=True))).update(parked_at=now)
    contested = _contested(project)
    for item, value in contested:
        Item.objects.filter(id=item).update(disagreement=value)
    for decided in Judgment.objects.filter(project=project, annotator_kind=AnnotatorKind.ADJUDICATED):
        review_done(project=project, item_id=decided.item_id, done=True)
    _remark_add(project, owner, [item for item, _ in contested])


def _contested(project: Project) -> list[tuple[int, float]]:
    """The items on which the simulated annotators disagree most, with how far."""
    votes: dict[int, list[dict[str, Any]]] = {}
    counted = Judgment.objects.filter(
        project=project,
        annotator_kind=AnnotatorKind.SIMULATED,
        status=JudgmentStatus.SUBMITTED,
        surplus=False,
        purpose=Purpose.WORK,
    )
    for item, answers in counted.order_by("id").values_list("item_id", "answers"):
        votes.setdefault(item, []).append(answers)
    pairs = {
        item.id: [str(item.first_id), str(item.second_id)]
        for item in Item.objects.filter(project=project, id__in=votes)
    }
    questions = revision_questions(revision_current(project))
    found = [(item, disagreement(ballots_of(questions, votes[item], pair))) for item, pair in pairs.items()]
    known = [(item, value) for item, value in found if value]
    return sorted(known, key=lambda each: (-each[1], each[0]))[:CONTESTED]


def _remark_add(project: Project, owner: User, items: list[int]) -> None:
    """Let an annotator ask about an item; nobody can sign in to the account that this needs."""
    asked = (
        Judgment.objects.filter(project=project, item__in=items, annotator__name=REMARK_BY)
        .order_by("id")
        .select_related("item", "annotator")
        .first()
    )
    if asked is None:
        return
    account, _ = type(owner).objects.get_or_create(username=REMARK_BY, defaults={"is_active": False})
    Annotator.objects.filter(id=asked.annotator_id).update(user=account)
    asked.annotator.user = account
    remark_write(user=account, item=asked.item, annotator=asked.annotator, text=REMARK)


def _arms_set(project: Project) -> None:
    """Write down by which arm of its policy each item of a project was given out."""
    judgments = Judgment.objects.filter(project=project)
    share = project.random_share
    for arm, probability in ((RANDOM_ARM, share), (ACTIVE_ARM, 1 - share)):
        items = Item.objects.filter(project=project, random_arm=arm == RANDOM_ARM)
        judgments.filter(item__in=items).update(
            policy=Allocation.UNCERTAIN_FIRST, arm=arm, probability=probability
        )
