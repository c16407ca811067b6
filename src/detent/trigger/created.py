"""What events created: the rows, of whatever model, that hold a foreign key to one of them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import DatabaseError, connections, models, router, transaction

if TYPE_CHECKING:
    from detent.trigger.models.event import TriggerEvent

AT_ONCE = 500
Identity: TypeAlias = tuple[str, Any]


def created_by(events: "Sequence[TriggerEvent]") -> dict[int, list[models.Model]]:
    """Find what events created, in a statement for each foreign key to events, however many events there are.

    Each object is there once: one with several such keys, and one whose parent's table has such a key too, of which the
    child is returned. The app's own rows, such as deliveries, are how events create and not what. Rows are read through
    the base manager, where the project's routers read their model; by default, from the events' own database.

    Args:
        events: The events, all of one database.

    Returns:
        The objects by the event's key, in the order of their models.
    """
    found: dict[int, dict[Identity, models.Model]] = {event.pk: {} for event in events}
    seen: dict[int, set[Identity]] = {event.pk: set() for event in events}
    for field in _foreign_keys(events):
        for row in _rows(field, events):
            key = getattr(row, field.attname)
            if (identities := _identities(row))[0] not in seen[key]:
                seen[key].update(identities)
                found[key][identities[0]] = row
    return {key: list(rows.values()) for key, rows in found.items()}


def _foreign_keys(events: "Sequence[TriggerEvent]") -> "list[models.ForeignKey[Any, Any]]":
    """Return the foreign keys to events; those of a child model before those of its parents."""
    relations = type(events[0])._meta.get_fields(include_hidden=True) if events else ()
    fields: list[models.ForeignKey[Any, Any]] = [
        relation.field
        for relation in relations
        if isinstance(relation, models.ManyToOneRel) and not relation.parent_link and _is_a_projects(relation.field)
    ]
    return sorted(fields, key=lambda field: -len(field.model._meta.get_parent_list()))


def _is_a_projects(field: "models.ForeignKey[Any, Any]") -> bool:
    """Whether a foreign key is of a project's own model: neither of this app nor of a table of many-to-many pairs."""
    options, target = field.model._meta, field.related_model._meta
    return options.app_label != target.app_label and not options.auto_created


def _rows(field: "models.ForeignKey[Any, Any]", events: "Sequence[TriggerEvent]") -> Iterator[models.Model]:
    model = field.model
    using = router.db_for_read(model, instance=events[0])
    if not router.allow_migrate_model(using, model):
        return
    for start in range(0, len(events), AT_ONCE):
        keys = [event.pk for event in events[start : start + AT_ONCE]]
        rows = model._base_manager.using(using).filter(**{f"{field.name}__in": keys}).order_by("pk")
        yield from _read(rows, using)


def _read(rows: "models.QuerySet[models.Model]", using: str) -> list[models.Model]:
    """Read rows; there are none where there is no table, as of a model that Django does not manage."""
    try:
        # A statement that fails would spoil the caller's transaction, but for the savepoint.
        with transaction.atomic(using=using):
            return list(rows)
    except DatabaseError:
        if rows.model._meta.db_table in connections[using].introspection.table_names(include_views=True):
            raise
        return []


def _identities(row: models.Model) -> list[Identity]:
    """Return what an object is: a row of its own table, then of those of its parents."""
    tables = [row._meta, *(parent._meta for parent in row._meta.get_parent_list())]
    return [(table.label, getattr(row, table.pk.attname)) for table in tables]
