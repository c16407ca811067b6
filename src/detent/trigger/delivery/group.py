"""Atomic actions in one transaction: each in a savepoint, all committed with the ends of their deliveries."""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.db import Error, connections, transaction

from detent.trigger.delivery.call import prepare
from detent.trigger.delivery.connection import Footing, TransactionEnded, TransactionLeftOpen
from detent.trigger.delivery.ending import Ending, end_all
from detent.trigger.delivery.outcome import Reject, Retry
from detent.trigger.delivery.trial import Trial
from detent.trigger.errors import TriggerError
from detent.trigger.models import Delivery

logger = logging.getLogger("detent.delivery")

ENDS_A_TRANSACTION = re.compile(
    r"\s*(BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT)\s*(WORK|TRANSACTION)?\s*(;|$)", re.I
)


class TransactionNotYours(TriggerError):
    """An atomic action tried to begin or end a transaction by SQL of its own; nothing was executed.

    Attributes:
        sql: The statement.
    """

    def __init__(self, sql: str) -> None:
        super().__init__(
            f"An atomic action cannot execute {sql.strip()!r}: it runs in the transaction that ends its delivery. "
            "Use `with transaction.atomic():` inside it, or register it with atomic=False."
        )
        self.sql = sql


class Group:
    """Deliveries whose atomic actions run in one transaction.

    Args:
        using: The database alias.

    Attributes:
        endings: What the deliveries that were run came to.
    """

    def __init__(self, using: str) -> None:
        self.endings: list[Ending] = []
        self._using = using
        self._connection = connections[using]
        self._callbacks = len(self._connection.run_on_commit)

    def run(self, delivery: Delivery) -> Ending:
        """Run an action in a savepoint, which is rolled back if it fails.

        Raises:
            TransactionLeftOpen: It left the transaction in disorder; none of the group can be committed.
            TransactionEnded: The transaction is over; likewise.
            DatabaseError: The savepoint is gone; likewise.
        """
        trial = Trial(delivery)
        try:
            ending = trial.ended(self._call(delivery))
        except (KeyboardInterrupt, TransactionLeftOpen, TransactionEnded):
            raise
        except BaseException as error:  # noqa: BLE001 (an action may raise anything, SystemExit too, and the worker goes on)
            ending = trial.failed(error)
        self.endings.append(ending)
        return ending

    def end(self) -> None:
        """Write the ends into the transaction, which is then to be committed.

        Raises:
            StaleClaim: One is no longer held; none of the group can be committed.
        """
        end_all(self._using, self.endings)
        # Django's stubs do not know of the third, whether it is robust.
        callbacks: list[Any] = self._connection.run_on_commit
        callbacks[self._callbacks :] = [(ids, _robust(call), False) for ids, call, _ in callbacks[self._callbacks :]]

    def _call(self, delivery: Delivery) -> Retry | Reject | None:
        call, savepoint = prepare(delivery), ""
        try:
            with transaction.atomic(using=self._using), self._connection.execute_wrapper(refuse_to_end_the_transaction):
                inside = Footing(self._using)
                try:
                    outcome = call(delivery)
                except BaseException:
                    inside.require()
                    raise
                inside.require_commit()
                savepoint = self._connection.savepoint_ids[-1]
        except Error as error:
            # Each database says, in whatever language, which savepoint it does not have any more.
            if savepoint and savepoint in str(error):
                raise TransactionEnded(self._using) from error
            raise
        return outcome


def refuse_to_end_the_transaction(
    execute: Callable[..., Any],
    sql: Any,
    params: Any,
    many: bool,  # noqa: FBT001
    context: dict[str, Any],
) -> Any:
    """Let a statement through, unless it begins or ends a transaction."""
    if isinstance(sql, str) and ENDS_A_TRANSACTION.match(sql):
        raise TransactionNotYours(sql)
    return execute(sql, params, many, context)


def _robust(callback: Callable[[], Any]) -> Callable[[], Any]:
    """Have a callback after the commit that fails stop neither those of other deliveries nor the worker."""

    def call() -> None:
        try:
            callback()
        except Exception:
            logger.exception("What an action asked to be called after its commit failed: %r", callback)

    return call
