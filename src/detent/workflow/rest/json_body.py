"""Bodies of JSON, read strictly: what parsers would understand differently is refused."""

import json
from collections import Counter
from collections.abc import Iterable
from math import isfinite
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.parsers import BaseParser

from detent.workflow.rest.problem import FieldError, invalid

DEEPEST = 210
"""How deep a body may be nested."""


class UnusableJson(ValueError):
    """A text is no JSON, or such as cannot be kept."""


class StrictJSONParser(BaseParser):
    """Reads JSON in UTF-8: no duplicate keys, no NaN, no NUL, no half surrogate pairs, not nested too deeply."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return what the body says.

        Raises:
            Problem: It cannot be read.
            RequestDataTooBig: It has more bytes than `DATA_UPLOAD_MAX_MEMORY_SIZE` allows.
        """
        return body_of(read_up_to(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, stream))


def read_up_to(limit: int | None, stream: IO[bytes]) -> bytes:
    """Read a body.

    Args:
        limit: How many bytes it may have; None for any number.
        stream: Where it comes from. No more than the limit is kept in memory.

    Raises:
        RequestDataTooBig: It has more.
    """
    raw = stream.read() if limit is None else stream.read(limit + 1)
    if limit is not None and len(raw) > limit:
        raise RequestDataTooBig(f"The body has more than {limit} bytes.")
    return raw


def body_of(raw: bytes) -> Any:
    """Return what a body of JSON says.

    Raises:
        Problem: It cannot be read.
    """
    try:
        return strict_json(raw)
    except UnusableJson as error:
        raise invalid(FieldError("", f"The body is no usable JSON: {error}.", "Send JSON in UTF-8.")) from error


def strict_json(raw: bytes) -> Any:
    """Return what a JSON text in UTF-8 says.

    Raises:
        UnusableJson: It is none, or says what cannot be kept.
    """
    try:
        text = raw.decode()
        value = _DECODER.decode(text)
        if "\\u" in text:
            _refuse_escaped(value)
    except UnicodeDecodeError as error:
        raise UnusableJson(f"byte {error.start} is no UTF-8") from error
    except RecursionError as error:
        raise UnusableJson(f"it is nested more than {DEEPEST} levels deep") from error
    except ValueError as error:
        raise UnusableJson(str(error)) from error
    if text.count("{") + text.count("[") > DEEPEST and _depth_exceeds(value):
        raise UnusableJson(f"it is nested more than {DEEPEST} levels deep")
    return value


def _refuse_escaped(value: object) -> None:
    """Refuse what only an escape sequence can bring in."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UnusableJson("a text holds half a surrogate pair") from error
    if "\\u0000" in text.replace("\\\\", ""):
        raise UnusableJson("a text holds a NUL character")


def _depth_exceeds(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [inner for each in level for inner in _members(each)]
    return bool(level)


def _members(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise UnusableJson(f"an object has the key {twice!r} twice")
    return members


def _number(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise UnusableJson(f"{text[:40]} is too large a number")
    return number


def _no_constant(name: str) -> None:
    raise UnusableJson(f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_constant=_no_constant)
