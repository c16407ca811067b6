"""Slots: the moments at which something is due, and what every schedule can say of them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple, Protocol

from detent.schedules.errors import NaiveMoment


class Slots(NamedTuple):
    """The slots of a stretch of time.

    Attributes:
        total: How many there are.
        newest: The newest of them, in the order of time, at most as many as were asked for.
    """

    total: int
    newest: tuple[datetime, ...]

    @classmethod
    def joined(cls, stretches: Iterable["Slots"], at_most: int) -> "Slots":
        """Return the slots of stretches that follow one another.

        Args:
            stretches: Their slots, in the order of time.
            at_most: How many of the newest to keep, at least 1.
        """
        parts = list(stretches)
        newest = tuple(chain.from_iterable(part.newest for part in parts))
        return cls(sum(part.total for part in parts), newest[-at_most:])


class Schedule(Protocol):
    """What says when something is due."""

    def next_after(self, moment: datetime, *, start: datetime) -> datetime:
        """Return the first slot after a moment.

        Args:
            moment: A datetime with a time zone.
            start: When the schedule began, a datetime with a time zone; it matters to some schedules.

        Returns:
            The first slot strictly after `moment`, in UTC.

        Raises:
            NaiveMoment: A datetime has no time zone.
            InvalidSchedule: There is none within reach.
        """

    def slots(self, after: datetime, until: datetime, *, start: datetime, at_most: int) -> Slots:
        """Count the slots between two moments, and return the newest of them.

        Args:
            after: A datetime with a time zone; a slot at that moment does not count.
            until: A datetime with a time zone; a slot at that moment counts.
            start: As for `next_after`.
            at_most: How many to return, at least 1; all are counted.

        Raises:
            NaiveMoment: A datetime has no time zone.
        """


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC.

    Raises:
        NaiveMoment: It has no time zone.
    """
    if moment.utcoffset() is None:
        raise NaiveMoment(moment)
    return moment.astimezone(UTC)
