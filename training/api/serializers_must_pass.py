"""Shapes on the wire: must-pass pairs."""

from typing import Any

from rest_framework import serializers

from annotation.models import AnnotatorKind
from training.selectors.must_pass import STATUSES

PIN_STATUSES = list(STATUSES)


class PinInputSerializer(serializers.Serializer[Any]):
    """A judgment to pin."""

    judgment = serializers.UUIDField()
    note = serializers.CharField(required=False, allow_blank=True, max_length=2_000)


class MustPassPairSerializer(serializers.Serializer[Any]):
    """Two outputs by their ids; `margin` is the reward of the preferred less the other's, null where unknown."""

    preferred = serializers.CharField()
    rejected = serializers.CharField()
    margin = serializers.FloatField(allow_null=True)


class PinnedOutputSerializer(serializers.Serializer[Any]):
    """An output of a pinned judgment."""

    id = serializers.CharField()
    text = serializers.CharField(allow_blank=True)


class PinnedMessageSerializer(serializers.Serializer[Any]):
    """One turn of the prompt."""

    role = serializers.CharField()
    content = serializers.CharField(allow_blank=True)


class PinnedPromptSerializer(serializers.Serializer[Any]):
    """The prompt of a pinned judgment."""

    id = serializers.CharField()
    external_id = serializers.CharField()
    messages = PinnedMessageSerializer(many=True)
    language = serializers.CharField(allow_blank=True)


class PinSerializer(serializers.Serializer[Any]):
    """A pinned judgment, and how the model orders its pairs; `passed` is null where it was not tried."""

    judgment = serializers.CharField(help_text="Its uuid.")
    item = serializers.CharField()
    annotator = serializers.CharField()
    annotator_kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    prompt = PinnedPromptSerializer()
    outputs = PinnedOutputSerializer(many=True)
    pairs = MustPassPairSerializer(many=True)
    passed = serializers.BooleanField(allow_null=True)
    status = serializers.ChoiceField(
        choices=PIN_STATUSES, help_text="Only `enforced` ones hold a challenger back."
    )
    note = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class PinStandingSerializer(serializers.Serializer[Any]):
    """How a model stands against the enforced pins; counted are judgments."""

    pinned = serializers.IntegerField()
    passed = serializers.IntegerField()
    failed = serializers.IntegerField()
    untried = serializers.IntegerField(help_text="Pinned after the model was made and not tried yet.")


class PinnedModelSerializer(serializers.Serializer[Any]):
    """The model whose margins are told."""

    id = serializers.CharField()
    version = serializers.IntegerField()


class PinListSerializer(serializers.Serializer[Any]):
    """A page of pinned judgments, newest first, with a model's margins and how it stands in all."""

    results = PinSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    model = PinnedModelSerializer(allow_null=True)
    standing = PinStandingSerializer()


class FailedPairSerializer(serializers.Serializer[Any]):
    """A pair that a challenger got wrong, with the beginnings of both outputs."""

    judgment = serializers.CharField()
    prompt = serializers.CharField(help_text="The prompt's id in its file.")
    preferred = serializers.CharField(allow_blank=True)
    rejected = serializers.CharField(allow_blank=True)
    margin = serializers.FloatField(allow_null=True, help_text="Null where the model cannot score the pair.")


class MustPassVerdictSerializer(serializers.Serializer[Any]):
    """How a challenger did on what was pinned at its time; `pairs` are the first 20 that it failed."""

    pinned = serializers.IntegerField()
    failed = serializers.IntegerField()
    pairs = FailedPairSerializer(many=True)
