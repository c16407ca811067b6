"""Which connections have changed rules, and whether anybody else can see that yet."""

from weakref import WeakKeyDictionary

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_committed: WeakKeyDictionary[BaseDatabaseWrapper, bool] = WeakKeyDictionary()
_last: WeakKeyDictionary[BaseDatabaseWrapper, object] = WeakKeyDictionary()


def note_change(using: str) -> None:
    """Note that this thread's connection has changed rules."""
    connection = connections[using]

    def note_commit() -> None:
        # A test case may run callbacks though its transaction goes on.
        if connection in _committed and not connection.in_atomic_block:
            _committed[connection] = True

    _committed[connection] = False
    _last[connection] = object()
    transaction.on_commit(note_commit, using=using)


def last_change(using: str) -> object:
    """Return what stands for the last change by this thread's connection: another object after each."""
    return _last.get(connections[using])


def has_changed(using: str) -> bool:
    """Tell whether this thread's connection has changed rules since it last saw those that everybody sees."""
    return connections[using] in _committed


def sees_its_own(using: str) -> bool:
    """Tell whether this thread's connection may see rules that nobody else sees."""
    connection = connections[using]
    return connection.in_atomic_block and not _committed.get(connection, True)


def forget_change(using: str) -> None:
    """Note that this thread's connection sees the rules that everybody sees."""
    _committed.pop(connections[using], None)
