"""Two JSON values are compared place by place."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.history.difference import differences, is_same

scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0]) | st.sampled_from(["", "a", "b"])
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"a": 1}, {"a": 2}, ["a: 1 → 2"]),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, ["a.b.1: 2 → 3"]),
        ({"a": 1}, {"b": 1}, ["a: removed 1", "b: added 1"]),
        ({"a": [1]}, {"a": {"b": 1}}, ['a: [1] → {"b": 1}']),
        ([1, 2, 3], [0, 1, 2, 3], ["0: added 0"]),
        ([1, 2, 3], [1, 3], ["1: removed 2"]),
        (["x", {"a": 1}, "y"], ["x", {"a": 2}, "y"], ["1.a: 1 → 2"]),
        ({"a": True}, {"a": 1}, ["a: true → 1"]),
        ({"a": "é"}, {"a": None}, ['a: "é" → null']),
    ],
)
def test_each_place_that_differs_is_named_with_what_stood_and_what_stands_there(
    before: object, after: object, said: list[str]
) -> None:
    """Elements that an array gained or lost do not make all that follow them differ."""
    assert [str(difference) for difference in differences(before, after)] == said


@pytest.mark.parametrize(("before", "after"), [(1, 1.0), ({"a": 1, "b": 2}, {"b": 2, "a": 1})])
def test_what_json_takes_for_the_same_does_not_differ(before: object, after: object) -> None:
    """Databases write a number back in another form, and keys in another order."""
    assert is_same(before, after)
    assert not list(differences(before, after))


@given(values, values)
def test_there_are_differences_exactly_where_values_are_not_the_same(before: Any, after: Any) -> None:
    """Whatever the values are."""
    found = list(differences(before, after))
    assert bool(found) is not is_same(before, after)
    assert is_same(before, json.loads(json.dumps(before)))
    assert len({difference.path for difference in found if difference.kind != "removed"}) == len(
        [difference for difference in found if difference.kind != "removed"]
    )


def test_deep_values_are_compared_in_a_moment() -> None:
    """The time does not double with each level."""
    before: Any = 1
    after: Any = 2
    for _ in range(150):
        before, after = [before, "x"], [after, "x"]
    (difference,) = differences(before, after)
    assert (difference.before, difference.after) == (1, 2)
