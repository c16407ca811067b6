"""Many patterns, asked together which of them a document matches."""

from detent.patterns.index.pattern_index import PatternIndex

__all__ = ["PatternIndex"]
