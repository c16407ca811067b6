"""Finding the patterns that a document matches, by going down the tree."""

from typing import Any

from detent.patterns.index.last_field import LastField
from detent.patterns.index.layout import Objects
from detent.patterns.index.node import Child, Node
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
    reached: list[Child] = [root]
    for child in reached:
        last_field = child if type(child) is LastField else child.first
        while last_field is not None:
            value = objects[last_field.number].get(last_field.name, ABSENT)
            if type(value) not in SCALARS:
                is_met = last_field.field.met_by(scalars_of(value))
            elif last_field.test is None:
                is_met = value == last_field.argument
            else:
                is_met = last_field.test(value, last_field.argument)
            if is_met:
                found.add(last_field.key)
            last_field = last_field.next
        if type(child) is LastField:
            continue
        if child.keys:
            found.update(child.keys)
        for check in child.checks:
            for part in check.parts:
                value = objects[part.number].get(part.name, ABSENT)
                if type(value) not in SCALARS:
                    is_met = part.field.met_by(scalars_of(value))
                else:
                    is_met = part.test(value, part.argument)
                if not is_met:
                    break
            else:
                if check.question is None or check.question(objects):
                    found.add(check.key)
        for number, name, texts, more, table in child.rows if child.many is None else child.rows_in(objects):
            value = objects[number].get(name)
            if type(value) is str:
                if value in texts:
                    reached.append(texts[value])
                if more is not None:
                    for cut, children in more.pieces:
                        if (piece := value[cut]) in children:
                            reached.append(children[piece])
                    for first, last, children in more.ends:
                        if (ends := (value[:first], value[last:])) in children:
                            reached.append(children[ends])
                    for find in more.more_of_text:
                        reached += find(value)
            elif type(value) is int or type(value) is float:
                for find in table.of_numbers:
                    reached += find(value)
            elif value is not None or name in objects[number]:
                reached += table.find(value)
    return found
