"""What `emit` is given, and its check before anything is written."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.utils import timezone

from detent.settings import detent_settings
from detent.trigger.document import Document, document_of
from detent.trigger.errors import InvalidOccurrence
from detent.trigger.payload import NotJson, payload_of, text_complaint

LONGEST = 255


@dataclass(frozen=True, slots=True)
class Emission:
    """Something that happened, as its source tells it.

    Attributes:
        type: What kind of thing happened, such as `order.paid`; up to 255 characters, like the other texts.
        data: Whatever else there is to say; a mapping that can be written as JSON.
        source: Who says so.
        id: What tells it apart among all that its source says; None: it is told once, under a new id.
        subject: What it happened to, or "".
        occurred: When it happened, with a time zone; None: now.
    """

    type: str
    data: Mapping[str, Any]
    source: str
    id: str | None = None
    subject: str = ""
    occurred: datetime | None = None


Key = tuple[str, str]


class CheckedEmission(NamedTuple):
    """An emission that has been checked and reduced to JSON.

    Attributes:
        key: What makes it the same as another: source and id.
        document: What patterns see of it.
        data_text: Its data as JSON text.
        time: When it happened.
    """

    key: Key
    document: Document
    data_text: str
    time: datetime


def checked(emission: Emission | Mapping[str, Any], now: datetime) -> CheckedEmission:
    """Check an emission and reduce it to JSON.

    Args:
        emission: The emission, or a mapping with its keys.
        now: When it happened, if it does not say.

    Raises:
        InvalidOccurrence: Something in it cannot be taken in; the error names the path.
    """
    if not isinstance(emission, Emission):
        emission = _from_mapping(emission)
    time = now if emission.occurred is None else _moment(emission.occurred)
    identifier = uuid.uuid4().hex if emission.id is None else emission.id
    _check_text("type", emission.type)
    _check_text("source", emission.source)
    _check_text("id", identifier)
    _check_text("subject", emission.subject, may_be_empty=True)
    text, data = _data(emission.data)
    document = document_of(
        type=emission.type, source=emission.source, subject=emission.subject, id=identifier, time=time, data=data
    )
    return CheckedEmission((emission.source, identifier), document, text, time)


def _from_mapping(emission: object) -> Emission:
    if not isinstance(emission, Mapping):
        raise InvalidOccurrence("emission", f"must be an Emission or a mapping with its keys, not {emission!r}")
    try:
        return Emission(**emission)
    except TypeError as error:
        raise InvalidOccurrence("emission", f"does not have the keys of an Emission: {error}") from error


def _moment(occurred: object) -> datetime:
    if not isinstance(occurred, datetime):
        raise InvalidOccurrence("occurred", f"must be a date-time, not {occurred!r}")
    if timezone.is_naive(occurred):
        raise InvalidOccurrence("occurred", "is a date-time without a time zone; give it one")
    try:
        return occurred.astimezone(UTC)
    except OverflowError as error:
        raise InvalidOccurrence("occurred", "is not in the years 1 to 9999 of UTC") from error


def _check_text(name: str, value: object, *, may_be_empty: bool = False) -> None:
    if not isinstance(value, str):
        raise InvalidOccurrence(name, f"must be text, not {value!r}")
    if not value and not may_be_empty:
        raise InvalidOccurrence(name, "must not be empty")
    if len(value) > LONGEST:
        raise InvalidOccurrence(name, f"has {len(value)} characters; {LONGEST} are allowed")
    if complaint := text_complaint(value):
        raise InvalidOccurrence(name, complaint)


def _data(data: object) -> tuple[str, dict[str, Any]]:
    if not isinstance(data, Mapping):
        raise InvalidOccurrence("data", f"must be a mapping, not {type(data).__name__}")
    try:
        text, value = payload_of(data, "data")
    except NotJson as error:
        raise InvalidOccurrence(error.path, error.reason) from error
    size, limit = len(text) if text.isascii() else len(text.encode()), detent_settings().MAX_DATA_BYTES
    if size > limit:
        raise InvalidOccurrence("data", f'is {size} bytes of JSON; DETENT["MAX_DATA_BYTES"] allows {limit}')
    return text, value
