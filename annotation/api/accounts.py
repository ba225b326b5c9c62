"""Sessions, accounts, access tokens."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.core.mail import send_mail
from django.db.models import Q
from django.http import Http404
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny, IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from annotation.api import serializers_accounts as shapes
from annotation.api.authentication import caller
from annotation.api.pagination import Listing, listed
from annotation.api.parsing import parsed
from annotation.errors import DomainError
from annotation.models import AccessToken, User
from annotation.selectors.access import opaque
from annotation.services import accounts


class LogInThrottle(SimpleRateThrottle):
    """At most thirty tries a minute from one address."""

    scope = "log-in"
    rate = "30/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Count by address; only POST is a try."""
        return f"log-in-{self.get_ident(request)}" if request.method == "POST" else None


def session_wire(request: Request) -> dict[str, Any]:
    """Who is signed in, and on a demo installation how to sign in."""
    user = request.user if request.user.is_authenticated else None
    return {
        "user": shapes.AccountSerializer(user).data if user else None,
        "demo": {"username": "demo", "password": "demo"} if settings.DEMO else None,
        "version": settings.VERSION,
    }


class SessionView(APIView):
    """The browser's session."""

    permission_classes = [AllowAny]
    throttle_classes = [LogInThrottle]

    @extend_schema(responses=shapes.SessionSerializer)
    def get(self, request: Request) -> Response:
        """Say who is signed in, and set the CSRF cookie."""
        get_token(request._request)
        return Response(session_wire(request))

    @extend_schema(request=shapes.LogInSerializer, responses=shapes.SessionSerializer)
    def post(self, request: Request) -> Response:
        """Sign in."""
        given = parsed(shapes.LogInSerializer, request)
        user = authenticate(request._request, username=given["username"], password=given["password"])
        if user is None:
            raise DomainError(
                "Name or password is wrong, or the account is deactivated.", code="invalid_credentials"
            )
        login(request._request, user)
        request.user = user
        return Response(session_wire(request))

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out."""
        logout(request._request)
        return Response(status=204)


class AccountView(APIView):
    """One's own account."""

    @extend_schema(request=shapes.AccountPatchSerializer, responses=shapes.AccountSerializer)
    def patch(self, request: Request) -> Response:
        """Change the e-mail address, the language or the preferences."""
        given = parsed(shapes.AccountPatchSerializer, request)
        account = caller(request)
        if given:
            User.objects.filter(pk=account.pk).update(**given)
            account.refresh_from_db()
        return Response(shapes.AccountSerializer(account).data)


class PasswordView(APIView):
    """One's own password."""

    @extend_schema(request=shapes.PasswordChangeSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change it; this session goes on, the others end."""
        given = parsed(shapes.PasswordChangeSerializer, request)
        accounts.password_change(user=caller(request), old=given["old_password"], new=given["new_password"])
        update_session_auth_hash(request._request, caller(request))
        return Response(status=204)


class PasswordResetView(APIView):
    """For those who have forgotten theirs."""

    permission_classes = [AllowAny]
    throttle_classes = [LogInThrottle]

    @extend_schema(request=shapes.PasswordResetSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Send a link where the account has an address; the answer never says whether it has."""
        name = parsed(shapes.PasswordResetSerializer, request)["username_or_email"]
        for user in User.objects.filter(Q(username=name) | Q(email__iexact=name), is_active=True).exclude(
            email=""
        )[:5]:
            link = request.build_absolute_uri(accounts.reset_path(user=user))
            send_mail("Plaudit: set a new password", f"{user.username}: {link}", None, [user.email])
        return Response(status=202)


class PasswordResetConfirmView(APIView):
    """The other end of a reset link."""

    permission_classes = [AllowAny]
    throttle_classes = [LogInThrottle]

    @extend_schema(request=shapes.PasswordResetConfirmSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Set the new password."""
        given = parsed(shapes.PasswordResetConfirmSerializer, request)
        accounts.password_reset(uid=given["uid"], token=given["token"], new=given["new_password"])
        return Response(status=204)


class TokenListView(APIView):
    """One's own access tokens."""

    @extend_schema(operation_id="account_tokens_list", responses=listed(shapes.TokenSerializer))
    def get(self, request: Request) -> Response:
        """All of them, without their secrets."""
        rows = AccessToken.objects.filter(user=caller(request)).order_by("-id")
        return Listing(request, key="id", descending=True).response(
            rows, lambda row: shapes.TokenSerializer(row).data
        )

    @extend_schema(request=shapes.TokenCreateSerializer, responses={201: shapes.TokenCreatedSerializer})
    def post(self, request: Request) -> Response:
        """Make one; its secret is in this answer and nowhere else."""
        given = parsed(shapes.TokenCreateSerializer, request)
        token, secret = accounts.token_create(user=caller(request), **given)
        return Response({**shapes.TokenSerializer(token).data, "token": secret}, status=201)


class TokenView(APIView):
    """One access token."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, token_id: str) -> Response:
        """Revoke it at once."""
        deleted, _ = AccessToken.objects.filter(user=caller(request), id=opaque(token_id)).delete()
        if not deleted:
            raise Http404
        return Response(status=204)


class UserListView(APIView):
    """All accounts, for superusers."""

    permission_classes = [IsAdminUser]

    @extend_schema(responses=listed(shapes.UserSerializer))
    def get(self, request: Request) -> Response:
        """Accounts in the order they were made."""
        return Listing(request, key="id").response(
            User.objects.order_by("id"), lambda row: shapes.UserSerializer(row).data
        )

    @extend_schema(request=shapes.UserCreateSerializer, responses={201: shapes.UserSerializer})
    def post(self, request: Request) -> Response:
        """Make an account."""
        given = parsed(shapes.UserCreateSerializer, request)
        user = accounts.user_create(
            username=given["username"],
            password=given["password"],
            email=given["email"],
            superuser=given["is_superuser"],
        )
        return Response(shapes.UserSerializer(user).data, status=201)


class UserView(APIView):
    """One account, for superusers."""

    permission_classes = [IsAdminUser]

    @extend_schema(request=shapes.UserPatchSerializer, responses=shapes.UserSerializer)
    def patch(self, request: Request, user_id: str) -> Response:
        """Activate, deactivate, or change its rights."""
        user = User.objects.filter(pk=opaque(user_id)).first()
        if user is None:
            raise Http404
        changed = accounts.user_update(
            user=user, by=caller(request), **parsed(shapes.UserPatchSerializer, request)
        )
        return Response(shapes.UserSerializer(changed).data)


class UserPasswordResetView(APIView):
    """A reset link made by a superuser, for installations that send no mail."""

    permission_classes = [IsAdminUser]

    @extend_schema(request=None, responses=shapes.LinkSerializer)
    def post(self, request: Request, user_id: str) -> Response:
        """Make the link."""
        user = User.objects.filter(pk=opaque(user_id), is_active=True).first()
        if user is None:
            raise Http404
        return Response({"url": request.build_absolute_uri(accounts.reset_path(user=user))})
