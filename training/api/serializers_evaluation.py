"""Shapes on the wire: what is published of a reward model (see `training.rewards.evaluate`)."""

from typing import Any

from rest_framework import serializers

from training.rewards import overlap, second_look, sources
from training.rewards.hackability import ATTACKS

READINESS_CODES = ["labels", "baselines", "best_of_n", "spread", "exploitable"]


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


class ArmPointSerializer(serializers.Serializer[Any]):
    """Accuracy of models of so many labels of each arm, on the same pairs of the random arm."""

    labels = serializers.IntegerField()
    active = FigureSerializer()
    random = FigureSerializer()
    gain = FigureSerializer()


class ArmLabelsSerializer(serializers.Serializer[Any]):
    """Labels of each arm."""

    active = serializers.IntegerField()
    random = serializers.IntegerField()


class ArmsSerializer(serializers.Serializer[Any]):
    """Whether the allocation policy pays; without points `reason` says why."""

    labels = ArmLabelsSerializer()
    reason = serializers.ChoiceField(choices=["", "too_few"])
    points = ArmPointSerializer(many=True)


class ReliabilityBinSerializer(serializers.Serializer[Any]):
    """Predicted beside observed share."""

    predicted = serializers.FloatField()
    observed = serializers.FloatField()
    n = serializers.IntegerField()


class ConfusionSerializer(serializers.Serializer[Any]):
    """Counts: a row is what people said, a column what the model says."""

    labels = serializers.ListField(child=serializers.CharField())
    matrix = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


class BestOfSerializer(serializers.Serializer[Any]):
    """The human score of the best of n outputs, chosen by the reward and by people themselves."""

    n = serializers.IntegerField()
    reward = FigureSerializer()
    best = FigureSerializer()
    prompts = serializers.IntegerField()


class AttackSerializer(serializers.Serializer[Any]):
    """What tampering with held-out winners does to the reward, in units of a typical margin."""

    attack = serializers.ChoiceField(choices=list(ATTACKS))
    change = FigureSerializer()
    rises = FigureSerializer()
    exploitable = serializers.BooleanField(allow_null=True)


class SurrogateSharesSerializer(serializers.Serializer[Any]):
    """Parts of the variance of the reward between outputs of a prompt that writing style accounts for."""

    length = FigureSerializer()
    style = FigureSerializer(  # type: ignore[assignment]  # a field of ours
        help_text="Every feature of style, length among them."
    )
    style_beyond_length = FigureSerializer()


class SurrogateFeatureSerializer(serializers.Serializer[Any]):
    """How the reward moves with a feature of style, within prompts and in standard deviations."""

    name = serializers.CharField()
    correlation = FigureSerializer()
    weight = FigureSerializer(help_text="In a joint regression on all features of style.")


class GlobalViewSerializer(serializers.Serializer[Any]):
    """What the reward goes by, for any kind of model: a surrogate of held-out rewards."""

    prompts = serializers.IntegerField()
    outputs = serializers.IntegerField()
    shares = SurrogateSharesSerializer()
    features = SurrogateFeatureSerializer(many=True, help_text="Length first, then by correlation.")


class GainSerializer(serializers.Serializer[Any]):
    """How much accuracy so many more labels would bring."""

    labels = serializers.IntegerField()
    gain = FigureSerializer()


class OverlapSerializer(serializers.Serializer[Any]):
    """What the same number of judgments bought as more opinions on the same prompts and on new prompts."""

    verdict = serializers.ChoiceField(choices=overlap.VERDICTS, allow_null=True)
    reason = serializers.ChoiceField(choices=["", *overlap.REASONS], help_text="Why there is no verdict.")
    opinions = serializers.IntegerField(help_text="Opinions on each prompt of the overlap set.")
    prompts = serializers.IntegerField(help_text="Prompts of the overlap set.")
    labels = serializers.IntegerField(help_text="Judgments of each set.")
    difference = FigureSerializer(
        allow_null=True, help_text="Held-out accuracy by new prompts less that by more opinions."
    )


class ForecastSerializer(serializers.Serializer[Any]):
    """The learning curve carried on by a power law of the error."""

    exponent = FigureSerializer()
    gains = GainSerializer(many=True)
    overlap = OverlapSerializer(required=False)


class ReadinessCheckSerializer(serializers.Serializer[Any]):
    """One thing that speaks for or against training a policy on the rewards."""

    code = serializers.ChoiceField(choices=READINESS_CODES)
    passed = serializers.BooleanField(allow_null=True)
    measured = serializers.FloatField(allow_null=True)
    wanted = serializers.FloatField(allow_null=True)


class ReadinessSerializer(serializers.Serializer[Any]):
    """Whether the model is fit to train a policy on."""

    ready = serializers.BooleanField()
    checks = ReadinessCheckSerializer(many=True)


class SourceLeftOutSerializer(serializers.Serializer[Any]):
    """Accuracy on pairs with a source's outputs, by models that knew the source and by models that did not."""

    source = serializers.CharField()  # type: ignore[assignment]  # a field of ours
    labels = serializers.IntegerField(help_text="Judgments left to learn from without it.")
    within = FigureSerializer()
    without = FigureSerializer()
    change = FigureSerializer()


class SourcesSerializer(serializers.Serializer[Any]):
    """Each source left out in turn; `reason` says why there are no figures, `left_out` counts sources not tried."""

    reason = serializers.ChoiceField(choices=sources.REASONS)
    sources = SourceLeftOutSerializer(many=True)
    left_out = serializers.IntegerField()


