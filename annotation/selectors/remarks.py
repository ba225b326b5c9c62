"""Remarks: what reviewers and one annotator say to each other about an item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from annotation.errors import NotFoundError
from annotation.models import Annotator, Item, Judgment, Project, Purpose, Remark, Role, User
from annotation.selectors.access import RANKS, annotator_of, opaque, own_rows, role_of
from annotation.selectors.prompts import excerpt


def is_reviewer(*, user: User, project: Project) -> bool:
    """Whether the caller sees the remarks of every annotator."""
    role = role_of(user=user, project=project)
    return role is not None and RANKS[role] >= RANKS[Role.REVIEWER]


def item_get(*, project: Project, item_id: object) -> Item:
    """An item of a project; 404 otherwise."""
    item = Item.objects.filter(project=project, id=opaque(item_id)).select_related("prompt").first()
    if item is None:
        raise NotFoundError("This project has no item with this id.")
    return item


def thread_of(*, user: User, project: Project, item_id: object, annotator: str) -> tuple[Item, Annotator]:
    """The item and the annotator of a thread that the caller may read.

    Reviewers name the `annotator`; annotators have only their own threads, on items that they judged or were
    spoken to about.

    Raises:
        NotFoundError: there is no such thread for the caller.
    """
    item = item_get(project=project, item_id=item_id)
    own = annotator_of(user=user, project=project)
    if is_reviewer(user=user, project=project):
        if annotator:
            named = Annotator.objects.filter(project=project, id=opaque(annotator)).first()
            if named is None:
                raise NotFoundError("This project has no annotator with this id.")
            return item, named
        if own is not None:
            return item, own
    elif own is not None and annotator in {"", str(own.id)} and _concerns(item, own):
        return item, own
    raise NotFoundError("There are no remarks for you here.")


def _concerns(item: Item, annotator: Annotator) -> bool:
    """Whether an annotator has judged an item, or been spoken to about it."""
    return (
        Judgment.objects.filter(item=item, annotator=annotator).exists()
        or Remark.objects.filter(item=item, annotator=annotator).exists()
    )


def remarks_of(item: Item, annotator: Annotator) -> QuerySet[Remark]:
    """A thread, in the order in which it was written."""
    return Remark.objects.filter(item=item, annotator=annotator).select_related("author", "annotator")


def remark_wire(remark: Remark) -> dict[str, Any]:
    """A remark; `author` and `annotator` should have been read with it."""
    own = remark.author_id is not None and remark.author_id == remark.annotator.user_id
    return {
        "id": str(remark.pk),
        "author": remark.author.username if remark.author else None,
        "from": "annotator" if own else "reviewer",
        "text": remark.text,
        "created_at": remark.created_at,
        "read_at": remark.read_at,
    }


def remarks_visible(*, user: User, project: Project, own_only: bool = False) -> QuerySet[Remark]:
    """What the caller may read in a project: reviewers all (or only what concerns their own labels), others their own."""
    if is_reviewer(user=user, project=project) and not own_only:
        return Remark.objects.filter(annotator__project=project)
    return Remark.objects.filter(annotator__in=own_rows(user).filter(project=project))


def unread_by(user: User, remarks: QuerySet[Remark]) -> QuerySet[Remark]:
    """Those that the other side wrote and the caller's side has not read."""
    to_me = Q(annotator__user=user) & ~Q(author=user)
    to_reviewers = ~Q(annotator__user=user) & Q(author=F("annotator__user"))
    return remarks.filter(to_me | to_reviewers, read_at=None)


Stage = tuple[str, QuerySet[Remark], tuple[str, ...]]


def threads_stages(*, user: User, visible: QuerySet[Remark]) -> list[Stage]:
    """The newest remark of each thread: unread threads first, then the others."""
    same = Remark.objects.filter(item=OuterRef("item"), annotator=OuterRef("annotator"))
    newest = visible.filter(~Exists(same.filter(id__gt=OuterRef("id"))))
    newest = newest.select_related("item__prompt", "annotator", "author")
    unread = Exists(unread_by(user, same))
    return [("unread", newest.filter(unread), ("-id",)), ("read", newest.filter(~unread), ("-id",))]


def threads_wire(user: User, newest: Sequence[Remark], *, reviewer: bool) -> list[dict[str, Any]]:
    """A page of threads, each by its newest remark.

    A prompt's id in its file may tell what it is for or whose outputs it has, so only a `reviewer` is told.
    """
    places = [(remark.item_id, remark.annotator_id) for remark in newest]
    wanted = Q(pk__in=[])
    for item_id, annotator_id in places:
        wanted |= Q(item_id=item_id, annotator_id=annotator_id)
    remarks = Remark.objects.filter(wanted)
    counts = Counter(remarks.values_list("item_id", "annotator_id"))
    unread = Counter(unread_by(user, remarks).values_list("item_id", "annotator_id"))
    current = Judgment.objects.filter(wanted, superseded=False).exclude(purpose=Purpose.REPEAT)
    judgments = {
        (item_id, annotator_id): uuid
        for item_id, annotator_id, uuid in current.values_list("item_id", "annotator_id", "uuid")
    }
    return [
        {
            "item": str(remark.item_id),
            "annotator": {"id": str(remark.annotator_id), "name": remark.annotator.name},
            "prompt": {
                "id": str(remark.item.prompt_id),
                "external_id": remark.item.prompt.external_id if reviewer else "",
                "excerpt": excerpt(remark.item.prompt.messages),
            },
            "judgment": str(judgments[place]) if place in judgments else None,
            "remarks": counts[place],
            "unread": unread[place],
            "last": remark_wire(remark),
        }
        for remark, place in zip(newest, places, strict=True)
    ]
