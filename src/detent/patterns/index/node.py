"""The tree of lookups through which a document finds the patterns that it matches."""

from collections.abc import Hashable, Mapping
from typing import Any, TypeAlias

from detent.patterns.field import Field
from detent.patterns.index.layout import Objects, Position
from detent.patterns.index.questions import Part, Question, Requirement, Test
from detent.patterns.index.table import Entry, Table

MANY = 32
"""With more tables than this, a node goes by what the document has and not by what it asks for."""


# Plain tuples: to unpack a named one takes seven times as long, and matching does little else.

Equality: TypeAlias = tuple[int, str, str, Hashable, Field]
"""A pattern of which only a string is left: the object's number, the key in it, the string, the pattern's key, the
field."""

Condition: TypeAlias = tuple[int, str, Test, Any, Hashable, Field, bool]
"""A pattern of which only a field is left: the object's number, the key in it, the test of a leaf value and its
argument, the pattern's key, the field, and whether it can be looked up."""

Check: TypeAlias = tuple[tuple[Part, ...], Question | None, Hashable, tuple[Requirement, ...], bool]
"""A pattern of which more is left: its fields, whether its choices hold, its key, what is left as it was written, and
whether some of it can be looked up."""

Row: TypeAlias = "tuple[int, str, dict[str, Node], Table[Node] | None, Table[Node]]"
"""A table and where its path stands: the object's number, the key in it, the table's children behind strings, the table
if it has more for strings, the table."""


def row_of(table: "Table[Node]", position: Position) -> Row:
    """Put a table where its path stands."""
    return *position, table.texts, None if table.is_plain else table, table


class Node:
    """What is known of a document once it has met the conditions on the way to this node; immutable.

    Attributes:
        keys: The patterns that match without anything more.
        equalities: The patterns of which only a string is left.
        conditions: The patterns of which another field is left.
        checks: The patterns of which more is left.
        rows: The tables that lead on.
    """

    __slots__ = ("checks", "conditions", "equalities", "keys", "many", "rows")

    def __init__(
        self,
        keys: tuple[Hashable, ...] = (),
        equalities: tuple[Equality, ...] = (),
        conditions: tuple[Condition, ...] = (),
        checks: tuple[Check, ...] = (),
        rows: tuple[Row, ...] = (),
    ) -> None:
        self.keys = keys
        self.equalities = equalities
        self.conditions = conditions
        self.checks = checks
        self.rows = rows
        self.many = {row[:2]: row for row in rows} if len(rows) > MANY else None
        """The rows by position, if there are many."""

    def rows_in(self, objects: Objects) -> list[Row]:
        """The rows that a document may have values for, if there are many."""
        many = self.many or {}
        positions = ((number, key) for number, content in enumerate(objects) for key in content)
        return [many[position] for position in positions if position in many]

    @property
    def weight(self) -> int:
        """How much there is to look at, roughly."""
        alone = len(self.equalities) + len(self.conditions) + len(self.checks)
        return len(self.keys) + alone + MANY * len(self.rows)

    @property
    def is_empty(self) -> bool:
        """Whether it leads to no pattern."""
        return not (self.keys or self.equalities or self.conditions or self.checks or self.rows)

    def tables(self) -> dict[str, Table["Node"]]:
        """The tables that lead on, by path."""
        return {table.path: table for *_, table in self.rows}

    def without(self, key: Hashable, entries: Mapping[str, frozenset[Entry]]) -> "Node":
        """This node and all below it without a pattern.

        Args:
            key: The pattern's key.
            entries: Every entry that it may stand behind, by path.
        """
        rows = ((row, _table_without(row[-1], key, entries)) for row in self.rows)
        return Node(
            tuple(each for each in self.keys if each != key),
            tuple(equality for equality in self.equalities if equality[3] != key),
            tuple(condition for condition in self.conditions if condition[4] != key),
            tuple(check for check in self.checks if check[2] != key),
            tuple(row_of(table, Position(*row[:2])) for row, table in rows if table is not None),
        )


EMPTY = Node()


def _table_without(table: Table[Node], key: Hashable, entries: Mapping[str, frozenset[Entry]]) -> Table[Node] | None:
    for entry in entries.get(table.path, ()):
        child = table.child(entry)
        if child is None:
            continue
        below = child.without(key, {**entries, table.path: entries[table.path] - {entry}})
        if not below.is_empty:
            table = table.extended({entry: below})
        elif shrunk := table.without(entry):
            table = shrunk
        else:
            return None
    return table
