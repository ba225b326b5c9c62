"""Who may see what. Every view gets its project through `project_get`; what is not allowed looks absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotation.errors import ForbiddenError, NotFoundError
from annotation.models import Annotator, AnnotatorKind, Member, Project, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from annotation.models import User

LARGEST_ID = 2**63 - 1
LONGEST_ID = len(str(LARGEST_ID))
RANKS = {Role.ANNOTATOR: 1, Role.REVIEWER: 2, Role.ADMIN: 3}


def opaque(value: object) -> int:
    """An id from the wire as the integer it stands for; 404 for what cannot be one."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_ID) or int(text) > LARGEST_ID:
        raise NotFoundError("There is no object with this id.")
    return int(text)


def role_of(*, user: User | AnonymousUser, project: Project) -> Role | None:
    """The caller's role in a project: a superuser and the owner are admins."""
    if user.pk is None:
        return None
    if user.is_superuser or project.owner_id == user.pk:
        return Role.ADMIN
    member = Member.objects.filter(project=project, user_id=user.pk).values_list("role", flat=True).first()
    return Role(member) if member else None


def projects_visible(user: User | AnonymousUser, *, deleted: bool = False) -> QuerySet[Project]:
    """The projects the caller belongs to, newest first."""
    projects = (
        Project.objects.filter(deleted_at__isnull=not deleted).select_related("owner").order_by("-created_at")
    )
    if user.is_superuser:
        return projects
    if user.pk is None:
        return projects.none()
    return projects.filter(
        id__in=Member.objects.filter(user_id=user.pk).values("project_id")
    ) | projects.filter(owner_id=user.pk)


def project_get(
    *, user: User | AnonymousUser, project_id: object, role: Role = Role.ANNOTATOR, deleted: bool = False
) -> Project:
    """The project, if the caller holds at least `role` in it.

    Raises:
        NotFoundError: there is none, it is deleted, or the caller is not a member.
        ForbiddenError: the caller is a member with a smaller role.
    """
    project = Project.objects.filter(id=opaque(project_id), deleted_at__isnull=not deleted).first()
    held = role_of(user=user, project=project) if project else None
    if project is None or held is None:
        raise NotFoundError("There is no project with this id, or you are not a member of it.")
    if RANKS[held] < RANKS[role]:
        raise ForbiddenError(f"This needs the role {role.value} in the project; you are {held.value}.")
    return project


def annotator_of(*, user: User, project: Project) -> Annotator | None:
    """The row under which the caller's own labels in a project stand, if there is one yet."""
    return own_rows(user).filter(project=project).first()


def own_rows(user: User) -> QuerySet[Annotator]:
    """The caller's rows as an annotator, not those of what they decide as a reviewer."""
    return Annotator.objects.filter(user=user).exclude(kind=AnnotatorKind.ADJUDICATED)
