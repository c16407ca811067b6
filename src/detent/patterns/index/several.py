"""The patterns to ask where a path may have several values: in objects inside arrays, or under keys with dots."""

from typing import Any

from detent.patterns.flatten import FlatDocument
from detent.patterns.index.last_field import each_of
from detent.patterns.index.node import Child, Node, node_of


def candidates(root: Node, document: FlatDocument) -> set[Any]:
    """Find every pattern that may match: some value at a path has led to it on each lookup.

    Args:
        root: The tree.
        document: The document, flattened with at least the paths of the tree.

    Returns:
        The patterns' keys; each pattern is still to be asked.
    """
    found: set[Any] = set()
    reached: list[Child] = [root]
    for child in reached:
        node = node_of(child)
        found.update(node.keys)
        found.update(last_field.key for last_field in each_of(node.first))
        found.update(check.key for check in node.checks)
        for row in node.rows:
            table = row[-1]
            reached += table.find_any(leaf.value for leaf in document.leaves.get(table.path, ()))
    return found
