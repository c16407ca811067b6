"""What MySQL and MariaDB let pass in an `INSERT IGNORE` besides the rows that exist."""

from django.db import DataError
from django.db.backends.utils import CursorWrapper

DUPLICATE_ENTRY = 1062
"""The server's code for a row that a unique constraint does not let in."""


def raise_what_was_ignored(cursor: CursorWrapper) -> None:
    """Raise the first thing that the last statement ignored and that is not a row that exists.

    `IGNORE` makes warnings of all errors: a text that is too long is cut, a row without its referent is left out.

    Raises:
        DataError: What the server says about it.
    """
    if not _warnings_of(cursor):
        return
    cursor.execute("SHOW WARNINGS")
    for _level, code, message in cursor.fetchall():
        if code != DUPLICATE_ENTRY:
            raise DataError(code, message)


def _warnings_of(cursor: CursorWrapper) -> int:
    """Return how many warnings there are: PyMySQL tells it on the cursor, mysqlclient on the connection."""
    told: int | None = getattr(cursor, "warning_count", None)
    return cursor.db.connection.warning_count() if told is None else told
