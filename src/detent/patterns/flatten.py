"""A document as its leaf values: what stands at which path, and in which elements of which arrays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from detent.patterns.conditions import Scalar
from detent.patterns.errors import InvalidDocument
from detent.patterns.limits import DOCUMENT_DEPTH
from detent.patterns.paths import PathTree
from detent.patterns.wording import shown

Place: TypeAlias = tuple[tuple[int, int], ...]
"""The elements a value sits in, outermost first: the number of the array in the document, the index in the array."""


class Leaf(NamedTuple):
    """A value of the document, and the array elements it sits in."""

    value: Scalar
    place: Place


@dataclass(frozen=True, slots=True)
class FlatDocument:
    """The leaf values of a document.

    Attributes:
        leaves: The values at each path.
        in_arrays: The paths at which some value sits in an array.
    """

    leaves: dict[str, list[Leaf]] = field(default_factory=dict)
    in_arrays: set[str] = field(default_factory=set)

    def add(self, path: str, value: Scalar, place: Place) -> None:
        """Note a leaf value."""
        self.leaves.setdefault(path, []).append(Leaf(value, place))
        if place:
            self.in_arrays.add(path)


class _Node(NamedTuple):
    """An object or array still to be looked at; nothing asked if no pattern asks for anything in it."""

    content: dict[object, object] | list[object]
    asked: PathTree | None
    place: Place
    depth: int


Child: TypeAlias = tuple[object, PathTree | None, Place]
"""What stands in an object or array: content, what is asked for there, place."""


def flatten(document: object, asked: PathTree) -> FlatDocument:
    """Take a document apart into the leaf values that patterns ask for.

    All of the document is looked at, so that what is refused does not depend on the patterns.

    Args:
        document: A dict as `json.loads` gives it.
        asked: The paths asked for.

    Returns:
        Its values by path; paths are joined with ".", arrays vanish from them. Empty arrays and objects are no value.

    Raises:
        InvalidDocument: It is not an object, is nested too deep, or holds what JSON does not know.
    """
    if not isinstance(document, dict):
        raise InvalidDocument(f"it must be an object, not a Python {type(document).__name__}")
    flat = FlatDocument()
    arrays = 0
    # A stack rather than recursion: 500 levels would not fit under every caller's own stack.
    pending = list(_keep_values(_members(document, asked, ()), flat, 2))[::-1]
    while pending:
        node = pending.pop()
        if node.depth > DOCUMENT_DEPTH:
            raise InvalidDocument(f"it is nested deeper than the limit of {DOCUMENT_DEPTH} levels")
        if isinstance(node.content, dict):
            children = _members(node.content, node.asked, node.place)
        else:
            children = _elements(node.content, node.asked, node.place, arrays)
            arrays += 1
        pending.extend(reversed(list(_keep_values(children, flat, node.depth + 1))))
    return flat


def check_document(document: object) -> None:
    """Refuse a document of which a part, wherever it stands, is too deep or no JSON value.

    Args:
        document: A dict as `json.loads` gives it.

    Raises:
        InvalidDocument: It is not an object, is nested too deep, or holds what JSON does not know.
    """
    flatten(document, PathTree())


def _members(content: dict[object, object], asked: PathTree | None, place: Place) -> Iterator[Child]:
    for key, value in content.items():
        if not isinstance(key, str):
            raise InvalidDocument(f"the key {shown(key)} is not a string")
        yield value, None if asked is None else asked.follow(key), place


def _elements(content: list[object], asked: PathTree | None, place: Place, array: int) -> Iterator[Child]:
    for index, value in enumerate(content):
        yield value, asked, place if asked is None else (*place, (array, index))


def _keep_values(children: Iterable[Child], flat: FlatDocument, depth: int) -> Iterator[_Node]:
    """Note the leaf values, hand on the objects and arrays."""
    for value, asked, place in children:
        if isinstance(value, (dict, list)):
            yield _Node(value, asked, place, depth)
        elif not (value is None or isinstance(value, (str, int, float))):
            raise InvalidDocument(f"{shown(value)} is not a JSON value")
        elif asked is not None and asked.path is not None:
            flat.add(asked.path, value, place)
