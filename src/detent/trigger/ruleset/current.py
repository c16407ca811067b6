"""Which snapshot of the rules a transaction goes by, and how long one may be used."""

from math import inf
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.core import mail
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from detent.settings import detent_settings
from detent.trigger.managers.changes import forget_change, has_changed, last_change, sees_its_own
from detent.trigger.models import Ruleset
from detent.trigger.ruleset.snapshot import UNREAD, Snapshot, load


class _Kept(NamedTuple):
    snapshot: Snapshot
    checked: float


class _Pinned(NamedTuple):
    """What one transaction goes by.

    Attributes:
        snapshot: The rules.
        waiting: The list of what waits for its commit, by which Django tells transactions apart: it is another list
            after a commit, and after a rollback, be it to a savepoint.
        change: The last change of rules by its connection.
    """

    snapshot: Snapshot
    waiting: list[object]
    change: object


_shared: dict[str, _Kept] = {}
_own: WeakKeyDictionary[BaseDatabaseWrapper, Snapshot] = WeakKeyDictionary()
_pinned: WeakKeyDictionary[BaseDatabaseWrapper, _Pinned] = WeakKeyDictionary()
_loading = Lock()


def current_ruleset(using: str) -> Snapshot:
    """Return the rules in force, as this transaction sees them.

    The token is asked for at most once in a transaction, unless that changes rules itself or rolls some of its work
    back, and at most once in `DETENT["RULES_MAX_AGE"]` seconds, unless tests run or this thread's connection has
    changed rules. What is compiled in a transaction that has changed rules is not shared: nobody may ever see those.

    Args:
        using: The database alias.
    """
    connection: Any = connections[using]
    if not connection.in_atomic_block:
        return _ask(using)
    pinned, change = _pinned.get(connection), last_change(using)
    if pinned is None or pinned.waiting is not connection.run_on_commit or pinned.change is not change:
        pinned = _pinned[connection] = _Pinned(_ask(using), connection.run_on_commit, change)
    return pinned.snapshot


def forget_ruleset(using: str) -> None:
    """Compile the rules anew at the next use; for when a database was emptied or replaced."""
    _shared.pop(using, None)
    _own.pop(connections[using], None)
    _pinned.pop(connections[using], None)


def _ask(using: str) -> Snapshot:
    kept = _shared.get(using)
    if kept and not has_changed(using) and monotonic() - kept.checked < _max_age():
        return kept.snapshot
    checked, token = monotonic(), Ruleset.objects.token(using)
    is_known = kept is not None and kept.snapshot.token == token
    if sees_its_own(using) and not is_known:
        return _own_ruleset(using, token)
    forget_change(using)
    return _shared_ruleset(using, token, checked)


def ask_again(using: str) -> None:
    """Ask for the token at the next use, however short ago it was read; what is known of the rules stays."""
    if kept := _shared.get(using):
        _shared[using] = kept._replace(checked=-inf)
    _pinned.pop(connections[using], None)


def _shared_ruleset(using: str, token: str, checked: float) -> Snapshot:
    with _loading:
        kept = _shared.get(using)
        snapshot = kept.snapshot if kept else UNREAD
        if snapshot.token != token:
            snapshot = load(snapshot, token, using)
        _shared[using] = _Kept(snapshot, checked)
        return snapshot


def _own_ruleset(using: str, token: str) -> Snapshot:
    connection = connections[using]
    known = _own.get(connection) or (_shared[using].snapshot if using in _shared else UNREAD)
    if known.token != token:
        known = load(known, token, using)
        _own[connection] = known
    return known


def _max_age() -> float:
    """Return for how many seconds a snapshot is trusted: not at all in tests, which empty and restore databases.

    Django says nowhere whether tests run. The outbox of mails is what it documents to be there only then, or where a
    project keeps its mails in memory, which at worst costs that project a statement a transaction.
    """
    return 0.0 if hasattr(mail, "outbox") else detent_settings().RULES_MAX_AGE
