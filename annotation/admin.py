"""Django's admin over what people say. History is read-only; projects and accounts can be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from annotation import models

if TYPE_CHECKING:
    from django.http import HttpRequest

admin.site.site_header = "Plaudit"
admin.site.site_title = "Plaudit"


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that only the services write; they may be looked at, not changed."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(models.User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Accounts."""

    list_display = ("username", "email", "language", "is_active", "is_superuser", "last_login")
    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), ("Plaudit", {"fields": ("language",)}))


class MemberInline(admin.TabularInline):  # type: ignore[type-arg]
    """A project's members."""

    model = models.Member
    extra = 0
    raw_id_fields = ("user",)


@admin.register(models.Project)
class ProjectAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Projects; questions change through revisions, not here."""

    list_display = ("name", "owner", "template", "item_kind", "overlap", "blind", "created_at", "deleted_at")
    list_filter = ("template", "item_kind", "is_demo", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "description", "owner__username")
    raw_id_fields = ("owner",)
    readonly_fields = ("id", "item_kind", "salt", "created_at")
    inlines = (MemberInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A project is deleted recoverably, through the interface."""
        return False


class QuestionInline(admin.TabularInline):  # type: ignore[type-arg]
    """What a revision asks."""

    model = models.Question
    extra = 0


@admin.register(models.Revision)
class RevisionAdmin(ReadOnlyAdmin):
    """Wordings of questions and guidelines."""

    list_display = ("project", "number", "author", "created_at")
    search_fields = ("project__name",)
    inlines = (QuestionInline,)


class CompletionInline(admin.TabularInline):  # type: ignore[type-arg]
    """A prompt's outputs."""

    model = models.Completion
    fields = ("position", "external_id", "source", "text")
    extra = 0


@admin.register(models.Prompt)
class PromptAdmin(ReadOnlyAdmin):
    """Prompts with their outputs."""

    list_display = ("external_id", "project", "number", "group", "language")
    list_filter = ("language",)
    search_fields = ("external_id", "group")
    list_select_related = ("project",)
    inlines = (CompletionInline,)


@admin.register(models.Completion)
class CompletionAdmin(ReadOnlyAdmin):
    """Outputs."""

    list_display = ("external_id", "prompt", "position", "source")
    search_fields = ("external_id", "source")
    list_select_related = ("prompt",)


@admin.register(models.Item)
class ItemAdmin(ReadOnlyAdmin):
    """What is handed out, and how far it is."""

    list_display = ("id", "project", "prompt", "filled", "reserved", "skips", "parked_at")
    list_filter = (("parked_at", admin.EmptyFieldListFilter), "filled")
    search_fields = ("prompt__external_id",)
    list_select_related = ("project", "prompt")


@admin.register(models.Annotator)
class AnnotatorAdmin(ReadOnlyAdmin):
    """Who judged."""

    list_display = ("name", "kind", "project", "user")
    list_filter = ("kind",)
    search_fields = ("name", "user__username", "project__name")
    list_select_related = ("project", "user")


@admin.register(models.Lease)
class LeaseAdmin(ReadOnlyAdmin):
    """Items in people's hands."""

    list_display = ("id", "item", "annotator", "status", "policy", "arm", "created_at", "expires_at")
    list_filter = ("status", "policy", "arm")
    search_fields = ("annotator__name",)
    list_select_related = ("annotator", "item")


@admin.register(models.Judgment)
class JudgmentAdmin(ReadOnlyAdmin):
    """What people said. Append-only."""

    list_display = (
        "uuid",
        "project",
        "prompt",
        "annotator",
        "annotator_kind",
        "status",
        "surplus",
        "submitted_at",
    )
    list_filter = ("annotator_kind", "status", "surplus", "superseded")
    search_fields = ("=uuid", "annotator__name", "prompt__external_id")
    list_select_related = ("project", "prompt", "annotator")
    date_hierarchy = "submitted_at"


@admin.register(models.Import)
class ImportAdmin(ReadOnlyAdmin):
    """Files that came in."""

    list_display = (
        "filename",
        "project",
        "format",
        "status",
        "rows_read",
        "errors_total",
        "created_at",
        "undone_at",
    )
    list_filter = ("status", "format")
    search_fields = ("filename", "project__name")
    list_select_related = ("project",)


@admin.register(models.AccessToken)
class AccessTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Keys of programs: they can be revoked here, not made."""

    list_display = ("name", "prefix", "user", "created_at", "last_used_at", "expires_at")
    search_fields = ("name", "prefix", "user__username")
    readonly_fields = ("user", "name", "prefix", "created_at", "last_used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A secret is shown once, where it is made."""
        return False


@admin.register(models.Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Links that let people in: they can be revoked here, not made."""

    list_display = ("project", "role", "created_by", "created_at", "expires_at", "revoked_at", "uses")
    list_filter = ("role",)
    search_fields = ("project__name",)
    readonly_fields = ("project", "role", "created_by", "created_at", "uses")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A secret is shown once, where it is made."""
        return False
