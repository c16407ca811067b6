"""In which state objects were at a moment, as far as their logs tell."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import CharField, F, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from detent.workflow.history.field_log import FieldLog

_Objects = TypeVar("_Objects", bound="models.QuerySet[Any]")


def was_in_state_at(objects: _Objects, state: str, when: datetime, field_name: str) -> _Objects:
    """Return those of some objects that were in a state at a moment.

    Args:
        objects: The objects.
        state: The name of the state.
        when: The moment; a transition made at it has taken place.
        field_name: The name of the state field.

    Returns:
        The objects whose log tells so; see `unknown_at`.
    """
    entered, left = _around(objects, when, field_name)
    return objects.filter(Exact(entered, Value(state)), Exact(left, Value(state)))


def unknown_at(objects: _Objects, when: datetime, field_name: str) -> _Objects:
    """Return those of some objects of which the log does not tell in which state they were at a moment.

    The log of an object tells of a moment if the row before it says that the object entered the very state which the
    row after it, or the object itself where there is none, says that it left. It tells too that there was no object, if
    it begins with the object's creation.

    Args:
        objects: The objects.
        when: The moment.
        field_name: The name of the state field.
    """
    entered, left = _around(objects, when, field_name)
    return objects.exclude(Exact(entered, left))


def _around(objects: "models.QuerySet[Any]", when: datetime, field_name: str) -> tuple[Coalesce, Coalesce]:
    """Return the state last entered before a moment, "" if there is none, and the one left next or still present."""
    rows = FieldLog.of(objects, field_name).rows_of_outer()
    before = rows.filter(timestamp__lte=when).order_by("-timestamp", "-pk").values("to_state")
    after = rows.filter(timestamp__gt=when).order_by("timestamp", "pk").values("from_state")
    return (
        Coalesce(Subquery(before[:1]), Value(""), output_field=CharField()),
        Coalesce(Subquery(after[:1]), F(field_name), output_field=CharField()),
    )
