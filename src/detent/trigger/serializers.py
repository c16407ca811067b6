"""Serializers for trigger events and rules: the seed's, of its latest and of its earlier interface.

They need djangorestframework, as the extra `rest` brings it.
"""

from typing import Any

from rest_framework import serializers


class ModelIdSerializer(serializers.Serializer[Any]):
    """Converts a model to a placeholder with only its key; what the original had in `util.rest`."""

    id = serializers.IntegerField()


class TriggerRuleBaseSerializer(ModelIdSerializer):
    """Converts trigger rule model fields to REST output."""

    type = serializers.CharField()
    name = serializers.CharField()
    is_active = serializers.BooleanField()


class TriggerRuleSerializer(TriggerRuleBaseSerializer):
    """Converts trigger rule model fields to REST output, its times among them."""

    created = serializers.DateTimeField()
    archived = serializers.DateTimeField()
    last_modified = serializers.DateTimeField()


class TriggerRuleDetailsSerializer(TriggerRuleBaseSerializer):
    """Converts trigger rule model fields to REST output, its configuration among them."""

    configuration = serializers.JSONField(default=dict)


class TriggerEventBaseSerializer(ModelIdSerializer):
    """Converts trigger event model fields to REST output, with the key of the rule."""

    type = serializers.CharField()
    rule = ModelIdSerializer()
    occurred = serializers.DateTimeField()


class TriggerEventSerializer(TriggerEventBaseSerializer):
    """Converts trigger event model fields to REST output, with the rule."""

    rule = TriggerRuleSerializer()


class TriggerEventDetailsSerializer(TriggerEventBaseSerializer):
    """Converts trigger event model fields to REST output, with what the rule says and what happened."""

    rule = TriggerRuleDetailsSerializer()
    description = serializers.JSONField(default=dict)


TriggerEventBaseSerializerV5 = TriggerEventBaseSerializer
TriggerEventSerializerV5 = TriggerEventSerializer
TriggerEventDetailsSerializerV5 = TriggerEventDetailsSerializer


class TriggerEventBaseSerializerV6(ModelIdSerializer):
    """Converts trigger event model fields to REST output."""

    type = serializers.CharField()
    occurred = serializers.DateTimeField()


class TriggerEventSerializerV6(TriggerEventBaseSerializerV6):
    """Converts trigger event model fields to REST output."""


class TriggerEventDetailsSerializerV6(TriggerEventBaseSerializerV6):
    """Converts trigger event model fields to REST output, with what happened."""

    description = serializers.JSONField(default=dict)
