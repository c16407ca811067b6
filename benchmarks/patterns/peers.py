"""Other ways to find the rules that an event meets.

moto is measured where it is installed beside Detent, as in a virtual environment of its own.
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.patterns.lots import Lot
from benchmarks.patterns.measure import microseconds
from benchmarks.patterns.rules import MIXED, make_rules
from detent.patterns import Pattern

COUNTS = (10, 1_000)


def measure_peers(lots: Sequence[Lot], documents: Sequence[dict[str, Any]]) -> str:
    """Return a table of rates."""
    lines = []
    for count in COUNTS:
        rules = make_rules(MIXED, count, lots)
        asked = documents[: max(20, 20_000 // count)]
        loop = hand_written([rule["properties"] for rule in rules.values()])
        patterns = [Pattern(rule) for rule in rules.values()]
        rates = {
            "a hand-written loop": microseconds(loop, asked, passes=3),
            "patterns one by one": microseconds(partial(one_by_one, patterns), asked[:20], passes=2),
        }
        if find_spec("moto"):
            theirs = [moto_pattern(rule) for rule in rules.values()]
            rates["moto's matcher"] = microseconds(partial(moto_one_by_one, theirs), asked[:20], passes=2)
        lines += [f"{count:>21,} {name:>22} {1e6 / cost:>11,.0f}/s" for name, cost in rates.items()]
    return "\n".join(lines)


def one_by_one(patterns: Sequence[Pattern], document: dict[str, Any]) -> list[Pattern]:
    """Ask each pattern."""
    return [pattern for pattern in patterns if pattern.matches(document)]


def moto_pattern(rule: dict[str, Any]) -> Any:
    """Return moto's form of a rule."""
    return import_module("moto.events.models").EventPattern.load(json.dumps(rule))


def moto_one_by_one(patterns: Sequence[Any], document: dict[str, Any]) -> list[Any]:
    """Ask each of moto's patterns."""
    return [pattern for pattern in patterns if pattern.matches_event(document)]


def hand_written(rules: Sequence[dict[str, Any]]) -> Callable[[dict[str, Any]], list[int]]:
    """Return what a team would write for these few kinds of rules: a loop over the rules, a test for each field."""
    compiled = [[(key, _test(conditions[0])) for key, conditions in rule.items()] for rule in rules]

    def find(document: dict[str, Any]) -> list[int]:
        properties = document["properties"]
        return [
            number for number, fields in enumerate(compiled) if all(test(properties.get(key)) for key, test in fields)
        ]

    return find


def _test(condition: Any) -> Callable[[Any], bool]:
    match condition:
        case {"prefix": start}:
            return lambda value: value is not None and value.startswith(start)
        case {"anything-but": excluded}:
            return lambda value: value not in excluded
        case {"numeric": [">=", low, "<", high]}:
            return lambda value: low <= value < high
        case {"exists": True}:
            return lambda value: True
        case {"wildcard": text}:
            first, *middle, last = text.split("*")
            return lambda value: (
                value.startswith(first)
                and value.endswith(last)
                and len(value) >= len(first) + len(last)
                and all(piece in value for piece in middle)
            )
        case text:
            return lambda value: value == text
