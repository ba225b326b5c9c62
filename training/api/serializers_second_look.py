"""Shapes on the wire: labels that deserve a second look."""

from typing import Any

from rest_framework import serializers

from training.api.serializers import TurnSerializer

SENT_MOST = 200
SHOWN_MOST = 50


class SecondLookPromptSerializer(serializers.Serializer[Any]):
    """The conversation that two outputs answer."""

    id = serializers.CharField()
    external_id = serializers.CharField()
    messages = TurnSerializer(many=True)
    language = serializers.CharField(allow_blank=True)


class SecondLookOutputSerializer(serializers.Serializer[Any]):
    """One of the two outputs."""

    id = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    cut = serializers.BooleanField(help_text="Whether the text goes on.")


class SecondLookPairSerializer(serializers.Serializer[Any]):
    """A pair on which all people said one thing and all models the other.

    `margins` are how far each set of models puts the preferred output over the other, in its typical margins:
    all are below 0.
    """

    item = serializers.CharField()
    prompt = SecondLookPromptSerializer()
    preferred = SecondLookOutputSerializer()
    rejected = SecondLookOutputSerializer()
    votes = serializers.IntegerField()
    margins = serializers.ListField(child=serializers.FloatField())
    in_review = serializers.BooleanField()
    reviewed_at = serializers.DateTimeField(allow_null=True)


class SecondLookSerializer(serializers.Serializer[Any]):
    """The most clearly rejected pairs first; `next` is where the following ones start."""

    refits = serializers.IntegerField()
    looked_at = serializers.IntegerField()
    found = serializers.IntegerField()
    listed = serializers.IntegerField()
    pairs = SecondLookPairSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


class SecondLookQuerySerializer(serializers.Serializer[Any]):
    """Which of the pairs to show."""

    start = serializers.IntegerField(min_value=0, max_value=SENT_MOST, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=SHOWN_MOST, default=10)


class SecondLookInputSerializer(serializers.Serializer[Any]):
    """Items whose label a reviewer shall look at."""

    items = serializers.ListField(
        child=serializers.CharField(max_length=30), min_length=1, max_length=SENT_MOST
    )


class SecondLookSentSerializer(serializers.Serializer[Any]):
    """How many items wait for review now."""

    sent = serializers.IntegerField()
