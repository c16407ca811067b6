"""The index over rule sets of 10 to 100,000: events a second, from dicts and from JSON, building, memory, replacing."""

import json
import random
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from typing import Any, NamedTuple

from benchmarks.patterns.lots import SEED, Lot
from benchmarks.patterns.measure import microseconds, resident_megabytes, seconds
from benchmarks.patterns.rules import ALL_KINDS, EXACT, MIXED, PAIRS, Maker, Rules, make_rules
from detent.patterns import Pattern, PatternIndex

COUNTS = (10, 1_000, 10_000, 100_000)
SETS: dict[str, Sequence[Maker]] = {"mixed": MIXED, "exact": EXACT, "weak pairs": PAIRS, "all kinds": ALL_KINDS}
SAMPLE = 20
REPLACEMENTS = 9
HEADER = (
    f"{'rules':>21} {'met':>6} {'on dicts':>11} {'on JSON':>11} {'of decoding':>12}"
    f" {'build':>9} {'memory':>9} {'replace':>9}"
)


class Events(NamedTuple):
    """The events, as texts and decoded, and how long one takes to be decoded, in microseconds."""

    texts: Sequence[bytes]
    documents: Sequence[dict[str, Any]]
    decoding: float


def decoder() -> tuple[str, Callable[[bytes], Any]]:
    """Return the decoder that `match_json` uses, by name."""
    if find_spec("orjson"):
        return "orjson", import_module("orjson").loads
    return "json", json.loads


def measure(kind: str, count: int, lots: Sequence[Lot], events: Events) -> str:
    """Return one line of the table."""
    rules = make_rules(SETS[kind], count, lots)
    before = resident_megabytes()
    built: list[PatternIndex[int]] = []
    building = seconds(lambda: built.append(PatternIndex(rules)))
    memory = resident_megabytes() - before
    index = built[0]
    check(index, rules, events.documents)
    met = sum(len(index.match(document)) for document in events.documents) / len(events.documents)
    on_dicts = microseconds(index.match, events.documents)
    on_json = microseconds(index.match_json, events.texts)
    others = [{key: rules[count - 1 - key]} for key in range(REPLACEMENTS)]
    replacing = median(seconds(partial(index.replace, added=other)) for other in others)
    return (
        f"{kind:>12} {count:>8,} {met:>6.2f} {1e6 / on_dicts:>9,.0f}/s {1e6 / on_json:>9,.0f}/s"
        f" {events.decoding / on_json:>12.2f} {building:>7.2f} s {memory:>6.0f} MB {1e3 * replacing:>6.2f} ms"
    )


def check(index: PatternIndex[int], rules: Rules, documents: Sequence[dict[str, Any]]) -> None:
    """Compare the index with the patterns asked one by one, on as many documents as that allows."""
    patterns = {key: Pattern(rule) for key, rule in rules.items()} if len(rules) <= 10_000 else index
    for document in random.Random(SEED).sample(documents, max(2, SAMPLE * 1000 // (1000 + len(rules)))):
        if index.match(document) != {key for key in patterns if patterns[key].matches(document)}:
            raise AssertionError("The index and the patterns do not agree.")
