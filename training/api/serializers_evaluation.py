"""Shapes on the wire: what is published of a reward model (see `training.rewards.evaluate`)."""

from typing import Any

from rest_framework import serializers


class FigureSerializer(serializers.Serializer[Any]):
    """A number with its n and 95 % interval; one that is undefined is null with the reason."""

    value = serializers.FloatField(allow_null=True)
    interval = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True, required=False
    )
    n = serializers.IntegerField(required=False, allow_null=True)
    reason = serializers.CharField(required=False)


class SplitSerializer(serializers.Serializer[Any]):
    """How prompts were split, and what the parts share."""

    scheme = serializers.ChoiceField(choices=["holdout", "cross-validation"])
    unit = serializers.CharField()
    train = serializers.IntegerField()
    validation = serializers.IntegerField()
    test = serializers.IntegerField()
    shared_groups = serializers.IntegerField()
    near_duplicates = serializers.IntegerField()
    folds = serializers.IntegerField(required=False)
    test_groups = serializers.IntegerField(required=False)
    note = serializers.CharField(required=False, allow_null=True)


class ThreeWaySerializer(serializers.Serializer[Any]):
    """First, tie or second."""

    accuracy = FigureSerializer()
    macro_precision = FigureSerializer()
    macro_recall = FigureSerializer()
    macro_f1 = FigureSerializer()


class PairFiguresSerializer(serializers.Serializer[Any]):
    """How often rewards order pairs as people do."""

    accuracy = FigureSerializer()
    accuracy_by_judgment = FigureSerializer()
    length_balanced_accuracy = FigureSerializer()
    log_loss = FigureSerializer()
    top_1 = FigureSerializer()
    three_way = ThreeWaySerializer()


class OutputFiguresSerializer(serializers.Serializer[Any]):
    """How well rewards tell good outputs from others."""

    target = serializers.CharField(allow_null=True)
    precision = FigureSerializer()
    recall = FigureSerializer()
    f1 = FigureSerializer()
    auc = FigureSerializer()
    mcc = FigureSerializer()
    constant_f1 = FigureSerializer()
    thresholds = serializers.ListField(child=serializers.FloatField(allow_null=True), required=False)


class CalibrationSerializer(serializers.Serializer[Any]):
    """Whether differences of rewards mean what they say."""

    slope = FigureSerializer()
    brier = FigureSerializer()
    ece = FigureSerializer()


class LongerIntervalsSerializer(serializers.Serializer[Any]):
    """Intervals of the longer-rates."""

    model = serializers.ListField(child=serializers.FloatField(), allow_null=True)
    people = serializers.ListField(child=serializers.FloatField(), allow_null=True)


class LongerRateSerializer(serializers.Serializer[Any]):
    """How often the model and people prefer the longer output."""

    model = serializers.FloatField(allow_null=True)
    people = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField(required=False)
    intervals = LongerIntervalsSerializer(required=False)
    reason = serializers.CharField(required=False)


class BaselineSerializer(serializers.Serializer[Any]):
    """What a simple rule reaches on the same pairs."""

    accuracy = FigureSerializer()
    length_balanced_accuracy = FigureSerializer(required=False)


class HumanReferenceSerializer(serializers.Serializer[Any]):
    """One annotator predicted by the others, and by the model, on the same judgments. No ceiling."""

    accuracy = FigureSerializer()
    model = FigureSerializer(required=False)


class SliceSerializer(FigureSerializer):
    """Pair accuracy on a part of the pairs."""

    by = serializers.CharField()
    name = serializers.CharField()


class LearningPointSerializer(serializers.Serializer[Any]):
    """Accuracy with so many labels."""

    labels = serializers.IntegerField()
    accuracy = FigureSerializer()


class ReliabilityBinSerializer(serializers.Serializer[Any]):
    """Predicted beside observed share."""

    predicted = serializers.FloatField()
    observed = serializers.FloatField()
    n = serializers.IntegerField()


class ConfusionSerializer(serializers.Serializer[Any]):
    """Counts: a row is what people said, a column what the model says."""

    labels = serializers.ListField(child=serializers.CharField())
    matrix = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


class UncertaintySerializer(serializers.Serializer[Any]):
    """Whether the spread of an ensemble tells where it errs."""

    error_auc = FigureSerializer()


class EvaluationSerializer(serializers.Serializer[Any]):
    """Everything that is published of a reward model."""

    split = SplitSerializer()
    pairs = PairFiguresSerializer()
    outputs = OutputFiguresSerializer()
    calibration = CalibrationSerializer()
    longer_rate = LongerRateSerializer()
    baselines = serializers.DictField(child=BaselineSerializer())
    human_reference = HumanReferenceSerializer()
    slices = SliceSerializer(many=True)
    curve = LearningPointSerializer(many=True)
    reliability = ReliabilityBinSerializer(many=True)
    confusion = ConfusionSerializer(allow_null=True)
    outputs_confusion = ConfusionSerializer(allow_null=True)
    uncertainty = UncertaintySerializer(required=False)
