"""What is written of an occurrence, of an event and of a delivery: the columns, and the values of a row."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.ordering import NO_PLACE, Key, Place
from detent.trigger.delivery.workflow import ADMIT
from detent.trigger.models import Delivery, Occurrence, TriggerEvent
from detent.trigger.occurrences.emission import CheckedEmission
from detent.trigger.occurrences.evaluation import Evaluation
from detent.trigger.occurrences.rows import Insert, Row
from detent.trigger.ruleset import CompiledRule
from detent.trigger.windows.entry import NO_PART

EVENT_TYPE_LENGTH = 50
HELD, WAITING = ADMIT

OCCURRENCES = Insert(
    Occurrence,
    columns=("type", "source", "identifier", "subject", "time", "data"),
    shared=("recorded", "cause", "depth", "transition", "traceparent"),
    returning=("id", "source", "identifier"),
    skip_existing=True,
)
EVENTS = Insert(
    TriggerEvent,
    columns=(
        *("type", "rule_id", "description", "occurred", "occurrence_id", "lineage", "outcome", "reason"),
        *("window_key", "window_part"),
    ),
    returning=("id", "occurrence_id", "rule_id"),
)
EVENTS_NOT_THERE = replace(EVENTS, skip_existing=True)
DELIVERIES = Insert(
    Delivery,
    columns=(
        *("event_id", "action", "position", "settings", "priority", "max_attempts", "state"),
        *("lineage", "ordering_id", "number", "skip_dead", "concurrency", "time_limit"),
        *("breaker_failures", "breaker_seconds"),
    ),
    shared=("created", "attempts", "epoch", "worker", "error"),
    computed={"due": DatabaseNow()},
    returning=("id",),
)


class Circumstances(NamedTuple):
    """What all occurrences have in common that are taken in together.

    Attributes:
        recorded: When they were taken in.
        cause: What they were emitted in the course of, or "".
        depth: How many occurrences stand above them in their chain of causes.
        transition: In the course of which transition they were emitted, or None.
        traceparent: In which trace, or "".
    """

    recorded: datetime
    cause: str
    depth: int
    transition: dict[str, Any] | None
    traceparent: str

    def row(self) -> Row:
        """Return the values of the fields that `OCCURRENCES` shares."""
        transition = None if self.transition is None else json.dumps(self.transition)
        return self.recorded, self.cause, self.depth, transition, self.traceparent


class Recorded(Protocol):
    """An occurrence that has been written: an `Occurrence`, or what has its key, type and time."""

    @property
    def pk(self) -> int:
        """Its key."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def time(self) -> datetime:
        """When it happened."""


class Triggered(NamedTuple):
    """An occurrence that has been written, and what one rule makes of it.

    Attributes:
        occurrence: The occurrence.
        evaluation: What the rule makes of it.
    """

    occurrence: Recorded
    evaluation: Evaluation


class GoingAhead(NamedTuple):
    """An event whose rule's actions are to be run.

    Attributes:
        event_id: The key of the event.
        rule: The rule.
        ordering_key: The key whose deliveries run one after the other; "" if the rule does not order them.
    """

    event_id: int
    rule: CompiledRule
    ordering_key: str


def occurrence_row(emission: CheckedEmission) -> Row:
    """Return the values of `OCCURRENCES.columns`."""
    document = emission.document
    names = (document["type"], document["source"], document["id"], document["subject"])
    return *names, emission.time, emission.data_text


def event_row(triggered: Triggered) -> Row:
    """Return the values of `EVENTS.columns`."""
    occurrence, evaluation = triggered
    return (
        occurrence.type[:EVENT_TYPE_LENGTH],
        evaluation.rule.id,
        evaluation.description.text,
        occurrence.time,
        occurrence.pk,
        evaluation.rule.lineage,
        evaluation.outcome,
        evaluation.reason,
        evaluation.place and evaluation.place.key,
        evaluation.place.part if evaluation.place else NO_PART,
    )


def delivery_rows(going_ahead: GoingAhead, places: Mapping[Key, Iterator[Place]]) -> Iterator[Row]:
    """Yield the values of `DELIVERIES.columns`, for each of a rule's actions.

    Args:
        going_ahead: The event.
        places: The places of each ordering key, in order.
    """
    event, rule, key = going_ahead
    for position, planned in enumerate(rule.deliveries):
        place = next(places[rule.lineage, key]) if key else NO_PLACE
        state = WAITING if place is NO_PLACE and rule.concurrency is None else HELD
        what = (event, planned.action, position, planned.settings_text, rule.priority, rule.attempts, state)
        yield *what, rule.lineage, *place, rule.skip_dead, rule.concurrency, rule.time_limit, *rule.circuit_breaker


def new_delivery(now: datetime) -> Row:
    """Return the values of the fields that `DELIVERIES` shares."""
    return now, 0, 0, "", ""
