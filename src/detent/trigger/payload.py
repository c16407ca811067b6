"""Reduction to JSON: what is stored, matched, rendered and replayed is one and the same value."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.duration import duration_iso_string
from django.utils.functional import Promise
from django.utils.timezone import is_naive

from detent.trigger.errors import TriggerError

DEEPEST = 200
EXACT_TO = 2**53
"""Up to here a double holds every integer."""


class NotJson(TriggerError, ValueError):
    """A value cannot be written as JSON without losing something.

    Attributes:
        path: Where, such as `data.order.total`.
        reason: What is wrong there.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Payload(NamedTuple):
    """A value after its way through JSON.

    Attributes:
        text: The JSON text.
        value: What that text says.
    """

    text: str
    value: Any


def payload_of(value: object, path: str) -> Payload:
    """Take a value through JSON.

    A Decimal becomes a number, a date-time ISO 8601 with its zone, a timedelta an ISO 8601 duration, a UUID and a lazy
    translation text.

    Args:
        value: What to reduce.
        path: What to call it in errors.

    Raises:
        NotJson: It holds NaN or an infinity, a NUL or half a surrogate pair, a naive date-time, or something that JSON
            has no word for; or it is nested too deeply.
    """
    try:
        text = _ENCODER.encode(value)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise _explained(value, path, error) from error
    decoded = json.loads(text)
    if "\\u0000" in text or _is_too_deep(text, decoded):
        refuse_unstorable(value, path)
    return Payload(text, decoded)


def _is_too_deep(text: str, decoded: object) -> bool:
    """Whether there is anything `DEEPEST` levels deep, for which there must be as many brackets."""
    if text.count("{") + text.count("[") < DEEPEST:
        return False
    level = [decoded]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _members(each)]
    return bool(level)


def _members(value: object) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _simplest(value: object) -> object:
    """Say what JSON cannot in terms of what it can."""
    match value:
        case Decimal():
            return _number(value)
        case datetime():
            if is_naive(value):
                raise TypeError("is a date-time without a time zone")
            return value.isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_iso_string(value)
        case UUID() | Promise():
            return str(value)
        case Mapping():
            return dict(value)
    raise TypeError(f"is of type {type(value).__name__}, which JSON has no word for")


def _number(value: Decimal) -> int | float:
    """Return a whole number exactly, another one as near as JSON's readers take it; too large a one is infinite."""
    is_whole = (
        value.is_finite() and value.adjusted() <= sys.float_info.max_10_exp and value == value.to_integral_value()
    )
    return int(value) if is_whole else float(value)


_ENCODER = json.JSONEncoder(default=_simplest, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _explained(value: object, path: str, error: Exception) -> NotJson:
    try:
        refuse_unstorable(value, path)
    except NotJson as complaint:
        return complaint
    return NotJson(path, str(error))


def refuse_unstorable(value: object, path: str) -> None:
    """Look at every part of a value, as deep as `DEEPEST` levels.

    Raises:
        NotJson: A part cannot be written as JSON, or lies deeper; the error names the first.
    """
    for where, reason in _complaints(value, path, DEEPEST):
        raise NotJson(where, reason)


def _complaints(value: object, path: str, levels: int) -> Iterator[tuple[str, str]]:
    if not levels:
        yield path, f"is nested more than {DEEPEST} levels deep, or holds itself"
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if complaint := _key_complaint(key):
                yield path, f"the key {key!r} {complaint}"
            yield from _complaints(inner, f"{path}.{key}", levels - 1)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _complaints(inner, f"{path}.{index}", levels - 1)
    elif complaint := _complaint(value):
        yield path, complaint


def _key_complaint(key: object) -> str | None:
    if key is None or isinstance(key, str | int | float):
        return _complaint(key)
    return "is of no type that JSON can make text of"


def _complaint(value: object) -> str | None:
    if isinstance(value, str):
        return text_complaint(value)
    try:
        json.dumps(value, default=_simplest, allow_nan=False)
    except TypeError as error:
        return str(error)
    except (ValueError, OverflowError):
        return "is not a finite number, or one of thousands of digits"
    return None


def text_complaint(text: str) -> str | None:
    """Say why a text cannot be stored everywhere, or return None."""
    if "\0" in text:
        return "holds a NUL character"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "holds half a surrogate pair, as a file name that is not UTF-8 does"
    return None


def with_doubles(value: Any) -> Any:
    """Return what was stored as JSON as it was written: PostgreSQL turns 1e300 into an integer of 301 digits.

    An integer that a double does not hold is such a number: where integers are meant, as in patterns, they are refused
    beyond that.

    Args:
        value: A JSON value as a database returns it.
    """
    if isinstance(value, dict):
        return {key: with_doubles(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_doubles(inner) for inner in value]
    if type(value) is int and abs(value) > EXACT_TO:
        return _nearest_double(value)
    return value


def _nearest_double(number: int) -> int | float:
    try:
        double = float(number)
    except OverflowError:
        return number
    return number if int(double) == number else double
