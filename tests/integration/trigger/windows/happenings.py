"""Rules with windows, and what happens to them."""

import itertools
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from detent.trigger import Delivery, TriggerEvent, TriggerRule, emit
from detent.trigger.models import Window
from tests.integration.trigger.factories import event_rule

HOUR = timedelta(hours=1)
THROTTLE = {"by": "${data.customer}", "limit": 1, "per": "PT1H"}
DEBOUNCE = {"by": "${data.customer}", "quiet": "PT1H"}
THRESHOLD = {"by": "${data.customer}", "count": 2, "within": "PT1H"}
ABSENCE = {"of": {"type": ["order.shipped"]}, "by": "${data.customer}", "within": "PT1H"}

_orders = itertools.count(1)


def windowed_rule(action: dict[str, Any], **window: Any) -> TriggerRule:
    """Make a rule for `order.paid` with an action and a window."""
    return event_rule("order.paid", name="windowed", actions=[action], **window)


def happen(event_type: str = "order.paid", *, customer: Any = "C7", ago: timedelta = timedelta(0)) -> int:
    """Emit an occurrence that concerns one rule, and return the key of its event."""
    data = {"order": next(_orders), "customer": customer}
    emitted = emit(event_type, data, source="shop", occurred=timezone.now() - ago)
    (event,) = (*emitted.events, *emitted.failures)
    return event.pk


def outcomes(*events: int) -> list[str]:
    """Return what became of events."""
    found = dict(TriggerEvent.objects.filter(pk__in=events).values_list("pk", "outcome"))
    return [found[event] for event in events]


def delivered_for() -> list[int]:
    """Return the events that have deliveries, one for each delivery."""
    return list(Delivery.objects.order_by("event").values_list("event", flat=True))


def let_pass(time: timedelta) -> None:
    """Put all that has happened, and all that is due, into the past, as if time had gone by."""
    TriggerEvent.objects.update(occurred=F("occurred") - time)
    Window.objects.update(due=F("due") - time)
