"""The form for the arguments of a transition, made of its signature."""

import json
import types
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import partial
from inspect import Parameter
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from django import forms
from django.db.models import Model

from detent.workflow.admin.json_field import JsonField
from detent.workflow.bound.transition import ModelTransition
from detent.workflow.call_signature import Argument, arguments_of

PREFIX = "argument"


FIELDS: dict[object, Callable[..., forms.Field]] = {
    str: forms.CharField,
    int: forms.IntegerField,
    float: forms.FloatField,
    Decimal: forms.DecimalField,
    date: partial(forms.DateField, widget=forms.DateInput(attrs={"type": "date"})),
    datetime: partial(forms.DateTimeField, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})),
    time: partial(forms.TimeField, widget=forms.TimeInput(attrs={"type": "time"})),
    timedelta: partial(forms.DurationField, help_text="[days] [hours:]minutes:seconds"),
    UUID: forms.UUIDField,
}


class ArgumentsForm(forms.Form):
    """Asks for the arguments of a transition; one whose annotation is not known takes JSON.

    Args:
        move: The transition of an object.
        data: What was sent, or None.
    """

    def __init__(self, move: ModelTransition[..., Any], data: Any = None) -> None:
        super().__init__(data, prefix=PREFIX)
        self.taken = {argument.name: argument for argument in arguments_of(move)}
        for name, argument in self.taken.items():
            self.fields[name] = field_for(argument)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the call; one that was left empty has its default."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in (None, "") or self.taken[name].is_required
        }


def field_for(argument: Argument) -> forms.Field:
    """Return the field of a form for an argument."""
    annotation, may_be_none = _without_none(argument.annotation)
    options: dict[str, Any] = {
        "required": argument.is_required and not may_be_none,
        "label": argument.name.replace("_", " ").capitalize(),
    }
    if not argument.is_required and argument.default is not None:
        options["initial"] = argument.default
    if annotation is bool:
        return forms.BooleanField(**{**options, "required": False})
    if get_origin(annotation) is Literal:
        return _choice({str(value): value for value in get_args(annotation)}, options)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choice({member.name: member for member in annotation}, options)
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return forms.ModelChoiceField(annotation._default_manager.all(), **options)
    if annotation in FIELDS:
        return FIELDS[annotation](**options)
    return _json(options)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    members = get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType) and type(None) in members:
        others = [member for member in members if member is not type(None)]
        return (others[0] if len(others) == 1 else Parameter.empty), True
    return annotation, False


def _choice(values: dict[str, Any], options: dict[str, Any]) -> forms.Field:
    names = {value: name for name, value in values.items()}
    initial = {"initial": names.get(options["initial"])} if "initial" in options else {}
    blank = [] if options["required"] else [("", "---------")]
    return forms.TypedChoiceField(
        choices=[*blank, *((name, name) for name in values)],
        coerce=values.__getitem__,
        empty_value=None,
        **{**options, **initial},
    )


def _json(options: dict[str, Any]) -> forms.Field:
    initial = {"initial": json.dumps(options["initial"], default=str)} if "initial" in options else {}
    return JsonField(help_text="JSON", **{**options, **initial})
