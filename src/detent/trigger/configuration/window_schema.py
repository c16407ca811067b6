"""JSON Schemas of the four windows that a rule of any type may have."""

from collections.abc import Mapping
from typing import Any

LARGEST_COUNT = 10_000
LONGEST_TEXT = 1000

COUNT = {"type": "integer", "minimum": 1, "maximum": LARGEST_COUNT}
TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}


def _window(*required: str, **properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": {"by": TEXT, **properties},
    }


WINDOWS: dict[str, dict[str, Any]] = {
    "throttle": _window("limit", "per", limit=COUNT, per=TEXT),
    "debounce": _window("quiet", quiet=TEXT, at_most=TEXT),
    "threshold": _window("count", "within", count=COUNT, within=TEXT),
    "absence": _window("of", "within", of={"type": "object"}, within=TEXT, grace=TEXT),
}
