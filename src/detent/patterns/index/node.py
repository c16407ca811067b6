"""The tree of lookups through which a document finds the patterns that it matches."""

from collections.abc import Hashable, Mapping
from typing import TypeAlias, final

from detent.patterns.index.last_field import LastField, chained, each_of
from detent.patterns.index.layout import Objects, Position
from detent.patterns.index.questions import Check
from detent.patterns.index.table import Entry, Table

MANY = 32
"""With more tables than this, a node goes by what the document has and not by what it asks for."""

# A plain tuple: to unpack a named one takes seven times as long, and matching does little else.
Row: TypeAlias = "tuple[int, str, dict[str, Child], Table[Child] | None, Table[Child]]"
"""A table and where its path stands: the object's number, the key in it, the table's children behind strings, the table
if it has more for strings, the table."""


def row_of(table: "Table[Child]", position: Position) -> Row:
    """Put a table where its path stands."""
    return *position, table.texts, None if table.is_plain else table, table


@final
class Node:
    """What is known of a document once it has met the conditions on the way to this node; immutable.

    Attributes:
        keys: The patterns that match without anything more.
        first: The first of the patterns of which one field is left.
        checks: The patterns of which more is left.
        rows: The tables that lead on.
        many: The rows by position, if there are many.
    """

    __slots__ = ("checks", "first", "keys", "many", "rows")

    def __init__(
        self,
        keys: tuple[Hashable, ...] = (),
        first: LastField | None = None,
        checks: tuple[Check, ...] = (),
        rows: tuple[Row, ...] = (),
    ) -> None:
        self.keys = keys
        self.first = first
        self.checks = checks
        self.rows = rows
        self.many = {row[:2]: row for row in rows} if len(rows) > MANY else None

    def rows_in(self, objects: Objects) -> list[Row]:
        """The rows that a document may have values for, if there are many."""
        many = self.many or {}
        positions = ((number, key) for number, content in enumerate(objects) for key in content)
        return [many[position] for position in positions if position in many]

    @property
    def weight(self) -> int:
        """How much there is to look at, roughly."""
        last_fields = sum(1 for _ in each_of(self.first))
        return len(self.keys) + last_fields + len(self.checks) + MANY * len(self.rows)

    def tables(self) -> dict[str, Table["Child"]]:
        """The tables that lead on, by path."""
        return {table.path: table for *_, table in self.rows}

    def as_child(self) -> "Child | None":
        """What a value has to lead to instead of this node: None if it is empty."""
        return self if self.keys or self.checks or self.rows else self.first

    def without(self, key: Hashable, entries: Mapping[str, frozenset[Entry]]) -> "Node":
        """This node and all below it without a pattern.

        Args:
            key: The pattern's key.
            entries: Every entry that it may stand behind, by path.
        """
        rows = ((row, _table_without(row[-1], key, entries)) for row in self.rows)
        return Node(
            tuple(each for each in self.keys if each != key),
            chained([last_field for last_field in each_of(self.first) if last_field.key != key]),
            tuple(check for check in self.checks if check.key != key),
            tuple(row_of(table, Position(*row[:2])) for row, table in rows if table is not None),
        )


Child: TypeAlias = LastField | Node
"""What a value leads to."""

EMPTY = Node()


def node_of(child: Child | None) -> Node:
    """What a value leads to, as a node."""
    if child is None:
        return EMPTY
    return child if isinstance(child, Node) else Node(first=child)


def _table_without(table: Table[Child], key: Hashable, entries: Mapping[str, frozenset[Entry]]) -> Table[Child] | None:
    for entry in entries.get(table.path, ()):
        child = table.child(entry)
        if child is None:
            continue
        left = {**entries, table.path: entries[table.path] - {entry}}
        below = node_of(child).without(key, left).as_child()
        if below is not None:
            table = table.extended({entry: below})
        elif shrunk := table.without(entry):
            table = shrunk
        else:
            return None
    return table
