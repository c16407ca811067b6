"""What is sent, and what is answered, about rules."""

from typing import Any

from rest_framework import serializers

from detent.trigger.managers.rules import LONGEST
from detent.trigger.rest.fields import Body, Flag, JsonObject, MaskedJson, Number, OneOf, Text, unfit
from detent.trigger.serializers import ModelIdSerializer, TriggerRuleDetailsSerializer, TriggerRuleSerializer

MOST_ENTRIES = 500
"""How many rules can be imported at once."""


class RuleSerializer(TriggerRuleSerializer):
    """A rule in a list."""

    archived = serializers.DateTimeField(allow_null=True)
    uuid = serializers.UUIDField(help_text="This revision, in every database.")
    lineage = serializers.UUIDField(help_text="The rule in all its revisions.")
    supersedes = serializers.IntegerField(
        source="supersedes_id", allow_null=True, help_text="The key of the revision before this one."
    )


class RuleDetailsSerializer(RuleSerializer, TriggerRuleDetailsSerializer):
    """A rule with what it says; secrets in it are masked."""

    configuration = MaskedJson()


class RuleBody(Body):
    """A rule that is to be made."""

    type = Text(max_length=LONGEST)
    name = Text(max_length=LONGEST, allow_blank=True, default="")
    configuration = JsonObject()
    is_active = Flag(default=True)


class RevisionBody(Body):
    """What the next revision of a rule says."""

    configuration = JsonObject()


class SampleBody(Body):
    """What a rule is tried against: exactly one of the three."""

    document = JsonObject(required=False, help_text="A sample: an object with `type`, and `data` if there are any.")
    event = Number(required=False, help_text="The key of an event: what it came of.")
    occurrence = Number(required=False, help_text="The key of an occurrence.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the body to one of the three.

        Raises:
            Problem: It has none, or several.
        """
        if len(attrs) != 1:
            raise unfit(f"It has {len(attrs)} samples.", f"Give exactly one of {', '.join(self.fields)}.")
        return attrs


class ComplaintSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with a rule."""

    pointer = serializers.CharField(help_text="Where, as a JSON pointer into the request.")
    reason = serializers.CharField()


class ValiditySerializer(serializers.Serializer[Any]):
    """Whether a rule could be made."""

    valid = serializers.BooleanField()
    errors = ComplaintSerializer(many=True)  # type: ignore[assignment]
    permissions = serializers.ListField(
        child=serializers.CharField(), help_text="The permissions that its author lacks, as far as it is valid."
    )


class EntryBody(Body):
    """A rule of a rule file."""

    name = Text(max_length=LONGEST)
    type = Text(max_length=LONGEST)
    configuration = JsonObject()
    is_active = Flag(required=False)


class ImportBody(Body):
    """A rule file, and what is to be done with it."""

    rules = serializers.ListField(child=EntryBody(), min_length=1, max_length=MOST_ENTRIES)
    archive_others = Flag(default=False, help_text="Whether rules that are not named are archived.")
    dry_run = Flag(default=False, help_text="Whether only to say what would be done.")


class DifferenceSerializer(serializers.Serializer[Any]):
    """One place at which two configurations differ."""

    path = serializers.CharField()
    kind = OneOf(("added", "removed", "changed"))
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class PlannedChangeSerializer(serializers.Serializer[Any]):
    """What becomes of one rule."""

    name = serializers.CharField()
    acts = serializers.ListField(child=serializers.CharField())
    differences = DifferenceSerializer(many=True)


class NamedRuleSerializer(ModelIdSerializer):
    """A rule by its key and name."""

    name = serializers.CharField()


class ImportSerializer(serializers.Serializer[Any]):
    """What an import did, or would do."""

    dry_run = serializers.BooleanField()
    changes = PlannedChangeSerializer(many=True)
    left_alone = NamedRuleSerializer(many=True)


class ExportSerializer(serializers.Serializer[Any]):
    """Rules as an import takes them; secrets in them are masked."""

    rules = EntryBody(many=True)
    left_out = NamedRuleSerializer(many=True, help_text="Those without a name, or whose name another has too.")


class SwitchSerializer(serializers.Serializer[Any]):
    """A rule was paused or resumed."""

    is_active = serializers.BooleanField()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)


class RevisionSerializer(serializers.Serializer[Any]):
    """One revision of a rule."""

    number = serializers.IntegerField()
    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    created = serializers.DateTimeField()
    author = serializers.CharField(allow_null=True)
    archived = serializers.DateTimeField(allow_null=True)
    archived_by = serializers.CharField(allow_null=True)
    is_superseded = serializers.BooleanField()
    differences = DifferenceSerializer(many=True)
    switches = SwitchSerializer(many=True)
