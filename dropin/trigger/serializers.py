"""Defines the serializers for trigger events and rules."""

from detent.trigger.serializers import (
    ModelIdSerializer,
    TriggerEventBaseSerializer,
    TriggerEventBaseSerializerV5,
    TriggerEventBaseSerializerV6,
    TriggerEventDetailsSerializer,
    TriggerEventDetailsSerializerV5,
    TriggerEventDetailsSerializerV6,
    TriggerEventSerializer,
    TriggerEventSerializerV5,
    TriggerEventSerializerV6,
    TriggerRuleBaseSerializer,
    TriggerRuleDetailsSerializer,
    TriggerRuleSerializer,
)

__all__ = [
    "ModelIdSerializer",
    "TriggerEventBaseSerializer",
    "TriggerEventBaseSerializerV5",
    "TriggerEventBaseSerializerV6",
    "TriggerEventDetailsSerializer",
    "TriggerEventDetailsSerializerV5",
    "TriggerEventDetailsSerializerV6",
    "TriggerEventSerializer",
    "TriggerEventSerializerV5",
    "TriggerEventSerializerV6",
    "TriggerRuleBaseSerializer",
    "TriggerRuleDetailsSerializer",
    "TriggerRuleSerializer",
]
