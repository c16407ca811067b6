"""The call of a delivery's action: looked up, its settings rendered and validated."""

from dataclasses import dataclass
from typing import Any

from detent.trigger.actions.registry import Action, actions
from detent.trigger.actions.template import render
from detent.trigger.delivery.outcome import Reject, Retry
from detent.trigger.errors import TriggerError
from detent.trigger.models import Delivery
from detent.trigger.observability.tracing import running
from detent.trigger.occurrences.causation import below
from detent.workflow.cause import caused_by


class InvalidOutcome(TriggerError, TypeError):
    """An action returned something that is no outcome.

    Attributes:
        action: The action's name.
        returned: What it returned.
    """

    def __init__(self, action: str, returned: object) -> None:
        super().__init__(f"Action {action!r} returned {returned!r}; an action returns None, Retry(...) or Reject(...).")
        self.action = action
        self.returned = returned


@dataclass(frozen=True, slots=True)
class Call:
    """An action with the settings that its templates gave.

    Attributes:
        action: What to call.
        settings: With what, beside the delivery.
        depth: How deep in its chain of causes the delivery's occurrence stands.
    """

    action: Action
    settings: dict[str, Any]
    depth: int

    def __call__(self, delivery: Delivery) -> Retry | Reject | None:
        """Call the action; whatever it does is caused by the delivery.

        Raises:
            InvalidOutcome: It returned something else.
        """
        with caused_by(delivery.key), below(self.depth), running(delivery):
            outcome = self.action.function(delivery, **self.settings)
        if not (outcome is None or isinstance(outcome, Retry | Reject)):
            raise InvalidOutcome(self.action.name, outcome)
        return outcome


def prepare(delivery: Delivery) -> Call:
    """Make the call of a delivery: the action, and its settings rendered over the occurrence's document.

    Raises:
        UnknownAction: This process does not have the action.
        Reject: The event was made without an occurrence.
        TemplateFailed: A template asks for what the document does not have.
        InvalidSettings: The rendered settings do not fit the action's schema.
    """
    action, occurrence = actions.get(delivery.action), delivery.event.occurrence
    if occurrence is None:
        raise Reject("The event has no occurrence, so there is nothing to fill the templates from.")
    settings = render(delivery.settings, occurrence.document())
    action.validate(settings)
    return Call(action, settings, occurrence.depth)
