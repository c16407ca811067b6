"""Finding the patterns that a document matches, by going down the tree."""

from typing import Any

from detent.patterns.index.layout import Objects
from detent.patterns.index.node import Node
from detent.patterns.index.values import ABSENT, SCALARS, scalars_of


def find_keys(root: Node, objects: Objects) -> set[Any]:  # noqa: C901, PLR0912  (calls would double the time)
    """Find the patterns that a document matches.

    Args:
        root: The tree.
        objects: The document's objects in the tree's layout.

    Returns:
        The patterns' keys.

    Raises:
        InvalidDocument: One of the values asked for is not a JSON value.
    """
    found: set[Any] = set()
    nodes = [root]
    for node in nodes:
        if node.keys:
            found.update(node.keys)
        for number, name, text, key, field in node.equalities:
            value = objects[number].get(name)
            if value == text or (type(value) not in SCALARS and field.met_by(scalars_of(value))):
                found.add(key)
        for number, name, test, argument, key, field, _ in node.conditions:
            value = objects[number].get(name, ABSENT)
            if test(value, argument) if type(value) in SCALARS else field.met_by(scalars_of(value)):
                found.add(key)
        for parts, question, key, _, _ in node.checks:
            for number, name, test, argument, field in parts:
                value = objects[number].get(name, ABSENT)
                if not (test(value, argument) if type(value) in SCALARS else field.met_by(scalars_of(value))):
                    break
            else:
                if question is None or question(objects):
                    found.add(key)
        for number, name, texts, more, table in node.rows if node.many is None else node.rows_in(objects):
            value = objects[number].get(name)
            if type(value) is str:
                if value in texts:
                    nodes.append(texts[value])
                if more is not None:
                    for cut, children in more.pieces:
                        if (piece := value[cut]) in children:
                            nodes.append(children[piece])
                    for first, last, children in more.ends:
                        if (ends := (value[:first], value[last:])) in children:
                            nodes.append(children[ends])
                    for find in more.more_of_text:
                        nodes += find(value)
            elif type(value) is int or type(value) is float:
                for find in table.of_numbers:
                    nodes += find(value)
            elif value is not None or name in objects[number]:
                nodes += table.find(value)
    return found
