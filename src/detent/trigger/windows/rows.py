"""The rows of windows: which are to be decided, the lock on one, and what was decided."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connections
from django.db.models import F

from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.handler import TRIGGER_RULE_HANDLERS
from detent.trigger.models import TriggerEvent
from detent.trigger.models import Window as WindowRow
from detent.trigger.windows.entry import Decision
from detent.trigger.windows.memory import Key, among
from detent.trigger.windows.outcomes import WAITING

MOST_WINDOWS = 500
UNKNOWN_TYPE_WAIT = timedelta(minutes=1)


class Locked(NamedTuple):
    """The windows that this transaction has locked.

    Attributes:
        rows: The key of the row of each.
        now: The time by the database's clock; None: there are none.
    """

    rows: dict[Key, int]
    now: datetime | None


def keys_to_decide(using: str) -> list[Key]:
    """Return windows that events wait for, or whose time has come; some of them, where there are many.

    Rules of types that this process does not know are left to one that does, as in a rolling deploy.
    """
    waiting = TriggerEvent.objects.using(using).filter(
        outcome=WAITING, window_key__isnull=False, rule__type__in=[*TRIGGER_RULE_HANDLERS]
    )
    due = WindowRow.objects.using(using).filter(due__lte=DatabaseNow())
    found = waiting.values_list("lineage", "window_key").union(due.values_list("lineage", "key"))
    return [Key(lineage, text) for lineage, text in found[:MOST_WINDOWS] if lineage and text]


def ensure_rows(using: str, keys: Iterable[Key]) -> None:
    """Make the rows by which windows are locked, where there are none."""
    rows = [WindowRow(lineage=key.lineage, key=key.text, due=DatabaseNow()) for key in keys]
    WindowRow.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def lock(using: str, keys: Collection[Key]) -> Locked:
    """Take the locks on windows until the transaction ends; those that another worker has are left out."""
    rows = WindowRow.objects.using(using).filter(among(keys, "key"))
    if connections[using].features.has_select_for_update_skip_locked:
        locked = rows.select_for_update(skip_locked=True)
    else:
        # The first write of a transaction is the lock of a database that has no other.
        rows.update(due=F("due"))
        locked = rows
    found = list(locked.annotate(now=DatabaseNow()).values_list("lineage", "key", "pk", "now"))
    return Locked({Key(lineage, text): row for lineage, text, row, _ in found}, found[0][-1] if found else None)


def write(using: str, decisions: Mapping[int, Decision]) -> None:
    """Write what was decided about events, those of one outcome and reason together."""
    alike: dict[Decision, list[int]] = defaultdict(list)
    for event, decision in decisions.items():
        alike[decision].append(event)
    for decision, events in alike.items():
        rows = TriggerEvent.objects.using(using).filter(pk__in=events)
        rows.update(outcome=decision.outcome, reason=decision.reason)


def settle(using: str, dues: Mapping[int, datetime | None], unknown: Collection[int]) -> None:
    """Note when locked windows must be looked at next.

    Args:
        using: The database alias.
        dues: By the key of each row, when that is; None: not until another event comes, so that the row can go.
        unknown: The keys of those of which this process does not know some events' type: another may, in some time.
    """
    rows = WindowRow.objects.using(using)
    if over := [row for row, due in dues.items() if due is None and row not in unknown]:
        rows.filter(pk__in=over).delete()
    if unknown:
        rows.filter(pk__in=unknown).update(due=DatabaseNow(UNKNOWN_TYPE_WAIT))
    held = [WindowRow(pk=row, due=due) for row, due in dues.items() if due is not None and row not in unknown]
    rows.bulk_update(held, ["due"])
