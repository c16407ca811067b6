"""From a number to the ranges that hold it."""

# ruff: noqa: D102  (what a method says here is said by the class it comes from)

from bisect import bisect_left
from collections import defaultdict

from detent.patterns.conditions import Bound
from detent.patterns.index.lookup import ChildT, Lookup


class Ranges(Lookup[ChildT]):
    """A number within the argument, a tuple of bounds.

    All bounds, sorted, cut the numbers into slots: the even ones lie between two bounds, the odd ones are a bound
    itself. A segment tree over the slots holds each range in a few of its nodes, and a number finds its ranges on the
    way from its slot to the root.
    """

    __slots__ = ("_cover", "_points", "_slots")

    def __init__(self, children: dict[tuple[Bound, ...], ChildT], shape: tuple[object, ...] | None = None) -> None:
        super().__init__(children, shape)
        self._points = sorted({bound.number for bounds in children for bound in bounds})
        self._slots = 2 * len(self._points) + 1
        self._cover: defaultdict[int, list[ChildT]] = defaultdict(list)
        for bounds, child in children.items():
            self._add(bounds, child)

    def find(self, value: int | float) -> list[ChildT]:
        found: list[ChildT] = []
        if value != value:  # noqa: PLR0124  (NaN; math.isnan does not take large integers)
            return found
        points, cover = self._points, self._cover
        at = bisect_left(points, value)
        node = self._slots + 2 * at
        if at < len(points) and points[at] == value:
            node += 1
        while node:
            if node in cover:
                found += cover[node]
            node >>= 1
        return found

    def _add(self, bounds: tuple[Bound, ...], child: ChildT) -> None:
        first, end = self._slots, 2 * self._slots
        for bound in bounds:
            slot = self._slots + 2 * bisect_left(self._points, bound.number) + 1
            match bound.sign:
                case ">":
                    first = slot + 1
                case ">=":
                    first = slot
                case "<":
                    end = slot
                case _:
                    end = slot + 1
        while first < end:
            if first & 1:
                self._cover[first].append(child)
                first += 1
            if end & 1:
                end -= 1
                self._cover[end].append(child)
            first >>= 1
            end >>= 1
