"""The fenced writes that end claims: nobody can end what another has taken over, or an operator has cancelled."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from detent.trigger.delivery.breaker import count
from detent.trigger.delivery.database_clock import SECONDS_FROM_NOW
from detent.trigger.delivery.workflow import BURY, FINISH, RELEASE, Step
from detent.trigger.errors import TriggerError
from detent.trigger.models import Delivery
from detent.trigger.observability.records import ids_of
from detent.trigger.observability.signals import deliveries_ended

logger = logging.getLogger("detent.delivery")

AT_ONCE = 500
"""How many endings go into one statement: each has eight parameters, and SQLite takes 32,766."""

Given = list[Any]

# These run for every delivery; one statement for many of them costs a tenth of one for each.
END = """
    WITH ended (id, epoch, state, error, wait) AS ({rows})
    UPDATE trigger_delivery
    SET state = ended.state, lease = NULL, error = ended.error,
        due = CASE WHEN ended.wait IS NULL THEN due ELSE {moment} END,
        finished = CASE WHEN ended.wait IS NULL THEN {now} ELSE finished END
    FROM ended
    WHERE trigger_delivery.id = ended.id AND trigger_delivery.epoch = ended.epoch AND trigger_delivery.state = %s
    RETURNING trigger_delivery.id
"""
SAID = {
    "retry": (logging.INFO, "Delivery %s (%s) failed and is tried again: %s"),
    "lost": (logging.WARNING, "Delivery %s (%s) was not ended by its worker and is tried again: %s"),
    "dead": (logging.WARNING, "Delivery %s (%s) is dead: %s"),
}
ENDED_TYPES = ("bigint", "bigint", "text", "text", "double precision")
# MySQL and MariaDB can neither name the columns of VALUES nor return the rows of an UPDATE.
LOCK_HELD = "SELECT id FROM trigger_delivery WHERE (id, epoch) IN ({rows}) AND state = %s FOR UPDATE"
END_LOCKED = """
    UPDATE trigger_delivery JOIN ({rows}) AS ended ON trigger_delivery.id = ended.id
    SET trigger_delivery.state = ended.state, lease = NULL, trigger_delivery.error = ended.error,
        due = CASE WHEN ended.wait IS NULL THEN due ELSE {moment} END,
        finished = CASE WHEN ended.wait IS NULL THEN {now} ELSE finished END
