"""Filters of the lists whose choices are known: none asks a table of millions of rows which values it holds."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from detent.trigger.actions import actions
from detent.trigger.delivery.workflow import DeliveryWorkflow
from detent.trigger.handler import TRIGGER_RULE_HANDLERS
from detent.trigger.windows import outcomes

Choices = Iterable[tuple[str, str]]

FIRED = "fired"
OUTCOMES = {
    FIRED: "actions go ahead",
    "failed": "could not be evaluated",
    outcomes.WAITING: "waits for its window",
    outcomes.HELD: "held by its window",
    outcomes.COUNTING: "counting",
    outcomes.THROTTLED: "throttled",
    outcomes.DEBOUNCED: "debounced",
    outcomes.COUNTED: "counted",
    outcomes.REPEATED: "repeated",
    outcomes.CANCELLED: "cancelled",
    outcomes.HEARD: "heard",
    outcomes.STOPPED: "stopped",
}


class _Exact(admin.SimpleListFilter):
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that have the chosen value, if one is chosen."""
        value = self.value()
        return queryset if value is None else queryset.filter(**{self.parameter_name or "": self.stored(value)})

    def stored(self, value: str) -> str:
        """Return what the column holds for a choice."""
        return value


class StateFilter(_Exact):
    """Deliveries by where they stand; the dead letters first, which is what operators look for."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Choices:
        """Return the states."""
        states = sorted(DeliveryWorkflow.states, key=lambda state: state.name != "dead")
        return [(state.name, "Dead letters" if state.name == "dead" else str(state.title)) for state in states]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows in the chosen state, if one is chosen; none in a state that there is not."""
        if self.value() not in (None, *(state.name for state in DeliveryWorkflow.states)):
            return queryset.none()
        return super().queryset(request, queryset)


class ActionFilter(_Exact):
    """Deliveries by their action."""

    title = "action"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Choices:
        """Return the actions that this process knows."""
        return [(name, name) for name in actions.names()]


class OutcomeFilter(_Exact):
    """Events by what became of them."""

    title = "outcome"
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Choices:
        """Return the outcomes."""
        return list(OUTCOMES.items())

    def stored(self, value: str) -> str:
        """Return what the column holds for an outcome."""
        return "" if value == FIRED else value


class TypeFilter(_Exact):
    """Rules by their type."""

    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Choices:
        """Return the types that have a handler."""
        return [(name, name) for name in sorted(TRIGGER_RULE_HANDLERS)]


class StandingFilter(admin.SimpleListFilter):
    """Rules by whether they are in force; without a choice, those that are not archived."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Any]") -> Choices:
        """Return the choices."""
        return [("force", "In force"), ("paused", "Paused"), ("archived", "Archived"), ("all", "All, with archived")]

    def choices(self, changelist: Any) -> Any:
        """Yield the choices, the first of which is no choice."""
        first, *others = super().choices(changelist)
        yield {**first, "display": "In force or paused"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rules that stand so."""
        chosen: dict[str | None, dict[str, Any]] = {
            None: {"archived": None},
            "force": {"archived": None, "is_active": True},
            "paused": {"archived": None, "is_active": False},
            "archived": {"archived__isnull": False},
        }
        return queryset.filter(**chosen.get(self.value(), {}))
