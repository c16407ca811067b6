"""Where the parts of a drawn graph stand, in pixels from the top left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple

from detent.machine.diagram.columns import Key

LOOP = 20.0
"""How far a loop rises above its node, in pixels."""


class Point(NamedTuple):
    """A place on the sheet."""

    x: float
    y: float

    @property
    def mirrored(self) -> "Point":
        """The same place with the axes changed over."""
        return Point(self.y, self.x)

    def moved(self, x: float, y: float) -> "Point":
        """Return the place so far to the right and so far down."""
        return Point(self.x + x, self.y + y)


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a node, a label or a drawing."""

    width: float
    height: float

    @property
    def mirrored(self) -> "Size":
        """The same size with the axes changed over."""
        return Size(self.height, self.width)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: its centre and its size."""

    x: float
    y: float
    size: Size

    @property
    def mirrored(self) -> "Place":
        """The same place with the axes changed over."""
        return Place(self.y, self.x, self.size.mirrored)

    def moved(self, x: float, y: float) -> "Place":
        """Return the place so far to the right and so far down."""
        return Place(self.x + x, self.y + y, self.size)


@dataclass(frozen=True, slots=True)
class Link(Generic[Key]):
    """An edge to be drawn, and the size of its label."""

    source: Key
    target: Key
    label: Size

    @property
    def mirrored(self) -> "Link[Key]":
        """The same edge with its label's axes changed over."""
        return replace(self, label=self.label.mirrored)


@dataclass(frozen=True, slots=True)
class Run:
    """A straight piece of a line, along the direction in which the graph leads or against it."""

    start: Point
    end: Point

    @property
    def mirrored(self) -> "Run":
        """The same piece with the axes changed over."""
        return Run(self.start.mirrored, self.end.mirrored)

    def moved(self, x: float, y: float) -> "Run":
        """Return the piece so far to the right and so far down."""
        return Run(self.start.moved(x, y), self.end.moved(x, y))


@dataclass(frozen=True, slots=True)
class Route(Generic[Key]):
    """The line of an edge.

    Attributes:
        source: The node where it starts.
        target: The node where it ends.
        label: Where its label stands: at the line, or at the loop.
        runs: The straight pieces from the source to the target; curves join them. A loop has none.
    """

    source: Key
    target: Key
    label: Place
    runs: Sequence[Run]

    @property
    def mirrored(self) -> "Route[Key]":
        """The same line with the axes changed over."""
        return replace(self, label=self.label.mirrored, runs=[run.mirrored for run in self.runs])

    def moved(self, x: float, y: float) -> "Route[Key]":
        """Return the line so far to the right and so far down."""
        return replace(self, label=self.label.moved(x, y), runs=[run.moved(x, y) for run in self.runs])


@dataclass(frozen=True, slots=True)
class Layout(Generic[Key]):
    """A graph with everything in its place.

    Attributes:
        nodes: Where each node stands; one at which many edges end is larger than it was asked to be.
        routes: The line of each edge.
        size: The size of the whole, from (0, 0).
        downwards: Whether the graph leads from the top to the bottom, and not from left to right.
    """

    nodes: Mapping[Key, Place]
    routes: Sequence[Route[Key]]
    size: Size
    downwards: bool = False

    @property
    def mirrored(self) -> "Layout[Key]":
        """The same graph, leading down where it led to the right, and to the right where it led down."""
        return Layout(
            {node: place.mirrored for node, place in self.nodes.items()},
            [route.mirrored for route in self.routes],
            self.size.mirrored,
            not self.downwards,
        )
