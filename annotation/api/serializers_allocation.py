"""Shapes on the wire: pools, annotators and their quotas."""

from typing import Any

from rest_framework import serializers

from annotation.models import AnnotatorKind
from annotation.services.pools import NAMED_MOST

LARGEST = 2**31 - 1


class AnnotatorSettingsSerializer(serializers.Serializer[Any]):
    """An annotator with quotas (null: the project's), groups, pools, and whether anything is handed to them."""

    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    username = serializers.CharField(allow_null=True)
    quota_total = serializers.IntegerField(allow_null=True)
    quota_daily = serializers.IntegerField(allow_null=True)
    done = serializers.IntegerField()
    done_today = serializers.IntegerField(help_text="Since midnight UTC.")
    groups = serializers.ListField(child=serializers.CharField())
    pools = serializers.ListField(child=serializers.CharField())
    paused = serializers.BooleanField()
    paused_because = serializers.CharField(
        allow_blank=True, help_text="hand, gold (below the threshold) or qualify (failed the round)."
    )
    paused_at = serializers.DateTimeField(allow_null=True)
    qualified_at = serializers.DateTimeField(allow_null=True)
    warned_at = serializers.DateTimeField(allow_null=True)


class AnnotatorSettingsPatchSerializer(serializers.Serializer[Any]):
    """What may change about an annotator; groups that do not exist are made."""

    paused = serializers.BooleanField(required=False)
    quota_total = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LARGEST)
    quota_daily = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LARGEST)
    groups = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=NAMED_MOST
    )


class PoolSerializer(serializers.Serializer[Any]):
    """Prompts that only some annotators are given: those named here and the members of the groups."""

    id = serializers.CharField()
    name = serializers.CharField()
    annotators = serializers.ListField(child=serializers.CharField())
    groups = serializers.ListField(child=serializers.CharField())
    prompts = serializers.IntegerField()
    items_open = serializers.IntegerField(help_text="Items with places left.")


class PoolInputSerializer(serializers.Serializer[Any]):
    """A new pool."""

    name = serializers.CharField(max_length=100)
    annotators = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=NAMED_MOST
    )
    groups = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, max_length=NAMED_MOST
    )


class PoolPatchSerializer(PoolInputSerializer):
    """What may change about a pool."""

    name = serializers.CharField(max_length=100, required=False)


class PoolPromptsInputSerializer(serializers.Serializer[Any]):
    """Which prompts; several filters narrow each other down."""

    ids = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=10_000)
    q = serializers.CharField(required=False, allow_blank=True, max_length=500)
    metadata = serializers.DictField(
        required=False, help_text="Keys and the texts, numbers or truth values they must have."
    )
    unpooled = serializers.BooleanField(required=False, help_text="Only those that are in no pool.")
    remove = serializers.BooleanField(required=False, default=False, help_text="Take them out instead.")

    def get_fields(self) -> dict[str, Any]:
        """The fields and `import`, which no attribute can be named."""
        fields: dict[str, Any] = super().get_fields()
        fields["import"] = serializers.CharField(required=False, max_length=40, help_text="An import's id.")
        return fields

    def validate_metadata(self, value: dict[str, Any]) -> dict[str, Any]:
        """Refuse what cannot be equal to a plain value."""
        if len(value) > 10:
            raise serializers.ValidationError("At most ten keys.")
        for key, wanted in value.items():
            if not isinstance(wanted, str | int | float | bool):
                raise serializers.ValidationError(f"“{key[:50]}” must be a text, a number, true or false.")
        return value


class PoolPromptsSerializer(serializers.Serializer[Any]):
    """How many prompts were moved; null where a worker does it."""

    prompts = serializers.IntegerField(allow_null=True)
    queued = serializers.BooleanField()
