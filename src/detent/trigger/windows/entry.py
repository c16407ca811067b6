"""What a window decides about, what it remembers, and what it decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from detent.trigger.document import Document
from detent.trigger.windows.key import key_of
from detent.trigger.windows.outcomes import WAITING

NO_PART, OPENS, ENDS, BOTH = "", "open", "end", "both"
"""Which part an event has in an absence: what it counts from, what would be missed, or both; elsewhere it has none."""

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """How a rule looks at more than one occurrence.

    Attributes:
        by: The expression that gives the key; each key has a window of its own.
    """

    by: str

    def key(self, document: Document) -> str:
        """Return the key that a document belongs to.

        Raises:
            NoWindowKey: It has none.
        """
        return key_of(self.by, document)

    @property
    def memory(self) -> timedelta:
        """For how long, in occurrence time, what was decided counts when others are decided."""
        return timedelta(0)

    def is_ended_by(self, document: Document) -> bool:
        """Whether a document is what the window would miss."""
        return False


WindowT_co = TypeVar("WindowT_co", bound=Window, covariant=True)


@dataclass(frozen=True, slots=True)
class Entry(Generic[WindowT_co]):
    """An event to be decided.

    Attributes:
        time: When it occurred.
        id: Its key.
        window: The window of the revision that it triggered.
        outcome: Where it stands.
        part: Its part in an absence.
        is_listened_for: Whether the rule in force would still hear what cancels it.
    """

    time: datetime
    id: int
    window: WindowT_co
    outcome: str = WAITING
    part: str = NO_PART
    is_listened_for: bool = True

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands in the order of occurrence."""
        return self.time, self.id


class Recall(NamedTuple):
    """Which decided events of the same key a window must be told of.

    Attributes:
        outcomes: Their outcomes.
        earliest: When they occurred at the earliest.
        latest: When at the latest.
        parts: Their parts.
    """

    outcomes: tuple[str, ...]
    earliest: datetime
    latest: datetime
    parts: tuple[str, ...] = (NO_PART, OPENS, ENDS, BOTH)

    def covers(self, one: "Remembered") -> bool:
        """Whether an event is one that was asked for."""
        return one.outcome in self.outcomes and self.earliest <= one.time <= self.latest and one.part in self.parts


class Remembered(NamedTuple):
    """An event that has been decided before, or one that is on its way.

    Attributes:
        time: When it occurred.
        id: Its key.
        outcome: What was decided.
        part: Its part in an absence.
    """

    time: datetime
    id: int
    outcome: str
    part: str = NO_PART


class Decision(NamedTuple):
    """What becomes of an event.

    Attributes:
        outcome: Its outcome.
        reason: Why.
    """

    outcome: str
    reason: str = ""


@dataclass
class Decided:
    """What a window decided.

    Attributes:
        decisions: What becomes of events, by their key; one that stays as it is need not be there.
        due: When to look again though nothing happens, by the database's clock; None: there is no need.
    """

    decisions: dict[int, Decision] = field(default_factory=dict)
    due: datetime | None = None

    def look_again(self, due: datetime) -> None:
        """See to it that somebody looks at a moment, or before."""
        self.due = due if self.due is None else min(self.due, due)


class Kind(NamedTuple, Generic[WindowT_co]):
    """How one kind of window decides: two functions of events and times, which know no database.

    Attributes:
        recalls: What it must be told before it decides about entries, which are in order of occurrence.
        decide: What becomes of them, given that and the time by the database's clock.
    """

    recalls: Callable[[Sequence[Entry[WindowT_co]]], list[Recall]]
    decide: Callable[[Sequence[Entry[WindowT_co]], Sequence[Remembered], datetime], Decided]


def shifted(moment: datetime, by: timedelta) -> datetime:
    """Return a moment some time later or earlier, or the end of all time in that direction."""
    try:
        return moment + by
    except OverflowError:
        return LAST if by > timedelta(0) else FIRST
