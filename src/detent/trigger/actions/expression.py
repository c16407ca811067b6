"""JMESPath that tells a field that is missing from one that is null."""

from functools import cache
from typing import TYPE_CHECKING, Any

from jmespath.visitor import TreeInterpreter

if TYPE_CHECKING:
    from jmespath.visitor import _TreeNode as Node

PROJECTIONS = ("projection", "value_projection", "filter_projection")
LENIENT = (*PROJECTIONS, "comparator", "not_expression")


class MissingField(LookupError):
    """An expression names a field or an index that is not there.

    Attributes:
        name: The field or the index.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class StrictInterpreter(TreeInterpreter):
    """Evaluates JMESPath, except that a missing field is an error where the library answers null.

    Where an expression itself provides for a missing field it stays null, as the language has it: to the left of
    `||` and `&&`, after `!`, in comparisons, in the arguments of `not_null`, and in the elements of a projection.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lenient = TreeInterpreter()

    def visit(self, node: "Node", *args: Any, **kwargs: Any) -> Any:
        """Evaluate a node of the syntax tree, as the library does where the node provides for missing fields."""
        if node["type"] in PROJECTIONS:
            # Its elements may lack a field; the list that is projected must be there.
            super().visit(node["children"][0], *args, **kwargs)
        lenient = node["type"] in LENIENT or (node["type"] == "function_expression" and node["value"] == "not_null")
        return self._lenient.visit(node, *args, **kwargs) if lenient else super().visit(node, *args, **kwargs)

    def visit_field(self, node: "Node", value: Any) -> Any:
        """Return a field that must be there."""
        if isinstance(value, dict) and node["value"] in value:
            return value[node["value"]]
        raise MissingField(node["value"])

    def visit_index(self, node: "Node", value: Any) -> Any:
        """Return an element that must be there."""
        index = node["value"]
        if isinstance(value, list) and -len(value) <= index < len(value):
            return value[index]
        raise MissingField(f"[{index}]")

    def visit_or_expression(self, node: "Node", value: Any) -> Any:
        """Return the left side, which may be missing, or the right."""
        left, right = node["children"]
        found = self._lenient.visit(left, value)
        return self.visit(right, value) if is_false(found) else found

    def visit_and_expression(self, node: "Node", value: Any) -> Any:
        """Return the left side if it is false or missing, else the right."""
        left, right = node["children"]
        found = self._lenient.visit(left, value)
        return found if is_false(found) else self.visit(right, value)


def is_false(value: object) -> bool:
    """Tell whether JMESPath takes a value for false, which 0 is not."""
    return value is None or value is False or value in ("", [], {})


@cache
def strict_interpreter() -> StrictInterpreter:
    """Return the one interpreter; it keeps nothing between two expressions."""
    return StrictInterpreter()
