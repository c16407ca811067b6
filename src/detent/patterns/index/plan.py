"""Which way down the tree a pattern is sent: through the conditions that let the fewest documents through."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from detent.patterns.conditions import Bound
from detent.patterns.field import Field
from detent.patterns.index.hints import FieldHint, hints_of_field
from detent.patterns.index.node import Child, node_of
from detent.patterns.index.questions import Requirement, requirements_of
from detent.patterns.index.ranges import Ranges
from detent.patterns.index.table import Entry, Table
from detent.patterns.syntax import Conjunction

FEW = 5
"""So many patterns are sooner asked one by one than looked up."""

RARE = 50
"""An entry is rare if no more than one in so many fields asks for it."""

SELDOM = 1000
"""A path is seldom gone if patterns would be looked up on it first for fewer than one in so many fields."""

MANY = 8
"""More ways than this are gone only from the root: each further junction would multiply them."""


class Candidate(NamedTuple):
    """A pattern on its way down the tree.

    Attributes:
        key: Its key.
        left: What has yet to hold for it to match.
    """

    key: Hashable
    left: tuple[Requirement, ...]


class Way(NamedTuple):
    """A way on for a candidate: an entry, and what is left behind it."""

    entry: Entry
    left: tuple[Requirement, ...]


class Cost(NamedTuple):
    """What ways on for a candidate cost; what comes first counts most.

    Attributes:
        is_common: Whether more than a few of the patterns stand behind the entries or could. If not, no document meets
            more than a few on these ways, whatever its values are.
        selectivity: How few documents go one of them, judged by the kind of conditions.
        is_seldom: Whether they are on a path that hardly any pattern needs: a table for it costs every document more
            than it spares the few that get to the entries of another path.
        patterns: How many patterns stand behind the entries or could, which tells conditions of one kind apart.
        strangeness: How few patterns ask for anything on the path, as a negative number: to look at one path more
            takes longer than to ask a few patterns.
    """

    is_common: bool
    selectivity: int
    is_seldom: bool
    patterns: int
    strangeness: int


class Plan(NamedTuple):
    """Ways on for a candidate, of which one has to be gone for the pattern to match.

    Attributes:
        cost: What they cost.
        ways: The ways.
    """

    cost: Cost
    ways: tuple[Way, ...]


class Planner:
    """Plans the ways on from one node.

    Args:
        candidates: The patterns that are to be placed below it.
        tables: The tables that it has, by path.
        passed: The entries that led to it.
    """

    def __init__(
        self, candidates: Iterable[Candidate], tables: Mapping[str, Table[Child]], passed: AbstractSet[Entry]
    ) -> None:
        self._tables = tables
        self._passed = passed
        fields = chain.from_iterable(map(_fields_of, (candidate.left for candidate in candidates)))
        self._hints: dict[Field, list[FieldHint]] = {field: hints_of_field(field) for field in fields}
        self._counts = Counter([entry for hints in self._hints.values() for hint in hints for entry in hint.entries])
        self._few = max(FEW, len(self._hints) // RARE)
        self._bounds: dict[str, list[int | float]] = {}
        self._seldom: AbstractSet[str] = frozenset()
        self._on_path = Counter([field.path for field in self._hints])
        self._on_path.update({path: table.weight for path, table in tables.items()})

    def plans(self, candidates: Sequence[Candidate]) -> list[Plan | None]:
        """The plan for each pattern; None if nothing of it can be looked up."""
        plans = [self._best(candidate.left) for candidate in candidates]
        uses = Counter([path for plan in plans if plan for path in _paths_of(plan)])
        fields = self._on_path.total()
        self._seldom = {path for path in uses.keys() - self._tables.keys() if uses[path] * SELDOM < fields}
        if not self._seldom:
            return plans
        return [
            plan if plan is None or self._seldom.isdisjoint(_paths_of(plan)) else self._best(candidate.left)
            for candidate, plan in zip(candidates, plans, strict=True)
        ]

    def _best(self, left: tuple[Requirement, ...]) -> Plan | None:
        """The plan by which the fewest documents reach a pattern."""
        best: Plan | None = None
        chosen = 0
        for number, requirement in enumerate(left):
            if isinstance(requirement, Field):
                plan = self._plan_of_field(requirement)
            else:
                plan = self._plan_of_choice(requirement)
            if plan is None or (self._passed and len(plan.ways) > MANY):
                continue
            if best is None or plan.cost < best.cost:
                best, chosen = plan, number
        if best is None:
            return None
        others = left[:chosen] + left[chosen + 1 :]
        return Plan(best.cost, tuple([Way(entry, others + behind) for entry, behind in best.ways]))

    def _plan_of_field(self, field: Field) -> Plan | None:
        best: FieldHint | None = None
        lowest: Cost | None = None
        is_seldom, strangeness = field.path in self._seldom, -self._on_path[field.path]
        for hint in self._hints[field]:
            if not self._passed.isdisjoint(hint.entries):
                continue
            patterns = sum(map(self._count, hint.entries))
            counted = patterns if patterns > FEW else 0
            cost = Cost(patterns > self._few, hint.selectivity, is_seldom, counted, strangeness)
            if lowest is None or cost < lowest:
                best, lowest = hint, cost
        if best is None or lowest is None:
            return None
        left = () if best.is_exact else (field,)
        return Plan(lowest, tuple([Way(entry, left) for entry in best.entries]))

    def _plan_of_choice(self, branches: Sequence[Conjunction]) -> Plan | None:
        plans = [self._best(requirements_of(branch)) for branch in branches]
        known = [plan for plan in plans if plan is not None]
        if len(known) < len(plans):
            return None
        costs = [plan.cost for plan in known]
        cost = Cost(
            any(cost.is_common for cost in costs),
            max(cost.selectivity for cost in costs),
            any(cost.is_seldom for cost in costs),
            sum(cost.patterns for cost in costs),
            max(cost.strangeness for cost in costs),
        )
        return Plan(cost, tuple(way for plan in known for way in plan.ways))

    def _count(self, entry: Entry) -> int:
        count = self._counts[entry]
        if entry.path in self._tables and (child := self._tables[entry.path].child(entry)):
            count += node_of(child).weight
        return count + self._covered(entry.path, entry.argument) if entry.kind is Ranges else count

    def _covered(self, path: str, bounds: tuple[Bound, ...]) -> int:
        """How many bounds of other ranges a range holds: no number lies in more ranges that hold as few."""
        if path not in self._bounds:
            ranges = [entry.argument for entry in self._counts if entry.kind is Ranges and entry.path == path]
            self._bounds[path] = sorted({bound.number for others in ranges for bound in others})
        points, first, last = self._bounds[path], bounds[0], bounds[-1]
        start = bisect_left(points, first.number) if first.sign in {">", ">="} else 0
        end = bisect_right(points, last.number) if last.sign not in {">", ">="} else len(points)
        return end - start


def _paths_of(plan: Plan) -> Iterator[str]:
    return (way.entry.path for way in plan.ways)


def _fields_of(left: Iterable[Requirement]) -> Iterator[Field]:
    for requirement in left:
        if isinstance(requirement, Field):
            yield requirement
        else:
            for branch in requirement:
                yield from branch.all_fields()
