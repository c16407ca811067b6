"""The admin of events: which rule was triggered by what, and everything that came of it."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.safestring import SafeString

from detent.trigger.admin.acts import OperatedAdmin
from detent.trigger.admin.filters import FIRED, OUTCOMES, OutcomeFilter
from detent.trigger.admin.search import AnyKeyAdmin
from detent.trigger.admin.shown import badge, block, link
from detent.trigger.explanation.considered import considered_rules
from detent.trigger.models import TriggerEvent
from detent.trigger.thread import consequences
from detent.trigger.windows.outcomes import UNDECIDED

MOODS = {"": "good", TriggerEvent.FAILED: "bad", **dict.fromkeys(UNDECIDED, "waiting")}


@admin.register(TriggerEvent)
class TriggerEventAdmin(AnyKeyAdmin, OperatedAdmin):
    """Events, the newest first; the page of one is its timeline."""

    list_display = ("id", "type", "rule_link", "occurred", "became")
    list_filter = (OutcomeFilter, ("occurred", admin.DateFieldListFilter))
    list_select_related = ("rule",)
    search_fields = ("type",)
    search_help_text = "The number of an event or of an occurrence, or a whole type."
    fields = readonly_fields = (
        *("type", "rule_link", "occurrence_link", "occurred", "became", "reason", "window_key"),
        "description_shown",
    )
    change_form_template = "admin/trigger/triggerevent/change_form.html"

    def matching(self, number: int) -> Q:
        """Return what a searched number may be."""
        return Q(pk=number) | Q(occurrence=number)

    def matching_text(self, text: str) -> Q:
        """Return what a searched text may be."""
        return Q(type=text)

    def shown_with(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add the timeline: the rules that were considered, the deliveries, and what came of them."""
        occurrence = row.occurrence
        others = [] if occurrence is None else list(occurrence.events.select_related("rule").order_by("pk"))
        return {
            **super().shown_with(request, row),
            "occurrence": occurrence,
            "events": consequences([row], row._state.db),
            "others": [other for other in others if other.pk != row.pk],
            "considered": occurrence and considered_rules(occurrence, {other.lineage for other in others}),
        }

    @admin.display(description="rule")
    def rule_link(self, event: TriggerEvent) -> SafeString:
        """Show the rule."""
        return link("triggerrule", event.rule_id, event.rule)

    @admin.display(description="occurrence")
    def occurrence_link(self, event: TriggerEvent) -> SafeString:
        """Show what triggered the rule."""
        return link("occurrence", event.occurrence_id, event.occurrence)

    @admin.display(description="outcome")
    def became(self, event: TriggerEvent) -> SafeString:
        """Show what became of it."""
        return badge(OUTCOMES.get(event.outcome or FIRED, event.outcome), MOODS.get(event.outcome, "quiet"))

    @admin.display(description="description")
    def description_shown(self, event: TriggerEvent) -> SafeString:
        """Show what there is to say of it."""
        return block(event.description)
