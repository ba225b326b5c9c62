"""Shapes on the wire: the card of a reward model (see `training.rewards.card`)."""

from typing import Any

from rest_framework import serializers

from training.api.serializers import MODEL_KINDS, MODEL_STATUSES, DecisionSerializer, PromotionSerializer
from training.api.serializers_evaluation import (
    AttackSerializer,
    BaselineSerializer,
    FigureSerializer,
    HumanReferenceSerializer,
    LearnedAgreementSerializer,
    SplitSerializer,
)
from training.rewards import findings
from training.rewards.weaknesses import CODES

FIGURE_STYLES = ["share", "number"]
VERDICTS = ["worse", "better"]


class CardCountSerializer(serializers.Serializer[Any]):
    """Labels by a kind of annotator, or answers by a kind of question."""

    kind = serializers.CharField()
    labels = serializers.IntegerField()
    annotators = serializers.IntegerField(allow_null=True)


class CardDataSerializer(serializers.Serializer[Any]):
    """What the model learned from; no annotator is named."""

    fingerprint = serializers.CharField()
    frozen_at = serializers.CharField()
    labels = serializers.IntegerField()
    prompts = serializers.IntegerField()
    annotators = serializers.IntegerField()
    by_annotator_kind = CardCountSerializer(many=True)
    by_question_kind = CardCountSerializer(many=True)
    largest_share = serializers.FloatField(allow_null=True, help_text="Of the labels, by one annotator.")
    questions = serializers.ListField(child=serializers.CharField())
    since = serializers.CharField(allow_null=True)


class CardFigureSerializer(serializers.Serializer[Any]):
    """A figure and how it is written."""

    name = serializers.CharField()
    style = serializers.ChoiceField(choices=FIGURE_STYLES)  # type: ignore[assignment]  # declared fields leave the class
    figure = FigureSerializer()


class CardBaselineSerializer(BaselineSerializer):
    """A simple rule on the same pairs."""

    name = serializers.CharField()


class CardSliceSerializer(serializers.Serializer[Any]):
    """A part of the held-out pairs that differs from the whole with its whole interval."""

    by = serializers.CharField()
    name = serializers.CharField()
    accuracy = FigureSerializer()
    verdict = serializers.ChoiceField(choices=VERDICTS)


class CardPartSerializer(serializers.Serializer[Any]):
    """A part of the held-out pairs."""

    by = serializers.CharField()
    name = serializers.CharField()


class CardWeaknessSerializer(serializers.Serializer[Any]):
    """What speaks against the model: what was measured, and what it is held against."""

    code = serializers.ChoiceField(choices=list(CODES))
    figure = FigureSerializer(allow_null=True)
    against = serializers.FloatField(allow_null=True)
    names = serializers.ListField(child=serializers.CharField())
    parts = CardPartSerializer(many=True)


class CardFindingSerializer(serializers.Serializer[Any]):
    """A fact to know first; `good` says what it speaks for, `gap` is the figure's value less `against`."""

    code = serializers.ChoiceField(choices=list(findings.CODES))
    good = serializers.BooleanField(allow_null=True)
    figure = FigureSerializer(allow_null=True)
    against = serializers.FloatField(allow_null=True)
    gap = serializers.FloatField(allow_null=True)
    names = serializers.ListField(child=serializers.CharField())
    parts = CardPartSerializer(many=True)


class CardScaleSerializer(serializers.Serializer[Any]):
    """How the rewards are held to the project's scale."""

    anchored_to = serializers.IntegerField(allow_null=True)
    anchors = serializers.IntegerField(allow_null=True)
    factor = serializers.FloatField(allow_null=True)
    shift = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    spread = serializers.FloatField(allow_null=True)


class CardSerializer(serializers.Serializer[Any]):
    """The card of a reward model."""

    model = serializers.CharField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=MODEL_STATUSES)
    created_at = serializers.DateTimeField()
    project = serializers.CharField()
    kind = serializers.ChoiceField(choices=MODEL_KINDS)
    data = CardDataSerializer()  # type: ignore[assignment]  # declared fields leave the class
    agreement = LearnedAgreementSerializer(many=True)
    split = SplitSerializer(allow_null=True)
    figures = CardFigureSerializer(many=True)
    baselines = CardBaselineSerializer(many=True)
    reference = HumanReferenceSerializer()
    slices = CardSliceSerializer(many=True)
    slices_measured = serializers.IntegerField()
    attacks = AttackSerializer(many=True)
    findings = CardFindingSerializer(many=True, help_text="At most five, the most urgent first.")
    weaknesses = CardWeaknessSerializer(many=True)
    scale = CardScaleSerializer(allow_null=True)
    recipe = serializers.DictField()
    packages = serializers.DictField(child=serializers.CharField(), allow_null=True)
    since_promotion = FigureSerializer(allow_null=True)
    decision = DecisionSerializer(allow_null=True)
    served = PromotionSerializer(many=True)
