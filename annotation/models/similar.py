"""What was found in imported texts: near-duplicates, and outputs that say which model wrote them."""

from django.db import models
from django.db.models import Q

from annotation.models.accounts import User
from annotation.models.ids import OpaqueModel


class ExaminationStatus(models.TextChoices):
    """queued -> running -> succeeded | failed; running -> queued again where its worker has fallen silent."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Examination(models.Model):
    """How far the search through what an import brought has come, and what it found.

    `prompts_upto` is the number of the last prompt that was looked at; `completions_upto` the id of the last
    output that the import added to an older prompt. They and the counters are written with what was found, so
    that a search that was broken off goes on where it was.
    """

    record = models.OneToOneField("annotation.Import", models.CASCADE, related_name="examination")
    status = models.CharField(max_length=10, choices=ExaminationStatus, default=ExaminationStatus.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(auto_now_add=True)
    prompts_upto = models.PositiveBigIntegerField(default=0)
    completions_upto = models.PositiveBigIntegerField(default=0)
    near_duplicates = models.PositiveBigIntegerField(default=0, help_text="Prompts like an earlier one.")
    equal_outputs = models.PositiveBigIntegerField(
        default=0, help_text="Prompts of which two outputs are nearly equal."
    )
    revealing = models.PositiveBigIntegerField(
        default=0, help_text="Outputs that say which model wrote them."
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                condition=Q(status__in=["queued", "running"]),
                name="examination_open",
            )
        ]

    def __str__(self) -> str:
        return f"examination of {self.record_id} ({self.status})"


class Sketch(models.Model):
    """The MinHash bands of a prompt's text, by which later prompts find it.

    A band that is already shared by as many prompts as are ever looked at is left empty, so that no look-up
    grows with the project.
    """

    prompt = models.OneToOneField(
        "annotation.Prompt", models.CASCADE, primary_key=True, related_name="sketch"
    )
    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="+", db_index=False)
    band_0 = models.BigIntegerField(null=True)
    band_1 = models.BigIntegerField(null=True)
    band_2 = models.BigIntegerField(null=True)
    band_3 = models.BigIntegerField(null=True)
    band_4 = models.BigIntegerField(null=True)
    band_5 = models.BigIntegerField(null=True)
    band_6 = models.BigIntegerField(null=True)
    band_7 = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", f"band_{band}"], name=f"sketch_{band}") for band in range(8)
        ]

    def __str__(self) -> str:
        return f"sketch of {self.prompt_id}"


class NearDuplicateKind(models.TextChoices):
    """What is nearly equal: two prompts, or two outputs of one prompt."""

    PROMPTS = "prompts"
    OUTPUTS = "outputs"


class Resolution(models.TextChoices):
    """What people decided about a pair: nothing yet, the same split group, as it is, or off the queue."""

    OPEN = "open"
    GROUPED = "grouped"
    LEFT = "left"
    PARKED = "parked"


class NearDuplicate(OpaqueModel):
    """Two prompts, or two outputs of one, whose texts are nearly equal.

    `prompt` came after `other`. `similarity` is the Jaccard similarity of their shingles, 0.8 to 1.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NearDuplicateKind)
    prompt = models.ForeignKey("annotation.Prompt", models.CASCADE, related_name="+")
    other = models.ForeignKey("annotation.Prompt", models.CASCADE, null=True, related_name="+")
    first = models.ForeignKey("annotation.Completion", models.CASCADE, null=True, related_name="+")
    second = models.ForeignKey("annotation.Completion", models.CASCADE, null=True, related_name="+")
    similarity = models.FloatField()
    resolution = models.CharField(max_length=10, choices=Resolution, default=Resolution.OPEN)
    resolved_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=NearDuplicateKind.PROMPTS, other__isnull=False, first=None, second=None)
                | Q(kind=NearDuplicateKind.OUTPUTS, other=None, first__isnull=False, second__isnull=False),
                name="near_duplicate_is_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["prompt", "other"],
                condition=Q(other__isnull=False),
                name="near_duplicate_prompts_once",
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(first__isnull=False),
                name="near_duplicate_outputs_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "kind", "resolution", "-similarity", "id"], name="near_duplicate_list"
            )
        ]

    def __str__(self) -> str:
        return f"near-duplicate {self.kind} {self.id} ({self.similarity:.2f})"


class Revelation(models.Model):
    """An output that says which model wrote it; `spans` are the names, as code points from start to end."""

    completion = models.OneToOneField(
        "annotation.Completion", models.CASCADE, primary_key=True, related_name="revelation"
    )
    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="+", db_index=False)
    spans = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["project", "completion"], name="revelation_list")]

    def __str__(self) -> str:
        return f"revelation of {self.completion_id}"
