"""The patterns to ask where a path may have several values: in objects inside arrays, or under keys with dots."""

from typing import Any

from detent.patterns.flatten import FlatDocument
from detent.patterns.index.node import Node


def candidates(root: Node, document: FlatDocument) -> set[Any]:
    """Find every pattern that may match: some value at a path has led to it on each lookup.

    Args:
        root: The tree.
        document: The document, flattened with at least the paths of the tree.

    Returns:
        The patterns' keys; each pattern is still to be asked.
    """
    found: set[Any] = set()
    nodes = [root]
    for node in nodes:
        found.update(node.keys)
        found.update(key for *_, key, _ in node.equalities)
        found.update(condition[4] for condition in node.conditions)
        found.update(check[2] for check in node.checks)
        for row in node.rows:
            table = row[-1]
            nodes += table.find_any(leaf.value for leaf in document.leaves.get(table.path, ()))
    return found
