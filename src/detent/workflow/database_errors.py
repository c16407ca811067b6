"""Which errors of a database say that another transaction was there first."""

from django.db import OperationalError

# The standard's class 40, as PostgreSQL has it: serialization failure, deadlock detected.
_SQLSTATES = {"40001", "40P01"}
# MySQL and MariaDB: a deadlock, and a record that changed since the snapshot was taken.
_MYSQL_NUMBERS = {1213, 1020}
# PostgreSQL, MySQL and SQLite: a lock was not to be had in time.
_LOCK_TIMEOUT_SQLSTATE = "55P03"
_LOCK_TIMEOUT_MYSQL = 1205
_SQLITE_BUSY = 5
# SQLite: a snapshot that is too old to write.
_SQLITE_BUSY_SNAPSHOT = 517


def says_someone_was_first(error: OperationalError) -> bool:
    """Whether a transaction failed only because of another, so that it may succeed when it is tried anew."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in _SQLSTATES:
        return True
    if getattr(cause, "sqlite_errorcode", None) == _SQLITE_BUSY_SNAPSHOT:
        return True
    # A driver may give several arguments, of which the first is the number.
    return bool(error.args) and error.args[0] in _MYSQL_NUMBERS


def waited_in_vain(error: OperationalError) -> bool:
    """Whether a statement gave up because another transaction held on to a lock."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) == _LOCK_TIMEOUT_SQLSTATE:
        return True
    if getattr(cause, "sqlite_errorcode", None) == _SQLITE_BUSY:
        return True
    return bool(error.args) and error.args[0] == _LOCK_TIMEOUT_MYSQL
