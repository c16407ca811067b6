"""Whether an index finds what its patterns say when each is asked on its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from detent.patterns import Pattern, PatternIndex


def one_by_one(patterns: Mapping[int, dict[str, Any]], document: dict[str, Any]) -> set[int]:
    return {key for key, pattern in patterns.items() if Pattern(pattern).matches(document)}


def assert_agreement(patterns: Sequence[dict[str, Any]], documents: Sequence[dict[str, Any]]) -> None:
    by_key = dict(enumerate(patterns))
    index = PatternIndex(by_key)
    for document in documents:
        assert index.match(document) == one_by_one(by_key, document)
