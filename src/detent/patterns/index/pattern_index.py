"""Many patterns, asked together which of them a document matches."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from detent.patterns.decoding import decode_document, decode_with_orjson, has_long_number
from detent.patterns.errors import InvalidPattern
from detent.patterns.flatten import flatten
from detent.patterns.index.garbage import collection_paused
from detent.patterns.index.layout import Layout
from detent.patterns.index.node import EMPTY, Node
from detent.patterns.index.placement import candidate_of, entries_of, place
from detent.patterns.index.search import find_keys
from detent.patterns.index.several import candidates
from detent.patterns.index.values import Irregular
from detent.patterns.pattern import Pattern

MANY = 500
"""To remove more patterns than this one by one takes longer than to make the index anew."""

KeyT = TypeVar("KeyT", bound=str | int | UUID)
Source: TypeAlias = Pattern | Mapping[str, object] | str | bytes | bytearray


class PatternIndex(Generic[KeyT]):
    """A set of patterns by key; immutable, picklable, and safe to share between threads.

    Args:
        patterns: Patterns, or their JSON as dict or text, by key.

    Raises:
        InvalidPattern: One of the patterns is refused; `key` says which.
    """

    __slots__ = ("_layout", "_patterns", "_root")

    def __init__(self, patterns: Mapping[KeyT, Source] | None = None) -> None:
        with collection_paused():
            self._patterns = {key: _compiled(key, source) for key, source in (patterns or {}).items()}
            self._layout, self._root = _planted(self._patterns, Layout(), EMPTY)

    def match(self, document: object) -> set[KeyT]:
        """Find the patterns that a document matches.

        Only what the patterns ask for is looked at: a part of the document that is nested too deep, or holds what JSON
        does not know, is refused when a pattern asks for something in it. `check_document` looks at all of it.

        Args:
            document: A dict as `json.loads` gives it.

        Returns:
            The keys of those patterns.

        Raises:
            InvalidDocument: The document is refused.
        """
        objects = self._layout.find(document) if type(document) is dict else None
        if objects is not None:
            try:
                return find_keys(self._root, objects)
            except Irregular:
                pass  # What stands there has to be looked at more closely: the general way follows.
        return self._match_one_by_one(document)

    def _match_one_by_one(self, document: object) -> set[KeyT]:
        """Find the patterns where a path may have several values: the lookups tell which ones to ask."""
        flat = flatten(document, self._layout.asked)
        return {key for key in candidates(self._root, flat) if self._patterns[key].matches_flat(flat)}

    def match_json(self, text: str | bytes | bytearray) -> set[KeyT]:
        """Find the patterns that a document, given as JSON text, matches.

        Args:
            text: The document, read as `json.loads` reads it; NaN and Infinity are refused. Where `orjson` is
                installed, it decodes what it reads in the same way.

        Returns:
            The keys of those patterns.

        Raises:
            InvalidDocument: The text cannot be decoded, or the document is refused.
        """
        document = decode_with_orjson(text)
        objects = None if document is None else self._layout.find(document)
        if objects is not None and not self._layout.may_have_large_numbers(objects):
            try:
                return find_keys(self._root, objects)
            except Irregular:
                pass  # As in `match`, which follows.
        if document is None or has_long_number(text):
            return self.match(decode_document(text))
        return self.match(document)

    def replace(
        self, added: Mapping[KeyT, Source] = MappingProxyType({}), removed: Iterable[KeyT] = ()
    ) -> "PatternIndex[KeyT]":
        """Make a new index that shares the patterns that stay; this one does not change.

        Args:
            added: Patterns to add, or to put in the place of those with the same key.
            removed: Keys of patterns to leave out; each must be in the index.

        Returns:
            The new index.

        Raises:
            InvalidPattern: An added pattern is refused; `key` says which.
            KeyError: A removed key is not in the index.
        """
        patterns = self._patterns.copy()
        gone = {key: patterns.pop(key) for key in dict.fromkeys(removed)}
        gone |= {key: patterns.pop(key) for key in added if key in patterns}
        compiled = {key: _compiled(key, source) for key, source in added.items()}
        patterns |= compiled
        if len(gone) > MANY:
            return PatternIndex(patterns)
        root = self._root
        for key, pattern in gone.items():
            root = root.without(key, entries_of(pattern.compiled))
        index = PatternIndex[KeyT]()
        index._patterns = patterns
        index._layout, index._root = _planted(compiled, self._layout, root)
        return index

    # The tree holds functions; it is grown anew where the index is loaded.
    def __reduce__(self) -> tuple[type["PatternIndex[KeyT]"], tuple[dict[KeyT, Pattern]]]:
        return PatternIndex, (self._patterns,)

    def __getitem__(self, key: KeyT) -> Pattern:
        return self._patterns[key]

    def __contains__(self, key: object) -> bool:
        return key in self._patterns

    def __iter__(self) -> Iterator[KeyT]:
        return iter(self._patterns)

    def __len__(self) -> int:
        return len(self._patterns)


def _compiled(key: str | int | UUID, source: Source) -> Pattern:
    if isinstance(source, Pattern):
        return source
    try:
        return Pattern(source)
    except InvalidPattern as error:
        raise InvalidPattern(error.path, error.reason, key) from None


def _planted(patterns: Mapping[KeyT, Pattern], layout: Layout, root: Node) -> tuple[Layout, Node]:
    layout = layout.extended(field for pattern in patterns.values() for field in pattern.compiled.all_fields())
    return layout, place(root, [candidate_of(key, pattern.compiled) for key, pattern in patterns.items()], layout)
