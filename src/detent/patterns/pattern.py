"""A compiled event pattern."""

from collections.abc import Mapping

from detent.patterns.explain import Explanation, explain
from detent.patterns.flatten import FlatDocument, flatten
from detent.patterns.matching import find_match
from detent.patterns.paths import PathTree
from detent.patterns.syntax import Conjunction, compile_pattern


class Pattern:
    """A pattern that documents match or not; immutable, and safe to share between threads.

    Args:
        source: A dict as `json.loads` gives it, or a JSON text.

    Raises:
        InvalidPattern: The pattern is refused; `path` and `reason` say where and why.
    """

    __slots__ = ("_asked", "compiled")

    def __init__(self, source: Mapping[str, object] | str | bytes | bytearray) -> None:
        self.compiled = compile_pattern(source)
        """Its fields and choices."""
        self._asked: PathTree | None = None

    @property
    def asked(self) -> PathTree:
        """The paths that the pattern names; laid out when they are first asked for."""
        if self._asked is None:
            self._asked = PathTree.of(field.path for field in self.compiled.all_fields())
        return self._asked

    # The paths stay behind: pickle follows a tree by recursion, and a long path would be too deep for it.
    def __getstate__(self) -> Conjunction:
        return self.compiled

    def __setstate__(self, state: Conjunction) -> None:
        self.compiled = state
        self._asked = None

    def matches(self, document: object) -> bool:
        """Whether a document matches.

        Args:
            document: A dict as `json.loads` gives it.

        Raises:
            InvalidDocument: The document is refused.
        """
        return self.matches_flat(flatten(document, self.asked))

    def matches_flat(self, document: FlatDocument) -> bool:
        """Whether a document matches that has been flattened with at least the paths that this pattern names."""
        return find_match(self.compiled, document) is not None

    def explain(self, document: object) -> Explanation:
        """Say why a document matches or not.

        Args:
            document: A dict as `json.loads` gives it.

        Returns:
            A tree of clauses, as data and as text.

        Raises:
            InvalidDocument: The document is refused.
        """
        return explain(self.compiled, flatten(document, self.asked))
