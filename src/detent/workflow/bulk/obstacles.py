"""What stands against moving rows in the database alone: whatever a single call would do with the object itself."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import models

from detent.machine.implementation import ImplementationProperty
from detent.machine.unbound import noop
from detent.workflow.bound.transition import ModelTransition
from detent.workflow.bulk.entries import entries_obstacle
from detent.workflow.definition import Workflow
from detent.workflow.errors import Subject, UnusableActor
from detent.workflow.statements.plain import FILLED_IN, saves_plainly

if TYPE_CHECKING:
    from detent.workflow.bulk.move import BulkMove

_KNOWN_PRE_SAVE = {models.Field.pre_save, models.FileField.pre_save, *FILLED_IN}
_LOGGING = ("log_transition", "db_log")


def find_obstacle(move: "BulkMove") -> str:
    """Return what needs the objects of a bulk transition, as words for a person; "" if nothing does."""
    return next(_obstacles(move), "")


def _obstacles(move: "BulkMove") -> Iterator[str]:
    yield from _in_transition(move.implementation)
    yield from _in_workflow(move.workflow)
    yield from _in_model(move.model)
    permission = move.transition.permission
    if permission and move.actor is not None and not _may_for_all(move, permission):
        yield f"the permission {permission!r}, which {move.actor} may have for single objects"
    if move.log_model is not None and (obstacle := entries_obstacle(move, move.log_model)):
        yield obstacle


def _may_for_all(move: "BulkMove", permission: str) -> bool:
    if not hasattr(move.actor, "has_perm"):
        subject: Subject = {"workflow": type(move.workflow).__name__, "transition": move.transition.name}
        raise UnusableActor(move.actor, permission, **subject)
    return bool(move.actor.has_perm(permission))


def _in_transition(implementation: ImplementationProperty[..., Any]) -> Iterator[str]:
    if implementation.implementation is not noop:
        yield f"the method {getattr(implementation.implementation, '__name__', '')}"
    for kind, hooks in implementation.hooks.items():
        for hook in hooks:
            yield f"the {kind} hook {hook.name}"


def _in_workflow(workflow: Workflow) -> Iterator[str]:
    for name in _LOGGING:
        if getattr(type(workflow), name) is not getattr(Workflow, name) or name in vars(workflow):
            yield f"{type(workflow).__name__}.{name}"
    for base in workflow.implementation_class.__mro__:
        if base is ModelTransition:
            break
        if any(callable(value) or isinstance(value, property) for value in vars(base).values()):
            yield f"the overrides in {base.__name__}"


def _in_model(model: type[models.Model]) -> Iterator[str]:
    meta: Any = model._meta
    if not saves_plainly(model):
        yield f"the save() of {meta.label} or a receiver of its signals"
    if not meta.base_manager.auto_created:
        yield f"the base manager of {meta.label}"
    if isinstance(meta.pk, models.CompositePrimaryKey):
        yield f"the composite key of {meta.label}"
    for field in meta.concrete_fields:
        if type(field).pre_save not in _KNOWN_PRE_SAVE:
            yield f"the pre_save() of the field {field.name}"
