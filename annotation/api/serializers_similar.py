"""Shapes on the wire: near-duplicates, and outputs that name their model."""

from typing import Any

from rest_framework import serializers

from annotation.api.serializers_labelling import PromptReferenceSerializer
from annotation.models import NearDuplicateKind, Resolution
from annotation.services.similar import AT_ONCE


class NearDuplicateSideSerializer(serializers.Serializer[Any]):
    """One of two texts; `group` and `side` (of a fifth for testing) stand for prompts alone."""

    id = serializers.CharField()
    external_id = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field of ours
    text = serializers.CharField(allow_blank=True)
    cut = serializers.BooleanField(help_text="There is more than `text`.")
    group = serializers.CharField(allow_null=True)
    side = serializers.ChoiceField(choices=["train", "validation", "test"], allow_null=True)


class NearDuplicateSerializer(serializers.Serializer[Any]):
    """Two prompts, the earlier one first, or two outputs of one, whose texts are nearly equal."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=NearDuplicateKind.choices)
    similarity = serializers.FloatField(help_text="Jaccard similarity of short runs of characters, 0.8 to 1.")
    resolution = serializers.ChoiceField(choices=Resolution.choices)
    resolved_by = serializers.CharField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    prompt = PromptReferenceSerializer()
    sides = NearDuplicateSideSerializer(many=True)
    parkable = serializers.BooleanField(help_text="An item in the queue compares just these two outputs.")


class NearDuplicateDecisionSerializer(serializers.Serializer[Any]):
    """What to do about pairs: `grouped` needs an administrator."""

    ids = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=AT_ONCE)
    resolution = serializers.ChoiceField(choices=Resolution.choices)


class DecidedSerializer(serializers.Serializer[Any]):
    """About how many pairs was decided, others that became one group with them included."""

    decided = serializers.IntegerField()


class RevelationSerializer(serializers.Serializer[Any]):
    """An output that says which model wrote it: words around the first name, and the names' places in them."""

    completion = serializers.CharField()
    external_id = serializers.CharField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field of ours
    text = serializers.CharField()
    before = serializers.BooleanField(help_text="There is more before `text`.")
    after = serializers.BooleanField(help_text="There is more after `text`.")
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="In code points of `text`."
    )
    names = serializers.ListField(child=serializers.CharField())
    prompt = PromptReferenceSerializer()
