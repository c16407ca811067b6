"""A transition on a class and on one object: the descriptor, and the bound transition that a call runs."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias, overload

from detent.machine.awaited import AwaitedTransition
from detent.machine.errors import NotEnabled
from detent.machine.shortcut import taking_shortcuts
from detent.machine.steps import runs_usual_steps
from detent.machine.unbound import P, R, UnboundTransition


class ImplementationWrapper(AwaitedTransition[P, R]):
    """A transition of one object: call it to move the object, ask it whether it may.

    A call runs four steps, each of which a subclass may override: `_pre_transition_checks`, `_pre_transition`,
    `_during_transition` and `_post_transition`. The names and the arguments are xworkflows'.
    """

    __slots__ = ()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Move the object.

        Returns:
            What the implementation returns.

        Raises:
            InvalidTransitionError: The transition does not start in the object's state.
            ForbiddenTransition: A check refused.
            MissingArgument: A check needs an argument that the call did not give.
            MustBeAwaited: A check, a hook or the implementation is a coroutine; write `await ....acall(...)`.
        """
        return self._step_by_step(*args, **kwargs)


@cache
def _quick_class(bound_class: type[Any], attribute: str) -> Callable[[], Any]:
    """Return a class like this one, made without arguments in half the time; who makes one fills its slots.

    Args:
        bound_class: The class of bound transitions.
        attribute: Where the objects hold the state's name; "" where that is not known. Known, calls take shortcuts.
    """
    quick: dict[str, Any] = {"__slots__": (), "__init__": object.__init__}
    if attribute and bound_class.__call__ is ImplementationWrapper.__call__:
        quick["__call__"] = taking_shortcuts(attribute)
    return type(bound_class.__name__, (bound_class,), quick)


Move: TypeAlias = ImplementationWrapper[[], None]
"""How a class declares, for the type checker, a transition that has no method: `place: Move`."""


class ImplementationProperty(UnboundTransition[P, R]):
    """The attribute through which the objects of a class have a transition.

    Args:
        field_name: The attribute that holds the objects' state.
        transition: The transition.
        workflow: The workflow of that state.
        implementation: The function that the transition runs, with the object first.
        hooks: The hooks around it, by kind.
    """

    served: object = NotImplemented
    """The class whose objects are bound without further questions, once it is known."""
    make_bound: Callable[[], Any]
    """What makes the bound transitions of those objects."""

    def copy(self) -> "ImplementationProperty[P, R]":
        """Return the same transition for another class, which collects hooks of its own."""
        return type(self)(self.field_name, self.transition, self.workflow, self.implementation)

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> "ImplementationProperty[P, R]": ...

    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> ImplementationWrapper[P, R]: ...

    def __get__(
        self, instance: object, owner: type[Any] | None = None
    ) -> "ImplementationProperty[P, R] | ImplementationWrapper[P, R]":
        """Bind the transition to an object.

        Raises:
            TypeError: The object's class has no such state.
        """
        if instance is None:
            return self
        if owner is not self.served:
            return self._bind_with_care(instance, owner)
        bound: ImplementationWrapper[P, R] = self.make_bound()
        bound.instance = instance
        bound.declared = self
        return bound

    def _bind_with_care(self, instance: object, owner: type[Any] | None) -> ImplementationWrapper[P, R]:
        self._refuse_foreigner(instance)
        bound_class: type[Any] = self.workflow.implementation_class
        if bound_class.__init__ is not ImplementationWrapper.__init__:
            return self._made_with_init(bound_class, instance)
        make_bound: Callable[[], Any] = _quick_class(bound_class, self.attribute)  # type: ignore[arg-type] # classes are hashable
        if self.attribute and owner is self.owner:
            self.runs_usual_steps = runs_usual_steps(bound_class)
            self.make_bound = make_bound
            # Last, for other threads take it to mean that the rest is there.
            self.served = owner
        bound: ImplementationWrapper[P, R] = make_bound()
        bound.instance = instance
        bound.declared = self
        return bound

    def _made_with_init(
        self, bound_class: "type[ImplementationWrapper[P, R]]", instance: object
    ) -> ImplementationWrapper[P, R]:
        return bound_class(instance, self.field_name, self.transition, self.workflow, self.implementation, self.hooks)

    def _refuse_foreigner(self, instance: object) -> None:
        if self.field_name not in getattr(instance, "_workflows", ()):
            message = "Unable to apply transition {!r} to object {!r}, which is not attached to a Workflow."
            raise NotEnabled(
                message.format(self.transition.name, instance),
                workflow=type(self.workflow).__name__,
                name=self.transition.name,
                transition=self.transition.name,
                hint=f"Mix WorkflowEnabled into {type(instance).__name__}, and declare {self.field_name!r} in it.",
                instance=instance,
            )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self.transition.name!r} on {self.field_name!r}: {self.implementation!r}>"
