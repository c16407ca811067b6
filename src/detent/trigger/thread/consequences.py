"""The way down: what an event led to, by its deliveries, and what that led to in turn."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.db import models

from detent.trigger.created import created_by
from detent.trigger.delivery.stopped import why_held
from detent.trigger.models import Delivery, Occurrence, TriggerEvent
from detent.trigger.thread.causes import HIGHEST, attempts_of, read_deliveries
from detent.trigger.thread.links import AttemptLink, RuleLink, TransitionLink
from detent.trigger.thread.logged import Entry, entries_caused_by
from detent.trigger.thread.revisions import rule_links

MOST = 1000
"""How many occurrences, and transitions of each level, are told at most."""


@dataclass(frozen=True, slots=True)
class ObjectLink:
    """An object that an event created.

    Attributes:
        model: The label of its model.
        key: Its key, as text.
        name: What it calls itself.
    """

    model: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """An occurrence, and what it led to.

    Attributes:
        key: Its key.
        type: What kind of thing happened.
        source: Who said so.
        id: What tells it apart among all that its source says.
        time: When it happened.
        events: What it triggered.
        cut: Whether what it triggered is not told: it is told elsewhere, or there is too much of it.
    """

    key: int
    type: str
    source: str
    id: str
    time: datetime
    events: "tuple[EventConsequence, ...]" = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryConsequence:
    """A delivery, and what was done in its course.

    Attributes:
        key: Its key.
        action: The name of the action.
        state: Where it stands.
        attempts: The tries at it, from the first.
        transitions: The transitions that were made in its course.
        occurrences: What was emitted in its course.
        held: Why it does not begin, or "".
    """

    key: int
    action: str
    state: str
    attempts: tuple[AttemptLink, ...]
    transitions: tuple[TransitionLink, ...]
    occurrences: tuple[Consequence, ...]
    held: str = ""


@dataclass(frozen=True, slots=True)
class EventConsequence:
    """An event, and what it led to.

    Attributes:
        key: Its key.
        type: The type of what occurred.
        outcome: "" if the rule's actions went ahead, else why not.
        reason: What there is to say of the outcome, or "".
        rule: The rule, or None.
        created: The objects that point at it.
        deliveries: Its deliveries, in order.
    """

    key: int
    type: str
    outcome: str
    reason: str
    rule: RuleLink | None
    created: tuple[ObjectLink, ...]
    deliveries: tuple[DeliveryConsequence, ...]


def consequences(events: Sequence[TriggerEvent], using: str) -> tuple[EventConsequence, ...]:
    """Say what events led to, down to what nothing came of, in a few statements for each level.

    Args:
        events: The events, read with their rule.
        using: The database alias.
    """
    return _Descent(using).follow(events)


class _Descent:
    """What is read on the way down.

    Args:
        using: The database alias.
    """

    def __init__(self, using: str) -> None:
        self.using = using
        self.events: dict[int, list[TriggerEvent]] = defaultdict(list)
        self.deliveries: dict[int, list[Delivery]] = defaultdict(list)
        self.created: dict[int, list[models.Model]] = {}
        self.entries: dict[str, list[Entry]] = defaultdict(list)
        self.occurrences: dict[str, list[Occurrence]] = defaultdict(list)
        self.held: dict[int, str] = {}
        self.told: set[int] = set()
        self.followed: set[int] = set()

    def follow(self, events: Sequence[TriggerEvent]) -> tuple[EventConsequence, ...]:
        """Read level by level, and then put together what was read."""
        self.followed = {event.occurrence_id for event in events if event.occurrence_id}
        level, everything = list(events), list(events)
        for _ in range(HIGHEST):
            if not level:
                break
            level = self._next(level)
            everything += level
        self.rules = rule_links((event.rule for event in everything), self.using)
        self.held = why_held(chain.from_iterable(self.deliveries.values()), self.using)
        return tuple(map(self._event, events))

    def _next(self, level: list[TriggerEvent]) -> list[TriggerEvent]:
        """Read what came of some events, and return the events of the next level."""
        self.created |= created_by(level)
        deliveries = list(read_deliveries(self.using).filter(event__in=level).order_by("event", "position"))
        for delivery in deliveries:
            self.deliveries[delivery.event_id].append(delivery)
        causes = [delivery.key for delivery in deliveries]
        for entry in entries_caused_by(causes, self.using, MOST):
            self.entries[entry.cause].append(entry)
        fresh = self._emitted(causes)
        rows = TriggerEvent.objects.using(self.using).filter(occurrence__in=fresh).select_related("rule").order_by("pk")
        found = list(rows) if fresh else []
        for event in found:
            self.events[event.occurrence_id or 0].append(event)
        return found

    def _emitted(self, causes: Iterable[str]) -> list[int]:
        """Read what was emitted with some causes, and return the keys of what has not been followed."""
        room = MOST - len(self.followed)
        rows = Occurrence.objects.using(self.using).filter(cause__in=causes).defer("data").order_by("pk")
        found = list(rows[:MOST]) if causes else []
        for occurrence in found:
            self.occurrences[occurrence.cause].append(occurrence)
        fresh = [occurrence.pk for occurrence in found if occurrence.pk not in self.followed][: max(room, 0)]
        self.followed.update(fresh)
        return fresh

    def _event(self, event: TriggerEvent) -> EventConsequence:
        if event.occurrence_id:
            self.told.add(event.occurrence_id)
        return EventConsequence(
            key=event.pk,
            type=event.type,
            outcome=event.outcome,
            reason=event.reason,
            rule=self.rules.get(event.rule_id or 0),
            created=tuple(ObjectLink(row._meta.label, str(row.pk), str(row)) for row in self.created.get(event.pk, ())),
            deliveries=tuple(map(self._delivery, self.deliveries[event.pk])),
        )

    def _delivery(self, delivery: Delivery) -> DeliveryConsequence:
        return DeliveryConsequence(
            key=delivery.pk,
            action=delivery.action,
            state=delivery.state.name,
            attempts=attempts_of(delivery),
            transitions=tuple(entry.link(None) for entry in self.entries[delivery.key]),
            occurrences=tuple(map(self._occurrence, self.occurrences[delivery.key])),
            held=self.held.get(delivery.pk, ""),
        )

    def _occurrence(self, row: Occurrence) -> Consequence:
        cut = row.pk in self.told or row.pk not in self.followed
        self.told.add(row.pk)
        events = () if cut else tuple(map(self._event, self.events[row.pk]))
        return Consequence(row.pk, row.type, row.source, row.identifier, row.time, events, cut=cut)
