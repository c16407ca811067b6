"""What the code of a rule's own type says to a document that meets the rule's pattern."""

from dataclasses import dataclass

from django.db import transaction

from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.document import Document
from detent.trigger.payload import payload_of


@dataclass(frozen=True)
class ExplainedCondition:
    """What the condition of a rule's type says.

    Attributes:
        met: Whether it is met.
        failure: Why it could not be asked, or "".
    """

    met: bool
    failure: str = ""

    def __str__(self) -> str:
        return f"cannot be asked: {self.failure}" if self.failure else "met" if self.met else "not met"


def ask_condition(configuration: TriggerRuleConfiguration, document: Document, using: str) -> ExplainedCondition:
    """Ask the condition of a rule's type, and for the description of the event, as `emit` does; undo what they write.

    Args:
        configuration: What the rule says.
        document: A document that meets its pattern.
        using: The database alias.
    """
    try:
        with transaction.atomic(using=using):
            met = configuration.applies_to(document)
            if met:
                payload_of(configuration.description(document), "description")
            transaction.set_rollback(True, using=using)
    except Exception as error:  # noqa: BLE001 - a rule type's own code may raise anything
        return ExplainedCondition(met=False, failure=f"{type(error).__name__}: {error}")
    return ExplainedCondition(bool(met))
