"""Which of a call's arguments a hook or a check is given: those that its signature names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from inspect import Parameter, Signature, iscoroutinefunction, signature
from typing import Any

_VARIADIC = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)

_signature: Callable[[Callable[..., object]], Signature] = cache(signature)


class Call:
    """The arguments of one call of a transition.

    Args:
        implementation: The function that the call runs; its first parameter is the object.
        args: The positional arguments, without the object.
        kwargs: The keyword arguments.
    """

    def __init__(self, implementation: Callable[..., object], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        self.implementation = implementation
        self.args = args
        self.kwargs = kwargs

    @cached_property
    def named(self) -> Mapping[str, Any]:
        """All arguments by the names that the implementation gives them, its defaults included."""
        names = _names(self.implementation)
        if names.refuse(self.args, self.kwargs):
            # The implementation itself will refuse these arguments; until then they go by their own names.
            return self.kwargs
        return {**names.defaults, **dict(zip(names.positional, self.args, strict=False)), **self.kwargs}


@dataclass(frozen=True, slots=True)
class _Names:
    """What an implementation calls its arguments; `inspect` would bind them, in twenty times the time.

    Attributes:
        positional: The parameters that positional arguments go to, in order, without the object.
        hidden: How many of these cannot be given by name.
        by_name: The parameters that can.
        defaults: The defaults that there are.
        any_positional: Whether it takes more positional arguments (`*args`).
        any_by_name: Whether it takes any keyword arguments (`**kwargs`).
    """

    positional: tuple[str, ...]
    hidden: int
    by_name: frozenset[str]
    defaults: Mapping[str, Any]
    any_positional: bool
    any_by_name: bool

    def refuse(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
        """Whether a call with these arguments is a TypeError for another reason than that some are missing."""
        if len(args) > len(self.positional) and not self.any_positional:
            return True
        given = self.positional[self.hidden : len(args)]
        return not kwargs.keys().isdisjoint(given) or not (self.any_by_name or kwargs.keys() <= self.by_name)


@cache
def _names(implementation: Callable[..., object]) -> _Names:
    parameters = _beside_the_object(implementation)
    kinds = {parameter.kind for parameter in _signature(implementation).parameters.values()}
    return _Names(
        positional=tuple(parameter.name for parameter in parameters if parameter.kind is not Parameter.KEYWORD_ONLY),
        hidden=sum(parameter.kind is Parameter.POSITIONAL_ONLY for parameter in parameters),
        by_name=frozenset(
            parameter.name for parameter in parameters if parameter.kind is not Parameter.POSITIONAL_ONLY
        ),
        defaults={each.name: each.default for each in parameters if each.default is not Parameter.empty},
        any_positional=Parameter.VAR_POSITIONAL in kinds,
        any_by_name=Parameter.VAR_KEYWORD in kinds,
    )


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a hook or a check takes beside the object.

    Attributes:
        signature: The whole signature, the object included.
        names: The parameters that it names.
        required: Those of them that have no default.
        positional: Whether it takes any positional arguments (`*args`).
        keywords: Whether it takes any keyword arguments (`**kwargs`).
    """

    signature: Signature
    names: tuple[str, ...]
    required: tuple[str, ...]
    positional: bool
    keywords: bool

    @classmethod
    def of(cls, function: Callable[..., object]) -> "Parameters":
        """Read the parameters of a function whose first is the object."""
        named = _beside_the_object(function)
        kinds = {parameter.kind for parameter in _signature(function).parameters.values()}
        return cls(
            signature=_signature(function),
            names=tuple(parameter.name for parameter in named),
            required=tuple(parameter.name for parameter in named if parameter.default is Parameter.empty),
            positional=Parameter.VAR_POSITIONAL in kinds,
            keywords=Parameter.VAR_KEYWORD in kinds,
        )

    def missing(self, call: Call) -> list[str]:
        """List the required parameters for which a call has no argument."""
        if not self.required:
            return []
        args, kwargs = self.choose(call)
        given = self.signature.bind_partial(None, *args, **kwargs).arguments if args else kwargs
        return [name for name in self.required if name not in given]

    def choose(self, call: Call, *result: object) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Choose the arguments to pass.

        Args:
            call: The transition's call.
            *result: What the implementation returned, for a hook that runs after it. It goes to the parameter `result`,
                or to the first one whose name is none of the call's arguments, as xworkflows passed it.

        Returns:
            The positional and the keyword arguments.
        """
        if self.positional:
            return (*result, *call.args), self._keywords(call, call.kwargs)
        chosen = self._keywords(call, call.named)
        if not result or not self.names:
            return (), chosen
        if "result" in self.names:
            return (), {**chosen, "result": result[0]}
        return (() if self.names[0] in chosen else result), chosen

    def _keywords(self, call: Call, available: Mapping[str, Any]) -> dict[str, Any]:
        named = {name: available[name] for name in self.names if name in available}
        return {**call.kwargs, **named} if self.keywords else named


def _beside_the_object(function: Callable[..., object]) -> list[Parameter]:
    """Return the named parameters of a function but the first, which is the object."""
    parameters = list(_signature(function).parameters.values())[1:]
    return [parameter for parameter in parameters if parameter.kind not in _VARIADIC]


def is_coroutine(function: Callable[..., object]) -> bool:
    """Whether what a function returns must be awaited."""
    return iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004
