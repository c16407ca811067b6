"""What is known of a window: it stands on the events themselves, so that no state can be lost or grow."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from detent.trigger.windows.entry import LAST, Recall, Remembered, shifted
from detent.trigger.windows.outcomes import HELD, REPEATED, WAITING

if TYPE_CHECKING:
    from detent.trigger.models.event import TriggerEvent

MOST_EVENTS = 2000
STORED_FIELDS = ("pk", "rule_id", "occurred", "outcome", "window_part")


class Key(NamedTuple):
    """Which window: of which rule, through all its revisions, and under which key.

    Attributes:
        lineage: The rule's lineage.
        text: What its `by` gave, as JSON.
    """

    lineage: UUID
    text: str


class Stored(NamedTuple):
    """An event to be decided, as it is stored.

    Attributes:
        id: Its key.
        rule_id: The revision that it triggered.
        time: When it occurred.
        outcome: Where it stands.
        part: Its part in an absence.
    """

    id: int
    rule_id: int
    time: datetime
    outcome: str
    part: str


class Undecided(NamedTuple):
    """The events of windows that are to be decided.

    Attributes:
        events: Those of each window.
        until: Up to when all are there; of very many, those that occurred later are left for the next turn.
    """

    events: dict[Key, list[Stored]]
    until: datetime


def undecided(using: str, keys: Collection[Key]) -> Undecided:
    """Return the events of windows that are to be decided, and with them those whose decision they may change.

    Args:
        using: The database alias.
        keys: Which windows.
    """
    events = _events(using).filter(among(keys, "window_key"))
    waiting = _by_key(events.filter(outcome=WAITING).order_by("occurred", "pk")[:MOST_EVENTS])
    times = [one.time for stored in waiting.values() for one in stored]
    known, repeated = _by_key(events.filter(outcome=HELD)), _repeated(events, waiting)
    found = {key: [one for part in (known, repeated, waiting) for one in part.get(key, [])] for key in keys}
    return Undecided(found, max(times) if len(times) == MOST_EVENTS else LAST)


def _repeated(events: "QuerySet[TriggerEvent]", waiting: Mapping[Key, list[Stored]]) -> dict[Key, list[Stored]]:
    """Return those that seemed to repeat an absence, which one that comes late may show to have been over."""
    late = {key: stored[0].time for key, stored in waiting.items() if stored[0].part}
    if not late:
        return {}
    found = _by_key(events.filter(outcome=REPEATED, occurred__gte=min(late.values())))
    return {key: [one for one in found.get(key, []) if one.time >= time] for key, time in late.items()}


def remember(using: str, asked: Mapping[Key, Iterable[Recall]]) -> dict[Key, list[Remembered]]:
    """Return events of windows that were decided before.

    Args:
        using: The database alias.
        asked: What must be known of each window.
    """
    remembered: dict[Key, list[Remembered]] = {key: [] for key in asked}
    if conditions := _conditions(asked):
        fields = ("lineage", "window_key", "occurred", "pk", "outcome", "window_part")
        for lineage, text, *row in _events(using).filter(reduce(or_, conditions)).values_list(*fields):
            remembered[Key(lineage, text)].append(Remembered(*row))
    return remembered


def among(keys: Iterable[Key], field: str) -> Q:
    """Return the condition that a row has one of many keys.

    Args:
        keys: Which.
        field: The name of the field that has their text.
    """
    texts: dict[UUID, list[str]] = {}
    for key in keys:
        texts.setdefault(key.lineage, []).append(key.text)
    return reduce(or_, (Q(("lineage", lineage), (f"{field}__in", some)) for lineage, some in texts.items()))


def _conditions(asked: Mapping[Key, Iterable[Recall]]) -> list[Q]:
    """Return what the events meet that were asked for, and some more that lie between.

    A condition for each key would take the database longer to read than to answer.
    """
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[Recall, Key]]] = defaultdict(list)
    for key, recalls in asked.items():
        for recall in recalls:
            alike[recall.outcomes, recall.parts].append((recall, key))
    return [condition for recalls in alike.values() for condition in _together(sorted(recalls))]


def _together(recalls: list[tuple[Recall, Key]]) -> Iterator[Q]:
    """Divide recalls of the same outcomes and parts, in order, into spans that are not much longer than the first."""
    while recalls:
        first = recalls[0][0]
        reach = shifted(first.latest, first.latest - first.earliest)
        near = [(recall, key) for recall, key in recalls if recall.latest <= reach]
        recalls = [(recall, key) for recall, key in recalls if recall.latest > reach]
        span = (first.earliest, max(recall.latest for recall, _ in near))
        of_events = Q(outcome__in=first.outcomes, occurred__range=span, window_part__in=first.parts)
        yield of_events & among({key for _, key in near}, "window_key")


def _events(using: str) -> "QuerySet[TriggerEvent]":
    # The models' module may ask for a forecast, so it is asked for its model when both are loaded.
    events: type[TriggerEvent] = apps.get_model("trigger", "TriggerEvent")
    return events.objects.using(using)


def _by_key(events: "QuerySet[TriggerEvent]") -> dict[Key, list[Stored]]:
    found: dict[Key, list[Stored]] = {}
    for lineage, text, *row in events.values_list("lineage", "window_key", *STORED_FIELDS):
        found.setdefault(Key(lineage, text), []).append(Stored(*row))
    return found
