"""Who belongs to a project, and the links that let people in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from annotation.errors import ConflictError, NotFoundError, UnprocessableError
from annotation.models import Invitation, Member, Role, User
from annotation.secrets import token_digest, token_mint
from annotation.selectors.access import RANKS

if TYPE_CHECKING:
    from datetime import datetime

    from annotation.models import Project


def member_set(*, project: Project, username: str, role: Role) -> Member:
    """Give an account a role in a project, whether or not it had one.

    Raises:
        UnprocessableError: there is no such account.
        ConflictError: the owner is always an admin.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise UnprocessableError(
            f"There is no account “{username}”. Send an invitation link instead.",
            code="unknown_user",
            fields={"username": ["No account has this name."]},
        )
    if user.pk == project.owner_id:
        raise ConflictError("The owner of a project is always its admin.", code="owner_is_admin")
    member, _ = Member.objects.update_or_create(project=project, user=user, defaults={"role": role})
    return member


def member_remove(*, project: Project, username: str) -> None:
    """Take an account out of a project; its judgments stay.

    Raises:
        NotFoundError: it is no member.
    """
    deleted, _ = Member.objects.filter(project=project, user__username=username).delete()
    if not deleted:
        raise NotFoundError(f"“{username}” is not a member of this project.")


def invitation_create(
    *, project: Project, by: User, role: Role, expires_at: datetime
) -> tuple[Invitation, str]:
    """Make a link; its secret is returned here and never again.

    Raises:
        UnprocessableError: the end lies in the past.
    """
    if expires_at <= timezone.now():
        raise UnprocessableError(
            "An invitation must end in the future.", fields={"expires_at": ["Choose a later time."]}
        )
    secret = token_mint()
    invitation = Invitation.objects.create(
        project=project, role=role, expires_at=expires_at, created_by=by, digest=token_digest(secret)
    )
    return invitation, secret


def invitation_get(secret: str) -> Invitation:
    """The invitation behind a link.

    Raises:
        NotFoundError: it has expired, was revoked, or never was.
    """
    invitation = (
        Invitation.objects.select_related("project")
        .filter(
            digest=token_digest(secret),
            revoked_at=None,
            expires_at__gt=timezone.now(),
            project__deleted_at=None,
        )
        .first()
    )
    if invitation is None:
        raise NotFoundError(
            "This invitation has expired or was revoked. Ask for a new one.", code="invalid_link"
        )
    return invitation


def invitation_accept(*, invitation: Invitation, user: User) -> Member:
    """Make `user` a member; somebody who already has a larger role keeps it."""
    member, created = Member.objects.get_or_create(
        project=invitation.project, user=user, defaults={"role": invitation.role}
    )
    if not created and RANKS[Role(invitation.role)] > RANKS[Role(member.role)]:
        Member.objects.filter(pk=member.pk).update(role=invitation.role)
    Invitation.objects.filter(pk=invitation.pk).update(uses=F("uses") + 1)
    return member


def invitation_revoke(*, project: Project, invitation_id: int) -> None:
    """End an invitation now.

    Raises:
        NotFoundError: the project has none of this id.
    """
    changed = Invitation.objects.filter(project=project, id=invitation_id, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    if not changed:
        raise NotFoundError("There is no open invitation with this id.")
