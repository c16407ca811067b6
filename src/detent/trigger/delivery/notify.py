"""Waking workers through PostgreSQL's LISTEN and NOTIFY. A notification that is lost costs a poll's time."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from typing import Any

from django.db import Error, connections

from detent.trigger.delivery.connection import drop

logger = logging.getLogger("detent.worker")

CHANNEL = "detent"
LISTEN_SECONDS = 0.2
"""How long a listener that hears nothing takes to see that it is to end."""

RECONNECT_SECONDS = 5.0


class DatabaseDispatcher:
    """Hints through the database itself, where that can: PostgreSQL. Elsewhere workers find the rows by polling."""

    def hint(self, delivery_ids: Sequence[int], using: str) -> None:
        """Notify the workers that listen, on the connection that has just committed."""
        if connections[using].vendor == "postgresql":
            with connections[using].cursor() as cursor:
                cursor.execute(f"NOTIFY {CHANNEL}")


def listen(using: str, heard: Callable[[], None], ended: Event) -> None:
    """Tell of notifications until an event is set; ends at once where the database or its driver has none.

    Args:
        using: The database alias. Listening has a connection of its own.
        heard: Called for each notification, and when listening begins.
        ended: Ends it.
    """
    if connections[using].vendor != "postgresql":
        return
    while not ended.is_set():
        try:
            with _connection(using) as connection:
                if not callable(getattr(connection, "notifies", None)):
                    return
                _listen(connection, heard, ended)
        except Error as error:
            logger.warning("Cannot listen on database %r, only poll: %s", using, error)
            ended.wait(RECONNECT_SECONDS)


@contextmanager
def _connection(using: str) -> Iterator[Any]:
    """Connect for oneself; psycopg's connection is yielded, whose `notifies` Django does not show."""
    wrapper = connections[using].copy()
    # A pool's connection would be kept from those that it is for.
    wrapper.settings_dict = {**wrapper.settings_dict, "OPTIONS": {**wrapper.settings_dict["OPTIONS"], "pool": False}}
    try:
        wrapper.ensure_connection()
        with wrapper.wrap_database_errors:
            yield wrapper.connection
    finally:
        drop(wrapper)


def _listen(connection: Any, heard: Callable[[], None], ended: Event) -> None:
    connection.execute(f"LISTEN {CHANNEL}")
    heard()
    while not ended.is_set():
        for _ in connection.notifies(timeout=LISTEN_SECONDS, stop_after=1):
            heard()
