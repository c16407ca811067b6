"""Random sets of 1,000 rules, each with something that few events meet, and much that says little.

At most a hundredth of the events meet that: an equality, a prefix, a suffix, a range, or two equalities that are so
only together.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from benchmarks.patterns.lots import SEED
from benchmarks.patterns.measure import microseconds
from detent.patterns import PatternIndex

SETS = 100
RULES = 1_000
RAREST = 0.01
EVENTS_ASKED = 500
KEYS = ("MAPBLKLOT", "BLOCK_NUM", "LOT_NUM", "FROM_ST", "STREET", "ST_TYPE", "ODD_EVEN")

Fields: TypeAlias = dict[str, Any]


class Events:
    """The properties of events, and how many have what.

    Args:
        documents: The events.
    """

    def __init__(self, documents: Sequence[dict[str, Any]]) -> None:
        self.properties: list[dict[str, Any]] = [document["properties"] for document in documents]
        self._areas = sorted(properties["AREA"] for properties in self.properties)
        self._limit = int(RAREST * len(documents))
        self._counts: dict[object, Counter[object]] = {}

    def is_rare(self, key: str, cut: slice, text: str) -> bool:
        """Whether few events have this text in this part of a field."""
        counts = self._counts.get((key, cut.start, cut.stop))
        if counts is None:
            counts = Counter((each[key] or "")[cut] for each in self.properties)
            self._counts[key, cut.start, cut.stop] = counts
        return counts[text[cut]] <= self._limit

    def are_rare(self, one: str, other: str, values: dict[str, Any]) -> bool:
        """Whether few events have these two values."""
        counts = self._counts.get((one, other))
        if counts is None:
            counts = self._counts[one, other] = Counter((each[one], each[other]) for each in self.properties)
        return counts[values[one], values[other]] <= self._limit

    def rare_areas(self, numbers: random.Random) -> tuple[int, int]:
        """Bounds between which few events have their area."""
        low = numbers.randrange(len(self._areas) - self._limit)
        return self._areas[low], self._areas[low + numbers.randrange(1, self._limit)]


def measure(documents: Sequence[dict[str, Any]]) -> str:
    """Return what the slowest and the middle set cost, as a table of one line each."""
    events = Events(documents)
    costs = []
    for number in range(SETS):
        numbers = random.Random(SEED + number)
        kinds = numbers.sample([_rare_text, _rare_end, _rare_range, _rare_pair], numbers.randint(1, 4))
        index = PatternIndex({key: {"properties": _rule(numbers, kinds, events)} for key in range(RULES)})
        asked = numbers.sample(documents, EVENTS_ASKED)
        met = sum(len(index.match(document)) for document in asked) / len(asked)
        cost = microseconds(index.match, asked, passes=5)
        costs.append((cost - met, cost, met))
    costs.sort()
    lines = (("middle", costs[SETS // 2]), ("slowest", costs[-1]))
    return "\n".join(
        f"{name:>12} {cost:>8.1f} us an event, {met:>6.2f} met: {spare:>6.1f} us beside 1 us for each that is met"
        for name, (spare, cost, met) in lines
    )


def _rule(numbers: random.Random, kinds: Sequence[Callable[..., Fields]], events: Events) -> Fields:
    values = numbers.choice(events.properties)
    fields = numbers.choice(kinds)(numbers, values, events)
    weak = {
        "ODD_EVEN": [values["ODD_EVEN"]],
        "ST_TYPE": [{"anything-but": ["WAY", str(numbers.randint(1, 9))]}],
        "AREA": [{"numeric": [">", numbers.randint(0, 1000) / 7]}],
        "STREET": [{"wildcard": "*"}, {"prefix": values["STREET"][:1]}],
        "FROM_ST": [{"exists": True}],
        "METER": [{"cidr": "10.0.0.0/8"}],
        "BLOCK_NUM": [{"prefix": values["BLOCK_NUM"][:1]}],
    }
    added = numbers.sample(sorted(weak), numbers.randint(0, 4))
    return {**{key: weak[key] for key in added}, **fields}


def _rare_text(numbers: random.Random, values: Fields, events: Events) -> Fields:
    keys = [key for key in KEYS if values[key] and events.is_rare(key, slice(None), values[key])]
    key = numbers.choice(keys)
    return {key: [values[key]]}


def _rare_end(numbers: random.Random, values: Fields, events: Events) -> Fields:
    key = numbers.choice(["MAPBLKLOT", "STREET", "BLOCK_NUM", "FROM_ST"])
    operator = numbers.choice(["prefix", "suffix"])
    for length in range(1, 12):
        cut = slice(length) if operator == "prefix" else slice(-length, None)
        if events.is_rare(key, cut, values[key]):
            return {key: [{operator: values[key][cut]}]}
    return _rare_text(numbers, values, events)


def _rare_range(numbers: random.Random, values: Fields, events: Events) -> Fields:
    low, high = events.rare_areas(numbers)
    return {"AREA": [{"numeric": [">=", low, "<=", high]}]}


def _rare_pair(numbers: random.Random, values: Fields, events: Events) -> Fields:
    one, other = numbers.sample(["LOT_NUM", "STREET", "ST_TYPE", "ODD_EVEN", "BLOCK_NUM"], 2)
    if not events.are_rare(one, other, values):
        return _rare_text(numbers, values, events)
    return {one: [values[one]], other: [values[other]]}
