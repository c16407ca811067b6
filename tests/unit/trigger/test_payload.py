"""Data is reduced to JSON before anything else sees it."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.payload import DEEPEST, NotJson, payload_of

UNUSABLE_NUMBER = "is not a finite number, or one of thousands of digits"
PLAIN_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | PLAIN_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(PLAIN_TEXT, inner),
)


@given(JSON)
def test_json_stays_what_it_is(value: Any) -> None:
    """What is JSON already comes out as it went in, and its text says the same."""
    payload = payload_of(value, "data")
    assert payload.value == value
    assert json.loads(payload.text) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("40.10"), 40.1),
        (Decimal("40.00"), 40),
        (Decimal("12345678901234567890"), 12345678901234567890),
        (datetime(2026, 11, 22, 10, tzinfo=UTC), "2026-11-22T10:00:00+00:00"),
        (date(2026, 11, 22), "2026-11-22"),
        (time(10, 30), "10:30:00"),
        (timedelta(hours=1), "P0DT01H00M00S"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (gettext_lazy("Draft"), "Draft"),
        ((1, 2), [1, 2]),
    ],
)
def test_python_values_become_json(value: object, expected: object) -> None:
    """What JSON has no word for, but a usual form of, is written in that form."""
    assert payload_of({"value": value}, "data").value == {"value": expected}


@pytest.mark.parametrize(
    ("value", "path", "reason"),
    [
        ({"a": [1, float("nan")]}, "data.a.1", UNUSABLE_NUMBER),
        ({"a": float("inf")}, "data.a", UNUSABLE_NUMBER),
        ({"a": Decimal("NaN")}, "data.a", UNUSABLE_NUMBER),
        ({"a": Decimal("1e400")}, "data.a", UNUSABLE_NUMBER),
        ({"a": 10**5000}, "data.a", UNUSABLE_NUMBER),
        ({"a": {"b": "x\0y"}}, "data.a.b", "holds a NUL character"),
        ({"a\0": 1}, "data", "the key 'a\\x00' holds a NUL character"),
        ({"a": "\udc80"}, "data.a", "holds half a surrogate pair, as a file name that is not UTF-8 does"),
        ({"a": datetime(2026, 11, 22)}, "data.a", "is a date-time without a time zone"),  # noqa: DTZ001
        ({"a": object()}, "data.a", "is of type object, which JSON has no word for"),
        ({"a": {1, 2}}, "data.a", "is of type set, which JSON has no word for"),
        ({("a", "b"): 1}, "data", "the key ('a', 'b') is of no type that JSON can make text of"),
    ],
)
def test_what_cannot_be_json_is_refused_with_its_path(value: object, path: str, reason: str) -> None:
    """The error names the place and what is wrong there."""
    with pytest.raises(NotJson) as caught:
        payload_of(value, "data")
    assert (caught.value.path, caught.value.reason) == (path, reason)


def test_a_backslash_before_a_zero_is_not_a_nul() -> None:
    r"""The six letters \u0000 are text like any other."""
    assert payload_of({"a": "\\u0000"}, "data").value == {"a": "\\u0000"}


def test_a_value_that_holds_itself_is_refused() -> None:
    """A cycle is an error, not an endless loop."""
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(NotJson, match="holds itself"):
        payload_of({"a": cycle}, "data")


def within(levels: int) -> Any:
    """Return a number inside so many objects and arrays."""
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


def test_what_lies_deeper_than_the_limit_is_refused() -> None:
    """On every Python, and before its own recursion comes to an end."""
    assert payload_of(within(DEEPEST - 1), "data").value == within(DEEPEST - 1)
    for levels in (DEEPEST, DEEPEST + 1, 900, 100_000):
        with pytest.raises(NotJson, match=f"nested more than {DEEPEST} levels"):
            payload_of(within(levels), "data")


def test_what_is_wide_is_not_deep() -> None:
    """Nor are brackets in texts."""
    wide = {"rows": [{"at": [n]} for n in range(1000)], "text": "[{" * 1000}
    assert payload_of(wide, "data").value == wide
