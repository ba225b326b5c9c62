"""Accounts, their keys and passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import password_validation
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from annotation.errors import ConflictError, DomainError, ForbiddenError, UnprocessableError
from annotation.models import AccessToken, User
from annotation.secrets import token_digest, token_mint

if TYPE_CHECKING:
    from datetime import datetime

LARGEST_ID = 2**63 - 1


def password_check(password: str, *, user: User, field: str) -> None:
    """Refuse a weak password.

    Raises:
        UnprocessableError: `field` says why.
    """
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise UnprocessableError(
            " ".join(error.messages), code="weak_password", fields={field: error.messages}
        ) from None


def user_create(
    *, username: str, password: str, email: str = "", superuser: bool = False, any_password: bool = False
) -> User:
    """Make an account; `any_password` is for operators at the command line, who know what they do.

    Raises:
        ConflictError: the name is taken.
        UnprocessableError: the name or the password is not acceptable.
    """
    user = User(username=username, email=email, is_staff=superuser, is_superuser=superuser)
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        fields = {name: list(messages) for name, messages in error.message_dict.items()}
        raise UnprocessableError(
            "This account cannot be made.", code="invalid_account", fields=fields
        ) from None
    if not any_password:
        password_check(password, user=user, field="password")
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise ConflictError(
            f"The name “{username}” is taken.",
            code="name_taken",
            fields={"username": ["Choose another name."]},
        ) from None
    return user


def user_update(
    *, user: User, by: User, is_active: bool | None = None, is_superuser: bool | None = None
) -> User:
    """Activate or deactivate an account, give or take the rights of a superuser.

    Raises:
        ForbiddenError: nobody locks himself out.
    """
    if user == by and (is_active is False or is_superuser is False):
        raise ForbiddenError(
            "You cannot deactivate yourself or give up your own rights; ask another superuser."
        )
    if is_active is not None:
        user.is_active = is_active
    if is_superuser is not None:
        user.is_superuser = user.is_staff = is_superuser
    user.save(update_fields=["is_active", "is_superuser", "is_staff"])
    return user


def password_change(*, user: User, old: str, new: str) -> None:
    """Set a new password for someone who knows the old one.

    Raises:
        DomainError: the old password is wrong.
        UnprocessableError: the new one is weak.
    """
    if not user.check_password(old):
        raise DomainError(
            "The old password is wrong.", code="wrong_password", fields={"old_password": ["This is not it."]}
        )
    password_check(new, user=user, field="new_password")
    user.set_password(new)
    user.save(update_fields=["password"])


def reset_path(*, user: User) -> str:
    """The page on which `user` sets a new password; it works once and for three days."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return f"/password-reset/{uid}/{default_token_generator.make_token(user)}"


def password_reset(*, uid: str, token: str, new: str) -> None:
    """Set a new password by a reset link.

    Raises:
        DomainError: the link is spent, expired or not one of ours.
        UnprocessableError: the new password is weak.
    """
    try:
        primary_key = int(urlsafe_base64_decode(uid))
    except ValueError:
        primary_key = 0
    user = (
        User.objects.filter(pk=primary_key, is_active=True).first() if 0 < primary_key <= LARGEST_ID else None
    )
    if user is None or not default_token_generator.check_token(user, token):
        raise DomainError("This link is spent or has expired. Ask for a new one.", code="invalid_link")
    password_check(new, user=user, field="new_password")
    user.set_password(new)
    user.save(update_fields=["password"])


def token_create(*, user: User, name: str, expires_at: datetime | None = None) -> tuple[AccessToken, str]:
    """Make an access token; the secret is returned here and never again."""
    secret = token_mint()
    token = AccessToken.objects.create(
        user=user, name=name, digest=token_digest(secret), prefix=secret[:12], expires_at=expires_at
    )
    return token, secret
