"""What is answered about why a rule would, or would not, be triggered."""

from typing import Any

from rest_framework import serializers

from detent.trigger.rest.fields import OneOf


class StandingSerializer(serializers.Serializer[Any]):
    """Whether a rule is in force."""

    state = OneOf(("in force", "paused", "archived"))
    since = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField(allow_null=True)
    successor = serializers.IntegerField(allow_null=True)


class SightingSerializer(serializers.Serializer[Any]):
    """An occurrence with the same source and id that has been taken in."""

    occurrence = serializers.IntegerField()
    recorded = serializers.DateTimeField()
    event = serializers.IntegerField(allow_null=True)
    rule = serializers.IntegerField(allow_null=True)
    outcome = serializers.CharField()
    reason = serializers.CharField()


class ConditionSerializer(serializers.Serializer[Any]):
    """What the code of the rule's type says."""

    met = serializers.BooleanField()
    failure = serializers.CharField()


class ForecastSerializer(serializers.Serializer[Any]):
    """What the rule's window would do."""

    window = OneOf(("throttle", "debounce", "threshold", "absence"))
    key = serializers.CharField(allow_null=True)
    outcome = serializers.CharField()
    reason = serializers.CharField()
    due = serializers.DateTimeField(allow_null=True)
    part = serializers.CharField()


class ExplainedActionSerializer(serializers.Serializer[Any]):
    """What an action would get; secrets are masked."""

    action = serializers.CharField()
    input = serializers.DictField(allow_null=True)
    error = serializers.CharField(help_text='Why it cannot be made, or would be refused; "" if it would not.')


class ExplanationSerializer(serializers.Serializer[Any]):
    """Why a rule would, or would not, be triggered by a document."""

    triggered = serializers.BooleanField(help_text="Whether it would be if this were emitted now.")
    matched = serializers.BooleanField(help_text="Whether its pattern and the condition of its type are met.")
    obstacles = serializers.ListField(child=serializers.CharField(), help_text="What keeps it from being triggered.")
    standing = StandingSerializer()
    sighting = SightingSerializer(allow_null=True)
    failure = serializers.CharField(help_text='Why the rule cannot be used; "" if it can.')
    pattern = serializers.DictField(
        allow_null=True, help_text="Each clause, whether it is met, and the values that it was held against."
    )
    condition = ConditionSerializer(allow_null=True)
    window = ForecastSerializer(allow_null=True)
    actions = ExplainedActionSerializer(many=True)
