"""What a rule is tried against: a sample that somebody wrote, or what has happened."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from detent.trigger.document import Document
from detent.trigger.errors import InvalidOccurrence, TriggerError
from detent.trigger.models import Occurrence, TriggerEvent
from detent.trigger.occurrences.emission import Emission, checked

KEYS = tuple(Document.__annotations__)


class NoSample(TriggerError, LookupError):
    """What a rule was to be tried against is not there.

    Attributes:
        path: As what it was named: `event` or `occurrence`.
        reason: Why not, or what to give instead.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


def document_of_sample(content: object) -> Document:
    """Make a document of an object with a `type`, and with the other keys of a document as far as they matter.

    Args:
        content: The object; its time, if it has one, is a date-time or ISO 8601.

    Raises:
        InvalidOccurrence: It is none; the error names the place.
    """
    if not isinstance(content, dict) or "type" not in content:
        raise InvalidOccurrence("", "a sample must be an object with a type, and data if there are any.")
    if unknown := sorted(map(str, content.keys() - set(KEYS))):
        raise InvalidOccurrence("", f"{unknown[0]!r} is not a key of a document; the keys are {', '.join(KEYS)}.")
    given: dict[str, Any] = {"source": "sample", "data": {}} | content
    given["occurred"] = _moment(given.pop("time", None))
    return checked(Emission(**given), timezone.now()).document


def document_of_event(key: int, using: str) -> Document:
    """Return the document of the occurrence that an event came of.

    Raises:
        NoSample: There is no such event, or it was made without an occurrence.
    """
    event = TriggerEvent.objects.using(using).select_related("occurrence").filter(pk=key).first()
    if event is None:
        raise NoSample("event", f"There is no event {key}.")
    if event.occurrence is None:
        raise NoSample("event", f"Event {key} was made without an occurrence; describe what happened in a sample.")
    return event.occurrence.document()


def document_of_occurrence(key: int, using: str) -> Document:
    """Return the document of an occurrence.

    Raises:
        NoSample: There is no such occurrence.
    """
    occurrence = Occurrence._default_manager.using(using).filter(pk=key).first()
    if occurrence is None:
        reason = f"There is no occurrence {key}; those that no rule matched are kept only if asked for."
        raise NoSample("occurrence", reason)
    return occurrence.document()


def _moment(time: object) -> datetime | None:
    if time is None:
        return None
    moment = time if isinstance(time, datetime) else _parsed(time)
    if moment is None:
        raise InvalidOccurrence("time", f"must be a date-time such as 2026-11-22T10:00:00Z, not {time!r}")
    if timezone.is_naive(moment):
        raise InvalidOccurrence("time", "is a date-time without a time zone; give it one")
    return moment


def _parsed(time: object) -> datetime | None:
    try:
        return parse_datetime(time) if isinstance(time, str) else None
    except ValueError:
        return None
