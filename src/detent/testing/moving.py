"""Moving an object along the edges of its workflow, and why it could not be moved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from detent.machine import AbortTransition, ImplementationList, NotEnabled, Verdict, Workflow
from detent.machine.analysis import Edge

Arguments: TypeAlias = Mapping[str, Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]]
"""The arguments of transitions, by the name of the transition; a function gets the object and may prepare it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An edge that an object could not take.

    Attributes:
        edge: The edge.
        before: The edges that the object had taken.
        message: Why, for a person.
        error: What was raised; None where the object was led elsewhere.
    """

    edge: Edge
    before: tuple[Edge, ...]
    message: str
    error: Exception | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict, where the machine refused."""
        return self.error.verdict if isinstance(self.error, AbortTransition) else None

    def __str__(self) -> str:
        after = f" (after {', '.join(edge.transition for edge in self.before)})" if self.before else ""
        return f"{self.edge}{after}: {self.message}"


class Walker:
    """An object on its way through its workflow, and what its transitions are called with.

    Args:
        instance: The object.
        arguments: The arguments of transitions.
        field: The name of the state field; "" where the object has only one.

    Raises:
        UnknownTransition: `arguments` name a transition that the workflow does not have.
        NotEnabled: The object has no such state field, or several and none was named.
    """

    def __init__(self, instance: Any, arguments: Arguments, field: str) -> None:
        self.instance = instance
        self.arguments = arguments
        self.field, self.implementations = _implementations(instance, field)
        self.workflow: Workflow = self.implementations.workflow
        for name in arguments:
            self.workflow.transitions[name]

    @property
    def state(self) -> str:
        """The name of the state in which the object is."""
        return str(getattr(self.instance, self.field).name)

    def take(self, edge: Edge, before: tuple[Edge, ...]) -> Failure | None:
        """Move the object along an edge.

        Args:
            edge: The edge.
            before: The edges that it has taken.

        Returns:
            Why it could not be moved, or None.
        """
        try:
            given = self.arguments.get(edge.transition, {})
            bound = getattr(self.instance, self.implementations.transitions_at[edge.transition])
            bound(**(given(self.instance) if callable(given) else given))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is reported, and the other edges are tried
            return Failure(edge, before, _reason(error), error)
        return None


def _implementations(instance: Any, field: str) -> tuple[str, ImplementationList]:
    known: Mapping[str, ImplementationList] = getattr(instance, "_xworkflows_implems", {})
    name = field or (next(iter(known)) if len(known) == 1 else "")
    if name not in known:
        fields = ", ".join(known) or "none"
        message = f"The state fields of {type(instance).__name__} are: {fields}; name one by field=."
        raise NotEnabled(message, workflow=type(instance).__name__, name=field)
    return name, known[name]


def _reason(error: Exception) -> str:
    verdict = error.verdict if isinstance(error, AbortTransition) else None
    if verdict is None or verdict.allowed:
        return f"{type(error).__name__}: {error}"
    return f"refused ({verdict.code}{f' {verdict.check}' if verdict.check else ''}): {verdict.message}"
