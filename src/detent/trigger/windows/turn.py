"""One turn of a window: what becomes of the events of one key, whatever windows their revisions have."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from detent.trigger.windows.absence import ABSENCE, Absence
from detent.trigger.windows.debounce import DEBOUNCE, Debounce
from detent.trigger.windows.entry import Decided, Entry, Kind, Recall, Remembered, Window
from detent.trigger.windows.threshold import THRESHOLD, Threshold
from detent.trigger.windows.throttle import THROTTLE, Throttle

# Which entries a kind decides about is known by their window's class alone, so that no type can say it.
KINDS: dict[type[Window], Kind[Any]] = {
    Throttle: THROTTLE,
    Debounce: DEBOUNCE,
    Threshold: THRESHOLD,
    Absence: ABSENCE,
}


def recalls_of(entries: Sequence[Entry[Window]]) -> list[Recall]:
    """Return which events that were decided before must be known to decide about others of the same key."""
    return [recall for kind, own in _by_kind(entries) for recall in kind.recalls(own)]


def decide_turn(entries: Sequence[Entry[Window]], past: Sequence[Remembered], now: datetime) -> Decided:
    """Decide about the events of one key, each by the window of the revision that it triggered.

    Args:
        entries: Those that nobody has decided, and those that are held.
        past: What `recalls_of` asks for.
        now: The time by the database's clock.
    """
    whole = Decided()
    for kind, own in _by_kind(entries):
        recalls = kind.recalls(own)
        decided = kind.decide(own, [one for one in past if any(recall.covers(one) for recall in recalls)], now)
        whole.decisions |= decided.decisions
        if decided.due:
            whole.look_again(decided.due)
    return whole


def _by_kind(entries: Sequence[Entry[Window]]) -> Iterator[tuple[Kind[Any], list[Entry[Window]]]]:
    """Divide entries, each part in order of occurrence."""
    for window, kind in KINDS.items():
        if own := [entry for entry in entries if type(entry.window) is window]:
            yield kind, sorted(own, key=lambda entry: entry.place)
