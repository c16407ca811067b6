"""Cron expressions in a time zone, and the moments that one marks."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from detent.schedules.errors import InvalidSchedule
from detent.schedules.local_time import ONE_DAY, end_of_gap, moments_of, offset_of_whole_day
from detent.schedules.slots import Slots, in_utc

LONGEST_TEXT = 200
# A fifth Monday of February, the rarest day that comes round, does so within 40 years.
FARTHEST = timedelta(days=50 * 366)
SOME_DAY = date(2000, 1, 1)


class _Day(NamedTuple):
    """The slots of one date: a moment, and how long after it each is."""

    base: datetime
    offsets: Sequence[timedelta]

    def after(self, moment: datetime) -> int:
        return bisect_right(self.offsets, moment - self.base)


@dataclass(frozen=True)
class Cron:
    """A cron expression, of minute, hour, day of month, month and day of week, read on the clocks of a time zone.

    It follows Debian's cron: where both kinds of days are restricted, one must fit. `L`, `LW`, `5L` and `MON#2` are
    taken for days.

    Where clocks change, an expression whose minute and hour are both fixed ("30 2 * * *") has one slot for each time
    that it names: the first of two, and for a time that clocks skip, the moment at which they skip it. One whose minute
    or hour begins with "*" goes by time that passes: both of two, and none for a time that is skipped.

    Attributes:
        expression: The five fields.
        timezone: The zone's name in the IANA database, such as "Europe/Stockholm".

    Raises:
        InvalidSchedule: The expression is none, or fits no day; or there is no such zone.
    """

    expression: str
    timezone: str
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _fields: CronSim = field(init=False, repr=False, compare=False)
    _times: tuple[timedelta, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fields = _read(self.expression)
        object.__setattr__(self, "_zone", zone_named(self.timezone))
        object.__setattr__(self, "_fields", fields)
        times = (timedelta(hours=hour, minutes=minute) for hour in fields.hours for minute in fields.minutes)
        object.__setattr__(self, "_times", tuple(sorted(times)))
        if not any(self._dates(SOME_DAY, SOME_DAY + FARTHEST)):
            raise InvalidSchedule(self.expression, "no date fits its day of month, month and day of week")

    def __str__(self) -> str:
        return f"{self.expression} {self.timezone}"

    def next_after(self, moment: datetime, *, start: datetime | None = None) -> datetime:
        """Return the first slot after a moment; see `Schedule`. When the schedule began does not matter to it."""
        moment = in_utc(moment)
        try:
            first = moment.astimezone(self._zone).date()
            days = self._days(first - ONE_DAY, first + FARTHEST)
            day, place = next((day, place) for day in days if (place := day.after(moment)) < len(day.offsets))
            return day.base + day.offsets[place]
        except (OverflowError, ValueError, StopIteration) as error:
            raise InvalidSchedule(self, f"its next moment after {moment.isoformat()} is out of reach") from error

    def slots(self, after: datetime, until: datetime, *, start: datetime | None = None, at_most: int) -> Slots:
        """Count the slots between two moments, and return the newest of them; see `Schedule`."""
        after, until = in_utc(after), in_utc(until)
        found: list[_Day] = []
        first, last = (moment.astimezone(self._zone).date() for moment in (after, until))
        for day in self._days(first - ONE_DAY, last):
            if offsets := day.offsets[day.after(after) : day.after(until)]:
                found.append(_Day(day.base, offsets))
                after = day.base + offsets[-1]
        newest = (day.base + offset for day in reversed(found) for offset in reversed(day.offsets))
        return Slots(sum(len(day.offsets) for day in found), tuple(islice(newest, at_most))[::-1])

    def _days(self, first: date, last: date) -> Iterator[_Day]:
        """Yield the slots date by date; a date's are no earlier than those of the date before."""
        return map(self._day, self._dates(first, last))

    def _dates(self, first: date, last: date) -> Iterator[date]:
        """Yield the dates that fit, the first and the last included."""
        day = first
        while day <= last:
            if day.month not in self._fields.months:
                day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
                continue
            if self._fields.match_day(day):
                yield day
            day += ONE_DAY

    def _day(self, day: date) -> _Day:
        offset = offset_of_whole_day(day, self._zone)
        if offset is None:
            return _day_of_change(self, day)
        return _Day((datetime.combine(day, time.min) - offset).replace(tzinfo=UTC), self._times)

    def _moments(self, wall: datetime) -> tuple[datetime, ...]:
        moments = moments_of(wall, self._zone)
        if self._goes_by_passing_time:
            return moments
        return moments[:1] or (end_of_gap(wall, self._zone),)

    @property
    def _goes_by_passing_time(self) -> bool:
        return any(part.startswith("*") for part in self.expression.split()[:2])


# Each tick on such a day asks for it again.
@lru_cache(maxsize=1000)
def _day_of_change(cron: Cron, day: date) -> _Day:
    """Return the slots of a date on which clocks change."""
    midnight = datetime.combine(day, time.min)
    base = midnight.replace(tzinfo=UTC)
    slots = {moment for time_of_day in cron._times for moment in cron._moments(midnight + time_of_day)}
    return _Day(base, [slot - base for slot in sorted(slots)])


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone.

    Raises:
        InvalidSchedule: There is none of that name.
    """
    try:
        return ZoneInfo(name)
    # A name that leads to a folder, or out of the database, is an error of its own on some systems.
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise InvalidSchedule(name, "is no time zone; write one such as Europe/Stockholm or UTC") from error


def _read(expression: str) -> CronSim:
    if not isinstance(expression, str) or len(expression) > LONGEST_TEXT or len(expression.split()) != 5:
        raise InvalidSchedule(expression, 'write minute, hour, day of month, month and day of week, as in "0 2 * * *"')
    try:
        return CronSim(expression, datetime.combine(SOME_DAY, time.min))
    except CronSimError as error:
        raise InvalidSchedule(expression, _complaint(str(error))) from error
    # The library asserts, or compares, what a few expressions such as "L/2" bring in another form.
    except (AssertionError, TypeError, ValueError) as error:
        raise InvalidSchedule(expression, "one of its fields cannot be read") from error


def _complaint(message: str) -> str:
    """Return what the library says of an expression, with what would be right."""
    return f"{message[:1].lower()}{message[1:]}; the fields are minute, hour, day of month, month and day of week"
