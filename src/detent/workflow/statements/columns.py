"""The columns of a compiled statement, and the values that a row gives them.

What does not depend on the row is decided once for each field: whether its value is the one that the row holds, and
which values it would hand to the database as they are.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from inspect import getattr_static
from types import NoneType
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models.query_utils import DeferredAttribute
from django.utils import timezone

from detent.workflow.statements.plain import FILLED_IN
from detent.workflow.statements.related import prepare_related

NEEDS_ORM = object()
"""In place of a value: the row is one that only the ORM can write."""

_PREPARING = ("to_python", "get_prep_value", "get_db_prep_value", "get_db_prep_save")


@dataclass(frozen=True, slots=True)
class Column:
    """A field as a compiled statement writes it.

    Attributes:
        field: The field.
        name: The field's name.
        attribute: The name under which a row holds its value.
        computed: Whether the field is asked for the value before it is written, as for `auto_now`.
        ready: The exact types whose values the field hands to the database as they are.
        empty: What the database takes for an empty dict; None if the field has to be asked.
        default_is_ready: Whether the field hands its default to the database as it is.
        is_moment: Whether the field hands a time with its zone to the database's own adaptation and does no more.
    """

    field: Any
    name: str
    attribute: str
    computed: bool
    ready: Sequence[type]
    empty: str | None
    default_is_ready: bool
    is_moment: bool

    def prepare(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return what the database takes for a value that is not ready, or `NEEDS_ORM` for an expression."""
        if self.is_moment and type(value) is datetime and value.tzinfo is not None:
            return _adapted_moment(value, connection)
        if self.empty is not None and value == {}:
            return self.empty
        if value is NEEDS_ORM or hasattr(value, "resolve_expression"):
            return NEEDS_ORM
        return self.field.get_db_prep_save(value, connection)


def _adapted_moment(moment: datetime, connection: BaseDatabaseWrapper) -> Any:
    if connection.vendor == "sqlite" and settings.USE_TZ:
        # As Django adapts it, in a third of the time.
        return str(moment.astimezone(connection.timezone).replace(tzinfo=None))
    return connection.ops.adapt_datetimefield_value(moment)


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


def columns_for(
    model: type[models.Model], fields: Iterable[Any], connection: BaseDatabaseWrapper
) -> tuple[Column, ...]:
    """Lay out the columns of a statement.

    Args:
        model: The model whose rows are written.
        fields: Its fields, in order.
        connection: The connection to the database.
    """
    return tuple(
        Column(
            field=field,
            name=field.name,
            attribute=field.attname,
            computed=not _is_read_from_row(model, field),
            ready=_ready_types(field, connection) if (held := _held_type(model, field)) is None else (held,),
            empty=json.dumps({}, cls=field.encoder) if _prepares_as(field, models.JSONField) else None,
            default_is_ready=_is_now_as_it_is(field, connection),
            is_moment=_prepares_as(field, models.DateTimeField),
        )
        for field in fields
    )


def values_of(
    row: models.Model, columns: Iterable[Column], connection: BaseDatabaseWrapper, *, add: bool
) -> list[Any] | None:
    """Return what a row gives a statement's columns.

    Args:
        row: The row.
        columns: The columns.
        connection: The connection to the database.
        add: Whether the row is new.

    Returns:
        The values as the database takes them; None if one is deferred or an expression.

    Raises:
        ValueError: The row points at an object that is not saved.
    """
    prepare_related(row)
    held = row.__dict__
    values = []
    for column in columns:
        if column.attribute not in held:
            return None
        value = column.field.pre_save(row, add) if column.computed else held[column.attribute]
        if type(value) not in column.ready:
            value = column.prepare(value, connection)
            if value is NEEDS_ORM:
                return None
        values.append(value)
    return values


def given_values(
    given: Mapping[str, Any], columns: Iterable[Column], connection: BaseDatabaseWrapper
) -> list[Any] | None:
    """Return the values of a new row that is given as a dict, without making an object of it.

    Args:
        given: Values by the names of the fields or of their attributes; the rest are defaults.
        columns: The columns.
        connection: The connection to the database.

    Returns:
        The values as the database takes them; None if the object has to be made.
    """
    values = []
    unused = len(given)
    for column in columns:
        if column.attribute in given:
            value, unused = given[column.attribute], unused - 1
        elif column.name in given:
            value, unused = _key_of(given[column.name], column.field, connection.alias), unused - 1
        else:
            value = column.field.get_default()
            if column.default_is_ready:
                values.append(value)
                continue
        if type(value) not in column.ready:
            value = column.prepare(value, connection)
            if value is NEEDS_ORM:
                return None
        values.append(value)
    # Django's own error is best for a name that is no field's.
    return None if unused else values


def _key_of(related: Any, field: Any, using: str) -> Any:
    """Return the key of an object to which a foreign key is to point, if it is beyond doubt that it may."""
    if related is None:
        return None
    is_plain = field.target_field.primary_key and isinstance(related, field.related_model._meta.concrete_model)
    is_stored = is_plain and related._state.db == using and not related._state.adding
    return getattr(related, field.target_field.attname) if is_stored else NEEDS_ORM


def _is_read_from_row(model: type[models.Model], field: Any) -> bool:
    attribute = getattr_static(model, field.attname)
    if _held_type(model, field) is not None:
        return True
    return (
        isinstance(attribute, DeferredAttribute)
        and type(attribute).__get__ is DeferredAttribute.__get__
        and (type(field).pre_save is models.Field.pre_save or _is_a_time_that_is_given(field))
    )


def _held_type(model: type[models.Model], field: Any) -> type | None:
    """Return the type of what a row holds for the database, where reading the attribute makes something else of it."""
    held: type | None = getattr(getattr_static(model, field.attname), "held_type", None)
    return held


def _is_a_time_that_is_given(field: Any) -> bool:
    return type(field).pre_save in FILLED_IN and not field.auto_now and not field.auto_now_add


def _ready_types(field: Any, connection: BaseDatabaseWrapper) -> tuple[type, ...]:
    if _prepares_as(field, models.ForeignKey):
        # Not for text: where it is empty, a foreign key may make it NULL.
        return tuple(ready for ready in _ready_types(field.target_field, connection) if ready is not str)
    for field_class, of_type, adaptation in _UNCHANGED:
        if _prepares_as(field, field_class) and _is_unchanged(adaptation, connection):
            return (of_type, NoneType)
    return ()


def _is_now_as_it_is(field: Any, connection: BaseDatabaseWrapper) -> bool:
    """Whether a field's default is the time of day with its zone, and the driver takes such a time."""
    is_now = field.default is timezone.now and _prepares_as(field, models.DateTimeField)
    return is_now and bool(connection.vendor == "postgresql")


def _prepares_as(field: Any, field_class: Any) -> bool:
    return all(getattr(type(field), step) is getattr(field_class, step) for step in _PREPARING)


def _is_unchanged(adaptation: str, connection: BaseDatabaseWrapper) -> bool:
    """Whether a database's adaptation of values is the one that returns them."""
    if not adaptation:
        return True
    return getattr(type(connection.ops), adaptation) is getattr(BaseDatabaseOperations, adaptation)
