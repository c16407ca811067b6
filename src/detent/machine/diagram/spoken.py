"""A graph in words, for those to whom a picture is read out."""

from collections.abc import Mapping, Sequence

from detent.machine.diagram.graph import Edge, Graph, Node


def spoken(graph: Graph) -> str:
    """Return a sentence for each state: what it is, how many objects are there, and what leads from it where."""
    titles = {node.name: node.title for node in graph.nodes}
    return "\n".join(_sentence(node, graph.edges, titles) for node in graph.nodes)


def _sentence(node: Node, edges: Sequence[Edge], titles: Mapping[str, str]) -> str:
    remarks = [
        *(["initial"] if node.initial else []),
        *(["final"] if node.final else []),
        *([] if node.known else ["unknown to the workflow"]),
        *([] if node.count is None else [f"{node.count:,} objects"]),
    ]
    ways = [f"{' or '.join(edge.titles)} to {titles[edge.target]}" for edge in edges if edge.source == node.name]
    remark = f" ({', '.join(remarks)})" if remarks else ""
    return f"{node.title}{remark}: {', '.join(ways) or 'no transitions'}."
