"""JSON pointers to the places that errors name by paths with dots."""

from collections.abc import Sequence
from typing import Any


def pointer_to(path: str, value: Any, at: str = "") -> str:
    """Return a path with dots as a JSON pointer (RFC 6901).

    A key of the value may hold dots itself: of the keys that the path can begin with, the longest is meant.

    Args:
        path: The path, such as `actions.0.input`; "" for the whole.
        value: The JSON that it leads into.
        at: The pointer to that JSON.
    """
    parts = path.split(".") if path else []
    while parts:
        length = _length_of_key(parts, value)
        key = ".".join(parts[:length])
        value = _inside(value, key)
        at, parts = f"{at}/{_escaped(key)}", parts[length:]
    return at


def _length_of_key(parts: Sequence[str], value: Any) -> int:
    if isinstance(value, dict):
        for length in range(len(parts), 0, -1):
            if ".".join(parts[:length]) in value:
                return length
    return 1


def _inside(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    is_place = isinstance(value, list) and key.isascii() and key.isdecimal() and int(key) < len(value)
    return value[int(key)] if is_place else None


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
