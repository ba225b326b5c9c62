"""A snapshot of judgments, and the run that trains on it."""

from django.conf import settings
from django.db import models

from annotation.models.ids import OpaqueModel


class Snapshot(models.Model):
    """The frozen judgments a run trains on.

    Judgments are append-only, so their ids alone freeze them: `judgment_ids` is the zlib-compressed
    little-endian int64 array of the sorted ids. `fingerprint` is the SHA-256 of the judgments' uuids
    with their answers, in order of arrival, and of the content digests of their prompts.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="snapshots")
    fingerprint = models.CharField(max_length=64)
    selection = models.JSONField(help_text="Questions, kinds of annotators, since.")
    judgment_ids = models.BinaryField()
    last_judgment_id = models.BigIntegerField(
        default=0, help_text="The newest judgment of the project at the time."
    )
    judgments = models.PositiveIntegerField()
    prompts = models.PositiveIntegerField()
    annotators = models.JSONField(help_text="Judgments by annotator name and kind.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-created_at"], name="snapshot_newest_first")]

    def __str__(self) -> str:
        return self.fingerprint[:12]


class RunStatus(models.TextChoices):
    """Where a run is; `training.states` has the transitions."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Trigger(models.TextChoices):
    """Why a run was made."""

    MANUAL = "manual"
    POLICY = "policy"
    DEMO = "demo"


class TrainingRun(OpaqueModel):
    """One attempt to learn a reward model from a snapshot.

    Its status changes by compare-and-set only, by the table in `training.states`:

    queued -> running | cancelled | failed
    running -> succeeded | failed | cancelled | queued

    A worker claims a run by compare-and-set on (`status`, `attempt`) and proves that it lives by
    `heartbeat_at` (while queued: when it was last sent to the broker). `recipe` is the request as cleaned by `training.rewards.recipe`.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="training_runs")
    snapshot = models.ForeignKey(Snapshot, models.RESTRICT, related_name="runs")
    recipe = models.JSONField()
    recipe_digest = models.CharField(max_length=64)
    queue = models.CharField(max_length=20, default="cpu")
    trigger = models.CharField(max_length=10, choices=Trigger, default=Trigger.MANUAL)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    progress = models.FloatField(default=0)
    step = models.CharField(max_length=200, blank=True, default="")
    log = models.TextField(blank=True, default="")
    curve = models.JSONField(default=list, blank=True)
    error = models.JSONField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    worker = models.CharField(max_length=200, blank=True, default="")
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", "-created_at"], name="run_newest_first"),
            models.Index(fields=["status", "heartbeat_at"], name="run_alive"),
        ]

    def __str__(self) -> str:
        return f"run {self.id} ({self.status})"
