"""Files that came in."""

from django.db import models

from annotation.models.accounts import User
from annotation.models.ids import OpaqueModel


class ImportStatus(models.TextChoices):
    """queued -> running -> succeeded | failed; running -> queued again where its worker has fallen silent."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Import(OpaqueModel):
    """One file on its way into a project: what it was, how it was read, and what became of its rows.

    `options` holds map, recipe name, judge name, dry_run and strict. `errors` and `notes` keep the
    first thousand entries of `{"row", "message"}`; the totals count all. The counters are written with
    the rows that they count, so that a broken off import goes on after row number `rows_read`.
    """

    project = models.ForeignKey("annotation.Project", models.CASCADE, related_name="imports")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    filename = models.CharField(max_length=500, blank=True, default="")
    format = models.CharField(max_length=30)
    options = models.JSONField(default=dict, blank=True)
    path = models.CharField(
        max_length=1000, blank=True, default="", help_text="The upload, until it has been read."
    )
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.QUEUED)
    progress = models.FloatField(default=0)
    rows_read = models.PositiveBigIntegerField(default=0)
    prompts_created = models.PositiveBigIntegerField(default=0)
    completions_created = models.PositiveBigIntegerField(default=0)
    judgments_created = models.PositiveBigIntegerField(default=0)
    duplicates = models.PositiveBigIntegerField(default=0)
    skipped = models.PositiveBigIntegerField(default=0)
    errors = models.JSONField(default=list, blank=True)
    errors_total = models.PositiveBigIntegerField(default=0)
    notes = models.JSONField(default=list, blank=True)
    notes_total = models.PositiveBigIntegerField(default=0)
    preview = models.JSONField(null=True, blank=True)
    failure = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(
        null=True, blank=True, help_text="When its reader last gave a sign of life."
    )
    attempt = models.PositiveSmallIntegerField(default=0, help_text="How often a reader has taken it up.")
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-created_at"], name="import_newest_first")]

    def __str__(self) -> str:
        return self.filename or f"import {self.id}"
