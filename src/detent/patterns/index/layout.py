"""Where in a document the values stand that patterns ask for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from detent.patterns.decoding import LARGEST
from detent.patterns.field import Field
from detent.patterns.index.values import SCALARS
from detent.patterns.paths import PathTree

Objects: TypeAlias = list[Mapping[str, Any]]
"""The objects of a document that the asked values stand in, by number; an empty one where there is none."""

NOTHING: Final[Mapping[str, Any]] = {}

HUGE: Final = float(LARGEST)
"""To compare a float with an integer of that size takes much longer."""

FEW = 16
"""So many objects are sooner asked for one by one than looked for among a document's keys."""

DEEP = 6
"""Below an object, so many keys of a path are listed in every way that dots can join them."""


class _AnyKeyWithDots:
    """Stands for a set of keys with dots that is too large to be listed."""

    def isdisjoint(self, keys: Iterable[str]) -> bool:
        return not any("." in key for key in keys)


class Position(NamedTuple):
    """Where the values of a path stand: in which object, under which key."""

    number: int
    key: str


@dataclass(slots=True, eq=False)
class AskedObject:
    """An object that patterns ask for something in.

    Attributes:
        number: Its number.
        inner: The objects asked for in it, by key.
        joined: The keys with dots that lead somewhere from here.
    """

    number: int
    inner: "dict[str, AskedObject]" = dataclass_field(default_factory=dict)
    joined: set[str] | _AnyKeyWithDots = dataclass_field(default_factory=set)

    def note(self, keys: Sequence[str]) -> None:
        """Note that a path leads on from here through these keys."""
        if len(keys) > DEEP:
            self.joined = _AnyKeyWithDots()
        elif isinstance(self.joined, set):
            self.joined.update(".".join(keys[:end]) for end in range(2, len(keys) + 1))


class Layout:
    """The objects that some paths lead through; immutable.

    Args:
        paths: The paths, keys joined with ".", and whether numbers are compared there. Their order numbers the objects.
    """

    __slots__ = ("_inner", "_is_large", "_joined", "_numbers", "_objects", "_paths", "_positions", "_root", "asked")

    def __init__(self, paths: Mapping[str, bool] = MappingProxyType({})) -> None:
        self._paths = paths
        self._objects: list[tuple[int, str, AskedObject]] = [(0, "", AskedObject(0))]
        self._positions = {path: self._lay_out(path) for path in self._paths}
        self._numbers = [self._positions[path] for path, compares_numbers in paths.items() if compares_numbers]
        (_, _, self._root), *inner = self._objects
        self._joined = self._root.joined
        self._is_large = len(inner) > FEW
        self._inner = [(parent, key, asked.joined) for parent, key, asked in inner]
        self.asked = PathTree.of(self._paths)
        """The paths as `flatten` needs them."""

    def position(self, path: str) -> Position:
        """Where the values of one of the paths stand."""
        return self._positions[path]

    def extended(self, fields: Iterable[Field]) -> "Layout":
        """The layout of the paths of these fields too, in which no number has changed."""
        paths = dict(self._paths)
        for field in fields:
            if not paths.get(field.path):
                paths[field.path] = field.compares_numbers()
        return self if paths == self._paths else Layout(paths)

    def may_have_large_numbers(self, objects: Objects) -> bool:
        """Whether a number so large that decoders differ on it may stand where patterns compare numbers."""
        for number, key in self._numbers:
            value = objects[number].get(key)
            if type(value) is list or (type(value) is float and abs(value) >= HUGE):
                return True
        return False

    def find(self, document: Mapping[str, Any]) -> Objects | None:
        """Find the objects in a document.

        Returns:
            The objects; None if what is asked for stands in the objects of an array, or under keys with dots, so that
            there may be more than one value at a path.
        """
        if self._is_large:
            return self._find_among_many(document)
        joined = self._joined
        if joined and not joined.isdisjoint(document):
            return None
        objects: Objects = [document]
        for parent, key, joined in self._inner:
            value = objects[parent].get(key)
            if type(value) is dict:
                if joined and not joined.isdisjoint(value):
                    return None
                objects.append(value)
            elif type(value) in SCALARS:
                objects.append(NOTHING)
            else:
                return None
        return objects

    def _find_among_many(self, document: Mapping[str, Any]) -> Objects | None:
        objects: Objects = [NOTHING] * len(self._objects)
        pending = [(self._root, document)]
        for asked, content in pending:
            if asked.joined and not asked.joined.isdisjoint(content):
                return None
            objects[asked.number] = content
            for key in asked.inner.keys() & content.keys():
                value = content[key]
                if type(value) is dict:
                    pending.append((asked.inner[key], value))
                elif type(value) not in SCALARS:
                    return None
        return objects

    def _lay_out(self, path: str) -> Position:
        keys = path.split(".")
        _, _, asked = self._objects[0]
        for depth, key in enumerate(keys[:-1]):
            asked.note(keys[depth : depth + DEEP + 1])
            inner = asked.inner.get(key)
            if inner is None:
                inner = asked.inner[key] = AskedObject(len(self._objects))
                self._objects.append((asked.number, key, inner))
            asked = inner
        return Position(asked.number, keys[-1])
