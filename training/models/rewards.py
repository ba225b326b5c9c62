"""What a run leaves: a numbered reward model, and which one a project serves."""

from django.conf import settings
from django.db import models

from annotation.models.ids import OpaqueModel
from training.models.runs import TrainingRun


class RewardModel(OpaqueModel):
    """A version of a project's reward model, with its evaluation and the place of its artifact.

    `since_promotion` is the accuracy on labels collected after the last promotion, on prompts it has not
    learned from; `training.services.champions.champion_measure` rebuilds it, and `measured_at` says when
    it last did.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="reward_models")
    run = models.OneToOneField(TrainingRun, models.RESTRICT, related_name="reward_model")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    evaluation = models.JSONField()
    decision = models.JSONField(
        null=True, blank=True, help_text="How it compared with the champion of its time."
    )
    top_features = models.JSONField(null=True, blank=True, help_text="Largest weights of a linear model.")
    since_promotion = models.JSONField(null=True, blank=True)
    measured_at = models.DateTimeField(null=True, blank=True)
    artifact = models.CharField(max_length=500, help_text="Name of the archive in the artifact storage.")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="reward_model_version_once")
        ]

    def __str__(self) -> str:
        return f"v{self.version} ({self.kind})"


class Promotion(models.Model):
    """One entry of the project's history of champions; the newest entry names the champion."""

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="promotions")
    model = models.ForeignKey(RewardModel, models.RESTRICT, related_name="promotions")
    previous = models.ForeignKey(RewardModel, models.RESTRICT, null=True, related_name="+")
    code = models.CharField(max_length=20, help_text="first, better, not_worse or manual")
    message = models.TextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    prioritised_at = models.DateTimeField(
        null=True, blank=True, help_text="When this champion had scored what the queue would come to."
    )

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="promotion_newest_first")]

    def __str__(self) -> str:
        return f"{self.model} at {self.at:%Y-%m-%d %H:%M}"


class MustPass(models.Model):
    """A judgment that every challenger must get right: each output it prefers scores above the one it rejects.

    While the judgment is superseded or set aside, the pin stays but holds nothing back.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="must_pass")
    judgment = models.OneToOneField("annotation.Judgment", models.CASCADE, related_name="+")
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="must_pass_newest_first")]

    def __str__(self) -> str:
        return f"must pass {self.judgment_id}"


class MustPassResult(models.Model):
    """How a model's final scores order the pairs of a pinned judgment.

    `pairs` are `{"preferred": id, "rejected": id, "margin": reward of the preferred less the other's}`; a null
    margin is a pair that the model cannot score. `training.services.must_pass.model_try` rebuilds it.
    """

    model = models.ForeignKey(RewardModel, models.CASCADE, related_name="must_pass_results")
    pin = models.ForeignKey(MustPass, models.CASCADE, related_name="results")
    pairs = models.JSONField()
    passed = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "pin"], name="must_pass_tried_once")]

    def __str__(self) -> str:
        return f"{self.model_id}: {'passes' if self.passed else 'fails'} {self.pin_id}"


class ScoringToken(models.Model):
    """A key that can only score, for trainers that send no header; it may pin one model version."""

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="scoring_tokens")
    name = models.CharField(max_length=100)
    model = models.ForeignKey(RewardModel, models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=12, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
