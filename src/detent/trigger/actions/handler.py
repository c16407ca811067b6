"""The action that calls a rule's handler: what rules of a type do when they are triggered, beside their own actions."""

from typing import TYPE_CHECKING

from detent.trigger.actions.registry import Outcome, action
from detent.trigger.handler import get_trigger_rule_handler

if TYPE_CHECKING:
    from detent.trigger.models import Delivery

CALL_HANDLER = "handler"


@action(CALL_HANDLER)
def call_handler(delivery: "Delivery") -> Outcome:
    """Let the handler of the rule's type do what it does.

    Args:
        delivery: The delivery of an event that has a rule.

    Raises:
        InvalidTriggerType: No handler is registered with the type in this process; another worker may have it.
    """
    event = delivery.event
    return get_trigger_rule_handler(event.rule.type).handle(event) if event.rule else None
