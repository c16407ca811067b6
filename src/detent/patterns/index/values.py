"""The leaf values that stand at one path, where no array holds objects that other paths lead into."""

from collections.abc import Sequence
from typing import Final

from detent.patterns.conditions import Scalar

DEEP = 50
"""What is nested deeper than this is looked at more closely."""


class _Absent:
    """The type of `ABSENT`."""


ABSENT: Final = _Absent()
"""Stands for the value of a field that an object does not have."""

SCALARS: Final = frozenset({str, int, float, bool, type(None)})
"""The types of leaf values, as `json.loads` gives them."""


class Irregular(Exception):
    """What stands at a path has to be looked at more closely: it is no JSON value, or nested very deep."""


def scalars_of(value: object) -> Sequence[Scalar]:
    """The leaf values of what stands at a path: itself, or what an array holds, however its arrays nest.

    Raises:
        Irregular: It is nested very deep, or holds what JSON does not know.
    """
    if value is None or isinstance(value, (str, int, float)):
        return (value,)
    if isinstance(value, _Absent):
        return ()
    if isinstance(value, list) and all(type(each) in SCALARS for each in value):
        return value
    found: list[Scalar] = []
    level = [value]
    for _ in range(DEEP):
        found += [each for each in level if each is None or isinstance(each, (str, int, float))]
        level = [inner for each in level if isinstance(each, list) for inner in each]
        if not level:
            break
    if _is_irregular(value):
        raise Irregular
    return found


def _is_irregular(value: object) -> bool:
    level = [value]
    for _ in range(DEEP):
        deeper: list[object] = []
        for each in level:
            if isinstance(each, list):
                deeper += each
            elif isinstance(each, dict):
                deeper += each.values()
            elif not (each is None or isinstance(each, (str, int, float))):
                return True
        if not deeper:
            return False
        level = deeper
    return True