"""
ENDED_ROW = "SELECT %s AS id, %s AS epoch, %s AS state, %s AS error, %s AS wait"
RECORD = "INSERT INTO trigger_attempt (delivery_id, number, epoch, started, duration, worker, outcome, error) {rows}"
RECORDED_TYPES = ("bigint", "int", "bigint", "timestamptz", "double precision", "text", "text", "text")


class StaleClaim(TriggerError):
    """A delivery is no longer held by who wants to end it: its lease ran out, or an operator stepped in.

    Attributes:
        delivery_id: The key of the delivery.
        epoch: The epoch of the claim that holds no more.
    """

    def __init__(self, delivery_id: int, epoch: int) -> None:
        super().__init__(
            f"Delivery {delivery_id} is no longer held under epoch {epoch}; what this attempt did in its transaction "
            'is undone. A worker that stood still for longer than DETENT["LEASE"] loses what it held.'
        )
        self.delivery_id = delivery_id
        self.epoch = epoch


class Ending(NamedTuple):
    """How an attempt at a delivery ended.

    Attributes:
        delivery: The row as it was claimed.
        step: Where it goes from here.
        outcome: What the attempt's record says: `done`, `retry`, `dead`, or `lost`: its worker never ended it.
        started: When the attempt began.
        duration: How long it took, in seconds; None: nobody knows.
        error: What is kept as the delivery's last error.
        trace: What is kept as the attempt's error; "": the same.
        wait: For how long it is not due again; None: it is not to be tried again.
        rejected: Whether it failed by what it was asked to do, which says nothing about the next delivery.
    """

    delivery: Delivery
    step: Step
    outcome: str
    started: datetime
    duration: float | None
    error: str = ""
    trace: str = ""
    wait: timedelta | None = None
    rejected: bool = False

    @property
    def is_setback(self) -> bool:
        """Whether it brings the circuit breaker of its rule nearer to opening."""
        return self.delivery.breaker_failures is not None and self.step is not FINISH and not self.rejected


def end(using: str, endings: Sequence[Ending]) -> list[Ending]:
    """End claims that still hold, in one transaction, and keep the attempts.

    Args:
        using: The database alias.
        endings: How they end, each delivery once.

    Returns:
        Those whose claim does not hold any more; nothing was written of them.
    """
    with transaction.atomic(using=using, savepoint=False):
        return [stale for start in range(0, len(endings), AT_ONCE) for stale in _end(using, endings[start:][:AT_ONCE])]


def end_all(using: str, endings: Sequence[Ending]) -> None:
    """End claims, all or none; call it in the transaction that they end.

    Raises:
        StaleClaim: One of them does not hold any more.
    """
    for stale in end(using, endings):
        raise StaleClaim(stale.delivery.pk, stale.delivery.epoch)


def release(using: str, deliveries: Sequence[Delivery]) -> None:
    """Give claimed rows back that were not begun, with the attempt that the claim counted."""
    if not deliveries:
        return
    with transaction.atomic(using=using):
        for delivery in deliveries:
            held = Delivery.objects.using(using).filter(pk=delivery.pk, epoch=delivery.epoch, state=RELEASE.source)
            held.update(state=RELEASE.target, lease=None, attempts=delivery.attempts - 1)


def _end(using: str, endings: Sequence[Ending]) -> list[Ending]:
    connection = connections[using]
    ended = ENDS[connection.vendor](connection, endings)
    written = [ending for ending in endings if ending.delivery.pk in ended]
    if written:
        _record(connection, written)
        count(using, ((ending.delivery, ending.step is FINISH) for ending in written if not ending.rejected))
        _tell(using, written)
    return [ending for ending in endings if ending.delivery.pk not in ended]


def _update_returning(connection: BaseDatabaseWrapper, endings: Sequence[Ending]) -> set[int]:
    moment = SECONDS_FROM_NOW[connection.vendor]
    rows, parameters = _rows(connection, ENDED_TYPES, [_ended_row(ending) for ending in endings])
    sql = END.format(rows=rows, moment=moment.replace("%s", "ended.wait"), now=moment.replace("%s", "0"))
    return _keys(connection, sql, [*parameters, FINISH.source])


def _rows(connection: BaseDatabaseWrapper, types: Sequence[str], rows: Sequence[Given]) -> tuple[str, Given]:
    """Write rows as a query and its parameters; PostgreSQL gets a list for each column, and the same text each time."""
    if connection.vendor == "postgresql":
        columns = ", ".join(f"%s::{name}[]" for name in types)
        return f"SELECT * FROM unnest({columns})", [list(column) for column in zip(*rows, strict=True)]  # noqa: S608
    one = f"({', '.join(['%s'] * len(types))})"
    return f"VALUES {', '.join([one] * len(rows))}", [value for row in rows for value in row]


def _lock_and_update(connection: BaseDatabaseWrapper, endings: Sequence[Ending]) -> set[int]:
    pairs = ", ".join(["(%s, %s)"] * len(endings))
    claims = [value for ending in endings for value in (ending.delivery.pk, ending.delivery.epoch)]
    held = _keys(connection, LOCK_HELD.format(rows=pairs), [*claims, FINISH.source])
    if ending_now := [ending for ending in endings if ending.delivery.pk in held]:
        moment = SECONDS_FROM_NOW[connection.vendor]
        rows = " UNION ALL ".join([ENDED_ROW] * len(ending_now))
        sql = END_LOCKED.format(rows=rows, moment=moment.replace("%s", "ended.wait"), now=moment.replace("%s", "0"))
        with connection.cursor() as cursor:
            cursor.execute(sql, [value for ending in ending_now for value in _ended_row(ending)])
    return held


def _tell(using: str, endings: Sequence[Ending]) -> None:
    """Log what failed; have whoever listens told after the commit."""
    for ending in endings:
        if said := SAID.get("dead" if ending.step is BURY else ending.outcome):
            extra = {**ids_of(ending.delivery), "outcome": ending.outcome, "duration": ending.duration}
            logger.log(*said, ending.delivery.pk, ending.delivery, ending.error, extra=extra)
    if deliveries_ended.receivers:
        tell = partial(deliveries_ended.send_robust, Delivery, endings=list(endings), using=using)
        transaction.on_commit(tell, using=using)


ENDS: dict[str, Callable[[BaseDatabaseWrapper, Sequence[Ending]], set[int]]] = {
    "postgresql": _update_returning,
    "sqlite": _update_returning,
    "mysql": _lock_and_update,
}


def _ended_row(ending: Ending) -> Given:
    delivery, step, _, _, _, error, _, wait, _ = ending
    return [delivery.pk, delivery.epoch, step.target, error, None if wait is None else wait.total_seconds()]


def _keys(connection: BaseDatabaseWrapper, sql: str, parameters: Given) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {key for (key,) in cursor.fetchall()}


def _record(connection: BaseDatabaseWrapper, endings: Sequence[Ending]) -> None:
    adapt = connection.ops.adapt_datetimefield_value
    given = [
        [
            delivery.pk,
            delivery.attempts,
            delivery.epoch,
            adapt(started),
            duration,
            delivery.worker,
            outcome,
            trace or error,
        ]
        for delivery, _, outcome, started, duration, error, trace, _, _ in endings
    ]
    rows, parameters = _rows(connection, RECORDED_TYPES, given)
    with connection.cursor() as cursor:
        cursor.execute(RECORD.format(rows=rows), parameters)
