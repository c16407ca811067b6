"""The key of a window: what `by` gives for a document. Each key has a window of its own."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

from detent.trigger.actions.template import Expression, InvalidTemplate, TemplateError, parts_of, render
from detent.trigger.configuration.exceptions import InvalidTriggerRule
from detent.trigger.document import Document
from detent.trigger.errors import TriggerError

if TYPE_CHECKING:
    from jmespath.visitor import _TreeNode as Node

LONGEST_KEY = 255

COMPOUND_NODES = frozenset(
    {
        *("identity", "current", "multi_select_dict", "multi_select_list", "slice", "flatten"),
        *("projection", "value_projection", "filter_projection", "expref"),
    }
)
COMPOUND_FUNCTIONS = frozenset({"keys", "values", "sort", "sort_by", "map", "merge", "to_array"})


class NoWindowKey(TriggerError, ValueError):
    """A rule's `by` gives no key for an occurrence, so that no window can decide about it.

    Attributes:
        by: The expression.
        reason: What it gave.
    """

    def __init__(self, by: str, reason: str) -> None:
        super().__init__(f"by: {by} {reason}. Provide for it, as in ${{data.customer || 'nobody'}}.")
        self.by = by
        self.reason = reason


def key_of(by: str, document: Document) -> str:
    """Return the key of the window that a document belongs to, as JSON text: `17` is not `"17"`.

    What is too long for the table is cut, and told apart by its hash.

    Args:
        by: The rule's expression.
        document: What happened.

    Raises:
        NoWindowKey: It gives nothing, an object or an array.
    """
    try:
        value = render(by, document, "by")
    except TemplateError as error:
        raise NoWindowKey(by, f"cannot be told: {error.reason}") from error
    if value is None:
        raise NoWindowKey(by, "gives nothing (null)")
    if isinstance(value, dict | list):
        raise NoWindowKey(by, "gives an object or an array; a key is a text, a number, true or false")
    return _fitting(_text(value))


def check_by(by: str, path: str) -> None:
    """Refuse an expression that is none, or that can only give an object or an array.

    Args:
        by: The rule's expression.
        path: Where it stands.

    Raises:
        InvalidTriggerRule: It cannot be a key.
    """
    try:
        parts = parts_of(by, path)
    except InvalidTemplate as error:
        raise InvalidTriggerRule(f"${{{error.expression}}}: {error.reason}", path) from error
    if len(parts) == 1 and isinstance(parts[0], Expression) and _is_compound(parts[0].parsed, at_top=True):
        raise InvalidTriggerRule(f"{by} gives an object or an array; a key is a text, a number, true or false", path)


def _is_compound(node: "Node", *, at_top: bool) -> bool:
    """Whether an expression gives an object or an array, or nothing at all, whatever the document."""
    kind, inside = node["type"], node.get("children", [])
    if kind in COMPOUND_NODES:
        return True
    if kind == "field":
        return at_top and node["value"] == "data"
    if kind == "literal":
        return isinstance(node["value"], dict | list)
    if kind == "function_expression":
        return node["value"] in COMPOUND_FUNCTIONS
    if kind == "or_expression":
        return all(_is_compound(each, at_top=at_top) for each in inside)
    return kind in {"pipe", "subexpression"} and _is_compound(inside[-1], at_top=False)


def _text(value: Any) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return json.dumps(int(value) if whole else value, ensure_ascii=False)


def _fitting(text: str) -> str:
    if len(text) <= LONGEST_KEY:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{text[: LONGEST_KEY - len(digest) - 1]}…{digest}"
