"""The ways through a workflow, from its declaration alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detent.machine import State, Workflow
from detent.machine.analysis import Edge, edges

_LONGEST = 25
"""No path takes new edges beyond this length, so that one which fails is still readable."""


@dataclass(frozen=True, slots=True)
class Path:
    """A way through a workflow: edges, each of which starts where the one before ends.

    Attributes:
        edges: The edges, at least one.
    """

    edges: tuple[Edge, ...]

    @property
    def start(self) -> str:
        """The name of the state where it starts."""
        return self.edges[0].source

    @property
    def end(self) -> str:
        """The name of the state where it ends."""
        return self.edges[-1].target

    @property
    def transitions(self) -> tuple[str, ...]:
        """The names of the transitions, in order."""
        return tuple(edge.transition for edge in self.edges)

    def __str__(self) -> str:
        return "-".join([self.start, *self.transitions])


def paths(workflow: Workflow | type[Workflow], *, depth: int | None = None, start: str = "") -> list[Path]:
    """List paths through a workflow.

    For pytest: `@pytest.mark.parametrize("path", paths(OrderWorkflow), ids=str)`.

    Args:
        workflow: The workflow.
        depth: None for few paths that together take each edge within reach; else every path of up to so many edges,
            none of them twice, that cannot be led on: their number grows fast.
        start: The name of the state where they start; "" for the initial one.
    """
    first: State = workflow.states[start] if start else workflow.initial_state
    if depth is not None:
        return list(every_path(edges(workflow), first.name, depth))
    cover, found = Cover(edges(workflow), first.name), []
    while path := cover.next_path(first.name):
        found.append(path)
        for edge in path.edges:
            cover.take(edge)
    return found


def every_path(declared: Sequence[Edge], start: str, depth: int) -> Iterator[Path]:
    """Yield every path of up to so many edges, none of them twice, that cannot be led on.

    Args:
        declared: The edges.
        start: The name of the state where the paths start.
        depth: The most edges in a path.
    """
    waiting: list[tuple[Edge, ...]] = [()]
    while waiting:
        taken = waiting.pop()
        here = taken[-1].target if taken else start
        onward = [edge for edge in declared if edge.source == here and edge not in taken] if len(taken) < depth else []
        waiting += [(*taken, edge) for edge in reversed(onward)]
        if taken and not onward:
            yield Path(taken)


class Cover:
    """Edges that are to be taken, and the paths that take them.

    A path is the shortest way to an edge that was not taken, led on for as long as such edges follow.

    Args:
        declared: All edges.
        start: The name of the state from which those to be taken must be within reach.
    """

    def __init__(self, declared: Sequence[Edge], start: str) -> None:
        self._onward: dict[str, dict[Edge, str]] = {}
        for edge in declared:
            self._onward.setdefault(edge.source, {})[edge] = edge.target
        reached = {start, *(edge.target for edge in self._ways_from(start))}
        self._remaining = {edge: None for edge in declared if edge.source in reached}

    @property
    def remaining(self) -> list[Edge]:
        """The edges that are still to be taken, in order of declaration."""
        return list(self._remaining)

    def take(self, edge: Edge) -> None:
        """Note that an edge was taken."""
        self._remaining.pop(edge, None)

    def block(self, edge: Edge) -> None:
        """Lead no path over an edge any more."""
        self.take(edge)
        self._onward[edge.source].pop(edge)

    def lead(self, edge: Edge, state: str) -> None:
        """Note to which other state than declared an edge led; over one that leads here and there goes no path."""
        known = self._onward[edge.source][edge]
        if known == edge.target:
            self._onward[edge.source][edge] = state
        elif known != state:
            self.block(edge)

    def next_path(self, start: str) -> Path | None:
        """Return a path from a state to edges that were not taken; None if none leads there."""
        nearest = next((way for edge, way in self._ways_from(start).items() if edge in self._remaining), None)
        if nearest is None:
            return None
        way = list(nearest)
        while len(way) < _LONGEST and (edge := self._untaken_after(way)):
            way.append(edge)
        return Path(tuple(way))

    def _untaken_after(self, way: list[Edge]) -> Edge | None:
        here = self._onward[way[-1].source][way[-1]]
        return next((edge for edge in self._onward.get(here, ()) if edge in self._remaining and edge not in way), None)

    def _ways_from(self, start: str) -> dict[Edge, tuple[Edge, ...]]:
        """Return the shortest way that ends with each edge within reach, the shortest of them first."""
        ways: dict[Edge, tuple[Edge, ...]] = {}
        waiting: list[tuple[str, tuple[Edge, ...]]] = [(start, ())]
        seen = {start}
        for here, taken in waiting:
            for edge, target in self._onward.get(here, {}).items():
                ways[edge] = (*taken, edge)
                if target not in seen:
                    seen.add(target)
                    waiting.append((target, ways[edge]))
        return ways
