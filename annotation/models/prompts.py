"""What is judged."""

from django.db import models
from django.db.models import F, Q

from annotation.models.ids import OpaqueModel


class Pool(models.Model):
    """Prompts that only some annotators are given: those named here and the members of the groups."""

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="pools")
    name = models.CharField(max_length=100)
    annotators = models.ManyToManyField("annotation.Annotator", related_name="pools", blank=True)
    groups = models.ManyToManyField("annotation.AnnotatorGroup", related_name="pools", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="pool_name_once")]

    def __str__(self) -> str:
        return self.name


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
    pool = models.ForeignKey(Pool, models.SET_NULL, null=True, blank=True, related_name="prompts")
    imported_by = models.ForeignKey("annotation.Import", models.SET_NULL, null=True, related_name="prompts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "external_id"], name="prompt_external_id_once"),
            models.UniqueConstraint(fields=["project", "number"], name="prompt_number_once"),
        ]
        indexes = [
            models.Index(fields=["project", "content_digest"], name="prompt_content"),
            models.Index(fields=["project", "group"], name="prompt_group"),
        ]

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
    that are not surplus; `reserved` counts open leases for work; `skips` counts people who skipped.

    `extra` is how many places more (contested) or fewer (settled early) than the project's overlap the item
    has, so an item is full when `load` reaches the overlap. `priority` is prepared for the allocation policy,
    `disagreement` (0..1) for disagreement-first and the review; `random_arm` marks the share that is handed
    out in random order. `pool` is the prompt's, so that the queue finds it by index. `suspected_at`
    puts an item on the review queue because its label may be wrong, `reviewed_at` takes it off.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="items")
    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="items")
    first = models.ForeignKey(Completion, models.CASCADE, null=True, related_name="+")
    second = models.ForeignKey(Completion, models.CASCADE, null=True, related_name="+")
    filled = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    load = models.GeneratedField(
        expression=F("filled") + F("reserved") - F("extra"),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    extra = models.SmallIntegerField(default=0)
    priority = models.FloatField(default=0.0)
    disagreement = models.FloatField(null=True, blank=True)
    random_arm = models.BooleanField(default=False)
    pool = models.ForeignKey(Pool, models.SET_NULL, null=True, blank=True, related_name="items")
    suspected_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
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
            # Of the next six every item that is not parked stands in two: in or outside a pool, in the order of
            # import, and in its arm.
            models.Index(
                fields=["project", "load", "prompt_number", "id"],
                condition=Q(parked_at=None, pool=None),
                name="item_queue",
            ),
            models.Index(
                fields=["project", "load", "priority", "id"],
                condition=Q(parked_at=None, pool=None, random_arm=False),
                name="item_queue_active",
            ),
            models.Index(
                fields=["project", "load", "prompt", "id"],
                condition=Q(parked_at=None, pool=None, random_arm=True),
                name="item_queue_random",
            ),
            models.Index(
                fields=["pool", "load", "prompt_number", "id"],
                condition=Q(parked_at=None, pool__isnull=False),
                name="item_pool",
            ),
            models.Index(
                fields=["pool", "load", "priority", "id"],
                condition=Q(parked_at=None, pool__isnull=False, random_arm=False),
                name="item_pool_active",
            ),
            models.Index(
                fields=["pool", "load", "prompt", "id"],
                condition=Q(parked_at=None, pool__isnull=False, random_arm=True),
                name="item_pool_random",
            ),
            models.Index(fields=["project", "filled", "extra"], name="item_progress"),
            models.Index(
                fields=["project", "parked_at"], condition=Q(parked_at__isnull=False), name="item_parked"
            ),
            models.Index(
                fields=["project", "-disagreement", "id"],
                condition=Q(disagreement__isnull=False, reviewed_at=None),
                name="item_contested",
            ),
            models.Index(
                fields=["project", "suspected_at", "id"],
                condition=Q(suspected_at__isnull=False, reviewed_at=None),
                name="item_suspected",
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.id}"
