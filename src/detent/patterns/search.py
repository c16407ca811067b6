"""The search for array elements that the fields of a pattern may choose together.

Fields choose elements, outermost arrays first; each choice narrows all other fields. What no longer shares an
undecided array is solved apart, so that without dotted keys in the document the work grows with its size only.
"""

# ruff: noqa: D102  (what a goal's method says is said by _Goal)

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from detent.patterns.choice import Choice, Places, Reach
from detent.patterns.errors import InvalidDocument


class _Goal(ABC):
    """Something to reach by choosing array elements."""

    __slots__ = ()

    @abstractmethod
    def is_possible(self, choice: Choice) -> bool:
        """Whether the goal may be reached yet."""

    @abstractmethod
    def is_reached(self, choice: Choice) -> bool:
        """Whether the goal is reached, whatever is chosen next."""

    @abstractmethod
    def shuns(self, choice: Choice) -> bool:
        """Whether the goal may need another field to choose an element."""

    @abstractmethod
    def arrays_met(self, choice: Choice) -> tuple[set[int], set[int]]:
        """The arrays in which no other field has chosen, and those passed on the way to them."""


@dataclass(frozen=True, slots=True, eq=False)
class Seek(_Goal):
    """Reached if a value at one of these places is chosen for the field."""

    field: int
    places: Places

    def is_possible(self, choice: Choice) -> bool:
        return self.places.reach(self.field, choice) is not Reach.NONE

    def is_reached(self, choice: Choice) -> bool:
        return self.places.reach(self.field, choice) is Reach.CERTAIN

    def shuns(self, choice: Choice) -> bool:
        return False

    def arrays_met(self, choice: Choice) -> tuple[set[int], set[int]]:
        return self.places.arrays_met(self.field, choice)


@dataclass(frozen=True, slots=True, eq=False)
class Shun(_Goal):
    """Reached if no value at these places agrees with what the other fields choose."""

    field: int
    places: Places

    def is_possible(self, choice: Choice) -> bool:
        return self.places.reach(self.field, choice) is not Reach.CERTAIN

    def is_reached(self, choice: Choice) -> bool:
        return self.places.reach(self.field, choice) is Reach.NONE

    def shuns(self, choice: Choice) -> bool:
        return self.places.reach(self.field, choice) is Reach.OPEN

    def arrays_met(self, choice: Choice) -> tuple[set[int], set[int]]:
        return self.places.arrays_met(self.field, choice)


@dataclass(frozen=True, slots=True, eq=False)
class OneWay(_Goal):
    """Reached if all goals of one of the ways are."""

    ways: tuple[tuple["Goal", ...], ...]

    def possible_ways(self, choice: Choice) -> tuple[tuple["Goal", ...], ...]:
        return tuple(way for way in self.ways if all(goal.is_possible(choice) for goal in way))

    def is_possible(self, choice: Choice) -> bool:
        return any(all(goal.is_possible(choice) for goal in way) for way in self.ways)

    def is_reached(self, choice: Choice) -> bool:
        return any(all(goal.is_reached(choice) for goal in way) for way in self.ways)

    def shuns(self, choice: Choice) -> bool:
        return any(goal.shuns(choice) for way in self.ways for goal in way)

    def arrays_met(self, choice: Choice) -> tuple[set[int], set[int]]:
        met = [goal.arrays_met(choice) for way in self.ways for goal in way]
        return set().union(*(undecided for undecided, _ in met)), set().union(*(passed for _, passed in met))


Goal: TypeAlias = Seek | Shun | OneWay


