"""What a rule's window would do now with one more document. Never does it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError

from detent.trigger.delivery.database_clock import database_now
from detent.trigger.document import Document
from detent.trigger.history.revisions import told
from detent.trigger.windows.entry import BOTH, ENDS, NO_PART, OPENS, Entry, Window
from detent.trigger.windows.key import NoWindowKey
from detent.trigger.windows.memory import Key, remember, undecided
from detent.trigger.windows.outcomes import HELD
from detent.trigger.windows.placing import Place, place_of
from detent.trigger.windows.turn import decide_turn, recalls_of

if TYPE_CHECKING:
    from detent.trigger.models.rule import TriggerRule

NEXT = sys.maxsize
"""The key of an event that is not there: of those that occurred at the same moment it is the last."""

PARTS = {
    NO_PART: "",
    OPENS: ", as what it counts from",
    ENDS: ", as what it waits for",
    BOTH: ", as what it counts from and what it waits for",
}


@dataclass(frozen=True)
class Forecast:
    """What a window would do with a document that were emitted now.

    Attributes:
        window: `throttle`, `debounce`, `threshold` or `absence`.
        key: The key that the rule's `by` gives for it; None: it gives none.
        outcome: What would become of its event, "" being that the actions go ahead.
        reason: Why.
        due: When the window would be looked at again, by the database's clock; None: not unless something happens.
        part: Its part in an absence, as `TriggerEvent.window_part` has it.
    """

    window: str
    key: str | None
    outcome: str
    reason: str = ""
    due: datetime | None = None
    part: str = NO_PART

    @property
    def verdict(self) -> str:
        """What would become of its event, in words."""
        if self.outcome == HELD and self.due:
            return f"held until {told(self.due, None)}"
        return f"{self.outcome or 'fired'}{f' ({self.reason})' if self.reason else ''}"

    def __str__(self) -> str:
        return f"{self.window}{f', key {self.key}' if self.key else ''}{PARTS[self.part]}: {self.verdict}"


def forecast(
    rule: "TriggerRule", window: Window | None, document: Document, using: str, *, opens: bool
) -> Forecast | None:
    """Say what a rule's window would do with a document that were emitted now; nothing is written or locked.

    Args:
        rule: The rule.
        window: Its window, or None.
        document: What `Occurrence.document` returns, or a sample with its keys.
        using: The database alias.
        opens: Whether the document is what the rule asks for: its pattern and the condition of its type are met.

    Returns:
        What it would do; None: the rule has no window, or the document does not concern it.

    Raises:
        InvalidDocument: The absence's pattern cannot be asked about the document.
    """
    if window is None:
        return None
    ends = window.is_ended_by(document)
    if not opens and not ends:
        return None
    name = type(window).__name__.lower()
    try:
        place = place_of(window, document, opens=opens, ends=ends)
    except NoWindowKey as error:
        return Forecast(name, None, "failed", str(error))
    entry = Entry(datetime.fromisoformat(document["time"]), NEXT, window, part=place.part)
    return _forecast(name, entry, place, rule, using)


def _forecast(name: str, entry: Entry[Window], place: Place, rule: "TriggerRule", using: str) -> Forecast:
    key = Key(rule.lineage, place.key)
    entries = [*_waiting(rule, key, using), entry]
    past = remember(using, {key: recalls_of(entries)})[key]
    decided = decide_turn(entries, past, database_now(using))
    decision = decided.decisions[NEXT]
    return Forecast(name, place.key, decision.outcome, decision.reason, decided.due, place.part)


def _waiting(rule: "TriggerRule", key: Key, using: str) -> list[Entry[Window]]:
    stored = undecided(using, [key]).events[key]
    windows = dict(_windows(rule, {one.rule_id for one in stored}, using))
    return [
        Entry(one.time, one.id, windows[one.rule_id], one.outcome, one.part) for one in stored if one.rule_id in windows
    ]


def _windows(rule: "TriggerRule", revisions: set[int], using: str) -> Iterator[tuple[int, Window]]:
    """Yield the windows of a rule's revisions; what a type or its configuration cannot say any more is left out."""
    for key, revision in type(rule).objects.using(using).in_bulk(revisions).items():
        try:
            window = revision.get_configuration().window
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001, S112 - as where windows are decided, which says so in the log # nosec B112
            continue
        if window:
            yield key, window
