"""Debounce: of a burst, the last fires, once it has been quiet for so long."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from detent.schedules import Period
from detent.trigger.windows.entry import Decided, Decision, Entry, Kind, Recall, Remembered, Window, shifted
from detent.trigger.windows.outcomes import DEBOUNCED, FIRED, HELD


@dataclass(frozen=True, slots=True)
class Debounce(Window):
    """The last event of a burst fires when none has followed it for `quiet`, or `at_most` after the burst began.

    Attributes:
        quiet: How long it must be quiet.
        at_most: How long a burst may last; None: for ever.
    """

    quiet: timedelta
    at_most: timedelta | None = None

    @property
    def memory(self) -> timedelta:
        """For how long what was decided counts."""
        return self.quiet


@dataclass(frozen=True, slots=True)
class Burst:
    """A burst that is not over. Of its events only these two are held.

    Attributes:
        first: The event that began it.
        last: The latest, which fires unless another follows.
    """

    first: Entry[Debounce]
    last: Entry[Debounce]

    @property
    def end(self) -> datetime:
        """When it is over, unless another event follows before."""
        window = self.last.window
        quiet = shifted(self.last.time, window.quiet)
        return quiet if window.at_most is None else min(quiet, shifted(self.first.time, window.at_most))

    def takes(self, entry: Entry[Debounce]) -> bool:
        """Whether an event belongs to it."""
        if entry.place < self.first.place:
            return self.first.time - entry.time < entry.window.quiet
        return entry.time < self.end

    def joined_by(self, entry: Entry[Debounce]) -> "Burst":
        """Return the burst with one more event."""
        return Burst(min(self.first, entry, key=_place), max(self.last, entry, key=_place))


def recalls(entries: Sequence[Entry[Debounce]]) -> list[Recall]:
    """Ask for those that followed an entry, as some have if it comes late."""
    quiet = max(entry.window.quiet for entry in entries)
    return [Recall((FIRED, DEBOUNCED), entries[0].time, shifted(entries[-1].time, quiet))]


def decide(entries: Sequence[Entry[Debounce]], past: Sequence[Remembered], now: datetime) -> Decided:
    """Follow the bursts, in order of occurrence, and fire the last event of each that is over."""
    held = [entry for entry in entries if entry.outcome == HELD]
    arrived = [entry for entry in entries if entry.outcome != HELD]
    burst = Burst(held[0], held[-1]) if held else None
    decided, followers = Decided(), sorted(one.time for one in past)
    for entry, next_one in zip_longest(arrived, arrived[1:]):
        if burst and burst.takes(entry):
            burst = _join(entry, burst, decided)
        elif _is_followed(entry, followers):
            decided.decisions[entry.id] = _superseded(entry)
        elif burst and entry.place < burst.first.place:
            decided.decisions[entry.id] = _belated(entry, next_one)
        else:
            burst = _begin(entry, burst, decided)
    if burst and burst.end <= now:
        _close(burst, decided)
    elif burst:
        decided.look_again(burst.end)
    return decided


def _begin(entry: Entry[Debounce], former: Burst | None, decided: Decided) -> Burst:
    if former:
        _close(former, decided)
    decided.decisions[entry.id] = Decision(HELD)
    return Burst(entry, entry)


def _belated(entry: Entry[Debounce], next_one: Entry[Debounce] | None) -> Decision:
    """Decide about one of a burst that was over before the present one began, and that nobody knew of."""
    followed = next_one is not None and next_one.time - entry.time < entry.window.quiet
    return _superseded(entry) if followed else Decision(FIRED)


def _join(entry: Entry[Debounce], burst: Burst, decided: Decided) -> Burst:
    joined = burst.joined_by(entry)
    for one in (burst.first, burst.last, entry):
        is_held = one in (joined.first, joined.last)
        decided.decisions[one.id] = Decision(HELD) if is_held else _superseded(one)
    return joined


def _close(burst: Burst, decided: Decided) -> None:
    decided.decisions[burst.first.id] = _superseded(burst.first)
    decided.decisions[burst.last.id] = Decision(FIRED)


def _is_followed(entry: Entry[Debounce], followers: Sequence[datetime]) -> bool:
    place = bisect_left(followers, entry.time)
    return place < len(followers) and followers[place] - entry.time < entry.window.quiet


def _superseded(entry: Entry[Debounce]) -> Decision:
    return Decision(DEBOUNCED, f"Another followed before it had been quiet for {Period(entry.window.quiet)}.")


def _place(entry: Entry[Debounce]) -> tuple[datetime, int]:
    return entry.place


DEBOUNCE = Kind(recalls, decide)
