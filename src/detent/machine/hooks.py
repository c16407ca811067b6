"""Functions that run around transitions, the decorators that declare them, and when each applies."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import FunctionType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from detent.machine.arguments import Call, Parameters, is_coroutine
from detent.machine.errors import MalformedDefinition

if TYPE_CHECKING:
    from detent.machine.definition import State, StateLike, Transition

HOOK_BEFORE = "before"
HOOK_AFTER = "after"
HOOK_CHECK = "check"
HOOK_ON_ENTER = "on_enter"
HOOK_ON_LEAVE = "on_leave"
KINDS = (HOOK_BEFORE, HOOK_AFTER, HOOK_CHECK, HOOK_ON_ENTER, HOOK_ON_LEAVE)

_DECLARED = "detent_hooks"
_Function = TypeVar("_Function", bound=Callable[..., Any])


class Hook:
    """A function, and the transitions or states around which it runs.

    Hooks are equal by kind, priority, function and names, and run by descending priority, then by function name.

    Args:
        kind: One of the `HOOK_` constants; another floor may have kinds of its own.
        function: Called with the object first.
        *names: The transitions, or for the kinds `on_enter` and `on_leave` the states, around which it runs, as objects
            or by name; none, or "*", means all.
        priority: A higher one runs earlier.
        reason: What a check tells a person when it refuses; text or a lazily translated text.
    """

    def __init__(
        self,
        kind: str,
        function: Callable[..., Any],
        *names: "StateLike | Transition",
        priority: int = 0,
        reason: object = "",
    ) -> None:
        self.kind = kind
        self.function = function
        self.names = names or ("*",)
        self.priority = priority
        self.reason = reason

    @cached_property
    def parameters(self) -> Parameters:
        """What the function takes beside the object."""
        return Parameters.of(self.function)

    @cached_property
    def takes_object_only(self) -> bool:
        """Whether the function is called with the object and nothing else, whatever the call's arguments are."""
        taken = self.parameters
        return not (taken.names or taken.positional or taken.keywords)

    @cached_property
    def awaited(self) -> bool:
        """Whether the function is a coroutine."""
        return is_coroutine(self.function)

    @property
    def description(self) -> str:
        """What it is called where a person reads of it."""
        return f"{self.kind} {self.name!r}"

    @property
    def name(self) -> str:
        """The name of the function."""
        return getattr(self.function, "__name__", repr(self.function))

    def with_function(self, function: Callable[..., Any]) -> Self:
        """Return the same hook with another function."""
        return type(self)(self.kind, function, *self.names, priority=self.priority, reason=self.reason)

    def applies_to(self, transition: "Transition", from_state: "State | None" = None) -> bool:
        """Whether the hook runs in a transition.

        Args:
            transition: The transition.
            from_state: Where it starts; None: in any of its sources.
        """
        return "*" in self._watched or not self._watched.isdisjoint(self._passed(transition, from_state))

    @cached_property
    def _watched(self) -> frozenset[str]:
        return frozenset(name if isinstance(name, str) else name.name for name in self.names)

    def _passed(self, transition: "Transition", from_state: "State | None") -> Sequence[str]:
        """Return what of a transition a hook of this kind can name."""
        if self.kind == HOOK_ON_LEAVE:
            return (from_state.name,) if from_state else transition.source_names
        return (transition.target.name if self.kind == HOOK_ON_ENTER else transition.name,)

    def run(self, instance: object, call: Call, *result: object) -> Any:
        """Call the function with what its signature names of a call's arguments."""
        args, kwargs = self.parameters.choose(call, *result)
        return self.function(instance, *args, **kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function itself."""
        return self.function(*args, **kwargs)

    def _identity(self) -> tuple[object, ...]:
        return self.priority, self.function, self.kind, self.names

    def __eq__(self, other: object) -> bool:
        return self._identity() == other._identity() if isinstance(other, Hook) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._identity())

    def _rank(self) -> tuple[int, str]:
        return -self.priority, self.name

    def __lt__(self, other: object) -> bool:
        return self._rank() < other._rank() if isinstance(other, Hook) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._rank() > other._rank() if isinstance(other, Hook) else NotImplemented

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.kind} {self.function!r}>"


@dataclass(frozen=True, slots=True)
class DeclaredHook:
    """A hook as a decorator left it on a function.

    Attributes:
        hook: The hook.
        field: The one state field that it watches; "" for each.
    """

    hook: Hook
    field: str


def declared_hooks(value: object) -> tuple[DeclaredHook, ...]:
    """Return the hooks that decorators declared on a function; none for any other object."""
    # Not getattr: a class may hold objects that answer to any name, or that begin to work when they are asked.
    declared: tuple[DeclaredHook, ...] = getattr(value, "__dict__", {}).get(_DECLARED, ())
    return declared


class Marked:
    """A function that another decorator has put something else in the place of, until its class is made.

    Attributes:
        func: The function.
    """

    func: Callable[..., Any]


def written(value: Callable[..., Any] | Marked) -> Callable[..., Any]:
    """Return a function as it was written, where another decorator has put something else in its place."""
    return value.func if isinstance(value, Marked) else value


def attach(function: Callable[..., Any] | Marked, hook: Hook, field: str = "") -> None:
    """Leave a hook on a function, for the classes in which the function stands to find."""
    function = written(function)
    setattr(function, _DECLARED, (*declared_hooks(function), DeclaredHook(hook, field)))


def declare_hook(
    kind: str, *names: "StateLike | Transition", priority: int = 0, field: str = "", reason: object = ""
) -> Callable[[_Function], _Function]:
    """Return a decorator that declares a function as a hook and leaves it otherwise as it was.

    Raises:
        MalformedDefinition: The decorator is used without parentheses.
    """
    _refuse_functions(names)

    def decorate(function: _Function) -> _Function:
        attach(function, Hook(kind, written(function), *names, priority=priority, reason=reason), field)
        return function

    return decorate


def _refuse_functions(names: Iterable[object]) -> None:
    for name in names:
        if isinstance(name, FunctionType | Marked):
            function = getattr(written(name), "__name__", repr(name))
            raise MalformedDefinition(
                f"The decorator that makes a hook of {function!r} has no parentheses.",
                name=function,
                hint="Write it with the names of transitions or states, or with () for all of them.",
            )


def before_transition(
    *names: "str | Transition", priority: int = 0, field: str = ""
) -> Callable[[_Function], _Function]:
    """Run the method before the named transitions, once they are found allowed.

    Args:
        *names: Transitions; none means all.
        priority: A higher one runs earlier.
        field: Only for the state in this attribute; "" for each.
    """
    return declare_hook(HOOK_BEFORE, *names, priority=priority, field=field)


def after_transition(
    *names: "str | Transition", priority: int = 0, field: str = ""
) -> Callable[[_Function], _Function]:
    """Run the method after the named transitions; it is given their result. Arguments as in `before_transition`."""
    return declare_hook(HOOK_AFTER, *names, priority=priority, field=field)


def transition_check(
    *names: "str | Transition", priority: int = 0, field: str = "", reason: object = ""
) -> Callable[[_Function], _Function]:
    """Ask the method whether the named transitions may take place.

    Args:
        *names: Transitions; none means all.
        priority: A higher one is asked earlier.
        field: Only for the state in this attribute; "" for each.
        reason: What a person is told when the answer is no.
    """
    return declare_hook(HOOK_CHECK, *names, priority=priority, field=field, reason=reason)


def on_enter_state(*names: "StateLike", priority: int = 0, field: str = "") -> Callable[[_Function], _Function]:
    """Run the method after each transition into the named states. Arguments as in `before_transition`."""
    return declare_hook(HOOK_ON_ENTER, *names, priority=priority, field=field)


def on_leave_state(*names: "StateLike", priority: int = 0, field: str = "") -> Callable[[_Function], _Function]:
    """Run the method before each transition out of the named states. Arguments as in `before_transition`."""
    return declare_hook(HOOK_ON_LEAVE, *names, priority=priority, field=field)
