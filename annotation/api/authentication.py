"""Who is calling: a browser's session, or a program's `Authorization: Bearer TOKEN`."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from annotation.models import AccessToken, User
from annotation.secrets import token_digest

SEEN_EVERY = timedelta(minutes=10)


def caller(request: Request) -> User:
    """The account behind a request to a view that only accounts may call."""
    assert isinstance(request.user, User)
    return request.user


class TokenAuthentication(authentication.BaseAuthentication):
    """Bearer tokens."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        """The token's owner, None without a token, 401 for one that is unknown, expired or inactive."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        known = AccessToken.objects.select_related("user").filter(digest=token_digest(secret.strip()))
        token = next(iter(known), None)
        if token is None or not token.user.is_active or (token.expires_at and token.expires_at <= now):
            raise exceptions.AuthenticationFailed(
                "This token is unknown, expired or revoked. Make a new one."
            )
        if token.last_used_at is None or now - token.last_used_at > SEEN_EVERY:
            AccessToken.objects.filter(id=token.id).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes DRF answer 401, not 403, to a caller it does not know."""
        return 'Bearer realm="plaudit"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's cookie, with CSRF."""

    def authenticate_header(self, request: Request) -> str:
        """Makes DRF answer 401, not 403, once a session has ended."""
        return "Session"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """HTTP bearer."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes the browser's session."""

    target_class = SessionAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """A cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
