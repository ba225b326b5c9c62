"""What is asked, and by which rules it is handed out."""

import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from annotation.models.accounts import User
from annotation.models.ids import OpaqueModel


def split_salt() -> str:
    """The salt by which a project's prompt groups fall into train, validation and test."""
    return secrets.token_hex(8)


class Template(models.TextChoices):
    """Ready-made sets of questions."""

    TEXT_GENERATION = "text-generation"
    DIALOGUE = "dialogue"
    TRANSLATION = "translation"
    SUMMARISATION = "summarisation"
    QUESTION_ANSWERING = "question-answering"
    CUSTOM = "custom"


class Allocation(models.TextChoices):
    """Which item comes next."""

    FEWEST_FIRST = "fewest-first"
    UNCERTAIN_FIRST = "uncertain-first"
    DISAGREEMENT_FIRST = "disagreement-first"


class ItemKind(models.TextChoices):
    """What one judgment is about."""

    PAIR = "pair"
    PROMPT = "prompt"


class Project(OpaqueModel):
    """A set of prompts and the questions asked about their completions.

    `item_kind` follows from the first questions and is fixed once items have judgments. A paused project
    hands nothing out and still takes what is sent. `random_share` of the prompts are handed out in random
    order under every policy, so that figures on them stay unbiased. With `overlap_most` and `confidence` the
    overlap adapts: an item is settled early once its most probable label is that probable, and gets more
    people, up to `overlap_most`, while it is contested. A deleted project keeps its rows for seven days
    (`deleted_at`).
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="owned_projects")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    template = models.CharField(max_length=30, choices=Template, default=Template.CUSTOM)
    overlap = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    blind = models.BooleanField(default=True, help_text="Hide which model wrote a completion.")
    shuffle = models.BooleanField(
        default=True, help_text="Show completions in an order of each annotator's own."
    )
    allocation = models.CharField(max_length=30, choices=Allocation, default=Allocation.FEWEST_FIRST)
    random_share = models.FloatField(default=0.1, validators=[MinValueValidator(0), MaxValueValidator(1)])
    overlap_most = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    confidence = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(0.5), MaxValueValidator(0.999)]
    )
    quota_total = models.PositiveIntegerField(
        null=True, blank=True, help_text="Judgments one person may make."
    )
    quota_daily = models.PositiveIntegerField(null=True, blank=True, help_text="The same, in one day (UTC).")
    reasons = models.JSONField(default=list, blank=True, help_text="Reasons offered after a choice.")
    own_figures = models.BooleanField(
        default=False, help_text="Annotators may see how far they agree with the others."
    )
    mask_names = models.BooleanField(
        default=False, help_text="Mask names of models in the outputs of a blind project."
    )
    paused_at = models.DateTimeField(null=True, blank=True)
    prepared_for = models.CharField(
        max_length=200,
        blank=True,
        default="",
        editable=False,
        help_text="The settings for which the items' priorities and places were made.",
    )
    lease_seconds = models.PositiveIntegerField(
        default=1800, validators=[MinValueValidator(1), MaxValueValidator(7 * 24 * 3600)]
    )
    good_at = models.FloatField(null=True, blank=True, help_text="Mean rating from which an output is good.")
    item_kind = models.CharField(max_length=10, choices=ItemKind, default=ItemKind.PROMPT)
    salt = models.CharField(max_length=32, default=split_salt, editable=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(deleted_at=None), name="project_name_once_per_owner"
            ),
            models.CheckConstraint(condition=Q(overlap__gte=1), name="project_overlap_at_least_one"),
        ]

    def __str__(self) -> str:
        return self.name


class GoldFeedback(models.TextChoices):
    """What an annotator is told about answers to gold items."""

    NONE = "none"
    SCORE = "score"
    ANSWER = "answer"


class TrustPolicy(models.Model):
    """How a project checks its annotators; a project without a row checks nobody but asks hidden repeats.

    `gold_share` of what a person gets are gold items, `repeat_share` are own items again. With
    `qualification_items` a person answers that many gold items, and `threshold` of them right, before real
    work. Below the threshold an annotator is warned, or paused where `pause` is set, once the interval of the
    last `window` gold answers lies below it.
    """

    project = models.OneToOneField(Project, models.CASCADE, related_name="trust_policy")
    gold_share = models.FloatField(default=0.05, validators=[MinValueValidator(0), MaxValueValidator(0.5)])
    repeat_share = models.FloatField(default=0.03, validators=[MinValueValidator(0), MaxValueValidator(0.5)])
    qualification_items = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(200)])
    threshold = models.FloatField(default=0.7, validators=[MinValueValidator(0), MaxValueValidator(1)])
    window = models.PositiveSmallIntegerField(
        default=50, validators=[MinValueValidator(5), MaxValueValidator(1000)]
    )
    pause = models.BooleanField(default=False)
    feedback = models.CharField(max_length=10, choices=GoldFeedback, default=GoldFeedback.NONE)

    def __str__(self) -> str:
        return f"trust policy of {self.project_id}"


class Revision(models.Model):
    """One wording of a project's questions and guidelines. Judgments name the one they answered."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    guidelines = models.TextField(blank=True, default="")
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"revision {self.number}"


class Question(models.Model):
    """One question of one revision; `options` holds what its kind allows (see `annotation.questions`)."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    name = models.SlugField(max_length=64)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True, default="")
    required = models.BooleanField(default=True)
    options = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "name"], name="question_name_once_per_revision"),
            models.UniqueConstraint(
                fields=["revision", "position"], name="question_position_once_per_revision"
            ),
        ]

    def __str__(self) -> str:
        return self.name