class Search:
    """A search that gives up when it takes too long.

    Args:
        effort: How many goals to look at.
    """

    def __init__(self, effort: int) -> None:
        self._effort = self._left = effort

    def solve(self, goals: tuple[Goal, ...], choice: Choice) -> Choice | None:
        """Reach all goals.

        Args:
            goals: What has to be reached.
            choice: The elements chosen already.

        Returns:
            The choice that reaches all goals, None if there is none.

        Raises:
            InvalidDocument: The effort is used up.
        """
        untried = [iter([(goals, choice)])]
        while untried:
            state = next(untried[-1], None)
            if state is None:
                untried.pop()
                continue
            self._spend(len(state[0]))
            remaining = _simplified(*state)
            if remaining is None:
                continue
            if not remaining:
                return state[1]
            # Recursion only into the smaller parts keeps the stack flat, however deep the arrays nest.
            *smaller, largest = sorted(_independent_parts(remaining, state[1]), key=len)
            solved = self._solve_all(smaller, state[1])
            if solved is not None:
                untried.append(_steps(largest, solved))
        return None

    def _solve_all(self, parts: Iterable[tuple[Goal, ...]], choice: Choice) -> Choice | None:
        solved: Choice | None = choice
        for part in parts:
            if solved is not None:
                solved = self.solve(part, solved)
        return solved

    def _spend(self, goals: int) -> None:
        self._left -= goals
        if self._left < 0:
            raise InvalidDocument(f"its arrays can be combined in too many ways: the limit is {self._effort} steps")


def _simplified(goals: Iterable[Goal], choice: Choice) -> tuple[Goal, ...] | None:
    """Drop the goals that are reached and unfold those with one way left; None if one cannot be reached."""
    kept: list[Goal] = []
    pending = list(goals)
    while pending:
        goal = pending.pop()
        if not goal.is_possible(choice):
            return None
        if not isinstance(goal, OneWay):
            kept.append(goal)
            continue
        ways = goal.possible_ways(choice)
        if len(ways) == 1:
            pending.extend(ways[0])
        else:
            kept.append(OneWay(ways))
    if any(goal.shuns(choice) for goal in kept):
        # What is reached may still choose an element, which may rid another field of what it shuns.
        return tuple(goal for goal in kept if isinstance(goal, (Seek, OneWay)) or not goal.is_reached(choice))
    return tuple(goal for goal in kept if not goal.is_reached(choice))


def _steps(goals: tuple[Goal, ...], choice: Choice) -> Iterator[tuple[tuple[Goal, ...], Choice]]:
    """Take one goal a step further, in every way there is; choosing an element comes before choosing a way."""
    seeks = [goal for goal in goals if isinstance(goal, Seek)]
    if seeks:
        return _steps_of_seek(min(seeks, key=lambda seek: len(seek.places.entries(seek.field, choice))), goals, choice)
    for goal in goals:
        if isinstance(goal, OneWay):
            others = _without(goals, goal)
            return iter([((*others, *way), choice) for way in goal.ways])
    return iter(())


def _steps_of_seek(goal: Seek, goals: tuple[Goal, ...], choice: Choice) -> Iterator[tuple[tuple[Goal, ...], Choice]]:
    others = _without(goals, goal)
    for array, index, inner in goal.places.entries(goal.field, choice):
        yield (*others, Seek(goal.field, inner)), choice.extended(array, index, goal.field)
    if goal.places.here:
        yield others, choice


def _without(goals: tuple[Goal, ...], goal: Goal) -> tuple[Goal, ...]:
    return tuple(other for other in goals if other is not goal)


def _independent_parts(goals: Iterable[Goal], choice: Choice) -> list[tuple[Goal, ...]]:
    """Group the goals so that no choice for one group bears on another."""
    met = [(goal, *goal.arrays_met(choice)) for goal in goals]
    undecided = set[int]().union(*(arrays for _, arrays, _ in met))
    parts: list[tuple[set[int], tuple[Goal, ...]]] = []
    for goal, own_undecided, passed in met:
        arrays = own_undecided | (passed & undecided)
        joined = [part for part in parts if part[0] & arrays]
        parts = [part for part in parts if not part[0] & arrays]
        members = tuple(member for _, part in joined for member in part)
        parts.append((arrays.union(*(touched for touched, _ in joined)), (*members, goal)))
    return [members for _, members in parts]
