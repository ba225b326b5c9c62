"""What is judged."""

from django.db import models
from django.db.models import F, Q

from annotation.models.ids import OpaqueModel


class Prompt(OpaqueModel):
    """A conversation that models answered.

    `number` counts from 1 in a project, in order of import. `content_digest` is the identity of a
    prompt that came without an id: its text and the set of its completions. Prompts of one `group`
    are never split between training and test.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="prompts")
    number = models.PositiveBigIntegerField()
    external_id = models.CharField(max_length=500)
    messages = models.JSONField()
    group = models.CharField(max_length=500)
    language = models.CharField(max_length=35, blank=True, default="")
    metadata = models.JSONField(default=dict, blank=True)
    content_digest = models.CharField(max_length=64)
    imported_by = models.ForeignKey("annotation.Import", models.SET_NULL, null=True, related_name="prompts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "external_id"], name="prompt_external_id_once"),
            models.UniqueConstraint(fields=["project", "number"], name="prompt_number_once"),
        ]
        indexes = [models.Index(fields=["project", "content_digest"], name="prompt_content")]

    def __str__(self) -> str:
        return self.external_id


class Completion(OpaqueModel):
    """One model output for a prompt; `source` names the model, `position` is the order of import from 0."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="completions")
    position = models.PositiveSmallIntegerField()
    external_id = models.CharField(max_length=500)
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True, default="")
    features = models.JSONField(default=list, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    imported_by = models.ForeignKey(
        "annotation.Import", models.SET_NULL, null=True, related_name="completions"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["prompt", "external_id"], name="completion_external_id_once"),
            models.UniqueConstraint(fields=["prompt", "position"], name="completion_position_once"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Item(OpaqueModel):
    """What one judgment is about: a pair of a prompt's completions, or the prompt with all of them.

    The counters are derived and kept for the queue; `manage.py recount` rebuilds them by
    `annotation.services.items.items_recount`: `filled` counts current, submitted, human judgments
    that are not surplus; `reserved` counts open leases; `skips` counts people who skipped.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="items")
    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="items")
    first = models.ForeignKey(Completion, models.CASCADE, null=True, related_name="+")
    second = models.ForeignKey(Completion, models.CASCADE, null=True, related_name="+")
    filled = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    load = models.GeneratedField(
        expression=F("filled") + F("reserved"), output_field=models.PositiveIntegerField(), db_persist=True
    )
    skips = models.PositiveIntegerField(default=0)
    parked_at = models.DateTimeField(null=True, blank=True)
    prompt_number = models.PositiveBigIntegerField(
        help_text="The prompt's number, so that the queue sorts by index."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prompt"], condition=Q(first=None), name="item_once_per_prompt"),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(first__isnull=False), name="item_once_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(first__isnull=True, second__isnull=True)
                | Q(first__isnull=False, second__isnull=False),
                name="item_pair_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "load", "prompt_number", "id"],
                condition=Q(parked_at=None),
                name="item_queue",
            ),
            models.Index(fields=["project", "filled"], name="item_progress"),
            models.Index(
                fields=["project", "parked_at"], condition=Q(parked_at__isnull=False), name="item_parked"
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.id}"
