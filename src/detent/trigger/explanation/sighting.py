"""Whether an occurrence has been taken in before, and what a rule made of it then."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps

from detent.trigger.document import Document
from detent.trigger.history.revisions import told

if TYPE_CHECKING:
    from detent.trigger.models.event import TriggerEvent
    from detent.trigger.models.occurrence import Occurrence
    from detent.trigger.models.rule import TriggerRule


@dataclass(frozen=True)
class Sighting:
    """An occurrence with the document's source and id that has been taken in.

    Attributes:
        occurrence: Its key.
        recorded: When it was taken in.
        event: The key of the event that it made of this rule, in whatever revision; None: it did not trigger the rule.
        rule: The key of the revision that it triggered, or None.
        outcome: What the event says became of it; "" if the rule's actions went ahead.
        reason: Why, or "".
    """

    occurrence: int
    recorded: datetime
    event: int | None = None
    rule: int | None = None
    outcome: str = ""
    reason: str = ""

    def __str__(self) -> str:
        seen = f"occurrence {self.occurrence}, taken in {told(self.recorded, None)}"
        if self.event is None:
            return f"{seen}; it did not trigger this rule"
        outcome = f" ({self.outcome}{f': {self.reason}' if self.reason else ''})" if self.outcome else ""
        return f"{seen}; event {self.event} of rule {self.rule} came of it{outcome}"


def sighting_of(rule: "TriggerRule", document: Document) -> Sighting | None:
    """Look for an occurrence with the document's source and id.

    Args:
        rule: Whose events are of interest.
        document: The document; one without an id stands for an occurrence that has not been taken in.
    """
    source, identifier = document.get("source"), document.get("id")
    if not source or not identifier:
        return None
    # Their modules ask for that of rules, which asks for this one.
    occurrences: type[Occurrence] = apps.get_model("trigger", "Occurrence")
    events: type[TriggerEvent] = apps.get_model("trigger", "TriggerEvent")
    using = rule._state.db
    seen = occurrences._default_manager.using(using).filter(source=source, identifier=identifier).first()
    if seen is None:
        return None
    event = events.objects.using(using).filter(occurrence=seen, lineage=rule.lineage).first()
    if event is None:
        return Sighting(seen.pk, seen.recorded)
    return Sighting(seen.pk, seen.recorded, event.pk, event.rule_id, event.outcome, event.reason)
