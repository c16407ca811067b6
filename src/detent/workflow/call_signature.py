"""Which arguments a transition takes, with their annotations: what a form or a page asks of a person."""

import inspect
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, get_type_hints

from detent.workflow.bound.transition import ModelTransition


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a transition.

    Attributes:
        name: Its name.
        annotation: What its annotation says; `Parameter.empty` if it has none, or one that cannot be resolved.
        default: Its default; `Parameter.empty` if it must be given.
    """

    name: str
    annotation: Any
    default: Any

    @property
    def is_required(self) -> bool:
        """Whether it must be given."""
        return self.default is Parameter.empty


def arguments_of(move: ModelTransition[..., Any]) -> list[Argument]:
    """List the arguments of a transition.

    They are those that its implementation names; where that takes any keyword, as a transition without a method does,
    also those that its checks and before-hooks name.

    Args:
        move: The transition of an object.
    """
    named = {
        parameter.name: Argument(parameter.name, _annotation(function, parameter), parameter.default)
        for function in reversed(_readers(move))
        for parameter in _named(function)
    }
    return list(named.values())


def _readers(move: ModelTransition[..., Any]) -> list[Callable[..., Any]]:
    """Return the functions to which the arguments go, the implementation first."""
    parameters = inspect.signature(move.implementation).parameters.values()
    if all(parameter.kind is not Parameter.VAR_KEYWORD for parameter in parameters):
        return [move.implementation]
    return [move.implementation, *(hook.function for hook in (*move.plan.checks, *move.plan.before))]


def _named(function: Callable[..., Any]) -> Iterator[Parameter]:
    """Yield the parameters of a function that a call gives by name; the first is the object."""
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY):
            yield parameter


def _annotation(function: Callable[..., Any], parameter: Parameter) -> Any:
    """Resolve one annotation alone: others are often importable for type checkers only."""
    holder = types.SimpleNamespace(__annotations__={parameter.name: parameter.annotation})
    try:
        return get_type_hints(holder, globalns=inspect.unwrap(function).__globals__)[parameter.name]
    except (NameError, TypeError):
        return Parameter.empty
