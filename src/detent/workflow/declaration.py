"""The decorators of models' transitions, beside the hooks of `detent.machine`."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, TypeVar, cast, overload

from detent import machine
from detent.machine import ImplementationProperty, TransitionWrapper
from detent.machine.hooks import declare_hook
from detent.machine.unbound import P, R
from detent.workflow.bound.transition import HOOK_AFTER_COMMIT, ModelTransition

_Function = TypeVar("_Function", bound=Callable[..., Any])


class ModelTransitionWrapper(TransitionWrapper[P, R]):
    """A method of a model marked as the implementation of a transition, until the model is made."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type[Any] | None = None) -> ImplementationProperty[P, R]: ...
        @overload
        def __get__(self, instance: object, owner: type[Any] | None = None) -> ModelTransition[P, R]: ...
        def __get__(self, instance: object, owner: type[Any] | None = None) -> Any: ...


class transition(machine.transition):  # noqa: N801 - a decorator, named as in xworkflows
    """Make a method of a model the implementation of a transition.

    Args:
        trname: The transition's name; "" for the method's own.
        field: The state field, where several workflows of the model know the name.
    """

    # Of a coroutine, `await ....acall(...)` gives what it returns.
    @overload
    def __call__(
        self, function: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]
    ) -> ModelTransitionWrapper[P, R]: ...

    @overload
    def __call__(self, function: Callable[Concatenate[Any, P], R]) -> ModelTransitionWrapper[P, R]: ...

    def __call__(self, function: Callable[Concatenate[Any, P], Any]) -> ModelTransitionWrapper[P, Any]:
        """Mark the method."""
        wrapper = cast("ModelTransitionWrapper[P, Any]", ModelTransitionWrapper(self.trname, self.field))
        return cast("ModelTransitionWrapper[P, Any]", wrapper(function))


def after_commit(*names: str, priority: int = 0, field: str = "") -> Callable[[_Function], _Function]:
    """Run the method once a transition is committed; if it fails, neither the caller nor the next one is told.

    Args:
        *names: Transitions; none means all.
        priority: A higher one runs earlier.
        field: Only for this state field; "" for each.
    """
    return declare_hook(HOOK_AFTER_COMMIT, *names, priority=priority, field=field)
