"""The announcement that objects were moved."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.dispatch import Signal

if TYPE_CHECKING:
    from detent.machine import Workflow
    from detent.workflow.passage import Passage


class Moved(NamedTuple):
    """One object that a transition moved.

    Attributes:
        pk: Its primary key.
        from_state: The name of the state that it left.
        to_state: The name of the state that it entered.
    """

    pk: Any
    from_state: str
    to_state: str


transitioned = Signal(use_caching=True)
"""Sent inside the transaction, once the rows and the log are written; an exception from a receiver undoes the move.

The sender is the model. Arguments: `workflow`, `transition`, `field` (the name of the state field), `moves` (a sequence
of `Moved`; of many objects it may be made while it is read), `user` (who acts, or None), `context` (a dict), `using`
(the database alias) and `key` (the call's idempotency key, or None).
"""


def is_heard(signal: Signal, model: type[models.Model]) -> bool:
    """Whether anyone listens to a signal of a model."""
    # Nearly always no one listens to anything, which needs no look at who listens to what.
    return bool(signal.receivers) and signal.has_listeners(model)


def announce(model: type[models.Model], workflow: "Workflow", passage: "Passage", moves: Sequence[Moved]) -> None:
    """Send `transitioned`.

    Args:
        model: The model of the objects that were moved.
        workflow: The workflow.
        passage: What is said of the call.
        moves: The moves.
    """
    transitioned.send(
        sender=model,
        workflow=workflow,
        transition=passage.transition,
        field=passage.field_name,
        moves=moves,
        user=passage.actor,
        context=dict(passage.options.context),
        using=passage.using,
        key=passage.options.key,
    )
