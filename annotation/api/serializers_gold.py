"""Shapes on the wire: gold items, the rules of trust, and how annotators stand."""

from typing import Any

from rest_framework import serializers

from annotation.api.serializers_labelling import PromptReferenceSerializer, TextSerializer
from annotation.models import GoldFeedback

STANDINGS = ["working", "warned", "qualifying", "qualification_failed", "paused", "exempt"]


class GoldInputSerializer(serializers.Serializer[Any]):
    """A known answer: to an `item`, with `answers`; or what a `judgment` says about its item."""

    item = serializers.CharField(required=False, max_length=40)
    judgment = serializers.UUIDField(required=False)
    answers = serializers.DictField(required=False)
    tolerance = serializers.DictField(required=False, default=dict)
    explanation = serializers.CharField(required=False, allow_blank=True, default="", max_length=10_000)


class GoldPatchSerializer(serializers.Serializer[Any]):
    """What may change about a known answer."""

    answers = serializers.DictField(required=False)
    tolerance = serializers.DictField(required=False)
    explanation = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    retired = serializers.BooleanField(required=False)


class GoldItemSerializer(serializers.Serializer[Any]):
    """What an item is about: its prompt, and the beginnings of its outputs."""

    item = serializers.CharField()
    prompt = PromptReferenceSerializer()
    completions = TextSerializer(many=True)
    answers = serializers.DictField()


class GoldSerializer(GoldItemSerializer):
    """An item with a known answer; how many people have answered it, and how many within the tolerance."""

    id = serializers.CharField()
    tolerance = serializers.DictField()
    explanation = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_null=True)
    judgment = serializers.UUIDField(allow_null=True)
    answered = serializers.IntegerField()
    correct = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    retired_at = serializers.DateTimeField(allow_null=True)


class AgreedInputSerializer(serializers.Serializer[Any]):
    """Which items: those on which so many people agree."""

    at_least = serializers.IntegerField(default=3, min_value=2, max_value=100)
    most = serializers.IntegerField(default=50, min_value=1, max_value=200)
    preview = serializers.BooleanField(default=False)


class AgreedSerializer(serializers.Serializer[Any]):
    """The items found, in a preview; how many were made gold otherwise."""

    items = GoldItemSerializer(many=True)
    created = serializers.IntegerField()


class TrustPolicyInputSerializer(serializers.Serializer[Any]):
    """The rules; what is left out stays as it is."""

    gold_share = serializers.FloatField(required=False, min_value=0, max_value=0.5)
    repeat_share = serializers.FloatField(required=False, min_value=0, max_value=0.5)
    qualification_items = serializers.IntegerField(required=False, min_value=0, max_value=200)
    threshold = serializers.FloatField(required=False, min_value=0, max_value=1)
    window = serializers.IntegerField(required=False, min_value=5, max_value=1000)
    pause = serializers.BooleanField(required=False)
    feedback = serializers.ChoiceField(choices=GoldFeedback.choices, required=False)


class TrustPolicySerializer(serializers.Serializer[Any]):
    """How a project checks its annotators, how many live gold items there are, and which questions can be checked."""

    gold_share = serializers.FloatField()
    repeat_share = serializers.FloatField()
    qualification_items = serializers.IntegerField()
    threshold = serializers.FloatField()
    window = serializers.IntegerField()
    pause = serializers.BooleanField()
    feedback = serializers.ChoiceField(choices=GoldFeedback.choices)
    golds = serializers.IntegerField()
    checkable = serializers.ListField(child=serializers.CharField())


class ScoreSerializer(serializers.Serializer[Any]):
    """The share of right answers to the last gold items, with its 95 % interval (Wilson)."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    n = serializers.IntegerField()
    correct = serializers.IntegerField()


class CheckedAnnotatorSerializer(serializers.Serializer[Any]):
    """How an annotator stands, and since when."""

    id = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=STANDINGS)
    because = serializers.CharField(allow_blank=True)
    since = serializers.DateTimeField(allow_null=True)
    qualified_at = serializers.DateTimeField(allow_null=True)
    score = ScoreSerializer(allow_null=True)


class StandingInputSerializer(serializers.Serializer[Any]):
    """What becomes of an annotator."""

    action = serializers.ChoiceField(choices=["pause", "resume", "qualify"])


class QualificationSerializer(serializers.Serializer[Any]):
    """A round of qualification; `correct` is told once it is over."""

    needed = serializers.IntegerField()
    answered = serializers.IntegerField()
    correct = serializers.IntegerField(allow_null=True)
    threshold = serializers.FloatField()


class LastAnswerSerializer(serializers.Serializer[Any]):
    """The newest answer to a gold item, and the known one."""

    judgment = serializers.UUIDField()
    correct = serializers.BooleanField()
    questions = serializers.DictField(child=serializers.BooleanField())
    answers = serializers.DictField()
    shown = serializers.ListField(child=serializers.CharField())
    explanation = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class StandingSerializer(serializers.Serializer[Any]):
    """What the caller is told about their own work, as far as the project allows it."""

    status = serializers.ChoiceField(choices=STANDINGS)
    feedback = serializers.ChoiceField(choices=GoldFeedback.choices)
    score = ScoreSerializer(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    qualification = QualificationSerializer(allow_null=True)
    last = LastAnswerSerializer(allow_null=True)
