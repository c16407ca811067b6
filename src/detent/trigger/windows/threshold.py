"""Threshold: every so many within so long, one fires."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from detent.trigger.windows.entry import Decided, Decision, Entry, Kind, Recall, Remembered, Window, shifted
from detent.trigger.windows.outcomes import COUNTED, COUNTING, FIRED

Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Threshold(Window):
    """An event fires that is the last of `count` to be decided in less than `within`; then it starts again.

    Attributes:
        count: How many.
        within: In how long, in occurrence time.
    """

    count: int
    within: timedelta

    @property
    def memory(self) -> timedelta:
        """For how long what was decided counts."""
        return self.within

    def run_of(self, place: Place, counting: Sequence[Place]) -> Sequence[Place]:
        """Return the earliest run of as many as are needed, near enough to each other, that a place completes.

        Args:
            place: Time and key of the event that is decided.
            counting: Those of all that count, the event among them, in order.
        """
        index = counting.index(place)
        for start in range(max(0, index - self.count + 1), min(index, len(counting) - self.count) + 1):
            run = counting[start : start + self.count]
            if run[-1][0] - run[0][0] < self.within:
                return run
        return ()


def recalls(entries: Sequence[Entry[Threshold]]) -> list[Recall]:
    """Ask for those that count and are near enough."""
    within = max(entry.window.within for entry in entries)
    return [Recall((COUNTING,), shifted(entries[0].time, -within), shifted(entries[-1].time, within))]


def decide(entries: Sequence[Entry[Threshold]], past: Sequence[Remembered], now: datetime) -> Decided:  # noqa: ARG001
    """Count, in order of occurrence, and fire what completes a run."""
    counting, decided = sorted((one.time, one.id) for one in past), Decided()
    for entry in entries:
        insort(counting, entry.place)
        run = entry.window.run_of(entry.place, counting)
        for place in run:
            counting.remove(place)
            decided.decisions[place[1]] = Decision(COUNTED, f"Event {entry.id} fired with it.")
        decided.decisions[entry.id] = Decision(FIRED if run else COUNTING)
    return decided


THRESHOLD = Kind(recalls, decide)
