"""Shapes on the wire: models of annotators, habits, repeats."""

from typing import Any

from rest_framework import serializers

from annotation.api.serializers_figures import IntervalField
from annotation.api.serializers_projects import QUESTION_KINDS
from annotation.models import AnnotatorKind

MODELS = ["dawid_skene", "bradley_terry", "ratings"]
NO_MODEL = [
    "no_model",
    "one_annotator",
    "too_few_shared",
    "no_variation",
    "too_many_categories",
    "not_converged",
]
FLAGS = [
    "careless",
    "reversed",
    "first_choosing",
    "last_choosing",
    "longer_choosing",
    "shorter_choosing",
    "undecided",
    "lenient",
    "strict",
    "narrow_scale",
    "wide_scale",
]
READINGS = [
    "not_enough",
    "none",
    "first_choosing",
    "last_choosing",
    "first_preferred",
    "last_preferred",
    "longer_choosing",
    "shorter_choosing",
    "longer_preferred",
    "shorter_preferred",
    "hurried",
    "slow_differs",
    "declining",
    "improving",
]

REPEAT_READINGS = [
    "not_enough",
    "no_swapped",
    "first_place",
    "last_place",
    "mostly_chance",
    "steady",
    "mixed",
]


class EffectSerializer(serializers.Serializer[Any]):
    """An estimate with its interval."""

    value = serializers.FloatField()
    interval = IntervalField()


class EffectsSerializer(serializers.Serializer[Any]):
    """What is estimated besides competence; what cannot be known is left out.

    beta, position, longer and tie are on the scale of logits; offset and noise are in points of the scale.
    """

    beta = EffectSerializer(required=False)
    position = EffectSerializer(required=False)
    longer = EffectSerializer(required=False)
    tie = EffectSerializer(required=False)
    chance = EffectSerializer(required=False)
    offset = EffectSerializer(required=False)
    scale = EffectSerializer(required=False)
    noise = EffectSerializer(required=False)


class AnnotatorModelSerializer(serializers.Serializer[Any]):
    """One annotator in the model of a question."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    labels = serializers.IntegerField()
    shared = serializers.IntegerField(help_text="Labels on units that somebody else labelled too.")
    competence = serializers.FloatField(allow_null=True)
    competence_interval = IntervalField()
    reason = serializers.CharField(allow_null=True, help_text="not_enough")
    needed = serializers.IntegerField(allow_null=True)
    flags = serializers.ListField(child=serializers.ChoiceField(choices=FLAGS))
    effects = EffectsSerializer()


class ShareSerializer(serializers.Serializer[Any]):
    """A share with its interval."""

    value = serializers.FloatField(allow_null=True)
    interval = IntervalField()
    n = serializers.IntegerField(required=False)


class ExampleSerializer(serializers.Serializer[Any]):
    """A unit whose label is not the majority's."""

    prompt = serializers.CharField(help_text="The prompt's external id.")
    preferred = serializers.CharField(allow_null=True, help_text="first or second, by import.")
    probability = serializers.FloatField()


class LabelsSerializer(serializers.Serializer[Any]):
    """The labels that the model gives."""

    units = serializers.IntegerField()
    mean_probability = serializers.FloatField(required=False)
    sure = serializers.IntegerField(required=False)
    sure_from = serializers.FloatField(required=False)
    outvoted = serializers.IntegerField(
        required=False, help_text="Labels that are not the majority's, of two or more."
    )
    examples = ExampleSerializer(many=True, required=False)
    mean_error = serializers.FloatField(required=False)
    mean_shift = serializers.FloatField(required=False)


class HeldOutSerializer(serializers.Serializer[Any]):
    """Shares of held-out labels that the model and the majority of the others name."""

    n = serializers.IntegerField()
    model = ShareSerializer(required=False)
    majority = ShareSerializer(required=False)
    difference = ShareSerializer(required=False)
    reason = serializers.CharField(required=False)
    needed = serializers.IntegerField(required=False)


