"""Shapes on the wire: runs, models, retraining, scoring tokens, rewards. The TypeScript types come from here."""

from typing import Any

from rest_framework import serializers

from annotation.models import AnnotatorKind
from training.api.serializers_evaluation import EvaluationSerializer, FigureSerializer
from training.api.serializers_must_pass import MustPassVerdictSerializer
from training.models import RunStatus, Trigger
from training.rewards.models import MODELS

MODEL_KINDS = list(MODELS)
MODEL_STATUSES = ["champion", "candidate", "retired"]
DECISIONS = ["first", "better", "not_worse", "within_noise", "worse", "manual", "must_pass_failed"]
SCALE_NOTES = ["constant", "reference_constant", "few", "unreadable", "unscorable"]
BLOCKED = [
    "disabled",
    "run_in_progress",
    "not_enough_labels",
    "no_new_labels",
    "waiting_for_labels",
    "waiting_for_schedule",
    "waiting_for_quiet",
]
LARGEST = 2**31 - 1
ITEMS_MOST = 1024


class IntervalField(serializers.ListField):
    """Lower and upper end of a 95 % interval."""

    def __init__(self, **options: Any) -> None:
        """Two numbers."""
        super().__init__(child=serializers.FloatField(), min_length=2, max_length=2, **options)


class SelectionSerializer(serializers.Serializer[Any]):
    """Which judgments a run trains on; without questions, all that a model can learn from."""

    questions = serializers.ListField(child=serializers.CharField(), required=False)
    annotator_kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=AnnotatorKind.choices), required=False
    )
    since = serializers.CharField(required=False, allow_null=True, help_text="ISO 8601 with a zone.")


class RecipeModelSerializer(serializers.Serializer[Any]):
    """A kind of model; its options stand beside `kind`."""

    kind = serializers.ChoiceField(choices=MODEL_KINDS)
    device = serializers.ChoiceField(choices=["cpu", "gpu"], required=False)


class SchemeSerializer(serializers.Serializer[Any]):
    """How a model is evaluated."""

    scheme = serializers.ChoiceField(choices=["holdout", "cross-validation"], required=False)
    test_fraction = serializers.FloatField(required=False)
    folds = serializers.JSONField(required=False, help_text="A number of folds, or `groups`.")


class RunInputSerializer(serializers.Serializer[Any]):
    """A new training run. The parts are checked by what reads them, which names the place of each problem."""

    model = serializers.DictField(help_text="`kind` and the kind's options; `device` cpu or gpu.")
    data = serializers.DictField(required=False)  # type: ignore[assignment]  # declared fields leave the class
    evaluation = serializers.DictField(required=False)
    seed = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST)


class ProblemSerializer(serializers.Serializer[Any]):
    """Why a run failed."""

    code = serializers.CharField()
    message = serializers.CharField()


class LabelCountsSerializer(serializers.Serializer[Any]):
    """How many of the labels are whose."""

    total = serializers.IntegerField()
    human = serializers.IntegerField()
    simulated = serializers.IntegerField()
    model = serializers.IntegerField()
    adjudicated = serializers.IntegerField(help_text="Decisions of reviewers.")
    mine = serializers.IntegerField(help_text="The caller's own.")


class CurvePointSerializer(serializers.Serializer[Any]):
    """One step of a fit."""

    step = serializers.IntegerField()
    train_loss = serializers.FloatField(allow_null=True)
    validation_loss = serializers.FloatField(allow_null=True)
    validation_accuracy = serializers.FloatField(allow_null=True)


class DecisionSerializer(serializers.Serializer[Any]):
    """How a model compared with the champion of its time."""

    promoted = serializers.BooleanField()
    code = serializers.ChoiceField(choices=DECISIONS)
    difference = serializers.FloatField(allow_null=True)
    interval = IntervalField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()
    must_pass = MustPassVerdictSerializer(required=False)


class RunSummarySerializer(serializers.Serializer[Any]):
    """A training run in a list."""

    id = serializers.CharField()
    project = serializers.CharField()
    status = serializers.ChoiceField(choices=RunStatus.choices)
    trigger = serializers.ChoiceField(choices=Trigger.choices)
    model = RecipeModelSerializer()
    data = SelectionSerializer()  # type: ignore[assignment]  # declared fields leave the class
    evaluation = SchemeSerializer()
    seed = serializers.IntegerField()
    queue = serializers.CharField()
    progress = serializers.FloatField()
    step = serializers.CharField(allow_blank=True)
    eta_seconds = serializers.FloatField(allow_null=True)
    error = ProblemSerializer(allow_null=True)
    attempt = serializers.IntegerField()
    created_by = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    reward_model = serializers.CharField(allow_null=True)
    labels = LabelCountsSerializer()
    decision = DecisionSerializer(allow_null=True)


