"""The names that the input of a built-in action has, as far as they are literal: do such things exist?"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import models

from detent.settings import detent_settings
from detent.trigger.actions.template import holds_template
from detent.trigger.configuration.exceptions import InvalidTriggerRule
from detent.trigger.configuration.machines import check_name, installed_machines, machines_of
from detent.trigger.configuration.nearest import suggestion
from detent.workflow import StateField

Input = Mapping[str, Any]


def check_names(action: str, settings: Input, path: str) -> None:
    """Check the literal names in the input of an action; what a template gives is known only when it is rendered.

    Args:
        action: The name of the action; of another than `transition` and `create`, nothing is checked.
        settings: Its input, which fits its schema.
        path: Where the input stands in the configuration.

    Raises:
        InvalidTriggerRule: Something that is named does not exist; the error names the nearest.
    """
    if action == "transition":
        _check_transition(settings, path)
    elif action == "create":
        _check_create(settings, path)


def _check_transition(settings: Input, path: str) -> None:
    model, name = settings["model"], settings["transition"]
    machines = installed_machines() if holds_template(model) else machines_of(model, f"{path}.model")
    if not holds_template(name):
        check_name("transition", name, {each for machine in machines for each in machine.methods}, f"{path}.transition")


def _check_create(settings: Input, path: str) -> None:
    if holds_template(settings["model"]):
        return
    model = _creatable(settings["model"], f"{path}.model")
    fields = {field.name: field for field in model._meta.concrete_fields}
    columns = {field.attname: field for field in model._meta.concrete_fields}
    for name, value in settings["values"].items():
        check_name(f"field of {model._meta.label}", name, fields | columns, f"{path}.values.{name}")
        field = fields.get(name)
        if isinstance(field, StateField) and isinstance(value, str) and not holds_template(value):
            states = {state.name for state in field.workflow.states}
            check_name("state", value, states, f"{path}.values.{name}")


def _creatable(name: str, path: str) -> type[models.Model]:
    allowed = [each.lower() for each in detent_settings().CREATABLE_MODELS]
    if name.lower() not in allowed:
        reason = f'{name!r} is not in DETENT["CREATABLE_MODELS"]; {suggestion(name, allowed)}'
        raise InvalidTriggerRule(reason, path)
    try:
        return apps.get_model(name)
    except (LookupError, ValueError) as error:
        raise InvalidTriggerRule(f"there is no model {name!r}: {error}", path) from error