class QuestionModelSerializer(serializers.Serializer[Any]):
    """The model of one question's annotators."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=QUESTION_KINDS)
    model = serializers.ChoiceField(choices=MODELS, allow_null=True)
    reason = serializers.CharField(allow_null=True, help_text=f"One of {', '.join(NO_MODEL)}.")
    needed = serializers.IntegerField(required=False)
    units = serializers.IntegerField(help_text="Units with labels by two or more annotators.")
    annotators = AnnotatorModelSerializer(many=True)
    labels = LabelsSerializer(allow_null=True)
    held_out = HeldOutSerializer(allow_null=True)
    fit = serializers.DictField(child=serializers.FloatField(), required=False)


class SampleSerializer(serializers.Serializer[Any]):
    """How many judgments were read, of how many there are."""

    judgments = serializers.IntegerField()
    judgments_total = serializers.IntegerField()
    limit = serializers.IntegerField(help_text="The newest ones are read, at most this many.")


class AnnotatorModelsSerializer(SampleSerializer):
    """Models of a project's annotators."""

    questions = QuestionModelSerializer(many=True)


class ReadingValuesSerializer(serializers.Serializer[Any]):
    """What the sentence of a reading quotes."""

    n = serializers.IntegerField(required=False)
    needed = serializers.IntegerField(required=False)
    value = serializers.FloatField(required=False)
    usual = serializers.FloatField(required=False)
    quick = serializers.FloatField(required=False)
    slow = serializers.FloatField(required=False)
    early = serializers.FloatField(required=False)
    late = serializers.FloatField(required=False)


class HabitSerializer(serializers.Serializer[Any]):
    """A figure with its reading."""

    value = serializers.FloatField(allow_null=True)
    interval = IntervalField()
    n = serializers.IntegerField()
    reading = serializers.ChoiceField(choices=READINGS)
    values = ReadingValuesSerializer()


class CoursePointSerializer(serializers.Serializer[Any]):
    """Mean agreement in one part of the course."""

    at = serializers.FloatField()
    value = serializers.FloatField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()


class DriftSerializer(HabitSerializer):
    """Change of agreement over the course of the work."""

    course = CoursePointSerializer(many=True, required=False)


class HabitsSerializer(serializers.Serializer[Any]):
    """The four habits."""

    first_position = HabitSerializer()
    longer = HabitSerializer()
    hurry = HabitSerializer()
    drift = DriftSerializer()


class AnnotatorHabitsSerializer(HabitsSerializer):
    """The habits of one annotator."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AnnotatorKind.choices)
    judgments = serializers.IntegerField()


class BiasSerializer(SampleSerializer):
    """Habits of all annotators and of each."""

    project = HabitsSerializer()
    annotators = AnnotatorHabitsSerializer(many=True)


class RepeatSharesSerializer(serializers.Serializer[Any]):
    """Where answers come from; position is above 0 towards the first place, below it towards the last."""

    view = ShareSerializer()
    position = ShareSerializer()
    chance = ShareSerializer()


class RepeatCountsSerializer(serializers.Serializer[Any]):
    """Repeats that were shown the other way round."""

    same = serializers.FloatField()
    first = serializers.FloatField()
    last = serializers.FloatField()


class RepeatFiguresSerializer(serializers.Serializer[Any]):
    """What the repeats of some people say."""

    repeats = serializers.IntegerField()
    needed = serializers.IntegerField()
    reason = serializers.CharField(allow_null=True, help_text="not_enough")
    self_agreement = ShareSerializer(allow_null=True)
    shares = RepeatSharesSerializer(allow_null=True)
    counts = RepeatCountsSerializer(required=False)
    reading = serializers.CharField(help_text=f"One of {', '.join(REPEAT_READINGS)}.")


class AnnotatorRepeatsSerializer(RepeatFiguresSerializer):
    """What one person's repeats say."""

    name = serializers.CharField()


class TasteSerializer(serializers.Serializer[Any]):
    """Self-agreement minus agreement with others."""

    value = serializers.FloatField(allow_null=True)
    interval = IntervalField()
    reason = serializers.CharField(allow_null=True, help_text="not_enough")


class QuestionRepeatsSerializer(RepeatFiguresSerializer):
    """The repeats of one question."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=QUESTION_KINDS)
    agreement_with_others = ShareSerializer(allow_null=True)
    taste = TasteSerializer()
    annotators = AnnotatorRepeatsSerializer(many=True)


class RepeatsSerializer(SampleSerializer):
    """What hidden repeats say."""

    repeats = serializers.IntegerField()
    questions = QuestionRepeatsSerializer(many=True)
