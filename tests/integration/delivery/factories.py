"""Rows for the tests of delivery."""

import itertools
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.models import Delivery, Occurrence, TriggerEvent

_numbers = itertools.count()


def make_event(data: dict[str, Any] | None = None, **fields: Any) -> TriggerEvent:
    """Make an event of an occurrence that carries `data`."""
    now = timezone.now()
    occurrence = Occurrence.objects.create(
        type="test", source="tests", identifier=str(next(_numbers)), time=now, data=data or {}, **fields
    )
    return TriggerEvent.objects.create(type="EVENT", occurred=now, occurrence=occurrence)


def make_delivery(
    action: str, settings: dict[str, Any] | None = None, *, data: dict[str, Any] | None = None, **fields: Any
) -> Delivery:
    """Make a delivery that is due, for an event of its own."""
    values = {"position": 0, "due": DatabaseNow(), **fields}
    delivery = Delivery.objects.create(event=make_event(data), action=action, settings=settings or {}, **values)
    delivery.refresh_from_db()
    return delivery


def make_due(delivery: Delivery) -> None:
    """Let a delivery that waits for a later time be due now."""
    Delivery.objects.filter(pk=delivery.pk).update(due=DatabaseNow())


def let_lease_run_out(delivery: Delivery) -> None:
    """Put the lease of a delivery into the past, as if its time had gone by."""
    Delivery.objects.filter(pk=delivery.pk).update(lease=DatabaseNow(timedelta(seconds=-1)))


def fresh(delivery: Delivery) -> Delivery:
    """Return the row as it is now."""
    return Delivery.objects.annotate(now=DatabaseNow(), wait=F("due") - DatabaseNow()).get(pk=delivery.pk)
