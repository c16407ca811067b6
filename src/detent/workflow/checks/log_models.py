"""Checks of the log models of workflows, against the models whose transitions they keep."""

from collections.abc import Iterator
from typing import Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import router

from detent.workflow.checks.definitions import too_long
from detent.workflow.definition import Workflow
from detent.workflow.enabled import WorkflowEnabled
from detent.workflow.fields import StateField
from detent.workflow.logs import BaseTransitionLog


def check_log(model: type[WorkflowEnabled], field: StateField) -> Iterator[checks.CheckMessage]:
    """Report a log that cannot be written (E106, E107), or not in full (E105).

    Args:
        model: The model.
        field: A state field of it, its own or inherited.
    """
    workflow = field.workflow
    if type(workflow).db_log is not Workflow.db_log:
        return
    try:
        log_model = workflow.get_log_model()
    except (LookupError, ValueError) as error:
        yield _cannot_log(model, field, f"{workflow.log_model!r} is no model: {error}")
        return
    if log_model is None:
        if workflow.log_creation:
            yield checks.Error(
                f"{type(workflow).__name__} of {model.__name__}.{field.name} says log_creation, but has no log.",
                hint="Install detent.workflow.log, give the workflow a log_model, or leave log_creation out.",
                obj=model,
                id="detent.E107",
            )
        return
    fault = _fault(model, log_model)
    if fault:
        yield _cannot_log(model, field, fault)
    elif field.model is model:
        yield from _check_log_columns(field, log_model)


def _fault(model: type[WorkflowEnabled], log_model: type[Any]) -> str:
    label = log_model._meta.label
    if not issubclass(log_model, BaseTransitionLog):
        return "" if hasattr(log_model, "log_transition") else f"{label} is not derived from BaseTransitionLog"
    if log_model._meta.abstract:
        return f"{label} is abstract"
    using = router.db_for_write(model)
    if not router.allow_migrate_model(using, log_model):
        return f"the table of {label} is not in the database {using!r}, to which the objects are written"
    reason = log_model.cannot_point_at(model)
    return reason and f"{label} cannot point at the objects: {reason}"


def _cannot_log(model: type[WorkflowEnabled], field: StateField, fault: str) -> checks.CheckMessage:
    return checks.Error(
        f"The transitions of {type(field.workflow).__name__} on {model.__name__}.{field.name} cannot be logged, as "
        f"{fault}.",
        hint="Name another log_model; a DetailedTransitionLog points at any object.",
        obj=model,
        id="detent.E106",
    )


def _check_log_columns(field: StateField, log_model: type[BaseTransitionLog]) -> Iterator[checks.CheckMessage]:
    for state in field.workflow.states:
        for name in ("from_state", "to_state"):
            yield from too_long(field, f"The state {state.name!r}", state.name, _column(log_model, name))
    for transition in field.workflow.transitions:
        column = _column(log_model, "transition")
        yield from too_long(field, f"The transition {transition.name!r}", transition.name, column)
    column = _column(log_model, log_model.column_for("state_field"))
    yield from too_long(field, f"The state field {field.name!r}", field.name, column)


def _column(log_model: type[Any], name: str) -> object:
    try:
        return log_model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
