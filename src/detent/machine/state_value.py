"""What reading an object's state gives."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detent.machine.definition import State, Transition
    from detent.machine.workflow import Workflow


class StateWrapper:
    """A state as seen on an object: equals its State, its name, and any other value of that state.

    A workflow makes one for each of its states and hands out the same one ever after. `value.is_<name>` says for each
    state of the workflow whether this is it.

    Args:
        state: The state.
        workflow: The workflow, whose states give the `is_<name>` attributes.
    """

    def __init__(self, state: "State", workflow: "Workflow") -> None:
        self.state = state
        self.workflow = workflow
        self.name = state.name
        self.title = state.title
        self.known = state.known

    def transitions(self) -> "Iterator[Transition]":
        """Yield the transitions that start here, whatever their checks say."""
        return self.workflow.transitions.available_from(self.state)  # type: ignore[no-any-return]

    def __getattr__(self, name: str) -> Any:
        if name == "state":  # while a subclass is being made, before there is one to ask
            raise AttributeError(name)
        if name.startswith("is_") and name.removeprefix("is_") in self.workflow.states:
            return name.removeprefix("is_") == self.name
        return getattr(self.state, name)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StateWrapper):
            return self.state == other.state
        if isinstance(other, str):
            return self.name == other
        return self.state is other or NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> tuple[Callable[[str], "StateWrapper"], tuple[str]]:
        """Copy and pickle by name, so that what comes back has the State that the workflow's class has."""
        return self.workflow.state_value, (self.name,)

    def __str__(self) -> str:
        return self.name

    def __format__(self, format_spec: str) -> str:
        return format(self.name, format_spec)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.state!r}>"
