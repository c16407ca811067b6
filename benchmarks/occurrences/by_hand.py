"""What a project without Detent writes: the rows of an outbox, made with the ORM."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from benchmarks.occurrences.shop import ACTION, SETTINGS, data_of
from detent.trigger.models import Delivery, Occurrence, TriggerEvent, TriggerRule
from tests.shop.models import Order


def pairs(number: int, using: str) -> None:
    """Write an occurrence and its event, one pair after the other."""
    rule = TriggerRule.objects.using(using).get()
    for order in range(number):
        occurrence = Occurrence.objects.using(using).create(**_of_occurrence(order))
        TriggerEvent.objects.using(using).create(**_of_event(occurrence, rule))


def rows(number: int, using: str) -> None:
    """Write occurrences with an event and a delivery each, in bulk."""
    rule = TriggerRule.objects.using(using).all()[0]
    happened = [Occurrence(**_of_occurrence(order)) for order in range(number)]
    occurrences = Occurrence.objects.using(using).bulk_create(happened)
    triggered = [TriggerEvent(**_of_event(occurrence, rule)) for occurrence in occurrences]
    events = TriggerEvent.objects.using(using).bulk_create(triggered)
    deliveries = [Delivery(event=event, action=ACTION, position=0, settings=SETTINGS) for event in events]
    Delivery.objects.using(using).bulk_create(deliveries)


def moves(number: int, using: str) -> None:
    """Move orders without a log, and write as many occurrences with an event and a delivery each."""
    with transaction.atomic(using=using):
        Order.objects.using(using).filter(state="placed").update(state="cancelled")
        rows(number, using)


def _of_occurrence(order: int) -> dict[str, Any]:
    return {
        "type": "order.paid",
        "source": "shop",
        "identifier": uuid.uuid4().hex,
        "subject": str(order),
        "time": timezone.now(),
        "data": data_of(order, "C7"),
    }


def _of_event(occurrence: Occurrence, rule: TriggerRule) -> dict[str, Any]:
    return {
        "type": occurrence.type,
        "rule": rule,
        "occurred": occurrence.time,
        "occurrence": occurrence,
        "lineage": rule.lineage,
    }
