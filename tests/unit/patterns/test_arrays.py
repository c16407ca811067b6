"""Which elements of arrays count together: values that meet different fields must agree on every array they share."""

from typing import Any

import pytest

from detent.patterns import Pattern

ABSENT = [{"exists": False}]

MATCHED = [
    pytest.param({"a": ["x"]}, {"a": ["w", "x"]}, id="any element counts"),
    pytest.param({"a": ["x"]}, {"a": [[], [["x"]]]}, id="arrays in arrays vanish"),
    pytest.param({"a": {"b": ["x"]}}, {"a": [1, {"b": [{"c": 1}, "x"]}]}, id="objects and values mixed"),
    pytest.param({"e.f": ["A"], "e.l": ["J"]}, {"e": [{"f": "B", "l": "J"}, {"f": "A", "l": "J"}]}, id="one element"),
    pytest.param({"e.f": ["A"], "e.l": ["J"]}, {"e": [[{"f": "A", "l": "S"}], [{"f": "A", "l": "J"}]]}, id="nested"),
    pytest.param({"e.f": ["A"], "e.g.h": ["J"]}, {"e": [{"f": "A", "g": [{"h": 1}, {"h": "J"}]}]}, id="array within"),
    pytest.param({"a.b": ["x"], "a.c": ["y"]}, {"a": [{"b": "x"}], "a.c": "y"}, id="dotted key outside of the array"),
    pytest.param({"a": ["x"], "a.b": ["y"]}, {"a": [["x", {"c": 1}]], "a.b": "y"}, id="value and field at one path"),
    pytest.param(
        {"e": {"f": ["A"], "t": [{"none-of": ["x"]}]}},
        {"e": [{"f": "A", "t": "x"}, {"f": "A", "t": "y"}]},
        id="another element will do for what is forbidden",
    ),
    pytest.param(
        {"e": {"f": ["A"], "g": ABSENT, "h": ABSENT}},
        {"e": [{"f": "A", "g": 1}, {"f": "A", "h": 1}, {"f": "A"}]},
        id="two absences at one element",
    ),
    pytest.param(
        {"e": {"f": [{"exists": False}, "A"], "g": [{"exists": False}, "A"]}},
        {"e": [{"f": "A", "g": "B"}, {"f": "A"}]},
        id="a field that may be absent chooses the element",
    ),
    pytest.param(
        {"e": {"sku": [{"all-of": ["A", "B"]}], "bad": ABSENT}},
        {"e": [{"sku": "A", "bad": 1}, {"sku": "B"}]},
        id="no value agrees with two elements",
    ),
    pytest.param(
        {"e": {"q": [1], "tags": [{"all-of": ["x", "y"]}]}},
        {"e": [{"q": 1, "tags": ["x", "y"]}, {"q": 2, "tags": ["x"]}]},
        id="all-of within the chosen element",
    ),
    pytest.param(
        {"e": {"f": ["A"], "t": [{"all-of": ["y", {"none-of": ["x"]}]}]}},
        {"e": [{"f": "A", "t": ["y"]}, {"f": "B", "t": ["x"]}]},
        id="none-of in all-of at the chosen element",
    ),
    pytest.param(
        {"a.b": ["x"], "a.d": ABSENT},
        {"a.b": "x", "a": [{"b": "x"}, {"d": 2}]},
        id="a choice that rids of a forbidden value is made",
    ),
    pytest.param(
        {"e": {"f": ["A"], "$or": [{"g": ["no"]}, {"g": ["B"]}]}},
        {"e": [{"f": "B", "g": "no"}, {"f": "A", "g": "B"}]},
        id="branches choose apart",
    ),
]

UNMATCHED = [
    pytest.param({"a": [{"exists": True}]}, {"a": [[], {}, [{}]]}, id="empty arrays and objects are no value"),
    pytest.param({"e.f": ["A"], "e.l": ["J"]}, {"e": [{"f": "A"}, {"l": "J"}]}, id="different elements"),
    pytest.param({"e.f": ["A"], "e.l": ["J"]}, {"e": [[{"f": "A"}, {"l": "J"}]]}, id="different inner elements"),
    pytest.param(
        {"e.f": ["A"], "e.g.h": ["J"]}, {"e": [{"f": "A", "g": [{"h": 1}]}, {"f": "B", "g": [{"h": "J"}]}]}, id="outer"
    ),
    pytest.param(
        {"e": {"a": [1], "b": [1], "c": [1]}}, {"e": [{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"a": 1, "c": 1}]}, id="pairs"
    ),
    pytest.param(
        {"e": {"f": ["A"], "g": ABSENT, "h": ABSENT}},
        {"e": [{"f": "A", "g": 1}, {"f": "A", "h": 1}]},
        id="each absence at another element",
    ),
    pytest.param(
        {"e": {"t": [{"all-of": ["y", {"none-of": ["x"]}]}]}},
        {"e": [{"t": "y"}, {"t": "x"}]},
        id="a field's own choice does not narrow what it forbids",
    ),
    pytest.param(
        {"e": {"f": [{"none-of": ["A"]}, {"none-of": ["B"]}]}}, {"e": [{"f": "A"}, {"f": "B"}]}, id="one of two none-of"
    ),
    pytest.param({"e": {"g": ABSENT, "h": ABSENT}}, {"e": [{"g": 1}, {"h": 1}]}, id="absences choose no element"),
]


@pytest.mark.parametrize(("pattern", "document"), MATCHED)
def test_values_that_agree_match(pattern: dict[str, Any], document: dict[str, Any]) -> None:
    assert Pattern(pattern).matches(document)


@pytest.mark.parametrize(("pattern", "document"), UNMATCHED)
def test_values_that_do_not_agree_do_not_match(pattern: dict[str, Any], document: dict[str, Any]) -> None:
    assert not Pattern(pattern).matches(document)


def test_a_field_needs_only_its_own_element_of_a_long_array() -> None:
    rows = [{"f": "A", "l": "S"} if number % 2 else {"f": "P", "l": "J"} for number in range(20_000)]
    pattern = Pattern({"e": {"f": ["A"], "l": ["J"]}})
    assert not pattern.matches({"e": rows})
    assert pattern.matches({"e": [*rows, {"f": "A", "l": "J"}]})


def test_arrays_nested_to_the_limit_are_searched() -> None:
    rows: list[Any] = [{"x": 1}, {"y": 2}]
    for _ in range(490):
        rows = [{"x": 1}, rows]
    pattern = Pattern({"a": {"x": [1], "y": [2]}})
    assert not pattern.matches({"a": rows})


def test_sibling_arrays_within_an_element_are_searched_apart() -> None:
    """Taken together, these have 20 to the power of 6 combinations in each of 20 elements."""
    fits = [{"x": 1, "y": 2} for _ in range(20)]
    fails = [{"x": 1} if number % 2 else {"y": 2} for number in range(20)]
    names = ["a", "b", "c", "d", "e", "f"]
    pattern = Pattern({"rows": {name: {"x": [1], "y": [2]} for name in names}})
    row = dict.fromkeys(names, fits)
    assert pattern.matches({"rows": [row]})
    assert not pattern.matches({"rows": [{**row, "f": fails}] * 20})
