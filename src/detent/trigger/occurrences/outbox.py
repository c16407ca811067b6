"""Writing down what happened, what it triggered and what is to be done, in three statements for many occurrences."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from detent.trigger.delivery.dispatch import dispatcher
from detent.trigger.delivery.ordering import Key as OrderingKey
from detent.trigger.delivery.ordering import take_places
from detent.trigger.observability.tracing import traceparent
from detent.trigger.occurrences.causation import current_depth, current_transition
from detent.trigger.occurrences.emission import CheckedEmission, Key
from detent.trigger.occurrences.emitted import Emitted, MadeEvent, TakenIn
from detent.trigger.occurrences.evaluation import Evaluation
from detent.trigger.occurrences.records import (
    DELIVERIES,
    EVENTS,
    EVENTS_NOT_THERE,
    OCCURRENCES,
    Circumstances,
    GoingAhead,
    Triggered,
    delivery_rows,
    event_row,
    new_delivery,
    occurrence_row,
)
from detent.trigger.occurrences.rows import Insert
from detent.workflow.cause import current_cause


class Happening(NamedTuple):
    """An occurrence to be written, with the rules that it concerns.

    Attributes:
        emission: What happened.
        evaluations: What the rules made of it.
    """

    emission: CheckedEmission
    evaluations: Sequence[Evaluation]


def write(happenings: Sequence[Happening], using: str) -> dict[Key, Emitted]:
    """Write occurrences with all that follows from them, in one transaction.

    Args:
        happenings: What to write, in the order of source and id, so that two batches cannot deadlock.
        using: The database alias.

    Returns:
        What was written, by source and id; what had been taken in before is left out.

    Raises:
        CausationTooDeep: They stand too deep in a chain of causes.
    """
    with transaction.atomic(using=using, savepoint=False):
        written = _write_occurrences(happenings, using)
        triggered = [
            Triggered(occurrence, evaluation) for occurrence, evaluations in written for evaluation in evaluations
        ]
        made = iter(_write_consequences(EVENTS, triggered, using))
    return {
        occurrence.emission.key: Emitted(taken_in=occurrence, made=[next(made)[1] for _ in evaluations])
        for occurrence, evaluations in written
    }


def write_again(triggered: Sequence[Triggered], using: str) -> set[tuple[int, int]]:
    """Write what occurrences trigger that were taken in before, in one transaction.

    Args:
        triggered: What to write, in the order of the occurrences' keys, so that two batches cannot deadlock.
        using: The database alias.

    Returns:
        The keys of occurrence and rule of what was written; an occurrence that has triggered a lineage before is left
        out.
    """
    with transaction.atomic(using=using, savepoint=False):
        made = _write_consequences(EVENTS_NOT_THERE, triggered, using)
    return {(one.occurrence.pk, one.evaluation.rule.id) for one, _ in made}


def _write_occurrences(happenings: Sequence[Happening], using: str) -> list[tuple[TakenIn, Sequence[Evaluation]]]:
    """Write occurrences, and return those that were new."""
    trace = traceparent()
    circumstances = Circumstances(timezone.now(), current_cause(), current_depth(), current_transition(), trace)
    rows = [occurrence_row(emission) for emission, _ in happenings]
    made = OCCURRENCES.rows(rows, using, circumstances.row())
    keys = {(source, identifier): key for key, source, identifier in made}
    return [
        (TakenIn(keys[emission.key], emission, circumstances, using), evaluations)
        for emission, evaluations in happenings
        if emission.key in keys
    ]


def _write_consequences(
    insert: Insert, triggered: Sequence[Triggered], using: str
) -> list[tuple[Triggered, MadeEvent]]:
    """Write events, and the deliveries of those that were not there; return these in their order."""
    if not triggered:
        return []
    rows = insert.rows([event_row(one) for one in triggered], using)
    keys = {(occurrence, rule): key for key, occurrence, rule in rows}
    pairs = [((one.occurrence.pk, one.evaluation.rule.id), one) for one in triggered]
    made = [(one, MadeEvent(keys[pair], one.evaluation)) for pair, one in pairs if pair in keys]
    going_ahead = [
        GoingAhead(event.pk, one.evaluation.rule, one.evaluation.ordering_key)
        for one, event in made
        if one.evaluation.goes_ahead
    ]
    write_deliveries(going_ahead, using)
    return made


def write_deliveries(events: Sequence[GoingAhead], using: str) -> None:
    """Write what is to be done for events whose rules go ahead, and hint at it after the commit.

    Args:
        events: The events.
        using: The database alias.
    """
    places = take_places(using, _places_wanted(events))
    rows = [row for event in events for row in delivery_rows(event, places)]
    if not rows:
        return
    keys = [key for (key,) in DELIVERIES.rows(rows, using, new_delivery(timezone.now()))]

    # Not a partial: Django asks a robust callback that fails for its `__qualname__`.
    def hint() -> None:
        dispatcher().hint(keys, using)

    transaction.on_commit(hint, using=using, robust=True)


def _places_wanted(events: Iterable[GoingAhead]) -> Counter[OrderingKey]:
    wanted: Counter[OrderingKey] = Counter()
    for event in events:
        if event.ordering_key:
            wanted[event.rule.lineage, event.ordering_key] += len(event.rule.deliveries)
    return wanted
