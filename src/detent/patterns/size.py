"""The size and depth of a decoded pattern, held against the limits before anything else looks at it."""

from detent.patterns.errors import InvalidPattern
from detent.patterns.limits import PATTERN_BYTES, PATTERN_DEPTH


def refuse_oversized(pattern: object) -> None:
    """Refuse a pattern that is nested too deep or would be too large a text.

    Works without recursion, and stops at the limit: a dict that contains itself, or one dict many times, is no danger.

    Args:
        pattern: A decoded pattern, or whatever was given as one.

    Raises:
        InvalidPattern: It is beyond a limit.
    """
    size = 0
    level = [pattern]
    depth = 0
    while level:
        depth += 1
        if depth > PATTERN_DEPTH and any(isinstance(node, (dict, list)) for node in level):
            raise InvalidPattern("", f"it is nested deeper than the limit of {PATTERN_DEPTH} levels")
        deeper: list[object] = []
        for node in level:
            size += _own_size(node)
            if size > PATTERN_BYTES:
                raise InvalidPattern("", f"it is larger than the limit of {PATTERN_BYTES} bytes")
            if isinstance(node, dict):
                deeper += node.values()
            elif isinstance(node, list):
                deeper += node
        level = deeper


def _own_size(node: object) -> int:
    """Bytes of its JSON text without what an object or array holds; an escape counts as the character it stands for."""
    match node:
        case str():
            return 2 + (len(node) if node.isascii() else len(node.encode("utf-8", "surrogatepass")))
        case dict():
            return 2 + sum([_own_size(key) + len(":,") for key in node]) - bool(node)
        case list():
            return 2 + max(len(node) - 1, 0)
        case bool() | None:
            return 5 if node is False else 4
        case int():
            # A digit takes 3.33 bits; str() refuses integers of more than 4,300 digits.
            return node.bit_length() * 3 // 10 + 1
        case _:
            return len(repr(node)) if isinstance(node, float) else 0
