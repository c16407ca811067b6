"""Taking due deliveries: one statement (on MariaDB and MySQL two) that commits alone, by the database's clock."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, UUIDField

from detent.trigger.actions.registry import actions
from detent.trigger.delivery.admission import ORDER
from detent.trigger.delivery.barring import Barred, barred
from detent.trigger.delivery.database_clock import SECONDS_FROM_NOW, DatabaseNow
from detent.trigger.delivery.workflow import CLAIM
from detent.trigger.models import Delivery
from detent.trigger.observability.signals import deliveries_claimed

Claimed = dict[int, int]
"""The epoch of each claimed delivery, by its key."""


UPDATE_RETURNING = """
    UPDATE trigger_delivery
    SET state = %s, lease = {moment}, worker = %s, epoch = epoch + 1, attempts = attempts + 1
    WHERE id {among} (
        SELECT id FROM trigger_delivery
        WHERE state = %s AND due <= (SELECT {moment}) AND action IN ({actions}) {flowing} {asked_for}
        ORDER BY priority DESC, due, id
        LIMIT %s {lock}
    ){end}
    RETURNING id, epoch
"""
# The clock is read once, by the sub-select, so that the index serves. PostgreSQL picks once, into an array, and finds
# the rows by their key however it guesses their number. SQLite needs no lock: its writers take turns.
WAYS = {
    "postgresql": {"among": "= ANY (ARRAY", "lock": "FOR UPDATE SKIP LOCKED", "end": ")"},
    "sqlite": {"among": "IN", "lock": "", "end": ""},
}


def claim(
    using: str, *, worker: str, limit: int, lease: timedelta, keys: Collection[int] | None = None
) -> list[Delivery]:
    """Take the deliveries that are due, highest priority first.

    Their attempts count from here, so that a crash counts. Deliveries whose action this process does not know are left
    to one that does, as in a rolling deploy. Those of rules that are paused, or whose breaker is open, stay.

    Args:
        using: The database alias.
        worker: Who claims.
        limit: How many at most.
        lease: How long the claim holds.
        keys: The deliveries among which to take; None: all.

    Returns:
        The claimed rows with event and occurrence, in the order in which to run them.
    """
    claimed = CLAIMS[connections[using].vendor](using, worker, limit, lease, barred(using), keys)
    deliveries = load(using, claimed) if claimed else []
    if deliveries and deliveries_claimed.receivers:
        deliveries_claimed.send_robust(Delivery, deliveries=deliveries, lease=lease, using=using)
    return deliveries


def load(using: str, claimed: Claimed) -> list[Delivery]:
    """Read claimed rows with what their run needs; one that is no longer of the claimed epoch is left out."""
    rows = Delivery.objects.using(using).filter(pk__in=claimed).select_related("event__occurrence").order_by(*ORDER)
    return [delivery for delivery in rows if delivery.epoch == claimed[delivery.pk]]


def still_held(using: str, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Return those deliveries whose claim holds, in their order."""
    keys = [delivery.pk for delivery in deliveries]
    rows = Delivery.objects.using(using).filter(pk__in=keys, state=CLAIM.target).values_list("pk", "epoch")
    epochs = dict(rows)
    return [delivery for delivery in deliveries if epochs.get(delivery.pk) == delivery.epoch]


def _update_returning(
    using: str, worker: str, limit: int, lease: timedelta, stopped: Barred, keys: Collection[int] | None
) -> Claimed:
    connection, names = connections[using], actions.names()
    moment, way = SECONDS_FROM_NOW[connection.vendor], WAYS[connection.vendor]
    asked_for = "" if keys is None else f"AND id IN ({_marks(keys)})"
    flowing, among = _flowing(stopped, connection)
    sql = UPDATE_RETURNING.format(actions=_marks(names), moment=moment, flowing=flowing, asked_for=asked_for, **way)
    among += keys or ()
    with connection.cursor() as cursor:
        cursor.execute(sql, [CLAIM.target, lease.total_seconds(), worker, CLAIM.source, 0, *names, *among, limit])
        return dict(cursor.fetchall())


def _flowing(stopped: Barred, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
    """Return the condition that a delivery is not barred, with its parameters."""
    if not stopped.lineages:
        return "", []
    probes = f"OR id IN ({_marks(stopped.probes)})" if stopped.probes else ""
    lineages = [UUIDField().get_db_prep_value(lineage, connection) for lineage in stopped.lineages]
    return f"AND (lineage IS NULL OR lineage NOT IN ({_marks(lineages)}) {probes})", [*lineages, *stopped.probes]


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _lock_and_update(
    using: str, worker: str, limit: int, lease: timedelta, stopped: Barred, keys: Collection[int] | None
) -> Claimed:
    """Claim where an UPDATE cannot return rows: lock them, skipping what another worker locks, then change them."""
    rows = Delivery.objects.using(using)
    due = rows.filter(state=CLAIM.source, due__lte=DatabaseNow(), action__in=actions.names()).order_by(*ORDER)
    due = stopped.outside(due)
    if keys is not None:
        due = due.filter(pk__in=keys)
    with transaction.atomic(using=using):
        picked = dict(due.select_for_update(skip_locked=True).values_list("pk", "epoch")[:limit])
        rows.filter(pk__in=picked).update(
            state=CLAIM.target,
            lease=DatabaseNow(lease),
            worker=worker,
            epoch=F("epoch") + 1,
            attempts=F("attempts") + 1,
        )
    return {key: epoch + 1 for key, epoch in picked.items()}


CLAIMS: dict[str, Callable[[str, str, int, timedelta, Barred, Collection[int] | None], Claimed]] = {
    "postgresql": _update_returning,
    "sqlite": _update_returning,
    "mysql": _lock_and_update,
}
