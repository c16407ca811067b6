"""All the lookups on the values at one path."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Generic, NamedTuple, TypeAlias

from detent.patterns.conditions import Scalar
from detent.patterns.index.lookup import (
    Addresses,
    Anything,
    Blocks,
    BothEnds,
    ChildT,
    Constants,
    Ends,
    FoldedPrefixes,
    FoldedSuffixes,
    FoldedTexts,
    Lookup,
    Numbers,
    Parts,
    Prefixes,
    Suffixes,
    Texts,
)
from detent.patterns.index.ranges import Ranges
from detent.patterns.index.values import scalars_of

Kind: TypeAlias = type[Lookup[Any]]

OF_TEXT: tuple[Kind, ...] = (
    FoldedTexts,
    Addresses,
    Blocks,
    FoldedPrefixes,
    FoldedSuffixes,
    Parts,
    Anything,
)
CUT_OFF_TEXT: tuple[Kind, ...] = (Prefixes, Suffixes)
OF_NUMBERS: tuple[Kind, ...] = (Numbers, Ranges, Anything)
OF_CONSTANTS: tuple[Kind, ...] = (Constants, Anything)


class Entry(NamedTuple):
    """A condition that can be looked up: on which path, in which way, by which argument."""

    path: str
    kind: Kind
    argument: Any


class Table(Generic[ChildT]):
    """The children behind the conditions on one path; immutable.

    Attributes:
        path: The path.
        texts: The children behind a string that a value has to equal, which is the commonest condition.
        pieces: How to cut a piece off a string, and the children behind such a piece.
        ends: How long pieces to cut off both ends of a string, and the children behind such a pair.
        more_of_text: Every other way to look a string up.
        of_numbers: Every way to look a number up.
        is_plain: Whether there is nothing for strings but `texts`.
    """

    __slots__ = (
        "_lookups",
        "_of_constants",
        "ends",
        "is_plain",
        "more_of_text",
        "of_numbers",
        "path",
        "pieces",
        "texts",
    )

    def __init__(self, path: str, lookups: Mapping[Kind, Lookup[ChildT]] | None = None) -> None:
        self.path = path
        self._lookups = lookups or {}
        self.texts: dict[Any, ChildT] = self._lookups[Texts].children if Texts in self._lookups else {}
        self.pieces = tuple(
            (cut, lookup.children)
            for kind, lookup in self._lookups.items()
            if kind in CUT_OFF_TEXT and isinstance(lookup, Ends)
            for cut in lookup.cuts
        )
        ends = self._lookups.get(BothEnds)
        self.ends = () if ends is None else tuple((first, -last, ends.children) for first, last in ends.shape)
        self.more_of_text = self._finders(OF_TEXT)
        self.is_plain = not (self.pieces or self.ends or self.more_of_text)
        self.of_numbers = self._finders(OF_NUMBERS)
        self._of_constants = self._finders(OF_CONSTANTS)

    def _finders(self, kinds: Iterable[Kind]) -> tuple[Callable[[Any], list[ChildT]], ...]:
        return tuple(self._lookups[kind].find for kind in kinds if kind in self._lookups)

    @property
    def weight(self) -> int:
        """How many children it has."""
        return sum(len(lookup.children) for lookup in self._lookups.values())

    def find(self, value: object) -> list[ChildT]:
        """The children behind every condition that what stands at the path meets, or may meet.

        Args:
            value: A leaf value or an array; an object has no values at its own path.

        Raises:
            Irregular: It is nested very deep, or holds what JSON does not know.
        """
        return self.find_any(scalars_of(value))

    def find_any(self, values: Iterable[Scalar]) -> list[ChildT]:
        """The children behind every condition that one of some leaf values meets, or may meet."""
        unlike = {(type(value), value): value for value in values}.values()
        return list(dict.fromkeys(child for value in unlike for child in self._find_scalar(value)))

    def _find_scalar(self, value: Scalar) -> list[ChildT]:
        if isinstance(value, str):
            return self._find_text(str.__str__(value))
        finders = self._of_constants if value is None or isinstance(value, bool) else self.of_numbers
        return [child for find in finders for child in find(value)]

    def _find_text(self, text: str) -> list[ChildT]:
        found = [children[piece] for cut, children in self.pieces if (piece := text[cut]) in children]
        if text in self.texts:
            found.append(self.texts[text])
        if BothEnds in self._lookups:
            found += self._lookups[BothEnds].find(text)
        for find in self.more_of_text:
            found += find(text)
        return found

    def child(self, entry: Entry) -> ChildT | None:
        """The child behind one condition."""
        lookup = self._lookups.get(entry.kind)
        return None if lookup is None else lookup.children.get(entry.argument)

    def extended(self, children: Mapping[Entry, ChildT]) -> "Table[ChildT]":
        """This table with children added, or put in the place of others."""
        by_kind: dict[Kind, dict[Hashable, ChildT]] = {}
        for entry, child in children.items():
            by_kind.setdefault(entry.kind, {})[entry.argument] = child
        lookups = dict(self._lookups)
        for kind, added in by_kind.items():
            lookups[kind] = lookups[kind].extended(added) if kind in lookups else kind(added)
        return Table(self.path, lookups)

    def without(self, entry: Entry) -> "Table[ChildT] | None":
        """This table without one of its children; None if that was the last."""
        lookups = dict(self._lookups)
        lookup = lookups.pop(entry.kind).without(entry.argument)
        if lookup.children:
            lookups[entry.kind] = lookup
        return Table(self.path, lookups) if lookups else None
