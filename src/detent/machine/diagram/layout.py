"""The layered drawing of a graph that hangs together, from left to right.

The steps are those of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures"
(1981): layers (`columns`), an order in each with few crossings (`crossings`), coordinates (`heights`, `ends`). Labels
have layers of their own, between those of the nodes, as in Gansner, Koutsofios, North and Vo, "A Technique for Drawing
Directed Graphs" (1993).

A line runs level within a column, at the height of its own slot, and bends only between columns, where nothing stands.
So no line meets a node or the label of another edge.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from detent.machine.diagram.columns import Arrangement, Chain, Key, Slot, arrange
from detent.machine.diagram.crossings import lessen_crossings
from detent.machine.diagram.ends import BETWEEN_ENDS, ends_at
from detent.machine.diagram.geometry import LOOP, Layout, Link, Place, Point, Route, Run, Size
from detent.machine.diagram.heights import Shape, settle

_STUB = 12.0
_AROUND_NODE = 4.0
_TWO_LEVEL_EDGES = 46.0
"""How high a node is at least where two edges end, so that both can run level with their labels between them."""
_LEAST_GAP, _WIDEST_GAP, _GAP_PER_FALL = 22.0, 64.0, 0.25


def in_order(nodes: Iterable[Key], links: Iterable[Link[Key]]) -> Arrangement[Key]:
    """Put a graph in columns, and each column in order.

    Args:
        nodes: The nodes; the first one stands leftmost, unless edges lead to it.
        links: The edges.
    """
    arranged = arrange(list(nodes), [(link.source, link.target) for link in links if link.source != link.target])
    lessen_crossings(arranged.columns)
    return arranged


def lay_out_part(arranged: Arrangement[Key], nodes: Mapping[Key, Size], links: Sequence[Link[Key]]) -> Layout[Key]:
    """Lay out a graph from left to right.

    Args:
        arranged: The graph in order.
        nodes: The sizes of the nodes.
        links: The edges; at most one loop a node.
    """
    loops = {link.source: link for link in links if link.source == link.target}
    between = [link for link in links if link.source != link.target]
    chains = list(zip(between, arranged.chains, strict=True))
    shapes = {slot: Shape() for column in arranged.columns for slot in column}
    shapes |= {chain.label: Shape(link.label.width, above=link.label.height) for link, chain in chains}
    shapes |= {slot: _node_shape(slot, nodes[node], loops.get(node)) for node, slot in arranged.nodes.items()}
    sheet = _Sheet(arranged, shapes)
    places = {node: sheet.node(slot, nodes[node]) for node, slot in arranged.nodes.items()}
    widths = {slot: nodes[node].width for node, slot in arranged.nodes.items()}
    routes = [
        Route(link.source, link.target, sheet.label(chain), list(sheet.runs(chain, widths))) for link, chain in chains
    ]
    routes += [Route(node, node, _on_loop(places[node], loop.label), ()) for node, loop in loops.items()]
    return Layout(places, routes, sheet.size)


def _node_shape(slot: Slot, size: Size, loop: Link[Key] | None) -> Shape:
    ends = max(len(slot.before), len(slot.after))
    half = max(size.height, ends * BETWEEN_ENDS, _TWO_LEVEL_EDGES if ends > 1 else 0) / 2
    reach = half + _AROUND_NODE
    if loop is None:
        return Shape(size.width, above=reach, below=reach, half=half)
    width = max(size.width, loop.label.width)
    return Shape(width, above=reach + LOOP + loop.label.height, below=reach, half=half)


def _on_loop(node: Place, label: Size) -> Place:
    return Place(node.x, node.y - node.size.height / 2 - LOOP - label.height / 2, label)


class _Sheet:
    """Slots with their sides and heights on paper."""

    def __init__(self, arranged: Arrangement[Key], shapes: Mapping[Slot, Shape]) -> None:
        self.shapes = shapes
        self.heights = settle(arranged.columns, arranged.chains, shapes)
        self.ends = {
            (node, neighbour): end
            for node in arranged.nodes.values()
            for side in (node.before, node.after)
            for neighbour, end in zip(side, self._ends(node, side), strict=True)
        }
        self.left: dict[Slot, float] = {}
        self.right: dict[Slot, float] = {}
        edge = 0.0
        for column in arranged.columns:
            width = max(shapes[slot].width for slot in column)
            self.left |= dict.fromkeys(column, edge)
            self.right |= dict.fromkeys(column, edge + width)
            edge += width + self._gap_after(column)
        bottom = max((self.heights[slot] + shape.below for slot, shape in shapes.items()), default=0.0)
        self.size = Size(max(self.right.values(), default=0.0), bottom)

    def _ends(self, node: Slot, side: Sequence[Slot]) -> list[float]:
        return ends_at(self.heights[node], [self.heights[slot] for slot in side], self.shapes[node].half)

    def _gap_after(self, column: Sequence[Slot]) -> float:
        """Leave lines that rise or fall far more room to bend, and the ends at nodes room for arrowheads."""
        falls = [
            abs(self._level(slot, following) - self._level(following, slot))
            for slot in column
            for following in slot.after
        ]
        return _STUB + min(_WIDEST_GAP, max([_LEAST_GAP, *(fall * _GAP_PER_FALL for fall in falls)]))

    def _level(self, slot: Slot, neighbour: Slot) -> float:
        return self.ends.get((slot, neighbour), self.heights[slot])

    def middle(self, slot: Slot) -> float:
        """Return the x of the middle of a slot's column."""
        return (self.left[slot] + self.right[slot]) / 2

    def node(self, slot: Slot, size: Size) -> Place:
        """Return where a node stands."""
        return Place(self.middle(slot), self.heights[slot], Size(size.width, 2 * self.shapes[slot].half))

    def label(self, chain: Chain) -> Place:
        """Return where the label of an edge stands."""
        slot = chain.label
        size = Size(self.shapes[slot].width, self.shapes[slot].above)
        return Place(self.middle(slot), self.heights[slot] - size.height / 2, size)

    def runs(self, chain: Chain, widths: Mapping[Slot, float]) -> Iterator[Run]:
        """Yield the level pieces of an edge, from its source to its target; `widths` are those of the nodes."""
        first, *passed, last = chain.slots
        leaving, entering = self.ends[first, passed[0]], self.ends[last, passed[-1]]
        runs = [
            _level_run(self.middle(first) + widths[first] / 2, self.right[first] + _STUB, leaving),
            *(_level_run(self.left[slot], self.right[slot], self.heights[slot]) for slot in passed),
            _level_run(self.left[last] - _STUB, self.middle(last) - widths[last] / 2, entering),
        ]
        return (Run(run.end, run.start) for run in reversed(runs)) if chain.backwards else iter(runs)


def _level_run(left: float, right: float, height: float) -> Run:
    return Run(Point(left, height), Point(right, height))
