"""The admin of deliveries: their attempts, and what an operator does with them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from detent.trigger.admin.acts import Act, OperatedAdmin
from detent.trigger.admin.filters import ActionFilter, StateFilter
from detent.trigger.admin.redriving import ask_before_redriving
from detent.trigger.admin.search import AnyKeyAdmin
from detent.trigger.admin.shown import badge, block, link, short
from detent.trigger.delivery import operators
from detent.trigger.models import Attempt, Delivery
from detent.workflow.admin import RecordAdmin
from detent.workflow.admin.action_form import WideActionForm
from detent.workflow.admin.history import entries_of

MOODS = {"done": "good", "dead": "bad", "running": "waiting", "waiting": "waiting", "held": "waiting"}
OUTCOMES = {"done": "good", "dead": "bad", "lost": "bad", "retry": "bad"}


def _retry(delivery: Delivery, user: Any) -> str:
    operated = operators.redrive(_only(delivery), by=user)
    return "It is tried again, with all its attempts before it." if operated.moved else _refused(operated)


def _cancel(delivery: Delivery, user: Any) -> str:
    operated = operators.cancel(_only(delivery), by=user)
    return "It is cancelled, and runs only if it is retried." if operated.moved else _refused(operated)


def _only(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery._base_manager.using(delivery._state.db).filter(pk=delivery.pk)


def _refused(operated: operators.Operated) -> str:
    return f"Nothing was done: it has moved meanwhile ({', '.join(operated.refused) or 'it is gone'})."


@admin.register(Delivery)
class DeliveryAdmin(AnyKeyAdmin, OperatedAdmin):
    """Deliveries, the newest first."""

    list_display = ("id", "action", "standing", "event_link", "due", "tries", "last_error")
    list_filter = (StateFilter, ActionFilter)
    list_select_related = ("event__rule",)
    search_fields = ("action",)
    search_help_text = "The number of a delivery or of an event, or the name of an action."
    actions = ("redrive_selected",)
    action_form = WideActionForm
    fields = readonly_fields = (
        *("standing", "action", "event_link", "position", "settings_shown", "error_shown", "tries"),
        *("due", "priority", "worker", "lease", "epoch", "created", "finished"),
        *("ordering", "number", "skip_dead", "concurrency", "time_limit", "key"),
    )
    change_form_template = "admin/trigger/delivery/change_form.html"
    acts: ClassVar[tuple[Act, ...]] = (
        Act("redrive", "Retry", _retry, lambda delivery: str(delivery.redrive.explain().message), permission="redrive"),
        Act(
            "cancel",
            "Cancel",
            _cancel,
            lambda delivery: str(delivery.cancel.explain().message),
            question="Its action will not run. What comes after it in its order goes on.",
            permission="cancel",
        ),
    )

    def matching(self, number: int) -> Q:
        """Return what a searched number may be."""
        return Q(pk=number) | Q(event=number)

    def matching_text(self, text: str) -> Q:
        """Return what a searched text may be."""
        return Q(action=text)

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Let those redrive who have the permission."""
        return self.may(request, "redrive")

    @admin.action(description="Retry the selected deliveries", permissions=["operate"])
    def redrive_selected(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> HttpResponse:
        """Redrive many, after a look at what would happen."""
        return ask_before_redriving(self, request, deliveries)

    def shown_with(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Add its attempts, and what operators have done with it."""
        attempts = [
            (each, badge(each.outcome, OUTCOMES.get(each.outcome, "quiet"))) for each in row.tries.order_by("pk")
        ]
        return {**super().shown_with(request, row), "attempts": attempts, "entries": entries_of(row)}

    @admin.display(description="state", ordering="state")
    def standing(self, delivery: Delivery) -> SafeString:
        """Show the state."""
        return badge(delivery.state.title, MOODS.get(delivery.state.name, "quiet"))

    @admin.display(description="event")
    def event_link(self, delivery: Delivery) -> SafeString:
        """Show why it is to run."""
        event = delivery.event
        return link("triggerevent", event.pk, f"{event} of {event.rule}" if event.rule else event)

    @admin.display(description="attempts")
    def tries(self, delivery: Delivery) -> str:
        """Show how often it was tried, and how often it may be."""
        return f"{delivery.attempts} of {delivery.max_attempts}"

    @admin.display(description="last error")
    def last_error(self, delivery: Delivery) -> str:
        """Show the beginning of the last error."""
        return short(delivery.error)

    @admin.display(description="last error")
    def error_shown(self, delivery: Delivery) -> str:
        """Show the last error."""
        return delivery.error or "none"

    @admin.display(description="input, as the rule has it")
    def settings_shown(self, delivery: Delivery) -> SafeString:
        """Show what the action is given, before its templates are filled in."""
        return block(delivery.settings)


@admin.register(Attempt)
class AttemptAdmin(AnyKeyAdmin, RecordAdmin):
    """Attempts, the newest first."""

    list_display = ("id", "delivery_link", "number", "result", "started", "duration", "worker")
    list_select_related = ("delivery",)
    search_fields = ("delivery",)
    search_help_text = "The number of a delivery."

    def matching(self, number: int) -> Q:
        """Return what a searched number may be."""
        return Q(delivery=number)

    @admin.display(description="outcome")
    def result(self, attempt: Attempt) -> SafeString:
        """Show how it ended."""
        return badge(attempt.outcome, OUTCOMES.get(attempt.outcome, "quiet"))

    @admin.display(description="delivery")
    def delivery_link(self, attempt: Attempt) -> SafeString:
        """Show what was tried."""
        return link("delivery", attempt.delivery_id, f"{attempt.delivery_id}: {attempt.delivery.action}")
