"""The difference between two configurations, line by line, as the rows of a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from detent.trigger.admin.shown import pretty

AROUND = 3
"""How many lines that are the same are shown around those that differ."""


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A line of two texts, side by side.

    Attributes:
        kind: `same`, `removed`, `added`, `changed`, or `skipped` for lines that are left out.
        before: The line of the first text, or "".
        after: The line of the second text, or "".
    """

    kind: str
    before: str
    after: str


def diff_rows(before: Any, after: Any) -> list[DiffRow]:
    """Compare two JSON values line by line, their keys in order.

    Args:
        before: The one value.
        after: The other.
    """
    first, second = (pretty(_sorted(value)).splitlines() for value in (before, after))
    rows: list[DiffRow] = []
    for group in SequenceMatcher(None, first, second, autojunk=False).get_grouped_opcodes(AROUND):
        if rows or group[0][1]:
            rows.append(DiffRow("skipped", "", ""))
        for kind, *places in group:
            start, end, other_start, other_end = places
            rows += _rows(kind, first[start:end], second[other_start:other_end])
    return rows


def _rows(kind: str, first: list[str], second: list[str]) -> Iterator[DiffRow]:
    for before, after in zip_longest(first, second):
        if kind == "equal":
            yield DiffRow("same", before, after)
        elif after is None:
            yield DiffRow("removed", before, "")
        elif before is None:
            yield DiffRow("added", "", after)
        else:
            yield DiffRow("changed", before, after)


def _sorted(value: Any) -> Any:
    """Return JSON with the keys of its objects in order: their order says nothing."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return list(map(_sorted, value)) if isinstance(value, list) else value
