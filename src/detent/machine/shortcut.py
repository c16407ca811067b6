"""A plan with nothing to decide at the call, and the call that takes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from logging import INFO
from types import FunctionType
from typing import TYPE_CHECKING, Any

from detent.machine.hooks import Hook

if TYPE_CHECKING:
    from detent.machine.implementation import ImplementationWrapper
    from detent.machine.state_value import StateWrapper


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A plan with nothing to decide at the call: its hooks take the object and nothing else, and none is awaited.

    Several functions in one place are made one, so that a call has no lists to go through.

    Attributes:
        check: What is asked; None if nothing is.
        before: What runs before; None if nothing does.
        implementation: The transition's own function; None if it does nothing.
        from_state: The value of the state that is left.
        target: The name of the state that is entered.
        heard: Of which levels it is known whether the log hears of them.
        after: What runs after; None if nothing does.
        checks: The checks, to find the one that refused.
        may_stray: Whether something runs before the state is set that might set another.
    """

    check: Callable[[Any], Any] | None
    before: Callable[[Any], Any] | None
    implementation: Callable[..., Any] | None
    from_state: "StateWrapper"
    target: str
    heard: Mapping[int, bool]
    after: Callable[[Any], Any] | None
    checks: Sequence[Hook]
    may_stray: bool

    def refusing(self, answer: object) -> Hook:
        """Return the check that gave a refusing answer."""
        return answer.check if isinstance(answer, Refusal) else self.checks[0]


class Refusal:
    """The answer of several checks made one: false, and which of them said so."""

    def __init__(self, check: Hook) -> None:
        self.check = check

    def __bool__(self) -> bool:
        return False


def asked_together(checks: Sequence[Hook]) -> Callable[[Any], Any] | None:
    """Make one function of checks, each of which takes the object only."""
    if len(checks) < 2:
        return checks[0].function if checks else None

    def ask(instance: object) -> bool | Refusal:
        for check in checks:
            if not check.function(instance):
                return Refusal(check)
        return True

    return ask


def run_together(hooks: Sequence[Hook]) -> Callable[[Any], Any] | None:
    """Make one function of hooks, each of which takes the object only."""
    if len(hooks) < 2:
        return hooks[0].function if hooks else None
    functions = [hook.function for hook in hooks]

    def run(instance: object) -> None:
        for function in functions:
            function(instance)

    return run


def take_shortcut(self: "ImplementationWrapper[..., Any]", *args: Any, **kwargs: Any) -> Any:
    """Move the object as `__call__` says, by the shortcut from its state; without one, step by step."""
    # Written out, as each function called here would be a good part of the whole.
    instance, declared = self.instance, self.declared
    try:
        name = instance.STATE_ATTRIBUTE
    except AttributeError:
        name = None
    shortcut = declared.shortcuts.get(name)
    if shortcut is None:
        return self._step_by_step(*args, **kwargs)
    if shortcut.check is not None:
        answer = shortcut.check(instance)
        if not answer:
            raise self._refusal(self._refused_by_check(self.current_state, shortcut.refusing(answer)))
    if shortcut.before is not None:
        shortcut.before(instance)
    result = None
    self.from_state = shortcut.from_state
    if shortcut.implementation is not None:
        result = (
            shortcut.implementation(instance, *args, **kwargs) if args or kwargs else shortcut.implementation(instance)
        )
    if shortcut.may_stray and getattr(instance, declared.attribute, None) is not name:
        self.from_state = self.current_state
    instance.STATE_ATTRIBUTE = shortcut.target
    if shortcut.heard.get(INFO) is not False:
        declared.workflow.log_transition(declared.transition, self.from_state, instance, *args, **kwargs)
    if shortcut.after is not None:
        shortcut.after(instance)
    return result


@cache
def taking_shortcuts(attribute: str) -> Callable[..., Any]:
    """Return `take_shortcut` for objects that hold the state's name in a given attribute.

    An attribute that stands in the code is read and set in a fifth of the time that `getattr` and `setattr` take, which
    is a good part of a transition: so the code is the same with that name in it.

    Args:
        attribute: The name of the attribute.
    """
    code = take_shortcut.__code__
    names = tuple(attribute if name == "STATE_ATTRIBUTE" else name for name in code.co_names)
    return FunctionType(code.replace(co_names=names), take_shortcut.__globals__, "__call__")
