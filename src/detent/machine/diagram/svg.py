"""A graph as an SVG picture that stands on its own, in light and in dark surroundings."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from detent.machine.diagram.geometry import LOOP, Layout, Link, Place, Point, Route, Run, Size
from detent.machine.diagram.graph import Edge, Graph, Node
from detent.machine.diagram.lettering import escaped, lines_of, size_of
from detent.machine.diagram.parts import layout
from detent.machine.diagram.spoken import spoken

_START = ""
"""The key of the dot before the initial state: no state has this name."""

_HEADING_FONT, _HEADING_HEIGHT = 15.0, 34.0
_TITLE_FONT, _TITLE_LINE = 13.0, 17.0
_LABEL_FONT, _LABEL_LINE = 11.5, 14.0
_ABOVE_THE_LINE, _BESIDE_THE_LINE = 5.0, 6.0
_DOT = Size(12.0, 12.0)
_HEAD_RIGHT, _HEAD_LEFT = "l-9,-4.5 v9 z", "l9,-4.5 v9 z"
_HEAD_DOWN, _HEAD_UP = "l-4.5,-9 h9 z", "l-4.5,9 h9 z"
_WIDEST = 1400.0
"""A picture that would be wider than this, in pixels, leads downwards if that makes it narrower: pages scroll down."""

_STYLE = """
.detent-diagram { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
.detent-diagram .paper { fill: #ffffff; }
.detent-diagram .heading { fill: #1c2733; font-size: 15px; font-weight: 600; }
.detent-diagram .state rect { fill: #eef3fa; stroke: #5b6f8a; stroke-width: 1.2; }
.detent-diagram .state text { fill: #1c2733; font-size: 13px; text-anchor: middle; }
.detent-diagram .state .count { fill: #0b5cad; font-weight: 600; }
.detent-diagram .state .none { fill: #76869a; font-weight: 400; }
.detent-diagram .stray rect { stroke: #b3541e; stroke-dasharray: 4 3; }
.detent-diagram .line { fill: none; stroke: #5b6f8a; stroke-width: 1.3; }
.detent-diagram .head, .detent-diagram .start { fill: #5b6f8a; }
.detent-diagram .label { fill: #33425a; font-size: 11.5px; text-anchor: middle; }
.detent-diagram .beside { text-anchor: end; }
@media screen and (prefers-color-scheme: dark) {
.detent-diagram .paper { fill: #10161f; }
.detent-diagram .heading, .detent-diagram .state text { fill: #e6edf5; }
.detent-diagram .state rect { fill: #1d2939; stroke: #8aa0bd; }
.detent-diagram .state .count { fill: #6db3ff; }
.detent-diagram .state .none { fill: #8b9bb0; }
.detent-diagram .stray rect { stroke: #f0955c; }
.detent-diagram .line { stroke: #8aa0bd; }
.detent-diagram .head, .detent-diagram .start { fill: #8aa0bd; }
.detent-diagram .label { fill: #bccadb; }
}
"""


def svg(graph: Graph, title: str, links: Mapping[str, str] | None = None) -> str:
    """Draw a graph.

    Args:
        graph: The graph.
        title: Stands above the picture, and is what a screen reader says.
        links: Given, the picture is one for a page that has the styles itself, as a strict policy asks for: where a
            state leads to when it is followed, by its name.
    """
    placed = laid_out(graph)
    heading = size_of([title], _HEADING_FONT, _HEADING_HEIGHT) if title else Size(0, 0)
    size = Size(max(placed.size.width, heading.width + 32), placed.size.height + heading.height)
    parts = [
        *_opening(size, title, spoken(graph), is_for_page=links is not None),
        f'<g transform="translate(0 {heading.height:g})">',
        *(part for route in placed.routes for part in _line(route, placed)),
        *(part for edge, route in _labelled(graph, placed) for part in _label(edge, route, placed)),
        *(part for node in graph.nodes for part in _linked_state(node, placed.nodes[node.name], links or {})),
        *_start(placed),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def laid_out(graph: Graph) -> Layout[str]:
    """Return where everything stands, by the names of the states; "" is the dot before the initial one."""
    initial = [node.name for node in graph.nodes if node.initial]
    start = {_START: _DOT} if initial else {}
    links = [Link(_START, name, Size(0, 0)) for name in initial]
    links += [Link(edge.source, edge.target, _label_size(edge)) for edge in graph.edges]
    return layout({**start, **{node.name: _state_size(node) for node in graph.nodes}}, links, widest=_WIDEST)


def _state_lines(node: Node) -> list[str]:
    return lines_of(node.title) + ([] if node.count is None else [f"{node.count:,}"])


def _state_size(node: Node) -> Size:
    text = size_of(_state_lines(node), _TITLE_FONT, _TITLE_LINE)
    return Size(max(text.width, 36.0) + 28, text.height + 16)


def _label_lines(edge: Edge) -> list[str]:
    return [line for title in edge.titles for line in lines_of(title)]


def _label_size(edge: Edge) -> Size:
    text = size_of(_label_lines(edge), _LABEL_FONT, _LABEL_LINE)
    return Size(text.width + 12, text.height + _ABOVE_THE_LINE)


def _opening(size: Size, title: str, description: str, *, is_for_page: bool) -> Iterator[str]:
    width, height = f"{size.width:.0f}", f"{size.height:.0f}"
    # What is inside an image cannot be followed.
    role = f'role="group" aria-label="{escaped(title)}"' if is_for_page else 'role="img"'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="detent-diagram" {role} width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}">'
    )
    yield f"<title>{escaped(title or 'Workflow')}</title>"
    yield f"<desc>{escaped(description)}</desc>"
    if not is_for_page:
        yield f"<style>{_STYLE}</style>"
    yield f'<rect class="paper" width="{width}" height="{height}" rx="8"/>'
    if title:
        yield f'<text class="heading" x="16" y="26">{escaped(title)}</text>'


def _linked_state(node: Node, place: Place, links: Mapping[str, str]) -> Iterator[str]:
    if node.name not in links:
        yield from _state(node, place)
        return
    counted = "" if node.count is None else f": {node.count:,}"
    yield f'<a href="{escaped(links[node.name])}" aria-label="{escaped(node.title + counted)}">'
    yield from _state(node, place)
    yield "</a>"


def _state(node: Node, place: Place) -> Iterator[str]:
    yield f'<g class="state{"" if node.known else " stray"}">'
    yield _box(place, inset=0)
    if node.final:
        yield _box(place, inset=3.5)
    lines = _state_lines(node)
    top = place.y - len(lines) * _TITLE_LINE / 2
    for number, line in enumerate(lines, 1):
        counted = node.count is not None and number == len(lines)
        kind = "" if not counted else ' class="count"' if node.count else ' class="count none"'
        yield f'<text{kind} x="{place.x:.1f}" y="{top + number * _TITLE_LINE - 4:.1f}">{escaped(line)}</text>'
    yield "</g>"


def _box(place: Place, inset: float) -> str:
    width, height = place.size.width - 2 * inset, place.size.height - 2 * inset
    x, y = place.x - width / 2, place.y - height / 2
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{8 - inset:g}"/>'


def _start(placed: Layout[str]) -> Iterator[str]:
    if _START in placed.nodes:
        dot = placed.nodes[_START]
        yield f'<circle class="start" cx="{dot.x:.1f}" cy="{dot.y:.1f}" r="{_DOT.width / 2:g}"/>'


def _labelled(graph: Graph, placed: Layout[str]) -> Iterator[tuple[Edge, Route[str]]]:
    routes = {(route.source, route.target): route for route in placed.routes}
    return ((edge, routes[edge.source, edge.target]) for edge in graph.edges)


def _label(edge: Edge, route: Route[str], placed: Layout[str]) -> Iterator[str]:
    beside = placed.downwards and bool(route.runs)
    x = route.label.x + (route.label.size.width / 2 - _BESIDE_THE_LINE if beside else 0)
    lines = _label_lines(edge)
    top = route.label.y + route.label.size.height / 2 - _ABOVE_THE_LINE - len(lines) * _LABEL_LINE
    kind = "label beside" if beside else "label"
    for number, line in enumerate(lines, 1):
        yield f'<text class="{kind}" x="{x:.1f}" y="{top + number * _LABEL_LINE:.1f}">{escaped(line)}</text>'


def _line(route: Route[str], placed: Layout[str]) -> Iterator[str]:
    if not route.runs:
        yield from _loop(placed.nodes[route.source], downwards=placed.downwards)
        return
    yield _path(route.runs, downwards=placed.downwards)
    yield _head(route.runs[-1])


def _path(runs: Sequence[Run], *, downwards: bool) -> str:
    pieces = [f"M{_at(runs[0].start)} L{_at(runs[0].end)}"]
    for run, following in pairwise(runs):
        pieces.append(f"{_bend(run.end, following.start, downwards=downwards)} L{_at(following.end)}")
    return f'<path class="line" d="{" ".join(pieces)}"/>'


def _bend(start: Point, end: Point, *, downwards: bool) -> str:
    across, down = (start.x + end.x) / 2, (start.y + end.y) / 2
    if downwards:
        return f"C{start.x:.1f},{down:.1f} {end.x:.1f},{down:.1f} {_at(end)}"
    return f"C{across:.1f},{start.y:.1f} {across:.1f},{end.y:.1f} {_at(end)}"


def _head(run: Run) -> str:
    if run.start.y == run.end.y:
        head = _HEAD_RIGHT if run.end.x > run.start.x else _HEAD_LEFT
    else:
        head = _HEAD_DOWN if run.end.y > run.start.y else _HEAD_UP
    return f'<path class="head" d="M{_at(run.end)} {head}"/>'


def _at(point: Point) -> str:
    return f"{point.x:.1f},{point.y:.1f}"


def _loop(node: Place, *, downwards: bool) -> Iterator[str]:
    """Draw a loop: above the node, or at its left where the graph leads downwards."""
    # A curve rises three quarters as high as its controls.
    around = [(-10.0, 0.0), (-10.0, LOOP / 0.75), (10.0, LOOP / 0.75), (10.0, 0.0)]
    if downwards:
        left = node.x - node.size.width / 2
        points, head = [Point(left - away, node.y + along) for along, away in around], _HEAD_RIGHT
    else:
        top = node.y - node.size.height / 2
        points, head = [Point(node.x + along, top - away) for along, away in around], _HEAD_DOWN
    start, *controls = map(_at, points)
    yield f'<path class="line" d="M{start} C{" ".join(controls)}"/>'
    yield f'<path class="head" d="M{_at(points[-1])} {head}"/>'
