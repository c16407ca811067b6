"""Texts of patterns and documents, read as the json module reads them, and what it reads too generously refused."""

import json
from collections import Counter
from importlib import import_module
from importlib.util import find_spec

from detent.patterns.errors import InvalidDocument, InvalidPattern
from detent.patterns.flatten import check_document
from detent.patterns.limits import DOCUMENT_DEPTH, PATTERN_BYTES

_orjson_loads = import_module("orjson").loads if find_spec("orjson") else None


class RepeatedKey(dict[str, object]):
    """An object of a pattern text in which a key stands twice; `key` says which."""

    def __init__(self, members: dict[str, object], key: str) -> None:
        super().__init__(members)
        self.key = key


class Underflow(float):
    """A number that is written as something else than zero, and that a double cannot tell from zero."""

    __slots__ = ()


LARGEST = 2**63
"""A number that is smaller, orjson reads as the json module does."""

SHALLOW = 2 * DOCUMENT_DEPTH
"""A shorter text cannot open and close so many objects and arrays that they are too deep."""

_DIGITS_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * len(str(LARGEST))


def decode_document(text: str | bytes | bytearray) -> object:
    """Decode a document's text.

    Args:
        text: JSON; bytes in UTF-8, UTF-16 or UTF-32.

    Returns:
        What `json.loads` gives.

    Raises:
        InvalidDocument: It is not JSON, holds NaN or Infinity, or is nested too deep.
    """
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (TypeError, ValueError) as error:
        raise InvalidDocument(f"it is not JSON: {error}") from error
    except RecursionError as error:
        raise InvalidDocument("it is nested too deep to be read") from error
    if len(text) >= SHALLOW and _may_be_too_deep(text):
        check_document(document)
    return document


def decode_with_orjson(text: str | bytes | bytearray) -> dict[str, object] | None:
    """Decode a document's text, as far as orjson is there and reads it as the json module does.

    Args:
        text: JSON.

    Returns:
        What `json.loads` gives, but for integers beyond 64 bits, of which orjson makes floats. None if the json module
        has to decide: for lone surrogates, 1e400, other encodings, what is no object or no JSON.
    """
    if _orjson_loads is None:
        return None
    try:
        document = _orjson_loads(text)
    except (TypeError, ValueError):
        return None
    if type(document) is not dict or (len(text) >= SHALLOW and _may_be_too_deep(text)):
        return None
    return document


def has_long_number(text: str | bytes | bytearray) -> bool:
    """Whether a text may hold an integer that orjson reads otherwise: one that has as many digits."""
    encoded = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return _LONG_NUMBER in encoded.translate(_DIGITS_AS_ZEROS)


def _may_be_too_deep(text: str | bytes | bytearray) -> bool:
    if isinstance(text, str):
        return text.count("[") + text.count("{") > DOCUMENT_DEPTH
    return text.count(b"[") + text.count(b"{") > DOCUMENT_DEPTH


def decode_pattern(text: str | bytes | bytearray) -> object:
    """Decode a pattern's text.

    Args:
        text: JSON; bytes in UTF-8, UTF-16 or UTF-32.

    Returns:
        What `json.loads` gives, with `RepeatedKey` and `Underflow` where the text says more than that.

    Raises:
        InvalidPattern: It is not JSON, holds NaN or Infinity, is too large, or nested too deep to be read.
    """
    size = len(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    if size > PATTERN_BYTES:
        raise InvalidPattern("", f"it is {size} bytes long; the limit is {PATTERN_BYTES}")
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_float=_float, object_pairs_hook=_object)
    except ValueError as error:
        raise InvalidPattern("", f"it is not JSON: {error}") from error
    except RecursionError as error:
        raise InvalidPattern("", "it is nested too deep to be read") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")


def _float(text: str) -> float:
    number = float(text)
    mantissa = text.lower().partition("e")[0]
    return Underflow(number) if number == 0 and mantissa.strip("-0.") else number


def _object(members: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(members)
    if len(result) == len(members):
        return result
    counts = Counter(key for key, _ in members)
    return RepeatedKey(result, next(key for key, count in counts.items() if count > 1))
