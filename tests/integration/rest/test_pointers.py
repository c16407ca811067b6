"""JSON pointers of paths with dots."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.rest.pointers import pointer_to

VALUE = {"a": {"b.c": [{"d/e": 1}, {"~": 2}]}, "b": {"c": 3}}


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("", ""),
        ("a", "/a"),
        ("a.b.c", "/a/b.c"),
        ("a.b.c.0.d/e", "/a/b.c/0/d~1e"),
        ("a.b.c.1.~", "/a/b.c/1/~0"),
        ("b.c", "/b/c"),
        ("b.missing.key", "/b/missing/key"),
        ("a.b.c.9.x", "/a/b.c/9/x"),
    ],
)
def test_a_path_becomes_a_pointer_to_what_is_there(path: str, pointer: str) -> None:
    """Keys with dots are found; what is not there is named part by part."""
    assert pointer_to(path, VALUE) == pointer


KEYS = st.text(st.characters(exclude_characters=".", exclude_categories=["Cs"]), min_size=1, max_size=4)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


@given(JSON)
def test_every_place_of_a_value_has_the_pointer_that_leads_to_it(value: Any) -> None:
    """As RFC 6901 evaluates it."""
    for path, inner in places(value, ""):
        assert json.dumps(evaluated(pointer_to(path, value), value)) == json.dumps(inner)


def places(value: Any, path: str) -> list[tuple[str, Any]]:
    """List every place in a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [(path, value)] if path else []
    for key, inner in inside:
        found += places(inner, f"{path}.{key}" if path else str(key))
    return found


def evaluated(pointer: str, value: Any) -> Any:
    """Follow a pointer."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value
