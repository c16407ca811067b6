"""Ordering keys: `emit` takes a key's row, so that its deliveries are numbered in the order of their commits."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from detent.trigger.actions.template import as_text, render
from detent.trigger.errors import TriggerError

Key = tuple[UUID, str]
LONGEST = 255

TAKE = """
    INSERT INTO trigger_ordering_key (lineage, {quoted_key}, last) VALUES (%s, %s, %s)
    ON CONFLICT (lineage, {quoted_key}) DO UPDATE SET last = trigger_ordering_key.last + excluded.last
    RETURNING id, last
"""
TAKE_ON_MYSQL = """
    INSERT INTO trigger_ordering_key (lineage, {quoted_key}, last) VALUES (%s, %s, %s)
    ON DUPLICATE KEY UPDATE last = last + VALUES(last)
"""
READ_ON_MYSQL = "SELECT id, last FROM trigger_ordering_key WHERE lineage = %s AND {quoted_key} = %s"


class KeyTooLong(TriggerError, ValueError):
    """What a rule's `delivery.order_by` gave is too long for a key.

    Attributes:
        length: How many characters it has.
    """

    def __init__(self, length: int) -> None:
        super().__init__(f"delivery.order_by gives {length} characters; {LONGEST} are allowed.")
        self.length = length


class Place(NamedTuple):
    """Where a delivery stands among those of its key.

    Attributes:
        ordering_id: The row of the key.
        number: Its number there.
    """

    ordering_id: int | None
    number: int | None


NO_PLACE = Place(None, None)


def ordering_key(order_by: str, document: Mapping[str, Any]) -> str:
    """Return the key that a rule's `order_by` gives for a document; "" where it has none.

    Raises:
        TemplateFailed: It asks for what the document does not have.
        KeyTooLong: It gives more than 255 characters.
    """
    if not order_by:
        return ""
    key = as_text(render(order_by, document, "delivery.order_by"))
    if len(key) > LONGEST:
        raise KeyTooLong(len(key))
    return key


def take_places(using: str, wanted: Mapping[Key, int]) -> dict[Key, Iterator[Place]]:
    """Take the rows of ordering keys, until the end of the transaction, and the next numbers of each.

    Args:
        using: The database alias.
        wanted: How many deliveries are about to be written under each key; the keys are taken in order, so that two
            batches cannot deadlock.

    Returns:
        The places of each key, in order.
    """
    return {key: _places(connections[using], key, wanted[key]) for key in sorted(wanted) if wanted[key]}


def _places(connection: BaseDatabaseWrapper, key: Key, number: int) -> Iterator[Place]:
    ordering_id, last = _take(connection, key, number)
    return (Place(ordering_id, place) for place in count(last - number + 1))


def _take(connection: BaseDatabaseWrapper, key: Key, number: int) -> tuple[int, int]:
    lineage = models.UUIDField().get_db_prep_save(key[0], connection=connection)
    quoted = connection.ops.quote_name("key")
    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            cursor.execute(TAKE_ON_MYSQL.format(quoted_key=quoted), [lineage, key[1], number])
            cursor.execute(READ_ON_MYSQL.format(quoted_key=quoted), [lineage, key[1]])
        else:
            cursor.execute(TAKE.format(quoted_key=quoted), [lineage, key[1], number])
        ordering_id, last = cursor.fetchone()
    return ordering_id, last
