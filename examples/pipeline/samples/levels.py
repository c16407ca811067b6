"""High and low water in a day of readings."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Reading:
    """One water level, in centimetres above the gauge's zero."""

    time: str
    level: int


def read(path: Path) -> list[Reading]:
    """Read the good readings of a file."""
    with path.open(newline="") as file:
        return [Reading(row["time"], int(row["level_cm"])) for row in csv.DictReader(file) if row["quality"] == "good"]


def turning_points(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings that are higher, or lower, than both of their neighbours."""
    listed = list(readings)
    return [
        here
        for before, here, after in zip(listed, listed[1:], listed[2:], strict=False)
        if (here.level > before.level) == (here.level > after.level)
    ]


def range_of(readings: Iterable[Reading]) -> int:
    levels = [reading.level for reading in readings]
    return max(levels) - min(levels)
