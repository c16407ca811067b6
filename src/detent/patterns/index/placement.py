"""Putting patterns into the tree: each node gets what can be looked up there, and what is asked one by one."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from detent.patterns.field import Field
from detent.patterns.index.hints import hints_of_field
from detent.patterns.index.last_field import LastField, each_of
from detent.patterns.index.layout import Layout
from detent.patterns.index.node import Child, Node, node_of, row_of
from detent.patterns.index.plan import FEW, Candidate, Plan, Planner
from detent.patterns.index.questions import Check, only_text, requirements_of, test_of
from detent.patterns.index.table import Entry, Table
from detent.patterns.syntax import Conjunction

DEEPEST = 8
"""So many entries lead to a node at most: patterns that share very many conditions are then asked one by one."""


class Alone(NamedTuple):
    """A pattern that is asked on its own.

    Attributes:
        candidate: The pattern.
        can_be_entered: Whether it could be looked up, and may be when others join it.
    """

    candidate: Candidate
    can_be_entered: bool


def candidate_of(key: Hashable, pattern: Conjunction) -> Candidate:
    """A pattern of which nothing has been looked up yet."""
    return Candidate(key, requirements_of(pattern))


def entries_of(pattern: Conjunction) -> dict[str, frozenset[Entry]]:
    """Every entry that a pattern may be placed behind, by path."""
    by_path: defaultdict[str, set[Entry]] = defaultdict(set)
    for field in pattern.all_fields():
        for hint in hints_of_field(field):
            by_path[field.path].update(hint.entries)
    return {path: frozenset(entries) for path, entries in by_path.items()}


def place(root: Node, candidates: Sequence[Candidate], layout: Layout) -> Node:
    """Put patterns into a tree.

    Args:
        root: The tree as it is; it does not change.
        candidates: The patterns.
        layout: Where their paths stand.

    Returns:
        The tree with the patterns.
    """
    return _Placement(layout).place(root, candidates, frozenset())


class _Placement:
    """Puts patterns below nodes.

    Args:
        layout: Where the paths of all patterns stand.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._kept: dict[object, object] = {}

    def place(self, node: Node, candidates: Sequence[Candidate], passed: frozenset[Entry]) -> Node:
        """The node with patterns below it.

        Args:
            node: The node as it is.
            candidates: The patterns.
            passed: The entries that lead to the node; none for the root.
        """
        keys = list(node.keys)
        pool = _enterable(node)
        for candidate in candidates:
            if candidate.left:
                pool.append(candidate)
            else:
                keys.append(candidate.key)
        if (passed and not node.rows and len(pool) <= FEW) or len(passed) >= DEEPEST:
            return self._node(keys, [Alone(candidate, can_be_entered=True) for candidate in pool], node, {})
        return self._part(node, keys, pool, passed)

    def _part(self, node: Node, keys: Sequence[Hashable], pool: Sequence[Candidate], passed: frozenset[Entry]) -> Node:
        """The node with candidates sent on through its tables as far as they can be."""
        tables = node.tables()
        planner = Planner(pool, tables, passed)
        plans = list(zip(pool, planner.plans(pool), strict=True))
        uses = Counter([way.entry.path for _, plan in plans if plan for way in plan.ways])
        alone: list[Alone] = []
        groups: defaultdict[str, defaultdict[Entry, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
        for candidate, plan in plans:
            if plan is None or (passed and _is_for_one(plan, uses, tables)):
                alone.append(Alone(candidate, can_be_entered=plan is not None))
                continue
            for entry, left in plan.ways:
                groups[entry.path][entry].append(Candidate(candidate.key, left))
        for path, entries in groups.items():
            tables[path] = self._extended(tables.get(path) or Table(path), entries, passed)
        return self._node(keys, alone, node, tables)

    def _extended(
        self, table: Table[Child], groups: Mapping[Entry, Sequence[Candidate]], passed: frozenset[Entry]
    ) -> Table[Child]:
        children: dict[Entry, Child] = {}
        for entry, group in groups.items():
            child = self.place(node_of(table.child(entry)), group, passed | {entry}).as_child()
            if child is not None:
                children[entry] = child
        return table.extended(children)

    def _node(
        self, keys: Sequence[Hashable], alone: Sequence[Alone], old: Node, tables: Mapping[str, Table[Child]]
    ) -> Node:
        first = next((last_field for last_field in each_of(old.first) if not last_field.can_be_entered), None)
        checks = [check for check in old.checks if not check.can_be_entered]
        # Those that can be entered come first, so that the others stay as they are.
        for (key, left), can_be_entered in sorted(alone, key=attrgetter("can_be_entered")):
            if len(left) == 1 and isinstance(left[0], Field):
                first = self._last_field(key, left[0], first, can_be_entered=can_be_entered)
            else:
                checks.append(Check(key, left, self._layout, can_be_entered=can_be_entered))
        rows = [row_of(table, self._layout.position(path)) for path, table in tables.items()]
        return Node(tuple(keys), first, tuple(checks), tuple(rows))

    def _last_field(self, key: Hashable, field: Field, others: LastField | None, *, can_be_entered: bool) -> LastField:
        position = self._layout.position(field.path)
        text = only_text(field)
        test, argument = test_of(field) if text is None else (None, text)
        return LastField(position, test, self._shared(argument), key, field, can_be_entered=can_be_entered, next=others)

    def _shared(self, argument: object) -> object:
        """An argument of which equal strings are kept once: what is in the processor's cache is not fetched again."""
        if isinstance(argument, (str, frozenset)):
            return self._kept.setdefault(argument, argument)
        return tuple(map(self._shared, argument)) if type(argument) is tuple else argument


def _enterable(node: Node) -> list[Candidate]:
    """The patterns that a node asks on their own, though they could be looked up."""
    return [
        *(Candidate(each.key, (each.field,)) for each in each_of(node.first) if each.can_be_entered),
        *(Candidate(check.key, check.left) for check in node.checks if check.can_be_entered),
    ]


def _is_for_one(plan: Plan, uses: Mapping[str, int], tables: Mapping[str, Table[Child]]) -> bool:
    """Whether a table would be made for one pattern, which is sooner asked on its own."""
    path = plan.ways[0].entry.path
    return len(plan.ways) == 1 and uses[path] == 1 and path not in tables
