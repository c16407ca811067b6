"""Throttle: at most so many fire within any stretch of so long."""

from bisect import bisect, insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from detent.schedules import Period
from detent.trigger.windows.entry import Decided, Decision, Entry, Kind, Recall, Remembered, Window, shifted
from detent.trigger.windows.outcomes import FIRED, THROTTLED


@dataclass(frozen=True, slots=True)
class Throttle(Window):
    """At most `limit` events fire within any stretch of the length `per`, in occurrence time.

    Attributes:
        limit: How many.
        per: In how long.
    """

    limit: int
    per: timedelta

    @property
    def memory(self) -> timedelta:
        """For how long what was decided counts."""
        return self.per

    def has_room(self, time: datetime, fired: Sequence[datetime]) -> bool:
        """Whether one more may fire.

        It is asked of every stretch that the moment lies in, so that one which comes late cannot break the limit.

        Args:
            time: When it occurred.
            fired: When those occurred that have fired, in order.
        """
        place = bisect(fired, time)
        near = [*fired[max(0, place - self.limit) : place], time, *fired[place : place + self.limit]]
        return all(last - first >= self.per for first, last in zip(near, near[self.limit :], strict=False))


def recalls(entries: Sequence[Entry[Throttle]]) -> list[Recall]:
    """Ask for those that fired so near that they count."""
    per = max(entry.window.per for entry in entries)
    return [Recall((FIRED,), shifted(entries[0].time, -per), shifted(entries[-1].time, per))]


def decide(entries: Sequence[Entry[Throttle]], past: Sequence[Remembered], now: datetime) -> Decided:  # noqa: ARG001
    """Fire what there is room for, in order of occurrence."""
    fired, decided = sorted(one.time for one in past), Decided()
    for entry in entries:
        if entry.window.has_room(entry.time, fired):
            insort(fired, entry.time)
            decided.decisions[entry.id] = Decision(FIRED)
        else:
            reason = f"The limit of {entry.window.limit} in {Period(entry.window.per)} was reached."
            decided.decisions[entry.id] = Decision(THROTTLED, reason)
    return decided


THROTTLE = Kind(recalls, decide)
