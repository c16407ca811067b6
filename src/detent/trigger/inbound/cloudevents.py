"""CloudEvents 1.0, and the plain form beside them, as what `emit` takes: https://github.com/cloudevents/spec."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote_to_bytes

from detent.trigger.inbound.errors import UnusableEvent
from detent.trigger.occurrences.emission import Emission
from detent.workflow.rest.json_body import UnusableJson, strict_json

VERSION = "1.0"
KEPT_AS = "cloudevent"
"""The member of an occurrence's data that holds what Detent has no place of its own for."""

_PLAIN = frozenset({"type", "source", "subject", "id", "time", "data"})
_OWN = _PLAIN | {"specversion", "datacontenttype", "data_base64"}
_NAME = re.compile(r"[a-z0-9]{1,64}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_JSON_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/([a-z0-9!#$&^_.-]+\+)?json", re.ASCII)
_QUOTED = re.compile(r"\\(.)")


def emission_of_plain(event: object) -> Emission:
    """Read an event of the plain form: an object with the members of a document, of which type and source must be.

    Raises:
        UnusableEvent: It is none.
    """
    members = _object(event)
    for name in members.keys() - _PLAIN:
        raise UnusableEvent([name], "is no member of an occurrence.", f"Leave it out; there are {_listed(_PLAIN)}.")
    return _emission(members, members.get("data", {}))


def emission_of_cloudevent(event: object) -> Emission:
    """Read a CloudEvent as its JSON format writes it.

    Raises:
        UnusableEvent: It is none, or its data is no JSON object.
    """
    members = {name: value for name, value in _object(event).items() if value is not None or name == "data"}
    _require_version(members)
    content_type = members.get("datacontenttype", "application/json")
    if not is_json(content_type):
        raise UnusableEvent(["datacontenttype"], "is not JSON.", "Send data that is JSON, as application/json.")
    return _emission(members, _with_the_rest(members, _data_of(members)))


def emission_of_headers(headers: Mapping[str, str], data: object) -> Emission:
    """Read a CloudEvent of the binary mode.

    Args:
        headers: The headers that begin with `ce-`, without that, by their names in small letters.
        data: The body, read as JSON.

    Raises:
        UnusableEvent: It is none, or its data is no JSON object.
    """
    members: dict[str, Any] = {name: _decoded(name, value) for name, value in headers.items()}
    _require_version(members)
    return _emission(members, _with_the_rest(members, data))


def is_json(content_type: object) -> bool:
    """Whether a media type, given with or without parameters, says that something is JSON in UTF-8."""
    if not isinstance(content_type, str):
        return False
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in parameters if part.startswith("charset=")]
    return bool(_JSON_TYPE.fullmatch(kind)) and all(each in ("utf-8", "utf8", "us-ascii") for each in charsets)


def _object(event: object) -> dict[str, Any]:
    if isinstance(event, dict):
        return event
    raise UnusableEvent([], "An event is a JSON object.", "Send an object with type, source and data.")


def _require_version(members: Mapping[str, Any]) -> None:
    if members.get("specversion") != VERSION:
        raise UnusableEvent(["specversion"], f"must be {VERSION!r}.", "Send the event as CloudEvents 1.0.")
    if not members.get("id"):
        raise UnusableEvent(["id"], "is missing or empty.", "Give the event an id, unique for its source.")
    if members.get("subject") == "":
        raise UnusableEvent(["subject"], "is empty.", "Leave it out where there is none.")


def _data_of(members: Mapping[str, Any]) -> object:
    if "data_base64" not in members:
        return {} if members.get("data") is None else members["data"]
    if "data" in members:
        raise UnusableEvent(["data_base64"], "stands beside data.", "Send one of them.")
    try:
        return strict_json(base64.b64decode(members["data_base64"], validate=True))
    except (TypeError, ValueError, binascii.Error, UnusableJson) as error:
        raise UnusableEvent(["data_base64"], "is no JSON in base64.", "Send JSON data as data.") from error


def _with_the_rest(members: Mapping[str, Any], data: object) -> object:
    """Return the data, with the attributes for which an occurrence has no place of its own."""
    rest = {name: value for name, value in members.items() if name not in _OWN}
    for name, value in rest.items():
        if not _NAME.fullmatch(name):
            raise UnusableEvent([name], "is no name of an attribute.", "Use small ASCII letters and digits.")
        if not isinstance(value, str | bool | int):
            raise UnusableEvent([name], "is no text, number or truth value.", "Move it into the data.")
    if not rest or not isinstance(data, dict):
        return data
    if KEPT_AS in data:
        raise UnusableEvent(["data", KEPT_AS], "is where extension attributes are kept.", "Rename it.")
    return {**data, KEPT_AS: rest}


def _emission(members: Mapping[str, Any], data: object) -> Emission:
    for name in ("type", "source"):
        if name not in members:
            raise UnusableEvent([name], "is missing.", "Give it.")
    if not isinstance(data, dict):
        raise UnusableEvent(["data"], "must be a JSON object.", 'Put it into one, such as {"value": ...}.')
    subject, time = members.get("subject"), members.get("time")
    return Emission(
        type=members["type"],
        data=data,
        source=members["source"],
        id=members.get("id"),
        subject="" if subject is None else subject,
        occurred=None if time is None else _moment(time),
    )


def _moment(time: object) -> datetime:
    try:
        if isinstance(time, str) and _TIME.fullmatch(time):
            return datetime.fromisoformat(time.upper())
    except ValueError:
        pass
    raise UnusableEvent(["time"], "is no time as RFC 3339 writes it.", "Write it as 2026-11-22T10:00:00Z.")


def _decoded(name: str, value: str) -> str:
    """Return what a header says: unquoted, then percent-decoded, then read as UTF-8."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _QUOTED.sub(r"\1", value[1:-1])
    try:
        # What comes in is one character for each byte.
        return unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeError as error:
        raise UnusableEvent([name], "is no UTF-8 after percent-decoding.", "Percent-encode its UTF-8 bytes.") from error


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))
