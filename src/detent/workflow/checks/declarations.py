"""Checks of what a model's class declares: its hooks, implementations and `Move`s, and the order of its bases."""

import inspect
import typing
from collections.abc import Iterator

from django.core import checks
from django.db import models

from detent.machine import ImplementationProperty, TransitionWrapper, iterclass
from detent.machine.enabled import function_of
from detent.machine.hooks import HOOK_ON_ENTER, HOOK_ON_LEAVE, DeclaredHook, declared_hooks
from detent.workflow.bound.transition import Move
from detent.workflow.enabled import WorkflowEnabled
from detent.workflow.stored import ComparedSave

_STATE_KINDS = (HOOK_ON_ENTER, HOOK_ON_LEAVE)


def check_hooks(model: type[WorkflowEnabled]) -> Iterator[checks.CheckMessage]:
    """Report hooks that name a transition, a state or a field that is not there (E101)."""
    for attribute, value in iterclass(model):
        for declared in declared_hooks(function_of(value)):
            for nothing in _names_nothing(declared, model):
                yield checks.Error(
                    f"The {declared.hook.kind} hook {attribute!r} of {model.__name__} names {nothing}.",
                    hint="Correct the name, or the field= of the hook.",
                    obj=model,
                    id="detent.E101",
                )


def _names_nothing(declared: DeclaredHook, model: type[WorkflowEnabled]) -> Iterator[str]:
    fields = [field for name, field in model._workflows.items() if declared.field in ("", name)]
    if not fields:
        known = ", ".join(model._workflows)
        yield f"field={declared.field!r}, which is none of the state fields {known}"
        return
    kind = "states" if declared.hook.kind in _STATE_KINDS else "transitions"
    known_names = {item.name for field in fields for item in getattr(field.workflow, kind)}
    workflows = " or ".join(type(field.workflow).__name__ for field in fields)
    for given in declared.hook.names:
        name = given if isinstance(given, str) else given.name
        if name not in {"*", *known_names}:
            yield f"{name!r}, which is none of the {kind} of {workflows}"


def check_implementations(model: type[WorkflowEnabled]) -> Iterator[checks.CheckMessage]:
    """Report methods that implement a transition that is not there (E104)."""
    # What implements a transition has given way to an ImplementationProperty when the model was prepared.
    for attribute, value in iterclass(model):
        if isinstance(value, TransitionWrapper):
            where = f" of the field {value.field!r}" if value.field else ""
            yield checks.Error(
                f"{attribute!r} of {model.__name__} implements {value.trname!r}{where}, which is no transition there.",
                hint="Correct the name, or declare the transition in the workflow.",
                obj=model,
                id="detent.E104",
            )


def check_moves(model: type[WorkflowEnabled]) -> Iterator[checks.CheckMessage]:
    """Report `Move`s that name no transition (E102)."""
    for base in model.__mro__:
        for name, annotation in inspect.get_annotations(base).items():
            attribute = inspect.getattr_static(model, name, None)
            if _is_move(annotation) and not isinstance(attribute, ImplementationProperty):
                yield checks.Error(
                    f"{base.__name__} declares {name!r} as a Move, but {model.__name__} has no such transition.",
                    hint="Correct the name, or declare the transition in the workflow.",
                    obj=model,
                    id="detent.E102",
                )


def _is_move(annotation: object) -> bool:
    if isinstance(annotation, str):
        return annotation.rpartition(".")[2] == "Move"
    return annotation == Move or typing.get_origin(annotation) is typing.get_origin(Move)


def check_bases(model: type[WorkflowEnabled]) -> Iterator[checks.CheckMessage]:
    """Report a mixin that stands too late among the bases (E103)."""
    if model.__mro__.index(ComparedSave) > model.__mro__.index(models.Model):
        yield checks.Error(
            f"{model.__name__} has WorkflowEnabled behind models.Model, whose saves then do not compare the state.",
            hint="Put WorkflowEnabled first among its bases.",
            obj=model,
            id="detent.E103",
        )
