"""The database's own time, the only clock that leases, due times and ticks go by."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

SECONDS_FROM_NOW = {
    "postgresql": "(CLOCK_TIMESTAMP() + %s * INTERVAL '1 second')",
    # Moments are text there, compared as such: Django writes microseconds, the function milliseconds.
    "sqlite": "(STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'now', %s || ' seconds') || '000')",
    "mysql": "(UTC_TIMESTAMP(6) + INTERVAL %s SECOND)",
}
"""By vendor, the SQL for a moment some seconds, its one parameter, after the statement is evaluated."""


class DatabaseNow(models.Func):
    """The moment at which the database evaluates the statement, not when its transaction began, and some time more.

    A worker's own clock may be wrong by an hour; that of the database is the same for all of them.

    Args:
        after: How much later than now.
    """

    def __init__(self, after: timedelta = timedelta(0)) -> None:
        super().__init__(output_field=models.DateTimeField())
        self.after = after

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *_: Any, **__: Any) -> tuple[str, Any]:
        """Write the database's word for now."""
        return SECONDS_FROM_NOW[connection.vendor], [self.after.total_seconds()]


def database_now(using: str) -> datetime:
    """Ask the database what time it is.

    Args:
        using: The database alias.

    Returns:
        Its own time, in UTC.
    """
    connection, now = connections[using], DatabaseNow()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {SECONDS_FROM_NOW[connection.vendor]}", [0])
        value: Any = cursor.fetchone()[0]
    for convert in connection.ops.get_db_converters(now):
        value = convert(value, now, connection)
    moment: datetime = value
    return moment.astimezone(UTC)
