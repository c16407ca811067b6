"""The built-in action `create`: makes a row of a model that the project allows."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

from detent.settings import detent_settings
from detent.trigger.actions.permissions import needed_to_create
from detent.trigger.actions.registry import action
from detent.trigger.delivery.outcome import Reject

if TYPE_CHECKING:
    from detent.trigger.models import Delivery

EVENT_FIELD = "event"
EVENT_MODEL = "trigger.triggerevent"


@action("create", permission=needed_to_create)
def create(delivery: "Delivery", *, model: str, values: dict[str, object]) -> None:
    """Make one row; it commits with the delivery, so exactly one is made.

    A foreign key named `event` to TriggerEvent is filled with the delivery's event unless `values` has it.

    Args:
        delivery: What asks for it.
        model: The model as "app_label.model"; one of `DETENT["CREATABLE_MODELS"]`.
        values: The fields by name; a foreign key takes the other row's key.

    Raises:
        Reject: The model is not allowed or does not exist, a field is unknown, or a value does not fit its field.
    """
    made = creatable(model)()
    given = _values(made, values, delivery)
    try:
        for name, value in given.items():
            setattr(made, name, value)
        made.clean_fields(exclude=[field.name for field in made._meta.concrete_fields if field.is_relation])
    except ValidationError as error:
        raise Reject(f"{model}: {'; '.join(_complaints(error))}") from error
    made.save(using=delivery._state.db, force_insert=True)


def creatable(name: str) -> type[models.Model]:
    """Return a model that rules may make rows of.

    Args:
        name: "app_label.model", in any case.

    Raises:
        Reject: It is not in `DETENT["CREATABLE_MODELS"]`, or no installed app has it.
    """
    if name.lower() not in {allowed.lower() for allowed in detent_settings().CREATABLE_MODELS}:
        raise Reject(f'{name} may not be created by a rule; add it to DETENT["CREATABLE_MODELS"] if it should.')
    try:
        return apps.get_model(name)
    except LookupError as error:
        raise Reject(f"There is no model {name}: {error}") from error


def _values(made: models.Model, values: dict[str, object], delivery: "Delivery") -> dict[str, Any]:
    """Return the values by attribute, foreign keys by their column, the event among them."""
    by_attribute = {_attribute(made, name): value for name, value in values.items()}
    event = next((field for field in made._meta.concrete_fields if _holds_event(field)), None)
    return by_attribute if event is None else {event.attname: delivery.event_id, **by_attribute}


def _attribute(made: models.Model, name: str) -> str:
    try:
        field = made._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if not isinstance(field, models.Field) or not field.concrete or field.many_to_many:
        known = ", ".join(field.name for field in made._meta.concrete_fields)
        raise Reject(f"{made._meta.label} has no field {name!r} to be given a value; it has {known}.")
    return field.attname


def _holds_event(field: "models.Field[Any, Any]") -> bool:
    related: Any = field.related_model
    return field.name == EVENT_FIELD and related is not None and related._meta.label_lower == EVENT_MODEL


def _complaints(error: ValidationError) -> list[str]:
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [" ".join([f"{name}:" if name else "", *messages]).strip() for name, messages in by_field.items()]
