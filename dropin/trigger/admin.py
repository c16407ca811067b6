"""Detent's admin, which importing registers."""

from detent.trigger.admin import AttemptAdmin, DeliveryAdmin, OccurrenceAdmin, TriggerEventAdmin, TriggerRuleAdmin

__all__ = ["AttemptAdmin", "DeliveryAdmin", "OccurrenceAdmin", "TriggerEventAdmin", "TriggerRuleAdmin"]
