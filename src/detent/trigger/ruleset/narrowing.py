"""What patterns ask of the part that many documents have in common, which tells early that no rule is concerned."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from detent.patterns import PatternIndex


@dataclass(frozen=True, slots=True)
class NarrowedPatterns:
    """Patterns of which only the conditions on certain fields are left; a document that meets a pattern meets these.

    Attributes:
        unconditional: Whether one of them asks nothing of those fields.
        index: The others.
    """

    unconditional: bool
    index: PatternIndex[int]

    @classmethod
    def of(cls, patterns: Iterable[Mapping[str, Any]], fields: Mapping[str, Any]) -> "NarrowedPatterns":
        """Narrow patterns.

        Args:
            patterns: Patterns as JSON.
            fields: The fields that stay, nested as in a document; the name of each with a mapping of those in it, or
                with None.
        """
        narrowed = [narrow(pattern, fields) for pattern in patterns]
        return cls(not all(narrowed), PatternIndex({place: each for place, each in enumerate(narrowed) if each}))

    def may_be_met(self, document: object) -> bool:
        """Whether a document with these values in those fields may meet one of the patterns."""
        return self.unconditional or bool(self.index.match(document))


def narrow(pattern: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pattern without its conditions on other fields, alternatives (`$or`) among them."""
    narrowed = {}
    for name, inner in fields.items():
        condition = pattern.get(name)
        if inner is None and condition is not None:
            narrowed[name] = condition
        elif isinstance(condition, Mapping) and (remaining := narrow(condition, inner)):
            narrowed[name] = remaining
    return narrowed
