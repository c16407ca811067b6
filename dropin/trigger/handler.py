"""Defines the base class for handling trigger rules and provides apps a way to register handler sub-classes."""

from detent.trigger.handler import (
    TRIGGER_RULE_HANDLERS,
    TriggerRuleHandler,
    get_trigger_rule_handler,
    register_trigger_rule_handler,
)

__all__ = [
    "TRIGGER_RULE_HANDLERS",
    "TriggerRuleHandler",
    "get_trigger_rule_handler",
    "register_trigger_rule_handler",
]
