"""The built-in action `clock.process`: has a registered processor process an event of a clock rule."""

import logging
from typing import TYPE_CHECKING

from detent.trigger.actions.registry import action
from detent.trigger.clock.processors import CALL_PROCESSOR, processor_named
from detent.trigger.delivery.outcome import Reject
from detent.trigger.windows.outcomes import FIRED

if TYPE_CHECKING:
    from detent.trigger.models import Delivery, TriggerEvent, TriggerRule

logger = logging.getLogger("detent.trigger")


@action(CALL_PROCESSOR)
def process(delivery: "Delivery", *, processor: str) -> None:
    """Call a processor; a tick asks for this by itself, for each that is registered under its rule's name.

    Args:
        delivery: What asks for it.
        processor: The name of the class, with its module.

    Raises:
        UnknownProcessor: This process does not have the class.
        Reject: The event has no rule.
    """
    event = delivery.event
    rule = event.rule
    if rule is None:
        raise Reject("The event has no rule, by whose name processors are found.")
    processor_class = processor_named(rule.name, processor)
    try:
        processor_class().process_event(event, _event_before(event, rule))
    except Exception:
        logger.exception("Processor %s of clock rule %s failed at event %s", processor, rule, event.pk)
        raise


def _event_before(event: "TriggerEvent", rule: "TriggerRule") -> "TriggerEvent | None":
    """Return the newest earlier event of the rule that went ahead, whatever its revision was."""
    events = type(event).objects.using(event._state.db)
    earlier = events.filter(rule__lineage=rule.lineage, occurred__lt=event.occurred)
    return earlier.filter(outcome=FIRED).order_by("-occurred", "-pk").first()
