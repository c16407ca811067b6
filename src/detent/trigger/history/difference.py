"""In what two JSON values differ, place by place."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Difference:
    """One place at which two JSON values differ.

    Attributes:
        path: Where, such as `pattern.data.total.0`; "" for the whole.
        kind: Whether something was added there, removed, or changed.
        before: What stood there; None if it was added.
        after: What stands there; None if it was removed.
    """

    path: str
    kind: Literal["added", "removed", "changed"]
    before: Any
    after: Any

    def as_data(self) -> dict[str, Any]:
        """Return the difference as JSON has it."""
        return asdict(self)

    def __str__(self) -> str:
        before, after = (json.dumps(value, ensure_ascii=False) for value in (self.before, self.after))
        said = {"added": f"added {after}", "removed": f"removed {before}", "changed": f"{before} → {after}"}
        return f"{self.path}: {said[self.kind]}"


def differences(before: object, after: object, path: str = "") -> Iterator[Difference]:
    """Yield the places at which two JSON values differ, objects and arrays being gone into.

    Args:
        before: The one value.
        after: The other.
        path: What to call their place.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_objects(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_arrays(before, after, path)
    elif not is_same(before, after):
        yield Difference(path, "changed", before, after)


def is_same(before: object, after: object) -> bool:
    """Tell whether two JSON values say the same: the order of keys does not matter, 1 is 1.0, and true is not 1."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(is_same(before[key], after[key]) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(is_same, before, after))
    return before == after and isinstance(before, bool) == isinstance(after, bool)


def _of_objects(before: dict[str, Any], after: dict[str, Any], path: str) -> Iterator[Difference]:
    for key in sorted(before.keys() | after.keys()):
        where = _inside(path, key)
        if key not in before:
            yield Difference(where, "added", None, after[key])
        elif key not in after:
            yield Difference(where, "removed", before[key], None)
        else:
            yield from differences(before[key], after[key], where)


def _of_arrays(before: list[Any], after: list[Any], path: str) -> Iterator[Difference]:
    """Compare what is left between the elements that both begin with and those that both end with."""
    start = _common_length(before, after)
    end = _common_length(before[start:][::-1], after[start:][::-1])
    left, right = before[start : len(before) - end], after[start : len(after) - end]
    shared = min(len(left), len(right))
    for index in range(shared):
        yield from differences(left[index], right[index], _inside(path, start + index))
    for index, value in enumerate(left[shared:], start + shared):
        yield Difference(_inside(path, index), "removed", value, None)
    for index, value in enumerate(right[shared:], start + shared):
        yield Difference(_inside(path, index), "added", None, value)


def _common_length(before: list[Any], after: list[Any]) -> int:
    pairs = zip(before, after, strict=False)
    return next((index for index, pair in enumerate(pairs) if not is_same(*pair)), min(len(before), len(after)))


def _inside(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
