"""Shapes on the wire: progress and agreement."""

from typing import Any

from rest_framework import serializers

from annotation.api.serializers_projects import QUESTION_KINDS
from annotation.models import AnnotatorKind


class IntervalField(serializers.ListField):
    """The lower and upper end of a 95 % interval."""

    def __init__(self, **options: Any) -> None:
        """Two numbers or null."""
        super().__init__(
            child=serializers.FloatField(), min_length=2, max_length=2, allow_null=True, **options
        )


class ByKindSerializer(serializers.Serializer[Any]):
    """Judgments by kind of annotator."""

    human = serializers.IntegerField()
    model = serializers.IntegerField()
    simulated = serializers.IntegerField()


class DaySerializer(serializers.Serializer[Any]):
    """Judgments of one day (UTC)."""

    day = serializers.DateField()
    judgments = serializers.IntegerField()


class AnnotatorProgressSerializer(serializers.Serializer[Any]):
    """What one annotator has done; surplus judgments are credited too."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    judgments = serializers.IntegerField()
    skipped = serializers.IntegerField()
    median_active_ms = serializers.IntegerField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)


class ProgressSerializer(serializers.Serializer[Any]):
    """How far the labelling has come."""

    items = serializers.IntegerField()
    fully_labelled = serializers.IntegerField()
    labelled = serializers.IntegerField(help_text="With at least one human judgment.")
    judgments = serializers.IntegerField(help_text="Current and submitted, without surplus.")
    by_kind = ByKindSerializer()
    skipped = serializers.IntegerField()
    flagged = serializers.IntegerField()
    parked = serializers.IntegerField()
    surplus = serializers.IntegerField()
    per_day = DaySerializer(many=True)
    per_annotator = AnnotatorProgressSerializer(many=True)
    overlap = serializers.IntegerField()
    remaining_places = serializers.IntegerField(help_text="Of items that are not parked.")
    estimated_end = serializers.DateTimeField(allow_null=True)
    estimated_end_reason = serializers.CharField(allow_null=True)


class MeasureSerializer(serializers.Serializer[Any]):
    """One measure of agreement; `reason` says why a value is null."""

    name = serializers.ChoiceField(
        choices=[
            "krippendorff_alpha",
            "fleiss_kappa",
            "percent_agreement",
            "within_one",
            "icc_1k",
            "icc_2k",
            "kendall_w",
            "kendall_tau_b",
        ]
    )
    level = serializers.ChoiceField(choices=["nominal", "ordinal", "interval"], required=False)
    value = serializers.FloatField(allow_null=True)
    interval = IntervalField()
    units = serializers.IntegerField()
    values = serializers.IntegerField(required=False)
    reason = serializers.CharField(required=False)


class AnnotatorPairSerializer(serializers.Serializer[Any]):
    """Two annotators on the units that both have judged."""

    annotators = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    units = serializers.IntegerField()
    cohen_kappa = serializers.FloatField(allow_null=True)
    weighted_kappa = serializers.FloatField(allow_null=True)
    percent_agreement = serializers.FloatField(allow_null=True)


class QuestionAgreementSerializer(serializers.Serializer[Any]):
    """Agreement on one question."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=QUESTION_KINDS)
    units = serializers.IntegerField()
    annotators = serializers.IntegerField()
    measures = MeasureSerializer(many=True)
    pairs = AnnotatorPairSerializer(many=True)


class AnnotatorAgreementSerializer(serializers.Serializer[Any]):
    """One annotator beside the others, and habits that have nothing to do with quality."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    judgments = serializers.IntegerField()
    agreement_with_others = serializers.FloatField(allow_null=True)
    agreement_with_others_interval = IntervalField()
    agreement_with_others_n = serializers.IntegerField()
    competence = serializers.FloatField(
        allow_null=True,
        help_text="Probability of being right; for ratings the correlation with the corrected ones.",
    )
    competence_interval = IntervalField()
    competence_question = serializers.CharField(allow_null=True)
    competence_model = serializers.CharField(allow_null=True)
    competence_reason = serializers.CharField(allow_null=True)
    first_position_rate = serializers.FloatField(allow_null=True)
    first_position_interval = IntervalField()
    first_position_n = serializers.IntegerField()
    longer_rate = serializers.FloatField(allow_null=True)
    longer_interval = IntervalField()
    longer_n = serializers.IntegerField()
    tie_rate = serializers.FloatField(allow_null=True)
    tie_interval = IntervalField()
    tie_n = serializers.IntegerField()
    median_active_ms = serializers.FloatField(allow_null=True)


class JudgeSerializer(serializers.Serializer[Any]):
    """A model annotator beside the human majority."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    question = serializers.CharField()
    units = serializers.IntegerField()
    accuracy = serializers.FloatField(allow_null=True)
    accuracy_interval = IntervalField()
    macro_precision = serializers.FloatField(allow_null=True)
    macro_precision_interval = IntervalField()
    macro_recall = serializers.FloatField(allow_null=True)
    macro_recall_interval = IntervalField()
    macro_f1 = serializers.FloatField(allow_null=True)
    macro_f1_interval = IntervalField()
    reason = serializers.CharField(required=False)


class AgreementSerializer(serializers.Serializer[Any]):
    """How far the annotators agree."""

    judgments = serializers.IntegerField()
    questions = QuestionAgreementSerializer(many=True)
    annotators = AnnotatorAgreementSerializer(many=True)
    judges = JudgeSerializer(many=True)
