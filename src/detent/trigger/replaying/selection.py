"""Which of the occurrences that were taken in are replayed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from detent.trigger.models import Occurrence
from detent.trigger.replaying.errors import InvalidReplay


class Span(NamedTuple):
    """Between which keys occurrences are looked at.

    Attributes:
        after: The key after which to begin.
        last: The last key.
    """

    after: int
    last: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which occurrences are meant; without any condition, all.

    Attributes:
        types: Those of one of these types.
        sources: Those from one of these sources.
        since: Those that happened then or later, with a time zone.
        until: Those that happened before then, with a time zone.

    Raises:
        InvalidReplay: A bound is no date-time, or has no time zone.
    """

    types: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        for name, moment in (("since", self.since), ("until", self.until)):
            if moment is not None and (not isinstance(moment, datetime) or timezone.is_naive(moment)):
                raise InvalidReplay(name, f"must be a date-time with a time zone, not {moment!r}.")

    def rows(self, using: str) -> QuerySet[Occurrence]:
        """Return the occurrences of a database that are meant."""
        conditions = {
            "type__in": self.types or None,
            "source__in": self.sources or None,
            "time__gte": self.since,
            "time__lt": self.until,
        }
        given = {name: value for name, value in conditions.items() if value is not None}
        return Occurrence.objects.using(using).filter(**given)

    def batches(self, span: Span, size: int, using: str, most: int | None = None) -> Iterator[list[Occurrence]]:
        """Read the occurrences that are meant, in the order in which they were taken in.

        Each batch is a query of its own that goes on after the last key of the one before.

        Args:
            span: Between which keys.
            size: How many are read at once.
            using: The database alias.
            most: How many are read altogether; None: all.
        """
        rows, after, left = self.rows(using).filter(pk__lte=span.last).order_by("pk"), span.after, most
        while batch := list(rows.filter(pk__gt=after)[: size if left is None else min(size, left)]):
            yield batch
            after = batch[-1].pk
            left = None if left is None else left - len(batch)


def span_of(after: int, using: str) -> Span:
    """Return the span of all occurrences that there are now; those taken in later meet the rules as they come."""
    keys = Occurrence.objects.using(using).aggregate(first=Min("pk"), last=Max("pk"))
    first, last = keys["first"] or 1, keys["last"] or 0
    return Span(max(after, first - 1), last)
