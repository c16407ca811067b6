"""A graph as text from which other tools draw: Mermaid and Graphviz."""

import json
import re

from detent.machine.diagram.graph import Graph, Node

_MERMAID_SPECIAL = re.compile(r'["#;:<>&\\$\x00-\x1f]')
_DOT_CONTROL = re.compile(r"[\x00-\x1f]")


def mermaid(graph: Graph, title: str) -> str:
    """Write a graph as a Mermaid state diagram; a state's id is its name after `s_`, for some names are keywords."""
    heading = ["---", f"title: {json.dumps(title)}", "---"] if title else []
    states = [f'    state "{_mermaid_label(node)}" as s_{node.name}' for node in graph.nodes]
    starts = [f"    [*] --> s_{node.name}" for node in graph.nodes if node.initial]
    edges = [
        f"    s_{edge.source} --> s_{edge.target}: {', '.join(map(_for_mermaid, edge.titles))}" for edge in graph.edges
    ]
    ends = [f"    s_{node.name} --> [*]" for node in graph.nodes if node.final]
    return "\n".join([*heading, "stateDiagram-v2", "    direction LR", *states, *starts, *edges, *ends, ""])


def _mermaid_label(node: Node) -> str:
    return _for_mermaid(node.title if node.count is None else f"{node.title} ({node.count:,})")


def _for_mermaid(text: str) -> str:
    return _MERMAID_SPECIAL.sub(lambda found: f"#{ord(found.group())};", text)


def dot(graph: Graph, title: str) -> str:
    """Write a graph in the language of Graphviz."""
    heading = [f"    label={_for_dot(title)}; labelloc=t;"] if title else []
    states = [f"    {_for_dot(node.name)} [{_dot_attributes(node)}];" for node in graph.nodes]
    starts = [
        f"    {_for_dot('')} [shape=point, width=0.15]; {_for_dot('')} -> {_for_dot(node.name)};"
        for node in graph.nodes
        if node.initial
    ]
    edges = [
        f"    {_for_dot(edge.source)} -> {_for_dot(edge.target)} [label={_for_dot(*edge.titles)}];"
        for edge in graph.edges
    ]
    opening = ["digraph {", "    rankdir=LR;", "    node [shape=box, style=rounded];"]
    return "\n".join([*opening, *heading, *states, *starts, *edges, "}", ""])


def _dot_attributes(node: Node) -> str:
    count = () if node.count is None else (f"{node.count:,}",)
    style = "" if node.known else ', style="rounded,dashed"'
    return f"label={_for_dot(node.title, *count)}{', peripheries=2' if node.final else ''}{style}"


def _for_dot(*lines: str) -> str:
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    text = "\\n".join(_DOT_CONTROL.sub(" ", line) for line in escaped)
    return f'"{text}"'
