"""Defines the models for trigger rules and events."""

from detent.trigger.models import (
    Attempt,
    ClockSchedule,
    Delivery,
    Occurrence,
    Ruleset,
    RuleSwitch,
    TriggerEvent,
    TriggerEventManager,
    TriggerRule,
    TriggerRuleManager,
    Window,
)

__all__ = [
    "Attempt",
    "ClockSchedule",
    "Delivery",
    "Occurrence",
    "RuleSwitch",
    "Ruleset",
    "TriggerEvent",
    "TriggerEventManager",
    "TriggerRule",
    "TriggerRuleManager",
    "Window",
]