class RunSerializer(RunSummarySerializer):
    """A training run with its log and live curve."""

    log = serializers.CharField(allow_blank=True)
    curve = CurvePointSerializer(many=True)


class SnapshotSerializer(serializers.Serializer[Any]):
    """The judgments a model learned from."""

    fingerprint = serializers.CharField()
    judgments = serializers.IntegerField()
    prompts = serializers.IntegerField()
    annotators = serializers.IntegerField()


class TopFeatureSerializer(serializers.Serializer[Any]):
    """A feature of much weight."""

    name = serializers.CharField()
    group = serializers.CharField()
    weight = serializers.FloatField()


class ScaleSerializer(serializers.Serializer[Any]):
    """How a version's rewards are brought to the project's scale.

    The served reward is `factor` times the model's own plus `shift`. `anchored_to` is the version whose mean
    and spread on the `anchors` outputs it keeps, null for the one that set them, and for one whose `note` says
    why it keeps a scale of its own; the figures are null then.
    """

    factor = serializers.FloatField()
    shift = serializers.FloatField()
    anchored_to = serializers.IntegerField(allow_null=True)
    anchors = serializers.IntegerField()
    fingerprint = serializers.CharField(allow_blank=True, help_text="SHA-256 of the archive of the anchors.")
    own_mean = serializers.FloatField(allow_null=True)
    own_spread = serializers.FloatField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    spread = serializers.FloatField(allow_null=True)
    note = serializers.ChoiceField(choices=SCALE_NOTES, allow_blank=True)


class RewardModelSerializer(serializers.Serializer[Any]):
    """A version of a project's reward model."""

    id = serializers.CharField()
    project = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=MODEL_KINDS)
    status = serializers.ChoiceField(choices=MODEL_STATUSES)
    created_at = serializers.DateTimeField()
    run = serializers.CharField()
    recipe = serializers.DictField()
    snapshot = SnapshotSerializer()
    evaluation = EvaluationSerializer()
    scale = ScaleSerializer(allow_null=True)
    decision = DecisionSerializer(allow_null=True)
    sha256 = serializers.CharField()
    size_bytes = serializers.IntegerField()
    since_promotion = FigureSerializer(allow_null=True)
    top_features = TopFeatureSerializer(many=True, allow_null=True)


class PromoteSerializer(serializers.Serializer[Any]):
    """A promotion by hand."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=2_000)
    force = serializers.BooleanField(
        default=False, help_text="Also where it fails must-pass pairs (409 `must_pass_failed` otherwise)."
    )


class PromotionSerializer(serializers.Serializer[Any]):
    """An entry of the history of champions."""

    model = serializers.CharField()
    version = serializers.IntegerField()
    previous_version = serializers.IntegerField(allow_null=True)
    by = serializers.CharField(allow_blank=True, help_text="Empty for a promotion by rule.")
    code = serializers.ChoiceField(choices=DECISIONS)
    message = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class PolicyInputSerializer(serializers.Serializer[Any]):
    """When a project retrains by itself. What is left out takes its default."""

    enabled = serializers.BooleanField(default=False)
    every_labels = serializers.IntegerField(allow_null=True, default=None, min_value=1, max_value=LARGEST)
    quiet_seconds = serializers.IntegerField(default=30, min_value=0, max_value=7 * 24 * 3600)
    every_minutes = serializers.IntegerField(allow_null=True, default=None, min_value=1, max_value=LARGEST)
    models = serializers.ListField(child=serializers.DictField(), default=list, max_length=10)
    data = serializers.DictField(default=dict)  # type: ignore[assignment]  # declared fields leave the class
    promotion = serializers.ChoiceField(choices=["if-better", "manual"], default="if-better")


class PolicyStateSerializer(serializers.Serializer[Any]):
    """What the policy sees now; `blocked_by` says why it does not retrain."""

    fresh_labels = serializers.IntegerField()
    needed_labels = serializers.IntegerField()
    last_snapshot_at = serializers.DateTimeField(allow_null=True)
    last_label_at = serializers.DateTimeField(allow_null=True)
    next_check_at = serializers.DateTimeField(allow_null=True)
    blocked_by = serializers.ChoiceField(choices=BLOCKED, allow_null=True)


class PolicySerializer(serializers.Serializer[Any]):
    """A project's retraining policy."""

    enabled = serializers.BooleanField()
    every_labels = serializers.IntegerField(allow_null=True)
    quiet_seconds = serializers.IntegerField()
    every_minutes = serializers.IntegerField(allow_null=True)
    models = RecipeModelSerializer(many=True)
    data = SelectionSerializer()  # type: ignore[assignment]  # declared fields leave the class
    promotion = serializers.ChoiceField(choices=["if-better", "manual"])
    state = PolicyStateSerializer()


