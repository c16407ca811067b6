"""The JSON Schema of an action's settings, from the annotations of its function."""

import inspect
import types
from collections.abc import Callable
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from detent.trigger.errors import TriggerError

SIMPLE: dict[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    None: {"type": "null"},
    list: {"type": "array"},
    dict: {"type": "object"},
    object: {},
}
NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class InvalidAction(TriggerError, TypeError):
    """A function cannot be an action.

    Attributes:
        function: Its name, with the module.
        parameter: The parameter that is at fault, or "".
        reason: What is wrong, and what to do about it.
    """

    def __init__(self, function: str, parameter: str, reason: str) -> None:
        place = f"{function}({parameter})" if parameter else function
        super().__init__(f"{place} cannot be an action: {reason}")
        self.function = function
        self.parameter = parameter
        self.reason = reason


def full_name(function: Callable[..., object]) -> str:
    """Return a function's name with its module."""
    return f"{function.__module__}.{function.__qualname__}"


def settings_schema(function: Callable[..., object]) -> dict[str, Any]:
    """Derive the JSON Schema of what an action is given beside its delivery.

    Understood are str, int, float, bool, None, object (any JSON), list, list[X], dict, dict[str, X], Literal, and
    unions of these. A parameter with a default may be left out; others are required; nothing else may be given.

    Args:
        function: Called with the delivery first and the settings by name.

    Returns:
        A JSON Schema (2020-12) of an object.

    Raises:
        InvalidAction: A parameter cannot be given by name, has no annotation, or one that JSON has no word for.
    """
    _, *parameters = _parameters(function)
    annotations = _annotations(function, [parameter.name for parameter in parameters])
    return {
        "type": "object",
        "properties": {
            parameter.name: _property(function, parameter, annotations.get(parameter.name)) for parameter in parameters
        },
        "required": [parameter.name for parameter in parameters if parameter.default is parameter.empty],
        "additionalProperties": False,
    }


def _parameters(function: Callable[..., object]) -> list[inspect.Parameter]:
    if inspect.iscoroutinefunction(function):
        raise InvalidAction(full_name(function), "", "it is async; a worker calls actions synchronously.")
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters:
        raise InvalidAction(full_name(function), "", "it must take the delivery as its first argument.")
    for parameter in parameters[1:]:
        if parameter.kind not in NAMED:
            raise InvalidAction(full_name(function), parameter.name, "each setting must be a parameter with a name.")
    return parameters


def _annotations(function: Callable[..., object], names: list[str]) -> dict[str, object]:
    """Resolve the annotations of the settings only: that of the delivery is often importable for type checkers only."""
    written = {name: note for name, note in function.__annotations__.items() if name in names}
    holder = types.SimpleNamespace(__annotations__=written)
    try:
        return get_type_hints(holder, globalns=inspect.unwrap(function).__globals__)
    except NameError as error:
        raise InvalidAction(full_name(function), "", f"an annotation cannot be resolved: {error}.") from error


def _property(function: Callable[..., object], parameter: inspect.Parameter, annotation: object) -> dict[str, Any]:
    if parameter.annotation is parameter.empty:
        raise InvalidAction(
            full_name(function), parameter.name, "it has no annotation, which the settings schema needs."
        )
    schema = schema_of(annotation)
    if schema is None:
        known = "str, int, float, bool, None, object, list, dict, Literal and their unions"
        reason = f"{annotation!r} has no JSON Schema; use {known}."
        raise InvalidAction(full_name(function), parameter.name, reason)
    return schema


def schema_of(annotation: object) -> dict[str, Any] | None:
    """Return the JSON Schema of an annotation; None if JSON has no such type."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is None:
        return SIMPLE.get(annotation)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return _any_of(arguments)
    if origin is list:
        return _with("array", "items", arguments[0])
    if origin is dict and arguments[0] is str:
        return _with("object", "additionalProperties", arguments[1])
    return None


def _any_of(arguments: tuple[object, ...]) -> dict[str, Any] | None:
    members = [schema_of(argument) for argument in arguments]
    return None if None in members else {"anyOf": members}


def _with(kind: str, keyword: str, annotation: object) -> dict[str, Any] | None:
    inner = schema_of(annotation)
    return None if inner is None else {"type": kind, keyword: inner}
