"""From a value to what lies behind the conditions that it meets, by looking it up instead of asking each.

A `Lookup` holds the children behind one kind of condition on one path. Each kind derives from a value the few keys
under which a condition that it meets can stand.
"""

# ruff: noqa: D102  (what a method says here is said by the class it comes from and by this class)

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

from detent.patterns.address import Address, Block, parse_address
from detent.patterns.letter_case import fold

ChildT = TypeVar("ChildT")

LONGEST_ADDRESS = 45
"""No IP literal without needless zeros is longer."""

_remembered_address = lru_cache(maxsize=1024)(parse_address)


def address_of(text: str) -> Address | None:
    """`parse_address`, which several lookups in a row ask of the same text."""
    return _remembered_address(text) if len(text) <= LONGEST_ADDRESS else parse_address(text)


class Lookup(ABC, Generic[ChildT]):
    """Children by the argument of the condition that leads to them; immutable.

    Args:
        children: The children by argument.
        shape: What of the arguments decides which keys to derive from a value, such as their lengths.
    """

    __slots__ = ("children", "shape")

    def __init__(self, children: dict[Any, ChildT], shape: tuple[Any, ...] | None = None) -> None:
        self.children = children
        self.shape = self.shape_of(children) if shape is None else shape

    @abstractmethod
    def find(self, value: Any) -> list[ChildT]:
        """The children whose condition this value meets, or may meet."""

    @staticmethod
    def shape_of(arguments: Iterable[Any]) -> tuple[Any, ...]:  # noqa: ARG004  (some kinds need nothing of them)
        """What `find` needs to know of the arguments."""
        return ()

    def extended(self, children: Mapping[Any, ChildT]) -> "Lookup[ChildT]":
        """This lookup with children added, or put in the place of others."""
        shape = tuple(sorted({*self.shape, *self.shape_of(children)}))
        together = self.children.copy()
        together.update(children)
        return type(self)(together, shape)

    def without(self, argument: Hashable) -> "Lookup[ChildT]":
        """This lookup without one of its children."""
        children = self.children.copy()
        del children[argument]
        return type(self)(children, self.shape)


class Same(Lookup[ChildT]):
    """A value equal to the argument."""

    __slots__ = ()

    def find(self, value: Hashable) -> list[ChildT]:
        child = self.children.get(value)
        return [] if child is None else [child]


class Texts(Same[ChildT]):
    """A string equal to the argument."""

    __slots__ = ()


class Numbers(Same[ChildT]):
    """A number equal to the argument."""

    __slots__ = ()


class Constants(Same[ChildT]):
    """The argument itself: true, false or null."""

    __slots__ = ()


class Anything(Lookup[ChildT]):
    """A value of any type; the argument is None."""

    __slots__ = ()

    def find(self, value: object) -> list[ChildT]:
        return list(self.children.values())


class FoldedTexts(Lookup[ChildT]):
    """A string that is, folded, equal to the argument."""

    __slots__ = ()

    def find(self, value: str) -> list[ChildT]:
        child = self.children.get(fold(value))
        return [] if child is None else [child]


class Addresses(Lookup[ChildT]):
    """An IP literal for the argument, an address."""

    __slots__ = ()

    def find(self, value: str) -> list[ChildT]:
        child = self.children.get(address_of(value))
        return [] if child is None else [child]


class Blocks(Lookup[ChildT]):
    """An IP literal inside the argument, a block; the shape is the blocks' sizes."""

    __slots__ = ()

    @staticmethod
    def shape_of(arguments: Iterable[Block]) -> tuple[tuple[int, int], ...]:
        return tuple(sorted({(block.bits, block.host_bits) for block in arguments}))

    def find(self, value: str) -> list[ChildT]:
        address = address_of(value)
        return [] if address is None else self._holding(address)

    def _holding(self, address: Address) -> list[ChildT]:
        children, (size, number) = self.children, address
        return [
            children[block]
            for bits, host_bits in self.shape
            if bits == size and (block := (bits, host_bits, number >> host_bits)) in children
        ]


class ByLength(Lookup[ChildT]):
    """A lookup of pieces of a string; the shape is the arguments' lengths."""

    __slots__ = ()

    @staticmethod
    def shape_of(arguments: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted(set(map(len, arguments))))


class Ends(ByLength[ChildT]):
    """A string that has the argument at one end.

    Attributes:
        cuts: What cuts the pieces to look up off a string, one for each length.
    """

    __slots__ = ("cuts",)

    def __init__(self, children: dict[Any, ChildT], shape: tuple[Any, ...] | None = None) -> None:
        super().__init__(children, shape)
        self.cuts = tuple(self.cut(length) for length in self.shape)

    @staticmethod
    @abstractmethod
    def cut(length: int) -> slice:
        """What cuts a piece of this length off a string; a string that is shorter is left whole."""

    def find(self, value: str) -> list[ChildT]:
        children = self.children
        return [children[piece] for cut in self.cuts if (piece := value[cut]) in children]


class Prefixes(Ends[ChildT]):
    """A string that begins with the argument."""

    __slots__ = ()

    @staticmethod
    def cut(length: int) -> slice:
        return slice(length)


class Suffixes(Ends[ChildT]):
    """A string that ends with the argument."""

    __slots__ = ()

    @staticmethod
    def cut(length: int) -> slice:
        return slice(-length, None) if length else slice(0)


class BothEnds(Lookup[ChildT]):
    """A string that has the argument, two texts, at its ends; the shape is their lengths."""

    __slots__ = ()

    @staticmethod
    def shape_of(arguments: Iterable[tuple[str, str]]) -> tuple[tuple[int, int], ...]:
        return tuple(sorted({(len(first), len(last)) for first, last in arguments}))

    def find(self, value: str) -> list[ChildT]:
        children = self.children
        return [children[ends] for first, last in self.shape if (ends := (value[:first], value[-last:])) in children]


class FoldedPrefixes(Prefixes[ChildT]):
    """A string that, folded, begins with the argument."""

    __slots__ = ()

    def find(self, value: str) -> list[ChildT]:
        return super().find(fold(value[self.cuts[-1]]))


class FoldedSuffixes(Suffixes[ChildT]):
    """A string that, folded, ends with the argument."""

    __slots__ = ()

    def find(self, value: str) -> list[ChildT]:
        return super().find(fold(value[self.cuts[-1]]))


class Parts(ByLength[ChildT]):
    """A string that holds the argument, a few letters."""

    __slots__ = ()

    def find(self, value: str) -> list[ChildT]:
        children = self.children
        parts = {value[at : at + length] for length in self.shape for at in range(len(value) - length + 1)}
        return [children[part] for part in parts if part in children]
