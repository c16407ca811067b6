"""What the author of a rule must hold for an action that touches the rows of a model, by the rule's input."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.db import models

from detent.trigger.actions.template import holds_template
from detent.workflow.enabled import WorkflowEnabled, state_fields

USE_ANY_TARGET = "trigger.use_any_target"
"""What it takes where a template says only when the rule is triggered which rows are touched, or how."""


def needed_to_create(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield what it takes to have a row made: the permission to add one.

    Args:
        settings: The rule's input for the action `create`.
    """
    name = settings["model"]
    yield USE_ANY_TARGET if holds_template(name) else model_permission("add", apps.get_model(name))


def needed_to_move(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yield what it takes to have an object moved: the permission to change it, and what its transition declares.

    Args:
        settings: The rule's input for the action `transition`.
    """
    if holds_template(settings["model"]) or holds_template(settings["transition"]):
        yield USE_ANY_TARGET
    if not holds_template(settings["model"]):
        model = apps.get_model(settings["model"])
        yield model_permission("change", model)
        yield from _declared(model, settings["transition"])


def model_permission(act: str, model: type[models.Model]) -> str:
    """Return Django's own permission of a model.

    Args:
        act: What it allows: "add", "change", "delete" or "view".
        model: The model.
    """
    return f"{model._meta.app_label}.{get_permission_codename(act, model._meta)}"


def _declared(model: type[models.Model], method: str) -> Iterator[str]:
    """Yield what the transitions declare that a method of the model takes."""
    if not issubclass(model, WorkflowEnabled):
        return
    for name, field in state_fields(model).items():
        methods = model._xworkflows_implems[name].transitions_at
        for transition in field.workflow.transitions:
            if transition.permission and methods.get(transition.name) == method:
                yield transition.permission
