"""What an object in memory was before a transition, to be put back if the transition fails."""

from collections.abc import Callable
from functools import cache
from types import TracebackType
from typing import Any

from django.db import OperationalError, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from detent.workflow.database_errors import says_someone_was_first
from detent.workflow.errors import ConcurrentTransition


class Memory:
    """An object's states, versions, keys and what Django knows of its row.

    Args:
        instance: The object.
    """

    def __init__(self, instance: Any) -> None:
        self.instance = instance
        model: type[models.Model] = type(instance)
        self.names = _names(model)
        self.stored_states = dict(instance._stored_states)
        self.adding = instance._state.adding
        self.db = instance._state.db
        self.committed = False
        held = instance.__dict__
        self.values = {name: held[name] for name in self.names if name in held}

    def let_go(self) -> None:
        """Keep what the object has become: it is committed."""
        self.committed = True

    def put_back(self) -> None:
        """Make the object what it was, unless it is committed; other attributes stay as hooks left them."""
        if self.committed:
            return
        instance = self.instance
        for name in self.names:
            # What was deferred is deferred again.
            instance.__dict__.pop(name, None)
        instance.__dict__.update(self.values)
        instance._stored_states = self.stored_states
        instance._state.adding = self.adding
        instance._state.db = self.db


@cache
def _names(model: Any) -> tuple[str, ...]:
    """Return the attributes that hold an object's states, versions and keys, those of parents included."""
    meta = model._meta
    keys = [field for field in meta.concrete_fields if field.primary_key] + [*meta.pk_fields]
    return tuple(dict.fromkeys((*model._workflows, *model._versions, *(field.attname for field in keys))))


class UndoneAlone:
    """The memory of the object of a transition that is one statement: where that fails, memory is put back.

    Args:
        instance: The object.
        conflict: Makes the error for a statement that failed because of another transaction.
    """

    def __init__(self, instance: Any, conflict: Callable[[], ConcurrentTransition]) -> None:
        self.memory = Memory(instance)
        self.conflict = conflict

    def __enter__(self) -> None:
        """Do nothing: the statement begins and ends a transaction."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Put back what the object was, if the statement failed.

        Raises:
            ConcurrentTransition: The database refused the statement because of another transaction.
        """
        if error is not None:
            self.memory.put_back()
        if isinstance(error, OperationalError) and says_someone_was_first(error):
            raise self.conflict() from error


class UndoneTogether:
    """A transaction around a transition, and the memory of its object: where it is rolled back, that is put back.

    Args:
        instance: The object.
        connection: The connection to the database.
        conflict: Makes the error for a transaction that failed because of another.
        begin: What to do first in the transaction; what it makes of the object is not undone.
    """

    def __init__(
        self,
        instance: Any,
        connection: BaseDatabaseWrapper,
        conflict: Callable[[], ConcurrentTransition],
        begin: Callable[[], None] | None = None,
    ) -> None:
        self.instance = instance
        self.conflict = conflict
        self.begin = begin
        self.connection = connection
        self.atomic = transaction.atomic(using=connection.alias)

    def __enter__(self) -> None:
        """Begin the transaction, or set a savepoint in the one under way."""
        self.memory = Memory(self.instance)
        outermost = not self.connection.in_atomic_block
        self.atomic.__enter__()
        if self.begin is not None:
            self._begin(self.begin)
        if outermost:
            # A commit callback of someone else may raise; the object has moved by then.
            self.connection.on_commit(self.memory.let_go)

    def _begin(self, begin: Callable[[], None]) -> None:
        try:
            begin()
        except BaseException as error:
            self.__exit__(type(error), error, error.__traceback__)
            raise
        self.memory = Memory(self.instance)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Commit, or roll back and put back what the object was.

        Raises:
            ConcurrentTransition: The database refused the transaction because of another.
        """
        try:
            self.atomic.__exit__(kind, error, at)
        except BaseException as refused:
            self._undo(refused)
            raise
        if error is not None:
            self._undo(error)

    def _undo(self, error: BaseException) -> None:
        self.memory.put_back()
        conflicts = isinstance(error, OperationalError) and says_someone_was_first(error)
        if conflicts and not self.memory.committed:
            raise self.conflict() from error
