"""What job types and recipe types have in common: what they take in, and the rule that asks for them."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from detent.trigger.configuration.connection import ValidationWarning
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.models import TriggerRule
from pipeline.interface import TypeWarning


def one_file() -> dict[str, list[str]]:
    """Return the inputs of a type that takes one file, whatever it is."""
    return {"file": []}


class TriggeredType(models.Model):
    """A type of jobs or of recipes, and the rule that asks for them. `pipeline.types` creates and edits them.

    Attributes:
        STARTED_AS: The setting by which an action says which type it starts.
        name: The name.
        inputs: What it takes in: for the name of each input the media types that it knows; none: any.
        trigger_rule: The rule, which other types may share; None: nothing asks for it by itself. A rule that has
            been revised since stands for its newest revision.
    """

    STARTED_AS: ClassVar[str]

    name = models.CharField(max_length=50, unique=True)
    inputs = models.JSONField(default=one_file)
    trigger_rule = models.ForeignKey(TriggerRule, blank=True, null=True, on_delete=models.PROTECT)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def rule_in_force(self) -> TriggerRule | None:
        """Return the newest revision of the rule; None: there is no rule, or it has been archived."""
        if self.trigger_rule is None:
            return None
        rule: TriggerRule | None = TriggerRule.objects.filter(lineage=self.trigger_rule.lineage, archived=None).first()
        return rule

    def is_started_by(self, planned: Mapping[str, Any]) -> bool:
        """Tell whether an action, as a rule has it, starts this type."""
        started: bool = planned.get("input", {}).get(self.STARTED_AS) == self.name
        return started

    def validate(self) -> list[ValidationWarning]:
        """Check the type as it stands, with the rule that is attached to it.

        Returns:
            What may go wrong.

        Raises:
            InvalidDefinition: The type itself cannot be so.
            InvalidTriggerType: Such a rule cannot ask for such a type.
            InvalidConnection: What the rule gives does not fit a job type.
            InvalidRecipeConnection: What the rule gives does not fit a recipe type.
        """
        rule = self.rule_in_force()
        return [*self.check_definition(), *(self.check_rule(rule.get_configuration()) if rule else ())]

    def check_rule(self, configuration: TriggerRuleConfiguration) -> list[ValidationWarning]:
        """Check what a rule says against the type; errors as in `validate`."""
        warnings = self.check_connection(configuration)
        if not any(map(self.is_started_by, configuration.actions)):
            warnings.append(TypeWarning("NO_ACTION", f"No action of the rule starts {self.name!r}"))
        return warnings

    @abstractmethod
    def check_definition(self) -> list[ValidationWarning]:
        """Check the type without its rule."""

    @abstractmethod
    def check_connection(self, configuration: TriggerRuleConfiguration) -> list[ValidationWarning]:
        """Check what a rule gives."""
