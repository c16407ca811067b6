"""In which order the slots of each column stand: with few crossings of edges.

Barycenters (Sugiyama, Tagawa and Toda, 1981) and exchanges of neighbours (Gansner, Koutsofios, North and Vo, 1993),
from several first orders, for each leads to another end.
"""

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from random import Random

from detent.machine.diagram.columns import Slot

_STARTS = 12
_SWEEPS = 12
_MOST_SLOTS = 6000
"""How many slots are looked at in all first orders together; a large graph gets fewer of them."""

Columns = Sequence[list[Slot]]


def lessen_crossings(columns: Columns) -> None:
    """Order the slots of each column anew, and the neighbours of each slot by where they then stand."""
    number(columns)
    best, fewest = [list(column) for column in columns], count_crossings(columns)
    for _ in _first_orders(columns):
        found, crossings = _swept(columns)
        if crossings < fewest:
            best, fewest = found, crossings
        if not fewest:
            break
    _take(columns, best)
    for slot in (slot for column in columns for slot in column):
        slot.before.sort(key=_position)
        slot.after.sort(key=_position)


def number(columns: Columns) -> None:
    """Tell each slot its position in its column."""
    for column in columns:
        for position, slot in enumerate(column):
            slot.position = position


def count_crossings(columns: Columns) -> int:
    """Return how often edges cross between neighbouring columns."""
    crossings = 0
    for column in columns:
        ends: list[int] = []
        for slot in column:
            for end in sorted(map(_position, slot.after)):
                crossings += len(ends) - bisect_right(ends, end)
                insort(ends, end)
    return crossings


def _first_orders(columns: Columns) -> Iterator[None]:
    """Put the columns in one first order after the other: as they are given, then shuffled, each time alike."""
    yield
    slots = sum(map(len, columns))
    for seed in range(min(_STARTS, _MOST_SLOTS // max(slots, 1)) - 1):
        shuffle = Random(seed).shuffle  # noqa: S311 - nothing secret # nosec B311
        for column in columns:
            shuffle(column)
        number(columns)
        yield


def _swept(columns: Columns) -> tuple[list[list[Slot]], int]:
    """Sort each column by where its neighbours stand, to and fro; return the best order on the way."""
    best, fewest = [list(column) for column in columns], count_crossings(columns)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=_middle_before if sweep % 2 == 0 else _middle_after)
            number([column])
        _exchange_neighbours(columns)
        if (crossings := count_crossings(columns)) < fewest:
            best, fewest = [list(column) for column in columns], crossings
    return best, fewest


def _take(columns: Columns, order: Columns) -> None:
    for column, ordered in zip(columns, order, strict=True):
        column[:] = ordered
    number(columns)


def _exchange_neighbours(columns: Columns) -> None:
    """Exchange two slots that stand next to each other wherever that takes crossings away."""
    exchanged = True
    while exchanged:
        exchanged = False
        for column in columns:
            for upper in range(len(column) - 1):
                exchanged |= _exchanged(column, upper)


def _exchanged(column: list[Slot], upper: int) -> bool:
    one, other = column[upper], column[upper + 1]
    now = _crossed(one.before, other.before) + _crossed(one.after, other.after)
    if not now or now <= _crossed(other.before, one.before) + _crossed(other.after, one.after):
        return False
    column[upper], column[upper + 1] = other, one
    one.position, other.position = upper + 1, upper
    return True


def _crossed(upper: Sequence[Slot], lower: Sequence[Slot]) -> int:
    return sum(one.position > other.position for one in upper for other in lower)


def _position(slot: Slot) -> int:
    return slot.position


def _middle_before(slot: Slot) -> float:
    return _middle(slot.before, slot.position)


def _middle_after(slot: Slot) -> float:
    return _middle(slot.after, slot.position)


def _middle(neighbours: Sequence[Slot], otherwise: int) -> float:
    return sum(map(_position, neighbours)) / len(neighbours) if neighbours else otherwise
