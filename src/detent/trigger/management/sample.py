"""What an operator tries a rule against: a sample in a file, or what has happened."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from detent.trigger.document import Document
from detent.trigger.errors import InvalidOccurrence
from detent.trigger.models import Occurrence, TriggerEvent
from detent.trigger.occurrences.emission import Emission, checked
from detent.trigger.written.file import read_file

KEYS = tuple(Document.__annotations__)


def document_in(path: Path) -> Document:
    """Read a sample: an object with a `type`, and with the other keys of a document as far as they matter.

    Args:
        path: The file, JSON or YAML.

    Raises:
        UnreadableFile: It cannot be read.
        CommandError: It is no sample; the error names the place.
    """
    content = read_file(path)
    if not isinstance(content, dict) or "type" not in content:
        raise CommandError(f"{path}: a sample must be an object with a type, and data if there are any.")
    if unknown := sorted(content.keys() - set(KEYS)):
        raise CommandError(f"{path}: {unknown[0]!r} is not a key of a document; the keys are {', '.join(KEYS)}.")
    given: dict[str, Any] = {"source": "sample", "data": {}} | content
    try:
        given["occurred"] = _moment(given.pop("time", None))
        return checked(Emission(**given), timezone.now()).document
    except InvalidOccurrence as error:
        raise CommandError(f"{path}: {error}") from error


def document_of_event(key: int, using: str) -> Document:
    """Return the document of the occurrence that an event came of.

    Raises:
        CommandError: There is no such event, or it was made without an occurrence.
    """
    event = TriggerEvent.objects.using(using).select_related("occurrence").filter(pk=key).first()
    if event is None:
        raise CommandError(f"There is no event {key}.")
    if event.occurrence is None:
        raise CommandError(f"Event {key} was made without an occurrence; describe what happened in a file, by --file.")
    return event.occurrence.document()


def document_of_occurrence(key: int, using: str) -> Document:
    """Return the document of an occurrence.

    Raises:
        CommandError: There is no such occurrence.
    """
    occurrence = Occurrence._default_manager.using(using).filter(pk=key).first()
    if occurrence is None:
        raise CommandError(f"There is no occurrence {key}; those that no rule matched are kept only if asked for.")
    return occurrence.document()


def _moment(time: Any) -> datetime | None:
    if time is None:
        return None
    moment = time if isinstance(time, datetime) else _parsed(time)
    if moment is None:
        raise InvalidOccurrence("time", f"must be a date-time such as 2026-11-22T10:00:00Z, not {time!r}")
    if timezone.is_naive(moment):
        raise InvalidOccurrence("time", "is a date-time without a time zone; give it one")
    return moment


def _parsed(time: Any) -> datetime | None:
    try:
        return parse_datetime(time) if isinstance(time, str) else None
    except ValueError:
        return None
