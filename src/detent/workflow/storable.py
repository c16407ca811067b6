"""Whether what a call says of itself can be kept by every database: its context as JSON, its key as text."""

import re
from collections.abc import Mapping

from django.core.serializers.json import DjangoJSONEncoder

_ENCODER = DjangoJSONEncoder(ensure_ascii=False, allow_nan=False)
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_NUL = "it holds the character NUL, which no database is sure to store; leave it out"
_HALF_PAIR = "it holds half a surrogate pair, which is no character; leave it out"


def fault_of_text(text: str) -> str:
    """Say why a text cannot be stored, and what to do; "" if it can."""
    return _NUL if "\0" in text else _fault_of_characters(text)


def fault_of_context(context: object) -> str:
    """Say why a context cannot be stored as a JSON object, and what to do; "" if it can."""
    if not isinstance(context, Mapping):
        return f"it is of type {type(context).__name__}; give a dict"
    try:
        text = _ENCODER.encode(dict(context))
    except (TypeError, ValueError, RecursionError) as error:
        return f"JSON cannot say it: {error}"
    return _NUL if _ESCAPED_NUL.search(text) else _fault_of_characters(text)


def _fault_of_characters(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return _HALF_PAIR
    return ""
