"""The paths that patterns ask for, as a tree of their keys."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class PathTree:
    """Where a document may lead: what is asked for here, and below which keys more is.

    Attributes:
        path: The path that ends here if a pattern asks for it, else None.
        below: What is asked for below each key; no key has a dot.
    """

    path: str | None = None
    below: dict[str, "PathTree"] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Iterable[str]) -> "PathTree":
        """Lay out paths, keys joined with ".", as a tree."""
        root = cls()
        for path in paths:
            root.add(path)
        return root

    def add(self, path: str) -> None:
        """Ask for one more path."""
        node = self
        for key in path.split("."):
            inner = node.below.get(key)
            if inner is None:
                inner = node.below[key] = PathTree()
            node = inner
        node.path = path

    def follow(self, key: str) -> "PathTree | None":
        """What is asked for below a document's key, which may have dots; None if nothing is."""
        if "." not in key:
            return self.below.get(key)
        node: PathTree | None = self
        for part in key.split("."):
            node = None if node is None else node.below.get(part)
        return node
