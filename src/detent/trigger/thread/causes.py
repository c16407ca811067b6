"""The way up: from what was done in the course of deliveries to the tops of their chains of causes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Prefetch, QuerySet

from detent.trigger.models import Attempt, Delivery, Occurrence, TriggerEvent
from detent.trigger.thread.links import AttemptLink, DeliveryLink, EventLink, OccurrenceLink, TransitionLink
from detent.trigger.thread.revisions import rule_links
from detent.trigger.types.transition import OCCURRENCE_TYPE

HIGHEST = 64
"""How many causes are followed, each above the other."""
DELIVERY = "delivery:"
LONGEST_KEY = 18


class Causes:
    """What stands above some causes and events, read level by level: the statements do not grow with their number.

    Args:
        using: The database alias.
        causes: What something was done in the course of, such as `delivery:17`.
        events: Events read with their rule and occurrence.
    """

    def __init__(self, using: str, causes: Iterable[str] = (), events: Iterable[TriggerEvent] = ()) -> None:
        self._using = using
        self._deliveries: dict[int, Delivery] = {}
        self._unread: set[int] = set()
        given = list(events)
        self._read(_keys([*causes, *(event.occurrence.cause for event in given if event.occurrence)]))
        read = [delivery.event for delivery in self._deliveries.values()]
        self._rules = rule_links((event.rule for event in (*given, *read)), using)

    def _read(self, level: set[int]) -> None:
        for _ in range(HIGHEST):
            if not level:
                return
            rows = read_deliveries(self._using).select_related("event__rule", "event__occurrence").in_bulk(level)
            self._deliveries |= rows
            occurrences = [row.event.occurrence for row in rows.values() if row.event.occurrence]
            level = _keys(occurrence.cause for occurrence in occurrences) - self._deliveries.keys()
        self._unread = level

    def delivery(self, cause: str) -> DeliveryLink | None:
        """Return the delivery that a cause names, with all that stands above it; None if it names none."""
        return self._named(cause, frozenset())

    def event(self, event: TriggerEvent) -> EventLink:
        """Return an event with all that stands above it."""
        return self._event(event, frozenset())

    def occurrence(self, occurrence: Occurrence) -> OccurrenceLink:
        """Return an occurrence with all that stands above it."""
        return self._occurrence(occurrence, frozenset())

    def _named(self, cause: str, below: frozenset[int]) -> DeliveryLink | None:
        for key in _keys([cause]):
            row = self._deliveries.get(key)
            return DeliveryLink(key, cut=key in self._unread) if row is None else self._delivery(row, below)
        return None

    def _delivery(self, row: Delivery, below: frozenset[int]) -> DeliveryLink:
        again = row.pk in below
        event = None if again else self._event(row.event, below | {row.pk})
        return DeliveryLink(row.pk, row.action, row.state.name, attempts_of(row), event, cut=again)

    def _event(self, event: TriggerEvent, below: frozenset[int]) -> EventLink:
        return EventLink(
            key=event.pk,
            type=event.type,
            occurred=event.occurred,
            outcome=event.outcome,
            reason=event.reason,
            rule=self._rules.get(event.rule_id or 0),
            occurrence=self._occurrence(event.occurrence, below) if event.occurrence else None,
        )

    def _occurrence(self, row: Occurrence, below: frozenset[int]) -> OccurrenceLink:
        delivery = self._named(row.cause, below)
        told = row.data if row.type == OCCURRENCE_TYPE else row.transition
        return OccurrenceLink(
            key=row.pk,
            type=row.type,
            source=row.source,
            id=row.identifier,
            subject=row.subject,
            time=row.time,
            cause=row.cause,
            delivery=delivery,
            transition=_transition(told, row, delivery) if isinstance(told, Mapping) else None,
        )


def read_deliveries(using: str) -> QuerySet[Delivery]:
    """Return the deliveries of a database, read with the tries at each."""
    tries = Prefetch("tries", Attempt.objects.using(using).order_by("number", "pk"))
    return Delivery.objects.using(using).prefetch_related(tries)


def attempts_of(delivery: Delivery) -> tuple[AttemptLink, ...]:
    """Return the tries at a delivery that was read with them."""
    return tuple(
        AttemptLink(one.number, one.outcome, one.started, one.duration, one.worker, one.error)
        for one in delivery.tries.all()
    )


def _keys(causes: Iterable[str]) -> set[int]:
    """Return the keys of the deliveries that causes name."""
    texts = (cause.removeprefix(DELIVERY) for cause in causes if cause.startswith(DELIVERY))
    return {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY}


def _transition(told: Mapping[str, Any], row: Occurrence, delivery: DeliveryLink | None) -> TransitionLink:
    """Return the transition of which data tell as the document of a transition has them."""

    def text(name: str) -> str:
        value = told.get(name)
        return "" if value is None else str(value)

    context = told.get("context")
    return TransitionLink(
        model=_label(text("model")),
        object_key=text("pk"),
        state_field=text("field"),
        transition=text("transition"),
        from_state=text("from"),
        to_state=text("to"),
        time=row.time,
        user=text("user"),
        context=context if isinstance(context, Mapping) else {},
        cause=row.cause,
        delivery=delivery,
    )


def _label(name: str) -> str:
    """Return a model's label as it is written; of a model that is no more, as it was told."""
    try:
        return str(apps.get_model(name)._meta.label)
    except (LookupError, ValueError):
        return name
