"""Shapes on the wire: accounts, tokens, members, invitations."""

from typing import Any

import orjson
from django.conf import settings
from rest_framework import serializers

from annotation.models import Role, User

PREFERENCES_MOST = 16_384  # bytes


class UserSerializer(serializers.ModelSerializer[User]):
    """An account."""

    id = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "email", "language", "is_superuser", "is_active", "date_joined"]
        read_only_fields = ["id", "username", "is_superuser", "is_active", "date_joined"]


class AccountSerializer(UserSerializer):
    """One's own account, with what its interface keeps there."""

    preferences = serializers.DictField(read_only=True)

    class Meta(UserSerializer.Meta):
        fields = [*UserSerializer.Meta.fields, "preferences"]


class DemoLoginSerializer(serializers.Serializer[Any]):
    """The log-in of a demo installation."""

    username = serializers.CharField()
    password = serializers.CharField()


class SessionSerializer(serializers.Serializer[Any]):
    """Who is signed in."""

    user = AccountSerializer(allow_null=True)
    demo = DemoLoginSerializer(allow_null=True)
    version = serializers.CharField()


class LogInSerializer(serializers.Serializer[Any]):
    """Name and password."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class AccountPatchSerializer(serializers.Serializer[Any]):
    """What one may change about one's own account."""

    email = serializers.EmailField(required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=[*settings.LANGUAGES, ("", "browser's")], required=False)
    preferences = serializers.DictField(
        required=False,
        help_text=f"The interface's own; replaces all of them; up to {PREFERENCES_MOST} bytes.",
    )

    def validate_preferences(self, value: dict[str, Any]) -> dict[str, Any]:
        """Refuse what is larger or deeper than an interface needs."""
        try:
            size = len(orjson.dumps(value))
        except orjson.JSONEncodeError as error:
            raise serializers.ValidationError(f"These cannot be kept: {error}.") from None
        if size > PREFERENCES_MOST:
            raise serializers.ValidationError(f"These are more than {PREFERENCES_MOST} bytes as JSON.")
        return value


class PasswordChangeSerializer(serializers.Serializer[Any]):
    """The old and the new password."""

    old_password = serializers.CharField(max_length=1000, trim_whitespace=False)
    new_password = serializers.CharField(max_length=1000, trim_whitespace=False)


class PasswordResetSerializer(serializers.Serializer[Any]):
    """Whose password is forgotten."""

    username_or_email = serializers.CharField(max_length=254)


class PasswordResetConfirmSerializer(serializers.Serializer[Any]):
    """The two parts of a reset link, and the new password."""

    uid = serializers.CharField(max_length=100)
    token = serializers.CharField(max_length=200)
    new_password = serializers.CharField(max_length=1000, trim_whitespace=False)


class UserCreateSerializer(serializers.Serializer[Any]):
    """A new account."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    email = serializers.EmailField(required=False, default="", allow_blank=True)
    is_superuser = serializers.BooleanField(required=False, default=False)


class UserPatchSerializer(serializers.Serializer[Any]):
    """What a superuser may change about an account."""

    is_active = serializers.BooleanField(required=False)
    is_superuser = serializers.BooleanField(required=False)


class LinkSerializer(serializers.Serializer[Any]):
    """An address to hand on."""

    url = serializers.CharField()


class TokenCreateSerializer(serializers.Serializer[Any]):
    """A new access token."""

    name = serializers.CharField(max_length=100)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class TokenSerializer(serializers.Serializer[Any]):
    """An access token, without its secret."""

    id = serializers.CharField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class TokenCreatedSerializer(TokenSerializer):
    """An access token with its secret, shown once."""

    token = serializers.CharField()


class MemberInputSerializer(serializers.Serializer[Any]):
    """Who gets which role."""

    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=Role.choices)


class MemberSerializer(serializers.Serializer[Any]):
    """A member of a project."""

    username = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    joined_at = serializers.DateTimeField()


class InvitationInputSerializer(serializers.Serializer[Any]):
    """Role and end of a new invitation."""

    role = serializers.ChoiceField(choices=Role.choices, default=Role.ANNOTATOR)
    expires_at = serializers.DateTimeField()


class InvitationSerializer(serializers.Serializer[Any]):
    """An open invitation, without its secret."""

    id = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    expires_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    uses = serializers.IntegerField()


class InvitationCreatedSerializer(InvitationSerializer):
    """An invitation with its link, shown once."""

    url = serializers.CharField()
    token = serializers.CharField()


class InvitedProjectSerializer(serializers.Serializer[Any]):
    """The project an invitation is for."""

    id = serializers.CharField()
    name = serializers.CharField()


class InvitationPublicSerializer(serializers.Serializer[Any]):
    """What the bearer of a link sees before accepting it."""

    project = InvitedProjectSerializer()
    role = serializers.ChoiceField(choices=Role.choices)
    expires_at = serializers.DateTimeField()


class InvitationAcceptSerializer(serializers.Serializer[Any]):
    """Name and password of a new account; empty where somebody is signed in."""

    username = serializers.CharField(max_length=150, required=False)
    password = serializers.CharField(max_length=1000, required=False, trim_whitespace=False)


class AcceptedSerializer(serializers.Serializer[Any]):
    """The project one has joined."""

    project = serializers.CharField()
