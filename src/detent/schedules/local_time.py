"""What a time on the wall is in UTC, where clocks are put forward and back."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)


def moments_of(wall: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Return the moments at which the clocks of a zone show a time.

    Args:
        wall: What they show, without a time zone.
        zone: The zone.

    Returns:
        One moment in UTC; two, the earlier first, where clocks were put back; none where they skipped that time.
    """
    before, after = _offsets(wall, zone)
    if before == after:
        return (_moment(wall, before),)
    return (_moment(wall, before), _moment(wall, after)) if before > after else ()


def end_of_gap(wall: datetime, zone: tzinfo) -> datetime:
    """Return the moment at which clocks skipped a time.

    Args:
        wall: A time that they never showed, without a time zone.
        zone: The zone.

    Returns:
        The first moment, in UTC, with the offset that holds after the gap.
    """
    before, after = _offsets(wall, zone)
    earliest = _moment(wall, after)

    def is_past(seconds: int) -> bool:
        return (earliest + seconds * ONE_SECOND).astimezone(zone).utcoffset() == after

    return earliest + bisect_left(range((after - before) // ONE_SECOND), True, key=is_past) * ONE_SECOND


def offset_of_whole_day(day: date, zone: tzinfo) -> timedelta | None:
    """Return the offset from UTC that holds from one midnight to the next, or None: it changes, or at one of them."""
    midnight = datetime.combine(day, time.min)
    offsets = {*_offsets(midnight, zone), *_offsets(midnight + ONE_DAY, zone)}
    return offsets.pop() if len(offsets) == 1 else None


def _offsets(wall: datetime, zone: tzinfo) -> tuple[timedelta, timedelta]:
    """Return the offset before and after the change that makes a time ambiguous or imaginary; else the same twice."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    return first, second


def _moment(wall: datetime, offset: timedelta) -> datetime:
    return (wall - offset).replace(tzinfo=UTC)
