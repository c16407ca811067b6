"""What a diagram shows of a workflow: its states as nodes, and between two states one edge for all transitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detent.machine.definition import State, StrayState, Transition
from detent.machine.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Node:
    """A state, as a diagram shows it.

    Attributes:
        name: The state's name.
        title: What a person reads.
        initial: Whether objects start here.
        final: Whether objects are meant to stay here.
        known: Whether the workflow has the state, and not only an object that was counted.
        count: How many objects are here; None where nothing was counted.
    """

    name: str
    title: str
    initial: bool
    final: bool
    known: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Edge:
    """All transitions from one state to another.

    Attributes:
        source: The name of the state where they start.
        target: The name of the state where they end.
        titles: The titles of the transitions, in order of declaration.
    """

    source: str
    target: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """A workflow, as a diagram shows it.

    Attributes:
        nodes: The states, in order of declaration.
        edges: The ways between them, in order of declaration.
    """

    nodes: Sequence[Node]
    edges: Sequence[Edge]

    @classmethod
    def of(cls, workflow: Workflow | type[Workflow], counts: Mapping[str, int] | None = None) -> "Graph":
        """Return the graph of a workflow.

        Args:
            workflow: The workflow.
            counts: How many objects are in a state, by its name; a state that is not named has none. A name that the
                workflow does not have gets a node of its own.
        """
        strays = [StrayState(name) for name in counts or () if name not in workflow.states]
        nodes = [_node(state, workflow, counts) for state in [*workflow.states, *strays]]
        return cls(nodes, _edges(workflow))


def _node(state: State, workflow: Workflow | type[Workflow], counts: Mapping[str, int] | None) -> Node:
    return Node(
        name=state.name,
        title=_shown(state),
        initial=state is getattr(workflow, "initial_state", None),
        final=state.final,
        known=state.known,
        count=None if counts is None else counts.get(state.name, 0),
    )


def _shown(named: State | Transition) -> str:
    """Return the title on one line; the name where the title has nothing to read."""
    return " ".join(str(named.title).split()) or named.name


def _edges(workflow: Workflow | type[Workflow]) -> list[Edge]:
    titles: dict[tuple[str, str], list[str]] = {}
    for transition in workflow.transitions:
        for source in transition.source:
            titles.setdefault((source.name, transition.target.name), []).append(_shown(transition))
    return [Edge(source, target, tuple(together)) for (source, target), together in titles.items()]