class SecondLookCountsSerializer(serializers.Serializer[Any]):
    """How many labels deserve a second look, of how many unanimous ones, by how many sets of models."""

    reason = serializers.ChoiceField(choices=second_look.REASONS)
    refits = serializers.IntegerField()
    looked_at = serializers.IntegerField()
    found = serializers.IntegerField()


class StrengthsReadSerializer(serializers.Serializer[Any]):
    """How strengths of preferences entered; held-out log losses of who won by candidate, of n decided answers."""

    chosen = serializers.ChoiceField(choices=("ignore", "scale", "margin", "ordinal"))
    losses = serializers.DictField(child=serializers.FloatField())
    n = serializers.IntegerField()


class AnnotatorReadSerializer(serializers.Serializer[Any]):
    """How somebody's comparisons go by what outputs are worth (1: as everybody's), and by the first place."""

    annotator = serializers.CharField()
    comparisons = serializers.IntegerField()
    skill = serializers.FloatField()
    position = serializers.FloatField()


class AnnotatorsReadSerializer(serializers.Serializer[Any]):
    """Whether comparisons were read by who made them; held-out log losses of both ways."""

    used = serializers.BooleanField()
    losses = serializers.DictField(child=serializers.FloatField())
    fitted = AnnotatorReadSerializer(many=True)


class LabelsReadSerializer(serializers.Serializer[Any]):
    """The run's judgments by what they are, as far as they are read."""

    comparisons = serializers.IntegerField(help_text="Won by one side.")
    ties = serializers.IntegerField(help_text="Without “both bad”.")
    both_bad = serializers.IntegerField()
    rankings = serializers.IntegerField()
    best_worst = serializers.IntegerField()
    ratings = serializers.IntegerField()
    verdicts = serializers.IntegerField()


class LabelsDroppedSerializer(serializers.Serializer[Any]):
    """Judgments that the options cannot read; `alike` are ratings of a question that were all the same."""

    comparisons = serializers.IntegerField()
    verdicts = serializers.IntegerField()
    alike = serializers.IntegerField()


class TiesReadSerializer(serializers.Serializer[Any]):
    """How ties entered; at level t two equal outputs tie with probability exp(t) / (2 + exp(t))."""

    way = serializers.ChoiceField(choices=("davidson", "half"), allow_null=True)
    level = serializers.FloatField(allow_null=True)


class LeniencySerializer(serializers.Serializer[Any]):
    """How generous somebody is, and how much of the scale somebody uses; null with fewer than 20 judgments of a kind."""

    annotator = serializers.CharField()
    ratings = serializers.IntegerField()
    offset = serializers.FloatField(
        allow_null=True, help_text="In standard deviations of a criterion's ratings, after the scale."
    )
    scale = serializers.FloatField(allow_null=True, help_text="Spread beside what is common: 1 is average.")
    verdicts = serializers.IntegerField()
    logit = serializers.FloatField(allow_null=True, help_text="Added to the log-odds of a yes.")


class RatingsReadSerializer(serializers.Serializer[Any]):
    """Whether ratings and verdicts were read by who gave them; mean held-out losses of both ways, in nats."""

    used = serializers.BooleanField()
    losses = serializers.DictField(child=serializers.FloatField())
    fitted = LeniencySerializer(many=True)


class LikelihoodSerializer(serializers.Serializer[Any]):
    """How judgments were read by the served model; empty for kinds that do not choose."""

    strengths = StrengthsReadSerializer(required=False)
    annotators = AnnotatorsReadSerializer(required=False)
    ratings = RatingsReadSerializer(required=False)
    labels = LabelsReadSerializer(required=False)
    dropped = LabelsDroppedSerializer(required=False)
    ties = TiesReadSerializer(required=False)
    rankings = serializers.ChoiceField(choices=("pairs", "plackett_luce"), required=False)


class CriterionFigureSerializer(serializers.Serializer[Any]):
    """A criterion's head: what a deviation of its ratings counts, and how it orders held-out outputs."""

    criterion = serializers.CharField()
    weight = serializers.FloatField()
    accuracy = FigureSerializer()


class UncertaintySerializer(serializers.Serializer[Any]):
    """Whether the spread of an ensemble tells where it errs."""

    error_auc = FigureSerializer()


class LearnedAgreementSerializer(serializers.Serializer[Any]):
    """How far annotators order the same two outputs alike: percent agreement and Krippendorff's alpha."""

    question = serializers.CharField()
    percent = FigureSerializer()
    alpha = FigureSerializer()


class ProvenanceSerializer(serializers.Serializer[Any]):
    """What the run wrote down: answers by kind of question, agreement on them, versions of packages."""

    labels = serializers.DictField(child=serializers.IntegerField())
    agreement = LearnedAgreementSerializer(many=True)
    packages = serializers.DictField(child=serializers.CharField())


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
    best_of_n = BestOfSerializer(many=True, required=False)
    hackability = AttackSerializer(many=True, required=False)
    global_view = GlobalViewSerializer(required=False)
    forecast = ForecastSerializer(required=False)
    sources = SourcesSerializer(required=False)
    second_look = SecondLookCountsSerializer(required=False)
    likelihood = LikelihoodSerializer(required=False)
    criteria = CriterionFigureSerializer(many=True, required=False)
    readiness = ReadinessSerializer(required=False)
    arms = ArmsSerializer(required=False, allow_null=True)
    reliability = ReliabilityBinSerializer(many=True)
    confusion = ConfusionSerializer(allow_null=True)
    outputs_confusion = ConfusionSerializer(allow_null=True)
    uncertainty = UncertaintySerializer(required=False)
    provenance = ProvenanceSerializer(required=False)
