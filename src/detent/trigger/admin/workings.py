"""The admin of what keeps deliveries and rules going: lanes, keys, windows, schedules, timers, switches, endpoints."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import DEFAULT_DB_ALIAS
from django.utils.safestring import SafeString

from detent.trigger.admin.acts import Act, OperatedAdmin
from detent.trigger.admin.shown import badge, link
from detent.trigger.delivery import operators
from detent.trigger.models import (
    ClockSchedule,
    Lane,
    OrderingKey,
    RuleSwitch,
    TriggerRule,
    WebhookEndpoint,
    Window,
    WorkflowTimer,
)
from detent.trigger.webhook import gate
from detent.workflow.admin import RecordAdmin


class LineageAdmin(RecordAdmin):
    """Shows rows that belong to a rule through all its revisions."""

    def prepare_rows(self, rows: list[Any]) -> None:
        """Read the rules of a page's rows: of each lineage the newest revision."""
        rules = TriggerRule.objects.filter(lineage__in={row.lineage for row in rows}).defer("configuration")
        newest = {rule.lineage: rule for rule in rules.order_by("pk")}
        for row in rows:
            row.newest_revision = newest.get(row.lineage)

    def get_object(self, request: Any, object_id: str, from_field: str | None = None) -> Any:
        """Return a row with its rule."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            self.prepare_rows([row])
        return row

    @admin.display(description="rule")
    def rule_link(self, row: Any) -> SafeString | str:
        """Show the rule in its newest revision."""
        rule = row.newest_revision
        return link("triggerrule", rule.pk, rule) if rule else f"lineage {row.lineage}"


def _hold(lane: Lane, user: Any) -> str:
    held = operators.pause(lane.lineage, using=lane._state.db or DEFAULT_DB_ALIAS, by=user)
    return f"The rule's deliveries are held back; {held} of them waited."


def _let_flow(lane: Lane, user: Any) -> str:
    operators.resume(lane.lineage, using=lane._state.db or DEFAULT_DB_ALIAS, by=user)
    return "The rule's deliveries go on."


@admin.register(Lane)
class LaneAdmin(LineageAdmin, OperatedAdmin):
    """The deliveries of rules: whether they flow."""

    list_display = ("id", "rule_link", "standing")
    fields = readonly_fields = ("rule_link", "standing", "lineage")
    acts: ClassVar[tuple[Act, ...]] = (
        Act("pause", "Hold its deliveries back", _hold, lambda lane: "" if lane.state.is_flowing else None),
        Act("resume", "Let its deliveries go on", _let_flow, lambda lane: "" if lane.state.is_paused else None),
    )

    @admin.display(description="state")
    def standing(self, lane: Lane) -> SafeString:
        """Show the state."""
        return badge(lane.state.title, "good" if lane.state.is_flowing else "waiting")


@admin.register(OrderingKey)
class OrderingKeyAdmin(LineageAdmin):
    """The keys whose deliveries run one after the other."""

    list_display = ("id", "rule_link", "key", "last")
    fields = readonly_fields = ("rule_link", "key", "last", "lineage")


@admin.register(Window)
class WindowAdmin(LineageAdmin):
    """The windows about which something is to be decided."""

    list_display = ("id", "rule_link", "key", "due")
    fields = readonly_fields = ("rule_link", "key", "due", "lineage")


@admin.register(ClockSchedule)
class ClockScheduleAdmin(RecordAdmin):
    """When clock rules tick next."""

    list_display = ("id", "rule", "due", "told")
    list_select_related = ("rule",)
    fields = readonly_fields = ("rule", "due", "told", "revised", "start", "lineage")


@admin.register(WorkflowTimer)
class WorkflowTimerAdmin(RecordAdmin):
    """When objects are moved by themselves."""

    list_display = ("id", "model", "object_key", "state", "transition", "due", "attempts", "error")
    fields = readonly_fields = ("model", "field", "object_key", "state", "transition", "due", "attempts", "error")


@admin.register(RuleSwitch)
class RuleSwitchAdmin(RecordAdmin):
    """When rules were paused and resumed, and by whom."""

    list_display = ("id", "rule", "became", "at", "by")
    list_select_related = ("rule", "by")
    fields = readonly_fields = ("rule", "became", "at", "by")

    @admin.display(description="became")
    def became(self, switch: RuleSwitch) -> SafeString:
        """Show what the rule became."""
        return badge("in force", "good") if switch.is_active else badge("paused", "waiting")


def _disable(endpoint: WebhookEndpoint, user: Any) -> str:
    gate.disable(endpoint.name, "disabled by an operator", endpoint._state.db or DEFAULT_DB_ALIAS, by=user)
    return "Nothing is sent to it until it is enabled."


def _enable(endpoint: WebhookEndpoint, user: Any) -> str:
    gate.enable(endpoint.name, endpoint._state.db or DEFAULT_DB_ALIAS, by=user)
    return "Webhooks are sent to it again."


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(OperatedAdmin):
    """The endpoints of webhooks that were ever disabled; one without a row is enabled."""

    list_display = ("id", "name", "standing", "reason")
    fields = readonly_fields = ("name", "standing", "reason")
    acts: ClassVar[tuple[Act, ...]] = (
        Act(
            "disable",
            "Disable",
            _disable,
            lambda endpoint: "" if endpoint.state.is_enabled else None,
            question="Deliveries to it fail from now on, and are tried again as their rules say.",
        ),
        Act("enable", "Enable", _enable, lambda endpoint: "" if endpoint.state.is_disabled else None),
    )

    @admin.display(description="state")
    def standing(self, endpoint: WebhookEndpoint) -> SafeString:
        """Show the state."""
        return badge(endpoint.state.title, "good" if endpoint.state.is_enabled else "bad")
