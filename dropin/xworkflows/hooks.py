"""Hooks as xworkflows called them, and the decorators that declare them."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from detent import machine
from detent.machine.arguments import Call
from detent.machine.definition import StateLike
from detent.machine.errors import InvalidDefinition
from detent.machine.hooks import (
    HOOK_AFTER,
    HOOK_BEFORE,
    HOOK_CHECK,
    HOOK_ON_ENTER,
    HOOK_ON_LEAVE,
    KINDS,
    attach,
    declared_hooks,
    written,
)

Function = TypeVar("Function", bound=Callable[..., Any])


class UnknownKind(InvalidDefinition, AssertionError):
    """A hook is of none of the five kinds; xworkflows asserted it."""


class Hook(machine.Hook):
    """A hook that gets the call's positional arguments as they are; a check gets the object and nothing else.

    Raises:
        UnknownKind: `kind` is none of the five.
    """

    def __init__(
        self, kind: str, function: Callable[..., Any], *names: StateLike | machine.Transition, priority: int = 0
    ) -> None:
        if kind not in KINDS:
            raise UnknownKind(f"{kind!r} is no kind of hook; the kinds are {', '.join(KINDS)}.", name=kind)
        super().__init__(kind, function, *names, priority=priority)

    def run(self, instance: object, call: Call, *result: object) -> Any:
        """Call the function with the object, a result if there is one, and the call's arguments.

        A keyword goes only to a function that takes it: `save=False` needs no hook that knows of it.
        """
        if self.kind == HOOK_CHECK:
            return self.function(instance)
        taken = call.kwargs if self.parameters.keywords else self.parameters.names
        kwargs = {name: value for name, value in call.kwargs.items() if name in taken}
        return self.function(instance, *result, *call.args, **kwargs)


class HookDeclaration:
    """A decorator that declares a function as a hook.

    Args:
        *names: The transitions, or for hooks of states the states, around which the function runs, as objects or by
            name; none, or "*", means all.
        priority: A higher one runs earlier.
        field: The one state field that it watches; "" for each.
    """

    hook_name: ClassVar[str]

    def __init__(self, *names: StateLike | machine.Transition, priority: int = 0, field: str = "") -> None:
        self.names = names or ("*",)
        self.priority = priority
        self.field = field

    def __call__(self, function: Function) -> Function:
        """Declare the function."""
        attach(function, Hook(self.hook_name, written(function), *self.names, priority=self.priority), self.field)
        hooks = declared_hooks(function)
        # Where xworkflows left them; Detent looks elsewhere.
        function.xworkflows_hook = {  # type: ignore[attr-defined]
            kind: [(declared.field, declared.hook) for declared in hooks if declared.hook.kind == kind]
            for kind in KINDS
        }
        return function


class before_transition(HookDeclaration):  # noqa: N801 - a decorator
    """Run the method before the named transitions, once they are found allowed."""

    hook_name = HOOK_BEFORE


class after_transition(HookDeclaration):  # noqa: N801 - a decorator
    """Run the method after the named transitions; it is given their result."""

    hook_name = HOOK_AFTER


class transition_check(HookDeclaration):  # noqa: N801 - a decorator
    """Ask the method whether the named transitions may take place."""

    hook_name = HOOK_CHECK


class on_enter_state(HookDeclaration):  # noqa: N801 - a decorator
    """Run the method after each transition into the named states; it is given the transition's result."""

    hook_name = HOOK_ON_ENTER


class on_leave_state(HookDeclaration):  # noqa: N801 - a decorator
    """Run the method before each transition out of the named states."""

    hook_name = HOOK_ON_LEAVE
