"""At which height each slot of an arranged graph stands: edges as level as the order and the sizes allow.

First least squares, to and fro over the columns, as the pendulums of Sander, "Graph Layout through the VCG Tool"
(1994); then each node is moved to where most of its edges are level, and each edge is made level for as long as there
is room.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from detent.machine.diagram.columns import Chain, Slot
from detent.machine.diagram.ends import BETWEEN_ENDS, apart, ends_at

_BETWEEN_SLOTS = 8.0
_SWEEPS = 30
_STRAIGHTENINGS = 8
_LEVEL = 0.01


@dataclass(frozen=True, slots=True)
class Shape:
    """What a slot holds, in pixels.

    Attributes:
        width: Its width.
        above: How far it reaches above its line.
        below: How far it reaches below.
        half: Half the height of a node, without its loop; 0 for what is no node.
    """

    width: float = 0.0
    above: float = 3.0
    below: float = 3.0
    half: float = 0.0


Heights = dict[Slot, float]
Shapes = Mapping[Slot, Shape]


def settle(columns: Sequence[Sequence[Slot]], chains: Sequence[Chain], shapes: Shapes) -> Heights:
    """Find a height for the line of each slot.

    Args:
        columns: The slots from left to right, in each column from the top.
        chains: The edges.
        shapes: What each slot holds.

    Returns:
        The heights, in pixels from the top of the highest slot.
    """
    heights = {slot: 0.0 for column in columns for slot in column}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wishes = [_level_with_neighbours(slot, heights) for slot in column]
            heights.update(zip(column, apart(wishes, _distances(column, shapes)), strict=True))
    _straighten(columns, chains, shapes, heights)
    top = min((heights[slot] - shapes[slot].above for slot in heights), default=0.0)
    return {slot: height - top for slot, height in heights.items()}


def _level_with_neighbours(slot: Slot, heights: Heights) -> float:
    """Return the height at which the edges of a slot would be as level as they can all be."""
    levels = [
        heights[neighbour] + _even_end(neighbour, slot) - _even_end(slot, neighbour)
        for neighbour in (*slot.before, *slot.after)
    ]
    return sum(levels) / len(levels) if levels else heights[slot]


def _even_end(slot: Slot, neighbour: Slot) -> float:
    """Return how far below the line of a slot the edge to a neighbour ends, were the ends spread evenly."""
    side = slot.after if neighbour in slot.after else slot.before
    return (side.index(neighbour) - (len(side) - 1) / 2) * BETWEEN_ENDS


def _distances(column: Sequence[Slot], shapes: Shapes) -> list[float]:
    return [shapes[upper].below + _BETWEEN_SLOTS + shapes[lower].above for upper, lower in pairwise(column)]


class _Room:
    """Between which heights a slot may stand while the others of its column stay."""

    def __init__(self, columns: Sequence[Sequence[Slot]], shapes: Shapes, heights: Heights) -> None:
        self.heights = heights
        self.highest: dict[Slot, tuple[Slot, float]] = {}
        self.lowest: dict[Slot, tuple[Slot, float]] = {}
        for column in columns:
            for (upper, lower), distance in zip(pairwise(column), _distances(column, shapes), strict=True):
                self.highest[lower] = upper, distance
                self.lowest[upper] = lower, distance

    def of(self, slot: Slot) -> tuple[float, float]:
        """Return the least and the greatest height."""
        upper, above = self.highest.get(slot, (None, 0.0))
        lower, below = self.lowest.get(slot, (None, 0.0))
        return (
            -inf if upper is None else self.heights[upper] + above,
            inf if lower is None else self.heights[lower] - below,
        )


def _straighten(columns: Sequence[Sequence[Slot]], chains: Sequence[Chain], shapes: Shapes, heights: Heights) -> None:
    room = _Room(columns, shapes, heights)
    for _ in range(_STRAIGHTENINGS):
        for slot in (slot for slot in heights if shapes[slot].half):
            _level_node(slot, room, shapes[slot])
        for chain in chains:
            _level_edge(chain, room, shapes)
    for chain in chains:
        first, *passed, last = chain.slots
        _centre_leaf(first, passed, (last, passed[-1]), room)
        _centre_leaf(last, passed, (first, passed[0]), room)


def _level_edge(chain: Chain, room: _Room, shapes: Shapes) -> None:
    """Let an edge run level for as long as there is room, best at the height of one of its ends."""
    first, *passed, last = chain.slots
    heights = room.heights
    # The busier end first: an end without other edges can follow afterwards.
    ends = sorted([(first, passed[0]), (last, passed[-1])], key=_edges_there, reverse=True)
    best = [_end(node, neighbour, heights, shapes) for node, neighbour in ends]
    for slots, least, greatest in _level_pieces(passed, room):
        middle = sum(heights[slot] for slot in slots) / len(slots)
        nearest = min(max(middle, least), greatest)
        level = next((level for level in best if least <= level <= greatest), nearest)
        heights.update(dict.fromkeys(slots, level))


def _edges_there(end: tuple[Slot, Slot]) -> int:
    node, _ = end
    return len(node.before) + len(node.after)


def _end(node: Slot, neighbour: Slot, heights: Heights, shapes: Shapes) -> float:
    side = node.after if neighbour in node.after else node.before
    return ends_at(heights[node], [heights[other] for other in side], shapes[node].half)[side.index(neighbour)]


def _level_pieces(passed: Sequence[Slot], room: _Room) -> Iterator[tuple[list[Slot], float, float]]:
    """Split slots into the longest pieces that may stand at one height, with the least and the greatest such."""
    slots: list[Slot] = []
    least, greatest = -inf, inf
    for slot in passed:
        highest, lowest = room.of(slot)
        if slots and max(least, highest) > min(greatest, lowest):
            yield slots, least, greatest
            slots, least, greatest = [], -inf, inf
        slots.append(slot)
        least, greatest = max(least, highest), min(greatest, lowest)
    yield slots, least, greatest


def _centre_leaf(leaf: Slot, passed: Sequence[Slot], other: tuple[Slot, Slot], room: _Room) -> None:
    """Move a node with one edge, and the edge, to where the edge would end at its other node were the ends even."""
    if len(leaf.before) + len(leaf.after) > 1:
        return
    level = room.heights[other[0]] + _even_end(*other)
    slots = [leaf, *passed]
    if all(least <= level <= greatest for least, greatest in map(room.of, slots)):
        room.heights.update(dict.fromkeys(slots, level))


def _level_node(node: Slot, room: _Room, shape: Shape) -> None:
    """Move a node, within its room, to where most of its edges end level."""
    heights, here = room.heights, room.heights[node]
    least, greatest = room.of(node)
    wishes = [heights[neighbour] - _even_end(node, neighbour) for neighbour in (*node.before, *node.after)]
    candidates = {here, *(min(max(wish, least), greatest) for wish in wishes)}

    sides = [[heights[neighbour] for neighbour in side] for side in (node.before, node.after)]

    def merit(height: float) -> tuple[int, float, float]:
        bends = [
            abs(end - neighbour)
            for side in sides
            for neighbour, end in zip(side, ends_at(height, side, shape.half), strict=True)
        ]
        return -sum(bend < _LEVEL for bend in bends), sum(bends), abs(height - here)

    heights[node] = min(sorted(candidates), key=merit)
