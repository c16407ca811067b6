"""The arguments of a transition as JSON gives them: checked and converted by the annotations of its signature."""

import inspect
import types
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from inspect import Parameter
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers

from detent.workflow.bound.transition import ModelTransition

FIELDS: dict[object, Callable[..., serializers.Field[Any, Any, Any, Any]]] = {
    bool: serializers.BooleanField,
    date: serializers.DateField,
    datetime: serializers.DateTimeField,
    Decimal: partial(serializers.DecimalField, max_digits=None, decimal_places=None),
    float: serializers.FloatField,
    int: serializers.IntegerField,
    str: partial(serializers.CharField, allow_blank=True, trim_whitespace=False),
    time: serializers.TimeField,
    timedelta: serializers.DurationField,
    UUID: serializers.UUIDField,
}


class ArgumentsSerializer(serializers.Serializer[Any]):
    """Reads the arguments of one transition; an annotation that is none of `FIELDS` takes any JSON.

    Args:
        move: The transition of the object. Its arguments are those that its implementation names; where that takes any
            keyword, as a transition without a method does, also those that its checks and before-hooks name.
        **options: Those of a serializer.
    """

    def __init__(self, move: ModelTransition[..., Any], **options: Any) -> None:
        self.move = move
        super().__init__(**options)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return a field for each argument."""
        return {
            parameter.name: _field(_annotation(function, parameter), required=parameter.default is Parameter.empty)
            for function in reversed(_readers(self.move))
            for parameter in _named(function)
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse arguments that nothing reads."""
        unread = sorted(set(self.initial_data) - set(self.fields))
        if unread:
            said = {name: _("The transition takes no such argument.") for name in unread}
            raise serializers.ValidationError(said, code="unknown")
        return attrs


def _readers(move: ModelTransition[..., Any]) -> list[Callable[..., Any]]:
    """Return the functions to which the arguments go, the implementation first."""
    parameters = inspect.signature(move.implementation).parameters.values()
    if all(parameter.kind is not Parameter.VAR_KEYWORD for parameter in parameters):
        return [move.implementation]
    return [move.implementation, *(hook.function for hook in (*move.plan.checks, *move.plan.before))]


def _named(function: Callable[..., Any]) -> Iterator[Parameter]:
    """Yield the parameters of a function that a call gives by name; the first is the object."""
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY):
            yield parameter


def _annotation(function: Callable[..., Any], parameter: Parameter) -> object:
    """Resolve one annotation alone: others are often importable for type checkers only."""
    holder = types.SimpleNamespace(__annotations__={parameter.name: parameter.annotation})
    return get_type_hints(holder, globalns=inspect.unwrap(function).__globals__)[parameter.name]


def _field(annotation: object, **options: Any) -> serializers.Field[Any, Any, Any, Any]:
    members = get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType) and len(members) == 2 and type(None) in members:
        (annotation,) = (member for member in members if member is not type(None))
        options["allow_null"] = True
    if get_origin(annotation) is Literal:
        return serializers.ChoiceField(choices=get_args(annotation), **options)
    if annotation in FIELDS:
        return FIELDS[annotation](**options)
    return serializers.JSONField(**{**options, "allow_null": True})
