"""One delivery from top to bottom: called, in a transaction of its own or in none, and how it ended written down."""

import logging

from django.db import transaction

from detent.trigger.actions.registry import UnknownAction, actions
from detent.trigger.delivery.call import prepare
from detent.trigger.delivery.connection import Footing
from detent.trigger.delivery.ending import Ending, StaleClaim, end_all
from detent.trigger.delivery.group import Group
from detent.trigger.delivery.trial import Trial
from detent.trigger.models import Delivery
from detent.trigger.observability.records import ids_of

logger = logging.getLogger("detent.delivery")


def run(delivery: Delivery, using: str) -> None:
    """Run a claimed delivery and write how it ended. Only an interrupt, or a database that fails, gets out.

    Args:
        delivery: The row as it was claimed.
        using: The database alias.

    Raises:
        DatabaseError: The end could not be written; the delivery is tried again when its lease has run out.
    """
    try:
        if is_atomic(delivery):
            _run_in_a_transaction(delivery, using)
        else:
            end_all(using, [call_outside(delivery, using)])
    except StaleClaim as stale:
        logger.warning("%s", stale, extra=ids_of(delivery))


def is_atomic(delivery: Delivery) -> bool:
    """Tell whether a delivery's action runs in the transaction that ends the delivery."""
    try:
        return actions.get(delivery.action).atomic
    except UnknownAction:
        return True


def call_outside(delivery: Delivery, using: str) -> Ending:
    """Call an action that runs in no transaction; writing the end is left to the caller.

    Args:
        delivery: The row as it was claimed.
        using: The database alias, whose connection the action must leave as it was.
    """
    trial, footing = Trial(delivery), Footing(using)
    try:
        outcome = prepare(delivery)(delivery)
        footing.require()
        return trial.ended(outcome)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 (an action may raise anything, SystemExit too, and the worker goes on)
        footing.regain()
        return trial.failed(error)


def _run_in_a_transaction(delivery: Delivery, using: str) -> None:
    trial, footing = Trial(delivery), Footing(using)
    try:
        with transaction.atomic(using=using):
            group = Group(using)
            group.run(delivery)
            group.end()
    except (KeyboardInterrupt, StaleClaim):
        raise
    except BaseException as error:  # noqa: BLE001 (what broke the transaction is the action's failure)
        footing.regain()
        end_all(using, [trial.failed(error)])
