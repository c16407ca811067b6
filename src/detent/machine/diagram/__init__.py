"""Diagrams of workflows: drawn here as SVG, or as text for other tools."""

from collections.abc import Callable, Mapping
from typing import Literal

from detent.machine.diagram.graph import Graph
from detent.machine.diagram.svg import svg
from detent.machine.diagram.text import dot, mermaid
from detent.machine.errors import UnknownFormat
from detent.machine.workflow import Workflow

__all__ = ["Format", "diagram", "linked_diagram"]

Format = Literal["svg", "mermaid", "dot"]

_WRITERS: Mapping[str, Callable[[Graph, str], str]] = {"svg": svg, "mermaid": mermaid, "dot": dot}


def diagram(
    workflow: Workflow | type[Workflow],
    format: Format = "svg",  # noqa: A002 - what the command line and its users call it
    counts: Mapping[str, int] | None = None,
    title: str = "",
) -> str:
    """Draw a workflow.

    Args:
        workflow: The workflow.
        format: "svg", a picture; "mermaid" or "dot", text for Mermaid or Graphviz.
        counts: How many objects are in a state, by its name; given, each state shows its number. A name that the
            workflow does not have gets a node of its own.
        title: Stands above the diagram.

    Returns:
        The whole of a file in that format.

    Raises:
        UnknownFormat: It is none of the formats.
    """
    if format not in _WRITERS:
        name = workflow.__name__ if isinstance(workflow, type) else type(workflow).__name__
        raise UnknownFormat(format, tuple(_WRITERS), workflow=name)
    return _WRITERS[format](Graph.of(workflow, counts), title)


def linked_diagram(
    workflow: Workflow | type[Workflow],
    links: Mapping[str, str],
    counts: Mapping[str, int] | None = None,
    title: str = "",
) -> str:
    """Draw a workflow as an SVG element for a page, whose style sheet says how it looks.

    Args:
        workflow: The workflow.
        links: Where a state leads to when it is followed, by its name.
        counts: As in `diagram`.
        title: As in `diagram`.
    """
    return svg(Graph.of(workflow, counts), title, links)
