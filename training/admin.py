"""Django's admin for what machines learned: history is read-only, policies and keys may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from annotation.admin import ReadOnlyAdmin
from training.models import Promotion, RetrainingPolicy, RewardModel, ScoringToken, Snapshot, TrainingRun

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    """Frozen judgments."""

    list_display = ("fingerprint", "project", "judgments", "prompts", "created_at")
    list_filter = ("created_at",)
    search_fields = ("fingerprint", "project__name")
    list_select_related = ("project",)
    exclude = ("judgment_ids",)


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnlyAdmin):
    """Training runs."""

    list_display = ("id", "project", "status", "trigger", "queue", "attempt", "created_at", "finished_at")
    list_filter = ("status", "trigger", "queue", "created_at")
    search_fields = ("=id", "project__name", "created_by__username")
    list_select_related = ("project",)


@admin.register(RewardModel)
class RewardModelAdmin(ReadOnlyAdmin):
    """Reward models."""

    list_display = ("id", "project", "version", "kind", "size_bytes", "created_at")
    list_filter = ("kind", "created_at")
    search_fields = ("=id", "project__name", "sha256")
    list_select_related = ("project",)


@admin.register(Promotion)
class PromotionAdmin(ReadOnlyAdmin):
    """Champions over time."""

    list_display = ("project", "model", "code", "by", "at")
    list_filter = ("code", "at")
    search_fields = ("project__name", "message", "by__username")
    list_select_related = ("project", "model", "by")


@admin.register(RetrainingPolicy)
class RetrainingPolicyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """When projects retrain by themselves; their pages check what is written, this one does not."""

    list_display = ("project", "enabled", "every_labels", "every_minutes", "promotion", "updated_at")
    list_filter = ("enabled", "promotion")
    search_fields = ("project__name",)
    list_select_related = ("project",)
    readonly_fields = ("project", "turn", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A project's page makes it."""
        return False


@admin.register(ScoringToken)
class ScoringTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Keys that can only score; they can be taken back here."""

    list_display = ("name", "prefix", "project", "model", "created_by", "created_at", "last_used_at")
    search_fields = ("name", "prefix", "project__name", "created_by__username")
    list_select_related = ("project", "model", "created_by")
    readonly_fields = ("project", "model", "prefix", "created_by", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new key's secret is shown once, on the project's page."""
        return False
