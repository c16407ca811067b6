"""Sets of rules about city lots, made from a seed."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from benchmarks.patterns.lots import SEED, Lot

Fields: TypeAlias = dict[str, list[Any]]
Maker: TypeAlias = Callable[[random.Random, Lot], Mapping[str, Any]]
Rules: TypeAlias = dict[int, dict[str, Any]]


def make_rules(makers: Sequence[Maker], count: int, lots: Sequence[Lot]) -> Rules:
    """Return a set of rules by number, each about one of the lots; the kinds take turns.

    The rules go through JSON, so that they share no string with each other or with the events.
    """
    numbers = random.Random(SEED + count)
    rules = [{"properties": makers[number % len(makers)](numbers, numbers.choice(lots))} for number in range(count)]
    return dict(enumerate(json.loads(json.dumps(rules))))


def exact(numbers: random.Random, lot: Lot) -> Fields:
    """Two equalities, of which one names the lot."""
    return {key: [lot[key]] for key in ("MAPBLKLOT", numbers.choice(["STREET", "LOT_NUM", "FROM_ST", "ODD_EVEN"]))}


def weak_pair(numbers: random.Random, lot: Lot) -> Fields:
    """Two equalities that are selective only together."""
    return {key: [lot[key]] for key in ("STREET", numbers.choice(["LOT_NUM", "FROM_ST"]))}


def prefix_and_exact(numbers: random.Random, lot: Lot) -> Fields:
    """A street's first letters and a block."""
    return {"STREET": [{"prefix": lot["STREET"][:4]}], "BLOCK_NUM": [lot["BLOCK_NUM"]]}


def exact_and_anything_but(numbers: random.Random, lot: Lot) -> Fields:
    """A block, without some types of street."""
    return {"BLOCK_NUM": [lot["BLOCK_NUM"]], "ST_TYPE": [{"anything-but": ["WAY", "BLVD"]}]}


def exact_and_range(numbers: random.Random, lot: Lot) -> Fields:
    """A street, and lots of about this area."""
    return {"STREET": [lot["STREET"]], "AREA": [{"numeric": [">=", lot["AREA"] - 200, "<", lot["AREA"] + 200]}]}


def exact_and_exists(numbers: random.Random, lot: Lot) -> Fields:
    """A house number, with any type of street."""
    return {"FROM_ST": [lot["FROM_ST"]], "ST_TYPE": [{"exists": True}]}


def wildcard(numbers: random.Random, lot: Lot) -> Fields:
    """A lot of whose number some digits are left open."""
    text = lot["BLKLOT"]
    forms = (f"{text[:3]}*{text[-2:]}", f"{text[:2]}*{text[3:5]}*{text[-1]}", f"*{text[2:]}")
    return {"BLKLOT": [{"wildcard": numbers.choice(forms)}]}


def owner(numbers: random.Random, lot: Lot) -> Fields:
    """An owner, in an array of them, and not another one."""
    name = numbers.choice(lot["OWNERS"])
    return {"OWNERS": [{"all-of": [name, {"none-of": [f"owner-{numbers.randint(1, 5000)}"]}]}]}


def either(numbers: random.Random, lot: Lot) -> Mapping[str, Any]:
    """A street and one of two numbers."""
    return {"STREET": [lot["STREET"]], "$or": [{"LOT_NUM": [lot["LOT_NUM"]]}, {"FROM_ST": [lot["FROM_ST"]]}]}


def ignoring_case(numbers: random.Random, lot: Lot) -> Fields:
    """A street in small letters, and a block."""
    return {"STREET": [{"equals-ignore-case": lot["STREET"].lower()}], "BLOCK_NUM": [lot["BLOCK_NUM"]]}


def network(numbers: random.Random, lot: Lot) -> Fields:
    """The network that a lot's meter is in."""
    return {"METER": [{"cidr": f"{lot['METER']}/{numbers.randint(20, 30)}"}]}


EXACT: Sequence[Maker] = (exact,)
MIXED: Sequence[Maker] = (
    *[exact] * 5,
    prefix_and_exact,
    exact_and_anything_but,
    exact_and_range,
    exact_and_exists,
    wildcard,
)
PAIRS: Sequence[Maker] = (weak_pair,)
ALL_KINDS: Sequence[Maker] = (*MIXED, owner, either, ignoring_case, network)
