"""The decorator that makes a method the implementation of a transition."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, Generic, cast, overload

from detent.machine.errors import ConflictingImplementation
from detent.machine.hooks import Marked
from detent.machine.implementation import ImplementationProperty, ImplementationWrapper
from detent.machine.unbound import P, R


class TransitionWrapper(Marked, Generic[P, R]):
    """A method marked as the implementation of a transition, until its class is made.

    Args:
        trname: The transition's name; "" for the method's own.
        field: The attribute that holds the state, where several workflows of a class know the name.
    """

    def __init__(self, trname: str, field: str = "") -> None:
        self.trname = trname
        self.field = field
        self.func: Callable[Concatenate[Any, P], R]

    def __call__(self, func: Callable[Concatenate[Any, P], R]) -> "TransitionWrapper[P, R]":
        """Take the method."""
        self.func = func
        self.trname = self.trname or func.__name__
        self.__doc__ = func.__doc__
        return self

    if TYPE_CHECKING:
        # Where the class is made this object gives way to an ImplementationProperty; type checkers see its end already.
        @overload
        def __get__(self, instance: None, owner: type[Any] | None = None) -> ImplementationProperty[P, R]: ...
        @overload
        def __get__(self, instance: object, owner: type[Any] | None = None) -> ImplementationWrapper[P, R]: ...
        def __get__(self, instance: object, owner: type[Any] | None = None) -> Any: ...

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self.trname!r}: {getattr(self, 'func', None)!r}>"


class transition:  # noqa: N801 - a decorator, named as in xworkflows
    """Make a method the implementation of a transition.

    Args:
        trname: The transition's name; "" for the method's own.
        field: The attribute that holds the state, where several workflows of a class know the name.

    Raises:
        ConflictingImplementation: Used without parentheses.
    """

    def __init__(self, trname: str = "", field: str = "") -> None:
        if callable(trname):
            raise ConflictingImplementation(
                "The @transition decorator should be called as @transition(['transition_name'], **kwargs)"
            )
        self.trname = trname
        self.field = field

    # Of a coroutine, `await ....acall(...)` gives what it returns.
    @overload
    def __call__(self, function: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]) -> TransitionWrapper[P, R]: ...

    @overload
    def __call__(self, function: Callable[Concatenate[Any, P], R]) -> TransitionWrapper[P, R]: ...

    def __call__(self, function: Callable[Concatenate[Any, P], Any]) -> TransitionWrapper[P, Any]:
        """Mark the method."""
        wrapper = cast("TransitionWrapper[P, Any]", TransitionWrapper(self.trname, self.field))
        return wrapper(function)
