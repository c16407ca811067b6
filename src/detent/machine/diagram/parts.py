"""A graph drawn part by part: what no edge joins stands side by side, not intertwined."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Generic, NamedTuple

from detent.machine.diagram.columns import Arrangement, Key
from detent.machine.diagram.geometry import Layout, Link, Place, Route, Size
from detent.machine.diagram.layout import in_order, lay_out_part

_MARGIN = 16.0
_BETWEEN_PARTS = 28.0
_SHELF = 900.0


class _Part(NamedTuple, Generic[Key]):
    nodes: Mapping[Key, Size]
    links: Sequence[Link[Key]]
    arranged: Arrangement[Key]

    def laid_out(self) -> Layout[Key]:
        return lay_out_part(self.arranged, self.nodes, self.links)

    def laid_out_downwards(self) -> Layout[Key]:
        turned = {node: size.mirrored for node, size in self.nodes.items()}
        return lay_out_part(self.arranged, turned, [link.mirrored for link in self.links]).mirrored


def layout(nodes: Mapping[Key, Size], links: Sequence[Link[Key]], *, widest: float = inf) -> Layout[Key]:
    """Lay out a graph from left to right or, if that would be too wide and this is narrower, downwards.

    Args:
        nodes: The sizes of the nodes; the first one stands first, unless edges lead to it.
        links: The edges; at most one in a direction between two nodes, at most one loop a node.
        widest: What is too wide, in pixels.
    """
    parts = list(_parts(nodes, links))
    drawn = _on_shelves([part.laid_out() for part in parts], downwards=False)
    if drawn.size.width <= widest:
        return drawn
    turned = _on_shelves([part.laid_out_downwards() for part in parts], downwards=True)
    return min(drawn, turned, key=lambda layout: layout.size.width)


def _parts(nodes: Mapping[Key, Size], links: Sequence[Link[Key]]) -> Iterator[_Part[Key]]:
    for members in _joined(nodes, links):
        own_nodes = {node: size for node, size in nodes.items() if node in members}
        own_links = [link for link in links if link.source in members]
        yield _Part(own_nodes, own_links, in_order(own_nodes, own_links))


def _joined(nodes: Mapping[Key, Size], links: Sequence[Link[Key]]) -> list[set[Key]]:
    """Return the nodes in the sets that edges join, in the order of their first ones."""
    part_of = {node: {node} for node in nodes}
    for link in links:
        one, other = part_of[link.source], part_of[link.target]
        if one is not other:
            one |= other
            part_of |= dict.fromkeys(other, one)
    return list({id(part): part for part in part_of.values()}.values())


def _on_shelves(parts: Sequence[Layout[Key]], *, downwards: bool) -> Layout[Key]:
    """Put the parts next to each other, and below where there is no more room: shelves, filled in the order given."""
    widest = max([_SHELF, *(part.size.width for part in parts)])
    nodes: dict[Key, Place] = {}
    routes: list[Route[Key]] = []
    x = y = bottom = right = 0.0
    for part in parts:
        if x and x + part.size.width > widest:
            x, y = 0.0, bottom + _BETWEEN_PARTS
        left, top = x + _MARGIN, y + _MARGIN
        nodes |= {node: place.moved(left, top) for node, place in part.nodes.items()}
        routes += [route.moved(left, top) for route in part.routes]
        right, bottom = max(right, x + part.size.width), max(bottom, y + part.size.height)
        x += part.size.width + _BETWEEN_PARTS
    return Layout(nodes, routes, Size(right + 2 * _MARGIN, bottom + 2 * _MARGIN), downwards)
