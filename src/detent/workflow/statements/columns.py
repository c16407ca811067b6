"""The columns of a compiled statement, and the values that a row gives them.

What does not depend on the row is decided once for each field: whether its value is the one that the row holds, and
which values it would hand to the database as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import getattr_static
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query_utils import DeferredAttribute

from detent.workflow.statements.plain import FILLED_IN
from detent.workflow.statements.preparation import Way, ready_types, ways_to_prepare
from detent.workflow.statements.related import prepare_related

NEEDS_ORM = object()
"""In place of a value: the row is one that only the ORM can write."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field as a compiled statement writes it.

    Attributes:
        field: The field.
        name: The field's name.
        attribute: The name under which a row holds its value.
        computed: Whether the field is asked for the value before it is written, as for `auto_now`.
        ready: The exact types whose values the field hands to the database as they are.
        ways: How values of other types are prepared without asking the field.
    """

    field: Any
    name: str
    attribute: str
    computed: bool
    ready: Sequence[type]
    ways: Mapping[type, Way]

    def prepare(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return what the database takes for a value that is not ready, or `NEEDS_ORM` for an expression."""
        way = self.ways.get(type(value))
        prepared = None if way is None else way(value, connection)
        if prepared is not None:
            return prepared
        if value is NEEDS_ORM or hasattr(value, "resolve_expression"):
            return NEEDS_ORM
        return self.field.get_db_prep_save(value, connection)


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
            ready=ready_types(field, connection) if (held := _held_type(model, field)) is None else (held,),
            ways=ways_to_prepare(field, connection),
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
