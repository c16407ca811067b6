"""The state in which an action must leave the worker's database connection."""

from contextlib import suppress
from typing import NamedTuple

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from detent.trigger.errors import TriggerError


class TransactionLeftOpen(TriggerError):
    """An action began a transaction, or switched autocommit off, and did not end that.

    Attributes:
        using: The database alias.
    """

    def __init__(self, using: str) -> None:
        super().__init__(
            f"The action left a transaction open on database {using!r}, which is rolled back. "
            "Use `with transaction.atomic():`, which always ends."
        )
        self.using = using


class TransactionEnded(TriggerError):
    """An atomic action ended the transaction that it ran in, through the driver or a procedure of the database.

    Attributes:
        using: The database alias.
    """

    def __init__(self, using: str) -> None:
        super().__init__(
            f"The action ended the transaction that it ran in on database {using!r}. What it wrote before that may be "
            "committed, so it is not tried again. Register it with atomic=False, or leave the transaction alone."
        )
        self.using = using


class RollbackAskedFor(TriggerError):
    """An atomic action marked its transaction for rollback, as by a database error that it caught, and then returned.

    Attributes:
        using: The database alias.
    """

    def __init__(self, using: str) -> None:
        super().__init__(
            f"The action's transaction on database {using!r} can only be rolled back: it caught a database error, or "
            "called set_rollback. Catch such errors outside a `with transaction.atomic():` around what may fail."
        )
        self.using = using


def can_be_shared(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether another process would see what this connection does: not inside a transaction, as a test may be."""
    in_memory = isinstance(connection, SQLite) and connection.is_in_memory_db()
    return not (connection.in_atomic_block or in_memory)


def answers(connection: BaseDatabaseWrapper) -> bool:
    """Ask the database; Django's `is_usable` takes that of SQLite for granted."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def drop(connection: BaseDatabaseWrapper) -> None:
    """Close a connection in whatever state it is, which some drivers refuse if the server has closed it before."""
    with suppress(Error):
        connection.close()


class Depth(NamedTuple):
    """How deep in transactions a connection is."""

    autocommit: bool
    in_transaction: bool
    savepoints: int


class Footing:
    """Where a connection stands before an action, to be found there again after it.

    Args:
        using: The database alias.
    """

    def __init__(self, using: str) -> None:
        self._using = using
        self._connection = connections[using]
        self._depth = self._measure()

    def require(self) -> None:
        """Hold the connection to where it stood.

        Raises:
            TransactionLeftOpen: It is in another transaction, or in another depth of savepoints.
        """
        if self._measure() != self._depth:
            raise TransactionLeftOpen(self._using)

    def require_commit(self) -> None:
        """Hold the connection to where it stood, in a transaction that can be committed.

        Raises:
            TransactionLeftOpen: It is in another transaction, or in another depth of savepoints.
            RollbackAskedFor: The transaction can only be rolled back.
        """
        self.require()
        if self._connection.needs_rollback:
            raise RollbackAskedFor(self._using)

    def regain(self) -> None:
        """Bring the connection back to where it stood after a failure: by a new one, where nothing else helps."""
        connection = self._connection
        if self._depth.in_transaction:
            return
        if connection.in_atomic_block or not connection.autocommit:
            drop(connection)
            # A server that is going down refuses, which the worker outlives as an error of Django's.
            with connection.wrap_database_errors:
                connection.connect()
        elif not answers(connection):
            drop(connection)

    def _measure(self) -> Depth:
        connection = self._connection
        return Depth(connection.get_autocommit(), connection.in_atomic_block, len(connection.savepoint_ids))
