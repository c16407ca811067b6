"""Periods: ISO-8601 durations, and the moments that one marks on the clock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from detent.schedules.errors import InvalidSchedule
from detent.schedules.slots import Slots, in_utc

MICROSECOND = timedelta(microseconds=1)
LONGEST_TEXT = 100

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_PERIOD = re.compile(rf"P(?:{_NUMBER}D)?(?:T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?")
_UNITS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A length of time of at least one microsecond.

    Attributes:
        duration: The same as a timedelta.

    Raises:
        InvalidSchedule: The duration is zero or negative.
    """

    duration: timedelta

    def __post_init__(self) -> None:
        if self.duration < MICROSECOND:
            raise InvalidSchedule(self.duration, "a period must be longer than zero")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read a period.

        Args:
            text: An ISO-8601 duration `P[nD][T[nH][nM][nS]]` such as "PT15M" or "P1DT12H"; numbers may have decimals.
                Weeks, months and years are not taken.

        Returns:
            The period.

        Raises:
            InvalidSchedule: The text is not such a duration, is zero, finer than a microsecond or too long for a
                timedelta.
        """
        # The length is looked at first: int() refuses thousands of digits with an error of its own.
        parts = _PERIOD.fullmatch(text) if isinstance(text, str) and len(text) <= LONGEST_TEXT else None
        if parts is None:
            raise InvalidSchedule(text, 'write days, hours, minutes and seconds as in "P1DT2H30M" or "PT15M"')
        microseconds = sum(
            Fraction(number) * (unit // MICROSECOND)
            for number, unit in zip(parts.groups(default="0"), _UNITS, strict=True)
        )
        if microseconds == 0:
            raise InvalidSchedule(text, "a period must be longer than zero")
        if microseconds.denominator != 1:
            raise InvalidSchedule(text, "a period cannot be finer than a microsecond")
        try:
            return cls(timedelta(microseconds=int(microseconds)))
        except OverflowError as error:
            raise InvalidSchedule(text, f"a period cannot be longer than {timedelta.max.days} days") from error

    def __str__(self) -> str:
        hours, rest = divmod(self.duration.seconds, 3600)
        minutes, seconds = divmod(rest, 60)
        fraction = f".{self.duration.microseconds:06}".rstrip("0") if self.duration.microseconds else ""
        days = f"{self.duration.days}D" if self.duration.days else ""
        time = [f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number]
        if seconds or fraction:
            time.append(f"{seconds}{fraction}S")
        return f"P{days}T{''.join(time)}" if time else f"P{days}"

    def next_after(self, moment: datetime, *, start: datetime) -> datetime:
        """The first moment that the period marks after a given one.

        Marks are counted from the midnight, in UTC, of the day of `start`. So a period that divides a day marks the
        same times every day (PT1H the full hours), and any other runs on across midnights (PT7H, P2D) rather than
        starting anew each day. A mark depends on no other mark: one that was missed shifts nothing.

        Args:
            moment: A datetime with a time zone.
            start: When the schedule began, such as the creation of its rule; a datetime with a time zone.

        Returns:
            The next mark strictly after `moment`, in UTC.

        Raises:
            NaiveMoment: A datetime has no time zone.
            InvalidSchedule: The next mark is not in the years 1 to 9999.
        """
        try:
            midnight = _midnight(start)
            marks = (in_utc(moment) - midnight) // self.duration
            return midnight + (marks + 1) * self.duration
        except OverflowError as error:
            raise InvalidSchedule(self, f"its next moment after {moment.isoformat()} is out of reach") from error

    def slots(self, after: datetime, until: datetime, *, start: datetime, at_most: int) -> Slots:
        """Count the marks between two moments, and return the newest of them; see `Schedule`."""
        midnight = _midnight(start)
        before, last = ((in_utc(moment) - midnight) // self.duration for moment in (after, until))
        first = max(before, last - at_most) + 1
        newest = tuple(midnight + mark * self.duration for mark in range(first, last + 1))
        return Slots(max(0, last - before), newest)


def _midnight(start: datetime) -> datetime:
    return in_utc(start).replace(hour=0, minute=0, second=0, microsecond=0)
