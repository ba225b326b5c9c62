"""What people said, and what they were given to say it about."""

from django.db import models
from django.db.models import Q

from annotation.models.accounts import User
from annotation.models.ids import OpaqueModel


class AnnotatorKind(models.TextChoices):
    """Who judged; the kinds are never mixed unasked."""

    HUMAN = "human"
    MODEL = "model"
    SIMULATED = "simulated"
    ADJUDICATED = "adjudicated"


class Purpose(models.TextChoices):
    """Why an item is handed to someone; it never shows.

    `gold` and `qualification` items have a known answer, a `repeat` is an own item once more. All but `work`
    need no free place.
    """

    WORK = "work"
    GOLD = "gold"
    QUALIFICATION = "qualification"
    REPEAT = "repeat"


class AnnotatorGroup(models.Model):
    """Annotators of a project under one name, so that pools can be given to all of them."""

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="annotator_groups")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="annotator_group_name_once")]

    def __str__(self) -> str:
        return self.name


class Annotator(models.Model):
    """Someone who judges in a project, with or without an account.

    An account has one row for its own work and one of kind `adjudicated` for what it decides as a reviewer.
    Quotas left empty are the project's. `paused_because` says what paused them: `gold` answers below the
    threshold, a failed round to `qualify`, or a `hand`. Gold answers from before `scored_since` no longer count.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="annotators")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=15, choices=AnnotatorKind, default=AnnotatorKind.HUMAN)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="annotators")
    groups = models.ManyToManyField(AnnotatorGroup, related_name="annotators", blank=True)
    quota_total = models.PositiveIntegerField(null=True, blank=True)
    quota_daily = models.PositiveIntegerField(null=True, blank=True)
    qualified_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_because = models.CharField(max_length=10, blank=True, default="")
    scored_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="annotator_name_once"),
            models.UniqueConstraint(
                fields=["project", "user", "kind"],
                condition=Q(user__isnull=False),
                name="annotator_once_per_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LeaseStatus(models.TextChoices):
    """open -> used | returned | expired; an expired lease may still be used by work that comes late."""

    OPEN = "open"
    USED = "used"
    RETURNED = "returned"
    EXPIRED = "expired"


class Lease(OpaqueModel):
    """An item reserved for one annotator until `expires_at`.

    `shown` holds the completion ids in the order of the screen. `policy`, `arm` and `probability`
    say how the item was chosen, `revision` which questions the annotator was given.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="+")
    item = models.ForeignKey("annotation.Item", models.CASCADE, related_name="leases")
    annotator = models.ForeignKey(Annotator, models.CASCADE, related_name="leases")
    revision = models.ForeignKey("annotation.Revision", models.CASCADE, related_name="+")
    status = models.CharField(max_length=10, choices=LeaseStatus, default=LeaseStatus.OPEN)
    shown = models.JSONField()
    purpose = models.CharField(max_length=15, choices=Purpose, default=Purpose.WORK)
    policy = models.CharField(max_length=30)
    arm = models.CharField(max_length=30)
    probability = models.FloatField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "annotator"], condition=Q(status="open"), name="lease_open_once_per_annotator"
            )
        ]
        indexes = [
            models.Index(
                fields=["project", "expires_at"], condition=Q(status="open"), name="lease_open_by_end"
            ),
            models.Index(fields=["annotator"], condition=Q(status="open"), name="lease_open_of_annotator"),
        ]

    def __str__(self) -> str:
        return f"lease {self.id} ({self.status})"


class JudgmentStatus(models.TextChoices):
    """How the annotator ended."""

    SUBMITTED = "submitted"
    SKIPPED = "skipped"
    FLAGGED = "flagged"


class Judgment(models.Model):
    """One annotator's answers on one item. Append-only: an edit is a new row that supersedes this one.

    `id` grows in the order of arrival; `uuid` is minted by whoever judged and stands
    once in a project (a copy of a project has the same ones). `answers` and `shown` name completions by their opaque ids (as strings). `superseded` mirrors "a row supersedes this
    one" and is written in the same transaction. A judgment that a reviewer has set aside (`set_aside_at`) is
    `surplus` too, and so outside every figure. `digest` is the SHA-256 of the request, by which a
    replay is told from a conflict.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(editable=False)
    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="judgments")
    prompt = models.ForeignKey("annotation.Prompt", models.CASCADE, related_name="judgments")
    item = models.ForeignKey("annotation.Item", models.CASCADE, related_name="judgments")
    annotator = models.ForeignKey(Annotator, models.RESTRICT, related_name="judgments")
    annotator_kind = models.CharField(max_length=15, choices=AnnotatorKind)
    revision = models.ForeignKey("annotation.Revision", models.RESTRICT, related_name="+")
    lease = models.ForeignKey(Lease, models.SET_NULL, null=True, blank=True, related_name="+")
    imported_by = models.ForeignKey(
        "annotation.Import", models.SET_NULL, null=True, blank=True, related_name="judgments"
    )
    status = models.CharField(max_length=10, choices=JudgmentStatus)
    answers = models.JSONField(default=dict)
    shown = models.JSONField(default=list)
    reason = models.TextField(blank=True, default="")
    purpose = models.CharField(max_length=15, choices=Purpose, default=Purpose.WORK)
    surplus = models.BooleanField(default=False)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    set_aside_reason = models.TextField(blank=True, default="")
    supersedes = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="superseded_by"
    )
    superseded = models.BooleanField(default=False)
    policy = models.CharField(max_length=30, blank=True, default="")
    arm = models.CharField(max_length=30, blank=True, default="")
    probability = models.FloatField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    active_ms = models.PositiveIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64, editable=False)

    class Meta:
        constraints = [
            # In this order its index also finds a uuid whose project is not known.
            models.UniqueConstraint(fields=["uuid", "project"], name="judgment_uuid_once"),
            models.UniqueConstraint(
                fields=["item", "annotator"],
                condition=Q(superseded=False) & ~Q(purpose=Purpose.REPEAT),
                name="judgment_current_once",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(superseded=False, annotator_kind=AnnotatorKind.ADJUDICATED),
                name="judgment_decided_once",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "annotator_kind", "status", "id"], name="judgment_by_kind"),
            models.Index(fields=["project", "id"], name="judgment_in_order"),
            models.Index(fields=["annotator", "id"], name="judgment_of_annotator"),
            models.Index(
                fields=["annotator", "submitted_at"],
                condition=Q(superseded=False, status="submitted"),
                name="judgment_done_by_day",
            ),
            models.Index(fields=["prompt", "id"], name="judgment_of_prompt"),
            models.Index(
                fields=["annotator", "purpose", "id"],
                condition=~Q(purpose=Purpose.WORK),
                name="judgment_of_purpose",
            ),
            models.Index(
                fields=["project", "set_aside_at"],
                condition=Q(set_aside_at__isnull=False),
                name="judgment_set_aside",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
