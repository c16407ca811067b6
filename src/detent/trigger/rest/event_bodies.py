"""What is sent, and what is answered, about events."""

from typing import Any

from rest_framework import serializers

from detent.trigger.rest.delivery_bodies import DeliverySerializer
from detent.trigger.rest.fields import Body, Flag, MaskedJson, Moment, Number, Text, unfit
from detent.trigger.rest.rule_bodies import MOST_ENTRIES, EntryBody, RuleDetailsSerializer
from detent.trigger.serializers import ModelIdSerializer, TriggerEventBaseSerializer, TriggerEventDetailsSerializer

MOST_OCCURRENCES = 10_000
"""How many occurrences one request can replay."""
MOST_NAMES = 100


class EventSerializer(TriggerEventBaseSerializer):
    """An event in a list."""

    rule = ModelIdSerializer(allow_null=True)
    lineage = serializers.UUIDField(allow_null=True, help_text="Of the rule in all its revisions.")
    occurrence = serializers.IntegerField(source="occurrence_id", allow_null=True, help_text="What triggered the rule.")
    outcome = serializers.CharField(help_text='"": the actions go ahead; else what became of it.')
    reason = serializers.CharField()


class OccurrenceSerializer(ModelIdSerializer):
    """What happened; secrets in it are masked."""

    type = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    identifier = serializers.CharField()
    subject = serializers.CharField()
    time = serializers.DateTimeField()
    recorded = serializers.DateTimeField()
    cause = serializers.CharField(help_text="What it was emitted in the course of, such as `delivery:17`.")
    data = MaskedJson()  # type: ignore[assignment]


class CreatedObjectSerializer(serializers.Serializer[Any]):
    """A row that an event created."""

    model = serializers.CharField(help_text="app_label.model")
    pk = serializers.CharField()


class EventDetailsSerializer(EventSerializer, TriggerEventDetailsSerializer):
    """An event with its rule, what happened and what it created, as far as the reader may see each."""

    rule = RuleDetailsSerializer(allow_null=True)
    occurrence = OccurrenceSerializer(allow_null=True)  # type: ignore[assignment]
    description = MaskedJson()
    deliveries = DeliverySerializer(many=True)
    created_objects = CreatedObjectSerializer(many=True)


class ReplayBody(Body):
    """Which occurrences are replayed, and for which rules; at least one choice, or `all`."""

    types = serializers.ListField(child=Text(max_length=255), max_length=MOST_NAMES, required=False)
    sources = serializers.ListField(child=Text(max_length=255), max_length=MOST_NAMES, required=False)
    since = Moment(required=False, help_text="Only what happened then or later.")
    until = Moment(required=False, help_text="Only what happened before then.")
    rules = serializers.ListField(
        child=Text(max_length=255), max_length=MOST_NAMES, required=False, help_text="Names or keys of rules in force."
    )
    drafts = serializers.ListField(
        child=EntryBody(), required=False, max_length=MOST_ENTRIES, help_text="Try these instead; only in a dry run."
    )
    all = Flag(default=False, help_text="All occurrences, and all rules in force.")
    dry_run = Flag(default=False, help_text="Whether only to say what would be triggered.")
    after = Number(default=0, min_value=0, help_text="Go on after the occurrence with this key.")
    limit = Number(default=1000, max_value=MOST_OCCURRENCES, help_text="How many occurrences to look at, at most.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the body to a choice.

        Raises:
            Problem: It makes none.
        """
        choices = ("types", "sources", "since", "until", "rules", "drafts", "all")
        if not any(attrs.get(name) for name in choices):
            raise unfit("It does not say which occurrences or rules.", f"Give one of {', '.join(choices)}.")
        return attrs


class SampleSerializer(serializers.Serializer[Any]):
    """An occurrence that triggered a rule, or would."""

    occurrence = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]
    id = serializers.CharField()
    complaint = serializers.CharField()


class RuleReportSerializer(serializers.Serializer[Any]):
    """What a replay made of one rule."""

    name = serializers.CharField()
    rule = serializers.IntegerField(allow_null=True, help_text="The key of the revision; null for a draft.")
    triggered = serializers.IntegerField()
    already = serializers.IntegerField(help_text="How many had triggered it before, and do not again.")
    failed = serializers.IntegerField()
    withdrawn = serializers.BooleanField()
    samples = SampleSerializer(many=True)
    failures = serializers.DictField(child=serializers.IntegerField())


class ReplaySerializer(serializers.Serializer[Any]):
    """What a replay found and did."""

    dry_run = serializers.BooleanField()
    ruleset = serializers.CharField()
    after = serializers.IntegerField()
    last = serializers.IntegerField()
    reached = serializers.IntegerField(help_text="`after` for the request that goes on from there.")
    is_complete = serializers.BooleanField(help_text="Whether there is nothing to go on with.")
    looked_at = serializers.IntegerField()
    unreadable = serializers.IntegerField()
    rules_changed = serializers.BooleanField()
    rules = RuleReportSerializer(many=True)
