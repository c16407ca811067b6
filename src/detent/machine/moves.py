"""Transitions that a class declares for the type checker only, as in `place: Move`."""

import inspect
import typing
from collections.abc import Iterator
from typing import Any

from detent.machine.errors import UnknownTransition
from detent.machine.implementation import ImplementationProperty, ImplementationWrapper


def refuse_unknown_moves(cls: type[Any], workflow: str) -> None:
    """Refuse a class, or a base of it, that declares a transition which there is not.

    Args:
        cls: The class, with its transitions.
        workflow: The name of its workflow's class.

    Raises:
        UnknownTransition: It declares a name as a `Move` and has no such transition.
    """
    for name in _declared_moves(cls):
        if not isinstance(inspect.getattr_static(cls, name, None), ImplementationProperty):
            raise UnknownTransition(
                f"{cls.__name__} declares {name!r} as a Move, but has no such transition.",
                workflow=workflow,
                name=name,
                transition=name,
                hint=f"Correct the name, or declare the transition in {workflow}.",
            )


def _declared_moves(cls: type[Any]) -> Iterator[str]:
    for base in cls.__mro__:
        try:
            annotations = inspect.get_annotations(base)
        except NameError:
            # Python 3.14 evaluates annotations here; what they name may be imported for type checkers only.
            continue
        yield from (name for name, annotation in annotations.items() if _is_move(annotation))


def _is_move(annotation: object) -> bool:
    if isinstance(annotation, str):
        return annotation.rpartition(".")[2] == "Move"
    origin = typing.get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, ImplementationWrapper)
