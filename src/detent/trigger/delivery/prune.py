"""Forgetting what is long over: deliveries done or cancelled, then events and occurrences that nothing holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from django.db import connections, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from detent.trigger.delivery.database_clock import DatabaseNow, database_now
from detent.trigger.models import Attempt, Delivery, Occurrence, TriggerEvent
from detent.trigger.ruleset import current_ruleset
from detent.trigger.windows.entry import shifted
from detent.trigger.windows.outcomes import COUNT_LATER, UNDECIDED

AT_ONCE = 1000
OVER = ("done", "cancelled")


@dataclass(frozen=True)
class Pruned:
    """How many rows were removed or, in a dry run, would be.

    Attributes:
        deliveries: Deliveries, each with its attempts.
        events: Events.
        occurrences: Occurrences.
    """

    deliveries: int
    events: int
    occurrences: int


def prune(using: str, age: timedelta, *, dry_run: bool = False) -> Pruned:
    """Remove what has been over for longer than an age, in many short transactions.

    Waiting, running and dead deliveries stay, and so do events that wait for their window or by which the window of a
    rule in force may decide about others, and every row that another table points to.

    Args:
        using: The database alias.
        age: How long ago it must have ended or happened, by the database's clock.
        dry_run: Whether to count only.
    """
    if dry_run:
        return Pruned(*(rows.count() for rows in _doomed_at_once(using, age)))
    doomed = _deliveries(using, age), _held_by_nothing(_events(using, age)), _held_by_nothing(_occurrences(using, age))
    return Pruned(*map(_remove, doomed))


def _doomed_at_once(using: str, age: timedelta) -> tuple[QuerySet[Any], QuerySet[Any], QuerySet[Any]]:
    """Return what would be removed, though what goes first still holds what goes after it."""
    deliveries = _deliveries(using, age)
    staying = Delivery.objects.using(using).exclude(pk__in=deliveries.values("pk"))
    events = _held_by_nothing(_events(using, age), {Delivery: staying})
    staying_events = TriggerEvent.objects.using(using).exclude(pk__in=events.values("pk"))
    return deliveries, events, _held_by_nothing(_occurrences(using, age), {TriggerEvent: staying_events})


def _deliveries(using: str, age: timedelta) -> QuerySet[Any]:
    rows = Delivery.objects.using(using).filter(state__in=OVER, finished__lt=DatabaseNow(-age))
    return _held_by_nothing(rows, {Attempt: Attempt.objects.using(using).none()})


def _events(using: str, age: timedelta) -> QuerySet[Any]:
    before = DatabaseNow(-age)
    rows = TriggerEvent.objects.using(using).filter(occurred__lt=before).exclude(outcome__in=UNDECIDED)
    return rows.filter(Q(occurrence=None) | Q(occurrence__recorded__lt=before)).exclude(_counting(using, age))


def _counting(using: str, age: timedelta) -> Q:
    """Return the condition that the window of a rule in force remembers an event for longer than the age."""
    now, remembered = database_now(using), Q(pk__in=[])
    for rule in current_ruleset(using).rules.values():
        window = rule.configuration.window
        if window and window.memory > age:
            remembered |= Q(lineage=rule.lineage, occurred__gt=shifted(now, -window.memory))
    return remembered & Q(outcome__in=COUNT_LATER)


def _occurrences(using: str, age: timedelta) -> QuerySet[Any]:
    return Occurrence.objects.using(using).filter(recorded__lt=DatabaseNow(-age))


def _held_by_nothing(rows: QuerySet[Any], staying: Mapping[Any, QuerySet[Any]] = MappingProxyType({})) -> QuerySet[Any]:
    """Leave out rows that another points to, whatever would become of that; of some tables only what stays counts."""
    for relation in _relations(rows.model, rows.db):
        model = relation.related_model
        holders = staying.get(model, model._base_manager.using(rows.db))
        rows = rows.filter(~Exists(holders.filter(**{relation.field.name: OuterRef("pk")})))
    return rows


def _relations(model: type[models.Model], using: str) -> Iterator[Any]:
    """Yield what may point to a model's rows; a model without a table, as one that Django does not manage, cannot."""
    tables = connections[using].introspection.table_names(include_views=True)
    fields: list[Any] = model._meta.get_fields(include_hidden=True)
    for field in fields:
        points_here = field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one)
        if points_here and field.related_model._meta.db_table in tables:
            yield field


def _remove(rows: QuerySet[Any]) -> int:
    """Go through the table once by its key, and remove a batch in each transaction."""
    removed, after = 0, 0
    while keys := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic(using=rows.db):
            rows.model._base_manager.using(rows.db).filter(pk__in=keys).delete()
        removed, after = removed + len(keys), keys[-1]
    return removed