class ScoringTokenInputSerializer(serializers.Serializer[Any]):
    """A new key that can only score; `model` pins a version."""

    name = serializers.CharField(max_length=100)
    model = serializers.CharField(required=False, allow_null=True, allow_blank=True)


class ScoringTokenSerializer(serializers.Serializer[Any]):
    """A key that can only score."""

    id = serializers.CharField()
    name = serializers.CharField()
    model = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    prefix = serializers.CharField()


class ScoringTokenCreatedSerializer(ScoringTokenSerializer):
    """A new key, its secret in it this once."""

    token = serializers.CharField()
    url = serializers.CharField(help_text="The address for OpenRLHF's --remote_rm_url.")


class TurnSerializer(serializers.Serializer[Any]):
    """One turn of a conversation."""

    role = serializers.CharField(max_length=50)
    content = serializers.CharField(allow_blank=True, trim_whitespace=False)


class RewardItemSerializer(serializers.Serializer[Any]):
    """A completion to score; `features` are given numbers, for models that learned from such."""

    messages = TurnSerializer(many=True, allow_empty=False)
    completion = serializers.CharField(allow_blank=True, trim_whitespace=False)
    features = serializers.ListField(child=serializers.FloatField(), required=False)


class RewardRequestSerializer(serializers.Serializer[Any]):
    """Completions to score."""

    items = serializers.ListField(child=RewardItemSerializer(), min_length=1, max_length=ITEMS_MOST)
    model = serializers.CharField(default="champion", help_text="`champion`, or the id of a model.")
    explain = serializers.BooleanField(default=False)


class HitSerializer(serializers.Serializer[Any]):
    """A passage of a text, by code points."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()


class ContributionSerializer(serializers.Serializer[Any]):
    """What one feature adds to a reward; value and weight are null for a whole block of numbers.

    `hits` are the passages of the output that a rule was found by.
    """

    feature = serializers.CharField()
    group = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    weight = serializers.FloatField(allow_null=True)
    contribution = serializers.FloatField()
    hits = HitSerializer(many=True, required=False)


class SentenceSerializer(serializers.Serializer[Any]):
    """What the reward owes the code points `start` to `end` of the output: its change without them."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    effect = serializers.FloatField()


class CriterionShareSerializer(serializers.Serializer[Any]):
    """What a rated criterion adds to a reward, of a model with a head for each."""

    criterion = serializers.CharField()
    contribution = serializers.FloatField()


class ExplanationSerializer(serializers.Serializer[Any]):
    """`intercept`, contributions and `other` (and a network's `residual`) add up to the reward."""

    intercept = serializers.FloatField()
    contributions = ContributionSerializer(many=True)
    other = serializers.FloatField()
    residual = serializers.FloatField(required=False)
    sentences = SentenceSerializer(many=True, required=False)
    criteria = CriterionShareSerializer(many=True, required=False)


class RewardSerializer(serializers.Serializer[Any]):
    """A reward; `std` is the spread between an ensemble's heads."""

    reward = serializers.FloatField()
    std = serializers.FloatField(allow_null=True)
    criteria = serializers.DictField(child=serializers.FloatField())
    explanation = ExplanationSerializer(allow_null=True)


class ServedModelSerializer(serializers.Serializer[Any]):
    """The model that scored."""

    id = serializers.CharField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=MODEL_KINDS)


class RewardingModelSerializer(ServedModelSerializer):
    """The model that scored; a difference of its rewards times `log_odds_per_reward` is in log-odds."""

    log_odds_per_reward = serializers.FloatField()


class RewardAnswerSerializer(serializers.Serializer[Any]):
    """Rewards in the order of the items."""

    model = RewardingModelSerializer()
    rewards = RewardSerializer(many=True)


class GetRewardRequestSerializer(serializers.Serializer[Any]):
    """What OpenRLHF sends: whole texts, and the prompts they begin with."""

    query = serializers.ListField(child=serializers.CharField())
    prompts = serializers.ListField(child=serializers.CharField())
    labels = serializers.ListField(child=serializers.CharField(allow_null=True), required=False)


class GetRewardAnswerSerializer(serializers.Serializer[Any]):
    """What OpenRLHF reads; `scores` are the rewards' logistic values."""

    rewards = serializers.ListField(child=serializers.FloatField())
    scores = serializers.ListField(child=serializers.FloatField())
    extra_logs = serializers.DictField(child=serializers.ListField(child=serializers.FloatField()))
