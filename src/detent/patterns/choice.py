"""The elements that the fields of a pattern have chosen in a document's arrays, and what still agrees with them."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from enum import IntEnum

from detent.patterns.flatten import Leaf, Place


class Choice:
    """For each array, the indexes chosen in it and by which field; immutable.

    Args:
        restless: The numbers of the fields that may choose several elements of one array (all-of).
        chosen: For each array, pairs of an index and the number of the field that chose it.
    """

    __slots__ = ("_chosen", "_restless")

    def __init__(
        self, restless: AbstractSet[int], chosen: Mapping[int, frozenset[tuple[int, int]]] | None = None
    ) -> None:
        self._restless = restless
        self._chosen = chosen or {}

    def by_others(self, array: int, field: int) -> set[int]:
        """The indexes that fields other than this one have chosen in the array."""
        if array not in self._chosen:
            return set()
        return {index for index, chooser in self._chosen[array] if chooser != field}

    def is_settled(self, array: int) -> bool:
        """Whether no other element of the array can be chosen any more."""
        choosers = {chooser for _, chooser in self._chosen.get(array, ())}
        return len(choosers) > 1 or not choosers <= self._restless

    def extended(self, array: int, index: int, field: int) -> "Choice":
        """This choice, and one more element."""
        chosen = self._chosen.get(array, frozenset()) | {(index, field)}
        return Choice(self._restless, {**self._chosen, array: chosen})

    def agreeing(self, leaves: Iterable[Leaf], field: int) -> list[Leaf]:
        """The leaf values that agree with the elements chosen for the fields other than this one."""
        return [leaf for leaf in leaves if all(self.by_others(array, field) <= {index} for array, index in leaf.place)]


class Reach(IntEnum):
    """Whether one of some places agrees with what other fields choose."""

    NONE = 0
    """None does, whatever is chosen next."""
    OPEN = 1
    """It depends on what is chosen next."""
    CERTAIN = 2
    """One does, whatever is chosen next."""


class Places:
    """The places of some values, as a tree of arrays and their elements."""

    __slots__ = ("arrays", "here")

    def __init__(self) -> None:
        self.here = False
        self.arrays: dict[int, dict[int, Places]] = {}

    @classmethod
    def of(cls, places: Iterable[Place], shared: AbstractSet[int]) -> "Places":
        """Lay out places as a tree, as far as their arrays are shared with other fields."""
        root = cls()
        for place in places:
            node = root
            for array, index in place:
                if array not in shared:
                    break
                elements = node.arrays.setdefault(array, {})
                if index not in elements:
                    elements[index] = cls()
                node = elements[index]
            node.here = True
        return root

    def reach(self, field: int, choice: Choice) -> Reach:
        """Whether one of the places, being this field's, agrees with the choice."""
        reach = Reach.NONE
        pending = [(self, True)]
        while pending:
            places, settled = pending.pop()
            if places.here and settled:
                return Reach.CERTAIN
            if places.here:
                reach = Reach.OPEN
            for array, elements in places.arrays.items():
                chosen = choice.by_others(array, field)
                if not chosen:
                    reach = Reach.OPEN
                elif inner := _only(elements, chosen):
                    pending.append((inner, settled and choice.is_settled(array)))
        return reach

    def entries(self, field: int, choice: Choice) -> list[tuple[int, int, "Places"]]:
        """The elements this field may choose next: array, index, and the places within."""
        entries: list[tuple[int, int, Places]] = []
        for array, elements in self.arrays.items():
            chosen = choice.by_others(array, field)
            open_elements = elements.keys() if not chosen else elements.keys() & chosen if len(chosen) == 1 else ()
            entries.extend((array, index, elements[index]) for index in open_elements)
        return entries

    def arrays_met(self, field: int, choice: Choice) -> tuple[set[int], set[int]]:
        """The arrays in which no other field has chosen, and those passed on the way to them."""
        undecided: set[int] = set()
        passed: set[int] = set()
        pending = [self]
        while pending:
            for array, elements in pending.pop().arrays.items():
                chosen = choice.by_others(array, field)
                (passed if chosen else undecided).add(array)
                if inner := _only(elements, chosen):
                    pending.append(inner)
        return undecided, passed


def _only(elements: Mapping[int, Places], chosen: set[int]) -> Places | None:
    """The element chosen, if it is one and among the elements; no place agrees with two."""
    return elements.get(next(iter(chosen))) if len(chosen) == 1 else None
