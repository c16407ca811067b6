"""A workflow as a migration keeps it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.functional import cached_property

from detent.workflow.definition import Workflow


class FrozenWorkflow:
    """The names of a workflow's states at the time of a migration; transitions and titles are not part of a table.

    Args:
        name: The name of the workflow's class.
        initial_state: The name of its initial state.
        states: The names of its states, in order.
    """

    workflow_class: ClassVar[type[Workflow]] = Workflow

    def __init__(self, name: str, initial_state: str, states: Sequence[str]) -> None:
        self._name = name
        self._initial_state = initial_state
        self._states = list(states)

    @classmethod
    def of(cls, workflow: Workflow) -> "FrozenWorkflow":
        """Freeze a workflow."""
        return cls(
            name=type(workflow).__name__,
            initial_state=workflow.initial_state.name,
            states=[state.name for state in workflow.states],
        )

    @cached_property
    def workflow(self) -> Workflow:
        """A workflow of these states, without transitions."""
        attributes = {"states": [(name, name) for name in self._states], "initial_state": self._initial_state}
        frozen: Workflow = type(self._name, (self.workflow_class,), attributes)()
        return frozen

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        """Return how a migration writes this object."""
        path = f"{type(self).__module__}.{type(self).__qualname__}".replace(".workflow.frozen.", ".workflow.")
        return path, (), {"name": self._name, "initial_state": self._initial_state, "states": self._states}

    def __eq__(self, other: object) -> bool:
        return self.deconstruct() == other.deconstruct() if isinstance(other, FrozenWorkflow) else NotImplemented

    def __hash__(self) -> int:
        return hash((self._name, self._initial_state, tuple(self._states)))
