"""The arguments of a transition as JSON gives them: checked and converted by the annotations of its signature."""

import types
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework import serializers

from detent.workflow.bound.transition import ModelTransition
from detent.workflow.call_signature import arguments_of

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
        move: The transition of the object.
        **options: Those of a serializer.
    """

    def __init__(self, move: ModelTransition[..., Any], **options: Any) -> None:
        self.move = move
        super().__init__(**options)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return a field for each argument."""
        arguments = arguments_of(self.move)
        return {each.name: _field(each.annotation, required=each.is_required) for each in arguments}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse arguments that nothing reads."""
        unread = sorted(set(self.initial_data) - set(self.fields))
        if unread:
            said = {name: _("The transition takes no such argument.") for name in unread}
            raise serializers.ValidationError(said, code="unknown")
        return attrs


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
