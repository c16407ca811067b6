"""Rules made to be hard to index: no selective condition anywhere, or none that could be looked up."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.patterns.lots import Lot
from benchmarks.patterns.rules import Fields, Maker


def unselective(numbers: random.Random, lot: Lot) -> Fields:
    """What nearly every lot meets."""
    return {
        "STREET": [{"anything-but": [lot["STREET"], lot["BLOCK_NUM"]]}],
        "AREA": [{"numeric": [">", numbers.randint(0, 1000)]}],
        "ST_TYPE": [{"exists": True}],
    }


def absent(numbers: random.Random, lot: Lot) -> Fields:
    """Nothing that could be looked up."""
    return {"CLOSED": [{"exists": False}], "STREET": [{"none-of": [lot["STREET"]]}]}


def inner_wildcard(numbers: random.Random, lot: Lot) -> Fields:
    """A wildcard that is open at both ends."""
    street = lot["STREET"]
    return {"STREET": [{"wildcard": f"*{street[1:3]}*{street[3]}*"}]}


def deep_or(numbers: random.Random, lot: Lot) -> Mapping[str, Any]:
    """Choices within choices: 64 alternatives."""
    return {"$or": [_branch(numbers, lot, ("LOT_NUM", "FROM_ST", "BLOCK_NUM")) for _ in range(4)]}


def _branch(numbers: random.Random, lot: Lot, keys: Sequence[str]) -> dict[str, Any]:
    key, *others = keys
    branch: dict[str, Any] = {key: [lot[key] if numbers.random() < 0.5 else str(numbers.randint(1, 3500))]}
    return branch | {"$or": [_branch(numbers, lot, others) for _ in range(4)]} if others else branch


BAD: Mapping[str, Maker] = {
    "unselective": unselective,
    "absent": absent,
    "inner wildcard": inner_wildcard,
    "deep $or": deep_or,
}
