"""Rules and rows whose threads the tests follow."""

import io
import re
from typing import Any

from django.core.management import call_command

from detent.trigger import TriggerRule
from detent.trigger.thread import EventLink, OccurrenceLink, TransitionLink
from tests.integration.trigger.factories import make_rule


def move_rule(when: str, transition: str, name: str = "") -> TriggerRule:
    """Make a rule that moves a sale when something of a type happens."""
    return make_rule("EVENT", move_configuration(when, transition), name or transition)


def move_configuration(when: str, transition: str, **pattern: Any) -> dict[str, Any]:
    """Return what such a rule says."""
    settings = {"model": "till.sale", "pk": "${data.sale || data.pk}", "transition": transition}
    return {
        "version": "1.0",
        "pattern": {"type": [when], **pattern},
        "actions": [{"action": "transition", "input": settings}],
    }


def detent_why(*arguments: object) -> str:
    """Run the command and return what it printed, moments written as TIME and keys of deliveries and events as N."""
    output = io.StringIO()
    call_command("detent", "why", *map(str, arguments), stdout=output)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", output.getvalue())
    return re.sub(r"\b(delivery|event|occurrence) \d+", r"\1 N", text).rstrip()


def present(value: Any) -> Any:
    """Return what must be there."""
    assert value is not None
    return value


def event_above(link: TransitionLink | OccurrenceLink) -> EventLink:
    """Return the event for which the delivery ran that caused a transition or an occurrence."""
    event: EventLink = present(present(link.delivery).event)
    return event


def occurrence_above(link: TransitionLink | OccurrenceLink) -> OccurrenceLink:
    """Return the occurrence that caused a transition or an occurrence, by way of a delivery."""
    occurrence: OccurrenceLink = present(event_above(link).occurrence)
    return occurrence
