"""City lots as GeoJSON features, made from a seed: what the events are, and what the rules ask for."""

import json
import random
import string
from collections.abc import Sequence
from typing import Any, TypeAlias

SEED = 20261122
LOTS = 100_000
EVENTS = 20_000
STREETS = 2_000
STREET_TYPES = ["ST", "AVE", "BLVD", "WAY", None]

Lot: TypeAlias = dict[str, Any]


def make_lots() -> list[Lot]:
    """Return the properties of all lots of the city."""
    numbers = random.Random(SEED)
    streets = [_word(numbers) for _ in range(STREETS)]
    weights = [1 / (rank + 5) for rank in range(STREETS)]
    return [_lot(numbers, street) for street in numbers.choices(streets, weights, k=LOTS)]


def make_events(lots: Sequence[Lot]) -> list[bytes]:
    """Return the events as JSON texts of some 600 bytes: one for each of a sample of the lots."""
    numbers = random.Random(SEED + 1)
    return [json.dumps(_feature(numbers, lot)).encode() for lot in numbers.sample(lots, EVENTS)]


def _word(numbers: random.Random) -> str:
    return "".join(numbers.choices(string.ascii_uppercase, k=numbers.randint(4, 11)))


def _lot(numbers: random.Random, street: str) -> Lot:
    block, lot = f"{numbers.randint(1, 7000):04d}", f"{min(int(numbers.expovariate(1 / 40)) + 1, 999):03d}"
    number = str(numbers.randint(1, 3500))
    return {
        "MAPBLKLOT": block + lot,
        "BLKLOT": block + lot,
        "BLOCK_NUM": block,
        "LOT_NUM": lot,
        "FROM_ST": number,
        "TO_ST": number,
        "STREET": street,
        "ST_TYPE": numbers.choices(STREET_TYPES, [60, 25, 5, 5, 5])[0],
        "ODD_EVEN": numbers.choice("EO"),
        "AREA": numbers.randint(100, 100_000),
        "OWNERS": [f"owner-{numbers.randint(1, 5000)}" for _ in range(numbers.randint(1, 3))],
        "METER": f"10.{numbers.randint(0, 255)}.{numbers.randint(0, 255)}.{numbers.randint(1, 254)}",
    }


def _feature(numbers: random.Random, lot: Lot) -> dict[str, Any]:
    west, south = -122.5 + numbers.random() * 0.15, 37.7 + numbers.random() * 0.13
    ring = [[west + numbers.random() / 1000, south + numbers.random() / 1000, 0.0] for _ in range(5)]
    return {"type": "Feature", "properties": lot, "geometry": {"type": "Polygon", "coordinates": [ring]}}
