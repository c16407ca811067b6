"""What a field makes of its values for the database, where that is known without asking the field at each row."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from types import NoneType
from typing import Any, NamedTuple, TypeAlias

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

Way: TypeAlias = Callable[[Any, BaseDatabaseWrapper], Any]
"""Returns what the database takes for a value of one type, or None for one that the field has to be asked about."""

_PREPARING = ("to_python", "get_prep_value", "get_db_prep_value", "get_db_prep_save")


class _Unchanged(NamedTuple):
    """A field that prepares values of one type by returning them, if the database's adaptation does so too."""

    field: Any
    of_type: type
    adaptation: str = ""


_UNCHANGED = (
    _Unchanged(models.CharField, str),
    _Unchanged(models.TextField, str),
    _Unchanged(models.AutoField, int, "validate_autopk_value"),
    _Unchanged(models.IntegerField, int, "adapt_integerfield_value"),
)


def ready_types(field: Any, connection: BaseDatabaseWrapper) -> tuple[type, ...]:
    """Return the exact types whose values a field hands to the database as they are."""
    if _prepares_as(field, models.ForeignKey):
        # Not for text: where it is empty, a foreign key may make it NULL.
        return tuple(ready for ready in ready_types(field.target_field, connection) if ready is not str)
    for field_class, of_type, adaptation in _UNCHANGED:
        if _prepares_as(field, field_class) and _is_unchanged(adaptation, connection):
            return (of_type, NoneType)
    return ()


def ways_to_prepare(field: Any, connection: BaseDatabaseWrapper) -> Mapping[type, Way]:
    """Return the ways in which a field's values are prepared without asking it, by their exact types."""
    if _prepares_as(field, models.DateTimeField):
        return {datetime: _moment_for_sqlite if connection.vendor == "sqlite" else _moment}
    if _prepares_as(field, models.DecimalField) and _is_unchanged("adapt_decimalfield_value", connection):
        return {Decimal: _number}
    if _prepares_as(field, models.IntegerField):
        return {int: _integer(field)}
    return {dict: _empty_dict(field)} if _prepares_as(field, models.JSONField) else {}


def _moment(moment: datetime, connection: BaseDatabaseWrapper) -> Any:
    return None if moment.tzinfo is None else connection.ops.adapt_datetimefield_value(moment)


def _moment_for_sqlite(moment: datetime, connection: BaseDatabaseWrapper) -> str | None:
    zone = connection.timezone
    if moment.tzinfo is None or zone is None:
        return None
    # As Django adapts it, in a third of the time.
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(" ")


def _integer(field: Any) -> Way:
    kind = field.get_internal_type()
    return lambda given, connection: connection.ops.adapt_integerfield_value(given, kind)


def _number(number: Decimal, _connection: BaseDatabaseWrapper) -> Decimal | None:
    return number if number.is_finite() else None


def _empty_dict(field: Any) -> Way:
    empty = json.dumps({}, cls=field.encoder)
    return lambda given, _connection: None if given else empty


def _prepares_as(field: Any, field_class: Any) -> bool:
    return all(getattr(type(field), step) is getattr(field_class, step) for step in _PREPARING)


def _is_unchanged(adaptation: str, connection: BaseDatabaseWrapper) -> bool:
    """Whether a database's adaptation of values is the one that returns them."""
    if not adaptation:
        return True
    return getattr(type(connection.ops), adaptation) is getattr(BaseDatabaseOperations, adaptation)
