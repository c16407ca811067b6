"""Absence: what has not been followed by something else in time fires."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from detent.patterns import Pattern
from detent.trigger.document import Document
from detent.trigger.windows.entry import (
    BOTH,
    ENDS,
    LAST,
    OPENS,
    Decided,
    Decision,
    Entry,
    Kind,
    Recall,
    Remembered,
    Window,
    shifted,
)
from detent.trigger.windows.outcomes import CANCELLED, FIRED, HEARD, HELD, REPEATED, STOPPED, WAITING

NOT_LISTENED_FOR = (
    "The rule was archived or paused, or now asks for another absence, so that nobody heard what would cancel this."
)


@dataclass(frozen=True, slots=True)
class Absence(Window):
    """What opens it fires unless something that meets `of` occurs later, `within` so long, under the same key.

    Attributes:
        of: The pattern of what would be missed.
        within: How long that may take, in occurrence time.
        grace: How much longer is waited, by the database's clock, for one that comes late.
        compiled: The pattern, compiled.
    """

    of: str
    within: timedelta
    grace: timedelta = timedelta(0)
    compiled: Pattern | None = field(default=None, compare=False, repr=False)

    @property
    def memory(self) -> timedelta:
        """For how long what was decided counts."""
        return self.within

    def is_ended_by(self, document: Document) -> bool:
        """Whether a document is what would be missed."""
        return self.compiled is not None and self.compiled.matches(document)

    def hears_as(self, other: Window | None) -> bool:
        """Whether another window of the same rule hears the same, under the same key."""
        return isinstance(other, Absence) and (self.of, self.by) == (other.of, other.by)


class _Story:
    """What is known of one key: what ended absences, and what opened them."""

    def __init__(self, entries: Sequence[Entry[Absence]], past: Sequence[Remembered]) -> None:
        known: list[Entry[Absence] | Remembered] = [*entries, *past]
        self.ends = sorted({(one.time, one.id) for one in known if one.part in (ENDS, BOTH)})
        self.fired = [one for one in past if one.outcome == FIRED]
        self.open: list[Entry[Absence]] = []

    def end_after(self, time: datetime) -> tuple[datetime, int]:
        """Return time and key of the first end after a moment; an event at the end of all time if there is none."""
        place = bisect_right(self.ends, time, key=lambda end: end[0])
        return self.ends[place] if place < len(self.ends) else (LAST, 0)

    def opener_of(self, entry: Entry[Absence]) -> int | None:
        """Return the event that has opened the absence which an entry would open again."""
        openers: list[Entry[Absence] | Remembered] = [*self.open, *self.fired]
        for one in openers:
            first, second = sorted((one.time, entry.time))
            near = second <= shifted(first, entry.window.within)
            if one.id != entry.id and near and self.end_after(first)[0] > second:
                return one.id
        return None


def recalls(entries: Sequence[Entry[Absence]]) -> list[Recall]:
    """Ask for what ended absences after these began, even if nobody has looked at it, and for those that fired near."""
    within = max(entry.window.within for entry in entries)
    earliest, latest = shifted(entries[0].time, -within), shifted(entries[-1].time, within)
    opened = [entry.time for entry in entries if entry.part != ENDS]
    ends = Recall((WAITING, HELD, HEARD, CANCELLED, FIRED, STOPPED), min(opened, default=latest), latest, (ENDS, BOTH))
    return [Recall((FIRED,), earliest, latest, (OPENS, BOTH)), ends]


def decide(entries: Sequence[Entry[Absence]], past: Sequence[Remembered], now: datetime) -> Decided:
    """Follow what opened absences and what ended them, in order of occurrence, and fire those that are due."""
    story, decided = _Story(entries, past), Decided()
    for entry in entries:
        if entry.part != ENDS:
            decided.decisions[entry.id] = _opened(entry, story, now, decided)
    heard = [entry for entry in entries if entry.part == ENDS]
    decided.decisions.update({entry.id: Decision(HEARD, _effect(entry, entries, story, decided)) for entry in heard})
    return decided


def _opened(entry: Entry[Absence], story: _Story, now: datetime, decided: Decided) -> Decision:
    window, (ended, end_id) = entry.window, story.end_after(entry.time)
    if end_id and ended <= shifted(entry.time, window.within):
        return Decision(CANCELLED, f"Event {end_id} came in time.")
    if opener := story.opener_of(entry):
        return Decision(REPEATED, f"Event {opener} had opened it.")
    story.open.append(entry)
    due = shifted(shifted(entry.time, window.within), window.grace)
    if due > now:
        decided.look_again(due)
        return Decision(HELD)
    return Decision(FIRED) if entry.is_listened_for else Decision(STOPPED, NOT_LISTENED_FOR)


def _effect(heard: Entry[Absence], entries: Sequence[Entry[Absence]], story: _Story, decided: Decided) -> str:
    """Say what an event changed that an absence waits for."""
    opened = [entry for entry in entries if entry.part != ENDS and _is_in_time(heard, entry.time)]
    cancelled = [entry.id for entry in opened if decided.decisions[entry.id].outcome == CANCELLED]
    fired = [one.id for one in story.fired if _is_in_time(heard, one.time)]
    if fired:
        return f"It came too late: event {fired[-1]} had fired, which is not undone."
    return f"It cancelled event {cancelled[-1]}." if cancelled else ""


def _is_in_time(heard: Entry[Absence], opened: datetime) -> bool:
    return opened < heard.time <= shifted(opened, heard.window.within)


ABSENCE = Kind(recalls, decide)
