"""The module `xworkflows.base`: Detent's machine under the legacy's names and with its defaults."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, cast

from detent import machine
from detent.machine import (
    AbortTransition,
    ForbiddenTransition,
    ImplementationList,
    ImplementationProperty,
    ImplementationWrapper,
    InvalidTransitionError,
    State,
    StateList,
    StateProperty,
    StateWrapper,
    Transition,
    TransitionList,
    WorkflowError,
)
from detent.machine.hooks import HOOK_AFTER, HOOK_BEFORE, HOOK_CHECK, HOOK_ON_ENTER, HOOK_ON_LEAVE, attach
from detent.machine.unbound import P, R, noop
from xworkflows.hooks import Hook, after_transition, before_transition, on_enter_state, on_leave_state, transition_check

__all__ = [
    "HOOK_AFTER",
    "HOOK_BEFORE",
    "HOOK_CHECK",
    "HOOK_ON_ENTER",
    "HOOK_ON_LEAVE",
    "AbortTransition",
    "BaseWorkflow",
    "BaseWorkflowEnabled",
    "ForbiddenTransition",
    "Hook",
    "ImplementationList",
    "ImplementationProperty",
    "ImplementationWrapper",
    "InvalidTransitionError",
    "State",
    "StateField",
    "StateList",
    "StateProperty",
    "StateWrapper",
    "Transition",
    "TransitionList",
    "TransitionWrapper",
    "Workflow",
    "WorkflowEnabled",
    "WorkflowEnabledMeta",
    "WorkflowError",
    "WorkflowMeta",
    "after_transition",
    "before_transition",
    "noop",
    "on_enter_state",
    "on_leave_state",
    "transition",
    "transition_check",
]


class TransitionWrapper(machine.TransitionWrapper[P, R]):
    """A method marked as the implementation of a transition, with the hooks that were once given beside it.

    Args:
        trname: The transition's name; "" for the method's own.
        field: The attribute that holds the state, where several workflows of a class know the name.
        check: Asked with the object whether the transition may take place.
        before: Called before it, with the object and the call's arguments.
        after: Called after it, with the object, the result and the call's arguments.
    """

    def __init__(
        self,
        trname: str,
        field: str = "",
        check: Callable[..., Any] | None = None,
        before: Callable[..., Any] | None = None,
        after: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__(trname, field)
        self.check = check
        self.before = before
        self.after = after

    def __call__(self, func: Callable[Concatenate[Any, P], R]) -> "TransitionWrapper[P, R]":
        """Take the method."""
        super().__call__(func)
        for kind, hook in ((HOOK_CHECK, self.check), (HOOK_BEFORE, self.before), (HOOK_AFTER, self.after)):
            if hook is not None:
                attach(func, Hook(kind, hook, self.trname), self.field)
        return self


class transition(machine.transition):  # noqa: N801 - a decorator
    """Make a method the implementation of a transition; the arguments are those of `TransitionWrapper`.

    Raises:
        ConflictingImplementation: Used without parentheses.
    """

    def __init__(
        self,
        trname: str = "",
        field: str = "",
        check: Callable[..., Any] | None = None,
        before: Callable[..., Any] | None = None,
        after: Callable[..., Any] | None = None,
    ) -> None:
        super().__init__(trname, field)
        self.around = check, before, after
        if any(self.around):
            warnings.warn(
                "The check=, before= and after= of @transition are deprecated; use @transition_check, "
                "@before_transition and @after_transition.",
                DeprecationWarning,
                stacklevel=2,
            )

    def __call__(self, function: Callable[Concatenate[Any, P], R]) -> TransitionWrapper[P, R]:  # type: ignore[override] # no coroutines
        """Mark the method."""
        wrapper = cast("TransitionWrapper[P, R]", TransitionWrapper(self.trname, self.field, *self.around))
        return wrapper(function)


class WorkflowMeta(type):
    """The metaclass of workflows; `detent.machine.Workflow` needs none, and does the work."""


class BaseWorkflow(machine.Workflow):
    """A workflow with the legacy's defaults: lenient about transitions declared twice, and its own logger."""

    strict = False
    logger_name = "xworkflows.transitions"


class Workflow(BaseWorkflow, metaclass=WorkflowMeta):
    """Base of workflow declarations."""


class StateField:
    """A workflow as `WorkflowEnabledMeta` finds it in a class.

    Args:
        workflow: The workflow.
    """

    def __init__(self, workflow: machine.Workflow) -> None:
        self.workflow = workflow


class WorkflowEnabledMeta(type):
    """The metaclass of objects with a workflow: its methods decide what is one, and what the class has in its place.

    `detent.machine.WorkflowEnabled` then gives the class its transitions.
    """

    def __new__(mcs, name: str, bases: tuple[type[Any], ...], attrs: dict[str, Any], **kwargs: Any) -> type[Any]:
        """Make the class."""
        for field_name, state_field in mcs._find_workflows(attrs).items():
            mcs._add_workflow(field_name, state_field, attrs)
        return super().__new__(mcs, name, bases, attrs, **kwargs)

    @classmethod
    def _find_workflows(cls, attrs: Mapping[str, Any]) -> dict[str, StateField]:
        return {name: StateField(value) for name, value in attrs.items() if isinstance(value, machine.Workflow)}

    @classmethod
    def _add_workflow(cls, field_name: str, state_field: StateField, attrs: dict[str, Any]) -> None:
        attrs[field_name] = StateProperty(state_field.workflow, field_name)


class BaseWorkflowEnabled(machine.WorkflowEnabled):
    """What classes with a workflow have in common, without the metaclass."""


class WorkflowEnabled(BaseWorkflowEnabled, metaclass=WorkflowEnabledMeta):
    """Base of classes that declare `state = SomeWorkflow()` and get the workflow's transitions as methods."""
