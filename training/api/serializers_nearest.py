"""Shapes on the wire: the labelled outputs most like a scored one."""

from typing import Any

from rest_framework import serializers

from annotation.api.serializers_labelling import PromptReferenceSerializer
from training.api.serializers import RewardItemSerializer, ServedModelSerializer

NEAREST_ITEMS_MOST = 16
NEIGHBOURS_MOST = 20
UNAVAILABLE = ["no_index", "encoder_missing", "encoder_changed"]


class NearestRequestSerializer(serializers.Serializer[Any]):
    """Outputs to find the most similar labelled ones for."""

    items = serializers.ListField(child=RewardItemSerializer(), min_length=1, max_length=NEAREST_ITEMS_MOST)
    model = serializers.CharField(default="champion", help_text="`champion`, or the id of a model.")
    count = serializers.IntegerField(default=5, min_value=1, max_value=NEIGHBOURS_MOST)


class MeanRatingSerializer(serializers.Serializer[Any]):
    """The mean of an output's ratings on one question."""

    question = serializers.CharField()
    mean = serializers.FloatField()
    n = serializers.IntegerField()
    minimum = serializers.FloatField()
    maximum = serializers.FloatField()


class JudgedSerializer(serializers.Serializer[Any]):
    """What the judgments that the model learned from say of an output."""

    won = serializers.IntegerField(help_text="Comparisons, each pair of a ranking counting as one.")
    lost = serializers.IntegerField()
    tied = serializers.IntegerField()
    good = serializers.IntegerField()
    not_good = serializers.IntegerField()
    ratings = MeanRatingSerializer(many=True)


class NeighbourSerializer(serializers.Serializer[Any]):
    """A labelled output; `source` stands only in projects that are not blind."""

    prompt = PromptReferenceSerializer()
    completion = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    cut = serializers.BooleanField(help_text="Whether the text goes on.")
    source = serializers.CharField(  # type: ignore[assignment]  # a field of ours
        required=False, allow_blank=True
    )
    similarity = serializers.FloatField(help_text="Mean of the two cosines below.")
    prompt_similarity = serializers.FloatField()
    output_similarity = serializers.FloatField()
    reward = serializers.FloatField()
    rows = serializers.IntegerField(
        help_text="How many rows have these very texts; `judged` sums up to 20 of them."
    )
    judged = JudgedSerializer()


class NeighboursSerializer(serializers.Serializer[Any]):
    """The outputs most like one item, the most alike first; `missing` ones are no longer in the project."""

    missing = serializers.IntegerField()
    neighbours = NeighbourSerializer(many=True)


class NearestAnswerSerializer(serializers.Serializer[Any]):
    """Neighbours in the order of the items; none where `unavailable` says why."""

    model = ServedModelSerializer()
    unavailable = serializers.ChoiceField(choices=UNAVAILABLE, allow_null=True)
    indexed = serializers.IntegerField(help_text="Outputs that were searched.")
    left_out = serializers.IntegerField(help_text="Outputs the model learned from that were not.")
    items = NeighboursSerializer(many=True)
