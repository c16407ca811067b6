"""Defines the base classes for the configuration of trigger rules."""

from detent.trigger.configuration.trigger_rule import (
    JobTriggerRuleConfiguration,
    RecipeTriggerRuleConfiguration,
    TriggerRuleConfiguration,
)

__all__ = ["JobTriggerRuleConfiguration", "RecipeTriggerRuleConfiguration", "TriggerRuleConfiguration"]
