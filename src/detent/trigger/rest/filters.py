"""What lists can be narrowed to; what no column can have is refused, and so is a parameter that nothing reads."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from detent.trigger.delivery.workflow import DeliveryWorkflow
from detent.trigger.models import Delivery, TriggerEvent, TriggerRule
from detent.trigger.rest.fields import LARGEST_KEY, moment_of
from detent.trigger.rest.pagination import NewestFirst
from detent.workflow.rest.problem import FieldError, invalid

OF_EVERY_LIST = {NewestFirst.cursor_query_param, str(api_settings.URL_FORMAT_OVERRIDE)}
STATES = [(state.name, state.title) for state in DeliveryWorkflow.states]


class Given(forms.Field):
    """A value of a query; an empty one is not taken for none."""

    def clean(self, value: Any) -> Any:
        """Return the value; None if none is given."""
        if value == "":
            raise ValidationError(_("It is empty."), code="blank")
        return super().clean(value)


class FlagField(Given):
    """`true` or `false`."""

    def to_python(self, value: Any) -> bool | None:
        """Return the flag; None if none is given."""
        if value not in (None, "true", "false"):
            raise ValidationError(_("Write true or false."), code="invalid")
        return None if value is None else value == "true"


class MomentField(Given):
    """A date-time with a time zone."""

    def to_python(self, value: Any) -> Any:
        """Return the moment; None if none is given."""
        # In a query a plus stands for a space.
        moment = None if value is None else moment_of(value[:11] + value[11:].replace(" ", "+"))
        if value is not None and moment is None:
            raise ValidationError(_("Write a date-time with a time zone, such as 2026-11-22T10:00:00Z."), "invalid")
        return moment


class KeyField(Given, forms.IntegerField):
    """The key of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": LARGEST_KEY, **options})


class UuidField(Given, forms.UUIDField):
    """A UUID."""


class WordField(Given, forms.ChoiceField):
    """One of some words."""


class TextField(forms.Field):
    """A text, which may be empty."""

    default_validators = [ProhibitNullCharactersValidator()]


@extend_schema_field({"type": "boolean"})
class FlagFilter(filters.Filter):
    """Narrows to rows with a flag, or without."""

    field_class = FlagField


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentFilter(filters.Filter):
    """Narrows to rows of before or after a moment."""

    field_class = MomentField


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": LARGEST_KEY})
class KeyFilter(filters.Filter):
    """Narrows to rows that refer to another."""

    field_class = KeyField


@extend_schema_field({"type": "string", "format": "uuid"})
class UuidFilter(filters.Filter):
    """Narrows to rows with a UUID."""

    field_class = UuidField


@extend_schema_field({"type": "string", "enum": [name for name, _title in STATES]})
class StateFilter(filters.Filter):
    """Narrows to deliveries in a state."""

    field_class = WordField


@extend_schema_field({"type": "string", "pattern": r"^[^\x00]*$"})
class TextFilter(filters.Filter):
    """Narrows to rows with a text, letter by letter; an empty one is a text too."""

    field_class = TextField

    def filter(self, qs: Any, value: str | None) -> Any:
        """Return the rows with the text."""
        return qs if value is None else qs.filter(**{f"{self.field_name}__exact": value})


class RuleFilters(filters.FilterSet):
    """What a list of rules can be narrowed to."""

    type = TextFilter(help_text="The type of the rule.")
    name = TextFilter(help_text="The name, letter by letter.")
    active = FlagFilter("is_active", help_text="Whether it can be triggered.")
    archived = FlagFilter("archived", "isnull", exclude=True, help_text="Whether it is history.")
    lineage = UuidFilter(help_text="All revisions of one rule.")
    created_since = MomentFilter("created", "gte", help_text="Those made then or later.")
    created_until = MomentFilter("created", "lt", help_text="Those made before then.")

    class Meta:
        model = TriggerRule
        fields: tuple[str, ...] = ()


class EventFilters(filters.FilterSet):
    """What a list of events can be narrowed to."""

    type = TextFilter(help_text="The type of the event.")
    rule = KeyFilter("rule_id", help_text="The key of the revision that was triggered.")
    lineage = UuidFilter(help_text="Of one rule in all its revisions.")
    source = TextFilter("occurrence__source", help_text="Who said so.")
    subject = TextFilter("occurrence__subject", help_text="What it happened to.")
    outcome = TextFilter(help_text="What became of it, where the actions did not simply go ahead.")
    occurred_since = MomentFilter("occurred", "gte", help_text="Those of then or later.")
    occurred_until = MomentFilter("occurred", "lt", help_text="Those of before then.")

    class Meta:
        model = TriggerEvent
        fields: tuple[str, ...] = ()


class DeliveryFilters(filters.FilterSet):
    """What a list of deliveries can be narrowed to."""

    state = StateFilter(choices=STATES, help_text="Where it stands.")
    action = TextFilter(help_text="The name of the action.")
    event = KeyFilter("event_id", help_text="The key of the event.")
    rule = KeyFilter("event__rule_id", help_text="The key of the revision that was triggered.")
    lineage = UuidFilter(help_text="Of one rule in all its revisions.")
    due_since = MomentFilter("due", "gte", help_text="Those due then or later.")
    due_until = MomentFilter("due", "lt", help_text="Those due before then.")

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()


class Narrowing(filters.DjangoFilterBackend):
    """Narrows a list as its query says."""

    def filter_queryset(self, request: Request, queryset: Any, view: APIView) -> Any:
        """Return the rows that are asked for.

        Raises:
            Problem: A parameter is unknown, or its value can be none.
        """
        chosen = self.get_filterset(request, queryset, view)
        if chosen is None:
            return queryset
        unread = sorted(request.query_params.keys() - chosen.filters.keys() - OF_EVERY_LIST)
        known = ", ".join(chosen.filters)
        faults = [FieldError(name, "Nothing reads it.", f"Leave it out; there are {known}.") for name in unread]
        if not chosen.is_valid():
            faults += [
                FieldError(name, str(reason), "Give a value that the schema allows, or leave it out.")
                for name, reasons in chosen.errors.items()
                for reason in reasons
            ]
        if faults:
            raise invalid(*faults)
        return chosen.qs
