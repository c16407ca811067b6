"""The admin of occurrences: what happened, and what came of it."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from detent.trigger.admin.acts import OperatedAdmin
from detent.trigger.admin.search import AnyKeyAdmin
from detent.trigger.admin.shown import NOTHING, block, link
from detent.trigger.explanation.considered import considered_rules
from detent.trigger.models import Occurrence, TriggerEvent
from detent.trigger.thread import consequences


@admin.register(Occurrence)
class OccurrenceAdmin(AnyKeyAdmin, OperatedAdmin):
    """Occurrences, the newest first."""

    list_display = ("id", "type", "source", "subject", "identifier", "time", "cause_link")
    list_filter = (("time", admin.DateFieldListFilter),)
    search_fields = ("type",)
    search_help_text = "A number, a whole type or source, or a cause such as delivery:17."
    fields = readonly_fields = (
        *("type", "source", "identifier", "subject", "time", "recorded", "cause_link", "depth"),
        *("data_shown", "traceparent"),
    )
    change_form_template = "admin/trigger/occurrence/change_form.html"

    def matching_text(self, text: str) -> Q:
        """Return what a searched text may be."""
        return Q(type=text) | Q(source=text) | Q(cause=text)

    def shown_with(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add what came of it, and why other rules were not triggered."""
        events = TriggerEvent.objects.using(row._state.db).filter(occurrence=row).select_related("rule").order_by("pk")
        triggered = list(events)
        return {
            **super().shown_with(request, row),
            "occurrence": row,
            "events": consequences(triggered, row._state.db),
            "considered": considered_rules(row, {event.lineage for event in triggered}),
        }

    @admin.display(description="cause")
    def cause_link(self, occurrence: Occurrence) -> SafeString:
        """Show in the course of what it was emitted."""
        kind, _, key = occurrence.cause.partition(":")
        if kind == "delivery" and key.isdecimal():
            return link("delivery", key, occurrence.cause)
        return format_html("{}", occurrence.cause or NOTHING)

    @admin.display(description="data")
    def data_shown(self, occurrence: Occurrence) -> SafeString:
        """Show what there is to say of it."""
        return block(occurrence.data)
