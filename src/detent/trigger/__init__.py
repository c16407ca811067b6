"""Rules that say what must happen for what to be done; occurrences that trigger them; deliveries that do it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detent.trigger.actions.registry import action
    from detent.trigger.clock.processors import ClockEventProcessor, register_processor
    from detent.trigger.configuration.exceptions import InvalidTriggerRule, InvalidTriggerType
    from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
    from detent.trigger.delivery.outcome import Reject, Retry
    from detent.trigger.handler import TriggerRuleHandler, get_trigger_rule_handler, register_trigger_rule_handler
    from detent.trigger.models import Delivery, Occurrence, TriggerEvent, TriggerRule
    from detent.trigger.occurrences.emission import Emission
    from detent.trigger.occurrences.emitted import Emitted
    from detent.trigger.occurrences.emitting import aemit, emit, emit_many
    from detent.trigger.replaying.replay import replay
    from detent.trigger.replaying.report import ReplayReport
    from detent.trigger.thread import Thread, why

__all__ = [
    "ClockEventProcessor",
    "Delivery",
    "Emission",
    "Emitted",
    "InvalidTriggerRule",
    "InvalidTriggerType",
    "Occurrence",
    "Reject",
    "ReplayReport",
    "Retry",
    "Thread",
    "TriggerEvent",
    "TriggerRule",
    "TriggerRuleConfiguration",
    "TriggerRuleHandler",
    "action",
    "aemit",
    "emit",
    "emit_many",
    "get_trigger_rule_handler",
    "register_processor",
    "register_trigger_rule_handler",
    "replay",
    "why",
]

_HOMES = {
    "ClockEventProcessor": "clock.processors",
    "Delivery": "models",
    "Emission": "occurrences.emission",
    "Emitted": "occurrences.emitted",
    "InvalidTriggerRule": "configuration.exceptions",
    "InvalidTriggerType": "configuration.exceptions",
    "Occurrence": "models",
    "Reject": "delivery.outcome",
    "ReplayReport": "replaying",
    "Retry": "delivery.outcome",
    "Thread": "thread",
    "TriggerEvent": "models",
    "TriggerRule": "models",
    "TriggerRuleConfiguration": "configuration.trigger_rule",
    "TriggerRuleHandler": "handler",
    "action": "actions.registry",
    "aemit": "occurrences.emitting",
    "emit": "occurrences.emitting",
    "emit_many": "occurrences.emitting",
    "get_trigger_rule_handler": "handler",
    "register_processor": "clock.processors",
    "register_trigger_rule_handler": "handler",
    "replay": "replaying",
    "why": "thread",
}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use: Django imports this package before its models may be loaded."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
