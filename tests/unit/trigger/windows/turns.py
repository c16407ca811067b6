"""Windows at work in memory: what the database would hold is a dict of events."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from detent.trigger.windows.entry import NO_PART, Decision, Entry, Recall, Remembered, Window
from detent.trigger.windows.outcomes import HELD, REPEATED, WAITING
from detent.trigger.windows.turn import decide_turn, recalls_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Return a moment some seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def seconds(count: float) -> timedelta:
    """Return a length of time."""
    return timedelta(seconds=count)


moments = st.lists(st.integers(0, 40), max_size=20)
"""When events occur, in seconds after noon; some at the same time."""


@dataclass
class Key:
    """The events of one key, decided in turns as the worker does it."""

    window: Window
    entries: dict[int, Entry[Window]] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    due: datetime | None = None

    def take(self, *times: float, part: str = NO_PART, window: Window | None = None) -> list[int]:
        """Take in events that occurred some seconds after noon, and return their keys."""
        first = len(self.entries) + 1
        for number, time in enumerate(times, first):
            self.entries[number] = Entry(at(time), number, window or self.window, WAITING, part)
        return list(range(first, first + len(times)))

    def turn(self, now: float) -> None:
        """Decide what there is to be decided some seconds after noon, by the database's clock."""
        waiting = [entry for entry in self.entries.values() if entry.outcome == WAITING]
        late = min((entry.time for entry in waiting if entry.part), default=None)
        open_ones = [
            entry
            for entry in self.entries.values()
            if entry.outcome == HELD or (late and entry.outcome == REPEATED and entry.time >= late)
        ]
        entries = [*open_ones, *waiting]
        past = [one for recall in recalls_of(entries) for one in self._remember(recall)]
        decided = decide_turn(entries, past, at(now))
        for key, decision in decided.decisions.items():
            self._write(key, decision)
        self.due = decided.due

    def outcomes(self, keys: Iterable[int] | None = None) -> list[str]:
        """Return what became of events."""
        return [self.entries[key].outcome for key in (self.entries if keys is None else keys)]

    def with_outcome(self, outcome: str) -> list[float]:
        """Return when those events occurred, in seconds after noon, that have an outcome."""
        times = [entry.time for entry in self.entries.values() if entry.outcome == outcome]
        return sorted((time - NOON).total_seconds() for time in times)

    def _remember(self, recall: Recall) -> list[Remembered]:
        past = [Remembered(entry.time, entry.id, entry.outcome, entry.part) for entry in self.entries.values()]
        return [one for one in past if recall.covers(one)]

    def _write(self, key: int, decision: Decision) -> None:
        old = self.entries[key]
        self.entries[key] = Entry(old.time, old.id, old.window, decision.outcome, old.part)
        self.reasons[key] = decision.reason


def in_turns(key: Key, times: list[int], sizes: list[int], part: str = NO_PART) -> None:
    """Take events in by portions, and decide each portion when its last event occurs."""
    rest, sizes = list(times), list(sizes)
    while rest:
        size = sizes.pop() if sizes else len(rest)
        portion, rest = rest[:size], rest[size:]
        key.take(*portion, part=part)
        key.turn(max(portion))
