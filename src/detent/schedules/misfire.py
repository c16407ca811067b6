"""What becomes of slots for which nobody was there in time."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from detent.schedules.slots import Slots


class Misfire(StrEnum):
    """What is done about slots that have passed since the last tick.

    Attributes:
        SKIP: Those that are too late get no tick.
        ONCE: The newest gets a tick, which stands for all.
        ALL: Each gets a tick.
    """

    SKIP = "skip"
    ONCE = "once"
    ALL = "all"

    def ticks(self, owed: Slots, *, now: datetime, tolerance: timedelta) -> list["Tick"]:
        """Return the ticks that slots get.

        Args:
            owed: The slots that have passed since the last tick.
            now: The present, a datetime with a time zone.
            tolerance: How late a slot may be for `SKIP`.

        Returns:
            The ticks in the order of time. They and what they say was missed make up all the slots, unless there is no
            tick at all: then the next one will say it.
        """
        kept = self._kept(owed, now, tolerance)
        missed = owed.total - len(kept)
        return [Tick(slot, 0 if place else missed) for place, slot in enumerate(kept)]

    def _kept(self, owed: Slots, now: datetime, tolerance: timedelta) -> tuple[datetime, ...]:
        if self is Misfire.ONCE:
            return owed.newest[-1:]
        if self is Misfire.SKIP:
            return tuple(slot for slot in owed.newest if now - slot <= tolerance)
        return owed.newest


class Tick(NamedTuple):
    """A slot that is announced.

    Attributes:
        slot: The moment that was scheduled.
        missed: How many slots between the tick before and this one have no tick.
    """

    slot: datetime
    missed: int
