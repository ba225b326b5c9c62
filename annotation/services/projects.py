"""Projects and the revisions of what they ask."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from annotation.errors import ConflictError, NotFoundError, UnprocessableError
from annotation.models import Item, Judgment, Project, Question, Revision
from annotation.models.projects import Template
from annotation.project_templates import TEMPLATES
from annotation.questions import QuestionError, item_kind, questions_clean
from annotation.selectors.projects import revision_current, revision_questions
from annotation.services.contests import contests_requeue
from annotation.services.items import items_rebuild

if TYPE_CHECKING:
    from collections.abc import Mapping

    from annotation.models import User
    from annotation.questions import Question as QuestionSpec

RECOVERABLE: Final = timedelta(days=7)
SETTINGS = (
    "name",
    "description",
    "overlap",
    "blind",
    "shuffle",
    "allocation",
    "lease_seconds",
    "good_at",
    "reasons",
    "own_figures",
    "mask_names",
    "random_share",
    "overlap_most",
    "confidence",
    "quota_total",
    "quota_daily",
)


def questions_read(raw: object) -> list[QuestionSpec]:
    """Questions from the wire; what is wrong becomes a 422 with its places."""
    try:
        return questions_clean(raw)
    except QuestionError as error:
        first = next(iter(error.fields.items()))
        raise UnprocessableError(
            f"{first[0]}: {first[1][0]}", code="invalid_questions", fields=error.fields
        ) from None


def revision_create(
    *, project: Project, author: User | None, questions: list[QuestionSpec], guidelines: str
) -> Revision:
    """Store the next wording of what a project asks."""
    newest = Revision.objects.filter(project=project).order_by("-number").first()
    revision = Revision.objects.create(
        project=project, number=newest.number + 1 if newest else 1, guidelines=guidelines, author=author
    )
    Question.objects.bulk_create(
        Question(
            revision=revision,
            position=position,
            name=question.name,
            kind=question.kind,
            title=question.title,
            description=question.description,
            required=question.required,
            options=dict(question.options),
        )
        for position, question in enumerate(questions)
    )
    return revision


def project_create(*, owner: User, data: Mapping[str, Any], is_demo: bool = False) -> Project:
    """Make a project; questions and guidelines left out come from its template.

    Raises:
        UnprocessableError: a question is not one that can be asked, or a custom project asks none.
        ConflictError: the owner has a project of this name.
    """
    _overlap_check(data)
    template = TEMPLATES[data.get("template") or "custom"]
    raw_questions = data.get("questions")
    if raw_questions is None and data.get("template") == Template.CUSTOM:
        message = "Say what is asked, or choose a template that has questions."
        raise UnprocessableError(message, code="invalid_questions", fields={"questions": [message]})
    if raw_questions is None:
        raw_questions = [dict(question) for question in template.questions]
    questions = questions_read(raw_questions)
    guidelines = data.get("guidelines")
    settings = {name: data[name] for name in SETTINGS if name in data}
    try:
        with transaction.atomic():
            project = Project.objects.create(
                owner=owner,
                template=template.name,
                item_kind=item_kind(questions),
                is_demo=is_demo,
                **settings,
            )
            revision_create(
                project=project,
                author=owner,
                questions=questions,
                guidelines=template.guidelines if guidelines is None else guidelines,
            )
    except IntegrityError:
        raise ConflictError(
            f"You already have a project named “{settings['name']}”.",
            code="name_taken",
            fields={"name": ["Choose another name."]},
        ) from None
    return project


def project_update(*, project: Project, author: User, data: Mapping[str, Any]) -> Project:
    """Change settings; new questions or guidelines make a new revision.

    Raises:
        ConflictError: the name is taken, or questions would turn judged pairs into prompts or back.
        UnprocessableError: settings that do not go together.
    """
    _overlap_check({**{name: getattr(project, name) for name in SETTINGS}, **data})
    for name in SETTINGS:
        if name in data:
            setattr(project, name, data[name])
    try:
        with transaction.atomic():
            project.save(update_fields=SETTINGS)
            if "questions" in data or "guidelines" in data:
                _revise(project=project, author=author, data=data)
    except IntegrityError:
        raise ConflictError(
            f"The project's owner already has a project named “{project.name}”.",
            code="name_taken",
            fields={"name": ["Choose another name."]},
        ) from None
    contests_requeue(project)
    return project


def _overlap_check(settings: Mapping[str, Any]) -> None:
    """Adaptive overlap needs both of its settings, and a highest number that is not below the overlap."""
    most, confidence = settings.get("overlap_most"), settings.get("confidence")
    if (most is None) != (confidence is None):
        missing = "overlap_most" if most is None else "confidence"
        message = "Adaptive overlap needs both the most judgments of an item and how sure its answer must be."
        raise UnprocessableError(message, code="adaptive_overlap_half", fields={missing: [message]})
    overlap = settings.get("overlap", Project._meta.get_field("overlap").default)
    if most is not None and most < overlap:
        message = f"A contested item cannot have fewer judgments than every item has: at least {overlap}."
        raise UnprocessableError(message, code="overlap_most_below", fields={"overlap_most": [message]})


def _revise(*, project: Project, author: User, data: Mapping[str, Any]) -> None:
    current = revision_current(project)
    asked = revision_questions(current)
    questions = questions_read(data["questions"]) if "questions" in data else asked
    guidelines = data.get("guidelines", current.guidelines)
    if questions == asked and guidelines == current.guidelines:
        return
    kind = item_kind(questions)
    if kind != project.item_kind:
        if Judgment.objects.filter(project=project).exists():
            raise ConflictError(
                "A comparison is asked about pairs, other questions about whole prompts, and this project already "
                "has judgments. Make a new project for the other kind.",
                code="item_kind_fixed",
            )
        Project.objects.filter(id=project.id).update(item_kind=kind)
        project.item_kind = kind
        Item.objects.filter(project=project).delete()
        items_rebuild(project=project)
    revision_create(project=project, author=author, questions=questions, guidelines=guidelines)


def project_delete(*, project: Project) -> None:
    """Hide a project; for seven days `project_restore` brings it back."""
    Project.objects.filter(id=project.id, deleted_at=None).update(deleted_at=timezone.now())


def project_restore(*, project: Project) -> Project:
    """Undo a deletion.

    Raises:
        NotFoundError: its seven days are over, and it is being removed.
        ConflictError: its owner has made another project of the same name since.
    """
    recoverable = Project.objects.filter(id=project.id, deleted_at__gte=timezone.now() - RECOVERABLE)
    try:
        with transaction.atomic():
            restored = recoverable.update(deleted_at=None)
    except IntegrityError:
        raise ConflictError(
            f"There is another project named “{project.name}” now. Rename it first.", code="name_taken"
        ) from None
    if not restored:
        raise NotFoundError("This project was deleted more than seven days ago and cannot be brought back.")
    project.refresh_from_db()
    return project
