"""The document: what patterns, templates and handlers see of an occurrence."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypedDict


class Document(TypedDict):
    """An occurrence under the names of CloudEvents, reduced to JSON.

    Attributes:
        type: What kind of thing happened.
        source: Who says so.
        subject: What it happened to, or "".
        id: What tells it apart among all that its source says.
        time: When it happened: ISO 8601, in UTC, with microseconds where there are any.
        data: Whatever else there is to say.
    """

    type: str
    source: str
    subject: str
    id: str
    time: str
    data: dict[str, Any]


def document_of(*, type: str, source: str, subject: str, id: str, time: datetime, data: dict[str, Any]) -> Document:  # noqa: A002
    """Make the document of an occurrence from its parts, `data` being JSON already."""
    return {"type": type, "source": source, "subject": subject, "id": id, "time": time_text(time), "data": data}


@lru_cache(maxsize=16)
def time_text(moment: datetime) -> str:
    """Write a moment the one way that documents have it, so that equal moments are equal texts."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
