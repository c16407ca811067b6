"""The definition of a match, word for word and without any cleverness: every choice of values is tried.

Independent of the package, for patterns with string, number, `exists`, `anything-but`, `none-of`, `any-of`, `all-of`
conditions and `$or`. The time it takes is exponential, so documents and patterns must be small.
"""

from collections.abc import Callable, Iterator
from itertools import chain, combinations, product
from typing import Any, NamedTuple


class Value(NamedTuple):
    path: str
    content: Any
    elements: dict[int, int]


class Way(NamedTuple):
    """One way to meet a field: the values chosen, and what no value of the field may be."""

    chosen: tuple[Value, ...]
    forbidden: tuple[Callable[[Any], bool], ...]


def matches(pattern: dict[str, Any], document: dict[str, Any]) -> bool:
    values = list(_values(document))
    return any(_alternative_matches(fields, values) for fields in _alternatives(pattern))


def _values(document: dict[str, Any]) -> Iterator[Value]:
    def walk(content: Any, path: str | None, elements: dict[int, int]) -> Iterator[Value]:
        if isinstance(content, dict):
            for key, member in content.items():
                yield from walk(member, key if path is None else f"{path}.{key}", elements)
        elif isinstance(content, list):
            for index, element in enumerate(content):
                yield from walk(element, path, {**elements, id(content): index})
        else:
            yield Value(path or "", content, elements)

    return walk(document, None, {})


def _alternatives(pattern: dict[str, Any], prefix: str = "") -> list[dict[str, list[Any]]]:
    alternatives: list[dict[str, list[Any]]] = [{}]
    for key, content in pattern.items():
        if key == "$or":
            inner = list(chain.from_iterable(_alternatives(branch, prefix) for branch in content))
        elif isinstance(content, dict):
            inner = _alternatives(content, f"{prefix}{key}.")
        else:
            inner = [{prefix + key: content}]
        alternatives = [{**left, **right} for left in alternatives for right in inner]
    return alternatives


def _alternative_matches(fields: dict[str, list[Any]], values: list[Value]) -> bool:
    at_path = {path: [value for value in values if value.path == path] for path in fields}
    ways = [list(_ways(conditions, at_path[path])) for path, conditions in fields.items()]
    return any(_holds(choice, list(at_path.values())) for choice in product(*ways))


def _holds(choice: tuple[Way, ...], values: list[list[Value]]) -> bool:
    for left, right in combinations(choice, 2):
        if not all(_agree(one, other) for one in left.chosen for other in right.chosen):
            return False
    for number, way in enumerate(choice):
        others = [value for other, choices in enumerate(choice) if other != number for value in choices.chosen]
        for value in values[number]:
            if any(breaks(value.content) for breaks in way.forbidden) and all(_agree(value, one) for one in others):
                return False
    return True


def _agree(one: Value, other: Value) -> bool:
    return all(other.elements.get(array, index) == index for array, index in one.elements.items())


def _ways(conditions: list[Any], values: list[Value]) -> Iterator[Way]:
    for condition in conditions:
        match condition:
            case {"exists": False}:
                yield Way((), (lambda _: True,))
            case {"none-of": parts}:
                yield Way((), (lambda content, parts=parts: any(_meets(part, content) for part in parts),))
            case {"any-of": parts}:
                yield from _ways(parts, values)
            case {"all-of": parts}:
                for combination in product(*(list(_ways([part], values)) for part in parts)):
                    yield Way(
                        tuple(value for way in combination for value in way.chosen),
                        tuple(forbidden for way in combination for forbidden in way.forbidden),
                    )
            case _:
                yield from (Way((value,), ()) for value in values if _meets(condition, value.content))


def _meets(condition: Any, content: Any) -> bool:
    match condition:
        case {"exists": True}:
            return True
        case {"anything-but": excluded}:
            return not _meets(excluded, content)
        case _:
            return type(condition) is type(content) and bool(condition == content)
