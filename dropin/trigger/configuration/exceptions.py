"""Defines what can be wrong with a trigger rule."""

from detent.trigger.configuration.exceptions import InvalidTriggerRule, InvalidTriggerType

__all__ = ["InvalidTriggerRule", "InvalidTriggerType"]
