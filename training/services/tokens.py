"""Keys that can only score."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from annotation.errors import NotFoundError
from annotation.secrets import token_digest, token_mint
from annotation.selectors.access import opaque
from training.models import RewardModel, ScoringToken

if TYPE_CHECKING:
    from annotation.models import Project, User

SEEN_EVERY: Final = timedelta(minutes=10)
PREFIX: Final = 12


def scoring_token_create(
    *, project: Project, user: User, name: str, model_id: str | None = None
) -> tuple[ScoringToken, str]:
    """Make a key, which may pin one of the project's models. The second value is its secret, told once."""
    model = None
    if model_id:
        model = RewardModel.objects.filter(project=project, id=opaque(model_id)).first()
        if model is None:
            raise NotFoundError("This project has no reward model with this id.")
    secret = token_mint()
    token = ScoringToken.objects.create(
        project=project,
        name=name,
        model=model,
        digest=token_digest(secret),
        prefix=secret[:PREFIX],
        created_by=user,
    )
    return token, secret


def scoring_token_use(*, secret: str) -> ScoringToken:
    """The key that belongs to a secret; when it was last used is noted every ten minutes.

    Raises NotFoundError: an address with a wrong secret does not exist.
    """
    token = ScoringToken.objects.filter(digest=token_digest(secret), project__deleted_at=None).first()
    if token is None:
        raise NotFoundError("This scoring address is unknown or revoked.")
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > SEEN_EVERY:
        ScoringToken.objects.filter(id=token.id).update(last_used_at=now)
    return token


def scoring_token_revoke(*, token: ScoringToken) -> None:
    """Take a key back."""
    token.delete()
