"""The columns of a drawn graph: in which of them each node stands, and what else does.

Nodes stand in even columns, by their longest way from a first node; edges that lead back, as a walk in depth finds
them, do not count. A node to which nothing leads stands next to what it leads to. The labels of edges stand in odd
columns, and an edge that passes a column has a slot of its own there.

Both the walk and the layers by longest ways are in Healy and Nikolov, "Hierarchical Drawing Algorithms" (2013).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(eq=False, slots=True)
class Slot:
    """A place in a column: for a node, for a label, or for an edge that passes.

    Attributes:
        position: Its number in the column, from the top.
        before: The slots in the column before that an edge joins to this one, from the top.
        after: Those in the column after.
    """

    position: int = 0
    before: "list[Slot]" = field(default_factory=list)
    after: "list[Slot]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chain:
    """The slots of an edge, one a column from left to right, those of its two nodes included.

    Attributes:
        slots: The slots.
        backwards: Whether the edge leads from right to left.
    """

    slots: Sequence[Slot]
    backwards: bool

    @property
    def label(self) -> Slot:
        """The slot for the label: next to where the edge starts."""
        return self.slots[-2 if self.backwards else 1]


@dataclass(frozen=True, slots=True)
class Arrangement(Generic[Key]):
    """A graph in columns.

    Attributes:
        columns: The slots from left to right.
        nodes: The slot of each node.
        chains: The edges, in the order in which they were given.
    """

    columns: Sequence[list[Slot]]
    nodes: Mapping[Key, Slot]
    chains: Sequence[Chain]


def arrange(nodes: Sequence[Key], edges: Sequence[tuple[Key, Key]]) -> Arrangement[Key]:
    """Put a graph in columns.

    Args:
        nodes: The nodes; the walk that tells which edges lead back begins at the first.
        edges: The edges as source and target; no loops.
    """
    ranks = _ranks(nodes, edges)
    slots = {node: Slot() for node in nodes}
    columns: list[list[Slot]] = [[] for _ in range(2 * len(set(ranks.values())) - 1)]
    for node, slot in slots.items():
        columns[2 * ranks[node]].append(slot)
    chains = []
    for source, target in edges:
        backwards = ranks[source] > ranks[target]
        left, right = (target, source) if backwards else (source, target)
        passed = columns[2 * ranks[left] + 1 : 2 * ranks[right]]
        chains.append(Chain(_joined(slots[left], passed, slots[right]), backwards))
    return Arrangement(columns, slots, chains)


def _ranks(nodes: Sequence[Key], edges: Sequence[tuple[Key, Key]]) -> dict[Key, int]:
    """Number the nodes by their longest way from a first one, edges that lead back left out."""
    targets: dict[Key, list[Key]] = {node: [] for node in nodes}
    for source, target in edges:
        targets[source].append(target)
    last_to_first = _by_end_of_walk(targets)
    ended = {node: number for number, node in enumerate(last_to_first)}
    ranks = dict.fromkeys(nodes, 0)
    for node in reversed(last_to_first):
        for target in targets[node]:
            if ended[target] < ended[node]:
                ranks[target] = max(ranks[target], ranks[node] + 1)
    reached = {target for node in nodes for target in targets[node] if ranks[node] < ranks[target]}
    for node in (node for node in nodes if targets[node] and node not in reached):
        ranks[node] = min(ranks[target] for target in targets[node]) - 1
    return ranks


def _by_end_of_walk(targets: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """Return the nodes as a walk in depth is done with them: an edge leads back if its target is done with later."""
    done: list[Key] = []
    entered: set[Key] = set()
    for first in targets:
        walk = [first] if first not in entered else []
        while walk:
            entered.add(walk[-1])
            ahead = next((target for target in targets[walk[-1]] if target not in entered), None)
            if ahead is None:
                done.append(walk.pop())
            else:
                walk.append(ahead)
    return done


def _joined(left: Slot, passed: Sequence[list[Slot]], right: Slot) -> list[Slot]:
    """Join two nodes by a new slot in each column between them."""
    passing = [Slot() for _ in passed]
    for column, slot in zip(passed, passing, strict=True):
        column.append(slot)
    joined = [left, *passing, right]
    for slot, following in pairwise(joined):
        slot.after.append(following)
        following.before.append(slot)
    return joined
