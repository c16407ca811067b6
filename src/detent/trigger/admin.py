"""The admin's lists: rules, what happened, what it triggered, and what is done about it. Nothing is edited here."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from detent.trigger.models import Attempt, Delivery, Occurrence, TriggerEvent, TriggerRule

# Django's own classes take no type argument when the program runs.
if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Model]
    _TabularInline = admin.TabularInline[Attempt, Delivery]
else:
    _ModelAdmin = admin.ModelAdmin
    _TabularInline = admin.TabularInline


class RecordAdmin(_ModelAdmin):
    """Shows rows that are history, or that change by other means than by hand."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let nobody add."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody delete."""
        return False


@admin.register(TriggerRule)
class TriggerRuleAdmin(RecordAdmin):
    """Rules, the newest first."""

    list_display = ("id", "name", "type", "is_active", "created", "archived")
    list_display_links = ("id", "name")
    list_filter = ("type", "is_active")
    search_fields = ("name",)
    ordering = ("-id",)
    readonly_fields = ("uuid", "lineage", "supersedes", "author", "archived_by")


@admin.register(Occurrence)
class OccurrenceAdmin(RecordAdmin):
    """Occurrences, the newest first."""

    list_display = ("id", "type", "source", "subject", "identifier", "time", "cause")
    list_filter = ("time",)
    search_fields = ("type", "source", "subject", "identifier")
    ordering = ("-id",)


@admin.register(TriggerEvent)
class TriggerEventAdmin(RecordAdmin):
    """Events, the newest first."""

    list_display = ("id", "type", "rule", "occurred", "outcome")
    list_filter = ("outcome", "occurred")
    list_select_related = ("rule",)
    search_fields = ("type", "rule__name")
    ordering = ("-id",)
    fields = ("type", "rule", "occurrence", "description", "occurred", "outcome", "reason")


class AttemptInline(_TabularInline):
    """The attempts at a delivery, on its page."""

    model = Attempt
    extra = 0
    can_delete = False
    max_num = 0
    readonly_fields: ClassVar[tuple[str, ...]] = (
        "number",
        "started",
        "duration",
        "worker",
        "outcome",
        "error",
    )
    fields = readonly_fields


@admin.register(Delivery)
class DeliveryAdmin(RecordAdmin):
    """Deliveries, the newest first."""

    list_display = ("id", "action", "state", "event", "due", "attempts", "error")
    list_filter = ("state", "action")
    list_select_related = ("event",)
    search_fields = ("action", "error")
    ordering = ("-id",)
    inlines = (AttemptInline,)


@admin.register(Attempt)
class AttemptAdmin(RecordAdmin):
    """Attempts, the newest first."""

    list_display = ("id", "delivery", "number", "outcome", "started", "duration", "worker")
    list_filter = ("outcome", "started")
    list_select_related = ("delivery",)
    ordering = ("-id",)
