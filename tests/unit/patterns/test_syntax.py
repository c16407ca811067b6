"""What the compiler takes, and what it refuses: with the path and a reason."""

import json
import math
from collections import OrderedDict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.errors import DetentError
from detent.patterns import InvalidPattern, Pattern

REFUSED_CONDITIONS = [
    [],
    {},
    ["x"],
    ("x",),
    {"x"},
    Decimal(5),
    b"x",
    math.nan,
    math.inf,
    {"prefix": "a", "suffix": "b"},
    {"regex": "a.*"},
    {1: "a"},
    {"exactly": 1},
    {"exactly": None},
    {"exactly": ["x"]},
    {"exists": 1},
    {"exists": None},
    {"prefix": 1},
    {"prefix": ["a"]},
    {"prefix": {"wildcard": "a"}},
    {"prefix": {"equals-ignore-case": ["a"]}},
    {"prefix": {"equals-ignore-case": "a", "exactly": "a"}},
    {"suffix": None},
    {"suffix": {}},
    {"equals-ignore-case": ["a"]},
    {"equals-ignore-case": 5},
    {"wildcard": 5},
    {"wildcard": "a**b"},
    {"wildcard": "a\\"},
    {"wildcard": "a\\b"},
    {"numeric": 5},
    {"numeric": []},
    {"numeric": [">"]},
    {"numeric": [">", "5"]},
    {"numeric": [">", True]},
    {"numeric": [">", None]},
    {"numeric": ["!=", 5]},
    {"numeric": [">", 1, "<"]},
    {"numeric": [">", 1, "<", 5, "<"]},
    {"numeric": ["<", 5, ">", 1]},
    {"numeric": ["=", 1, "<", 5]},
    {"numeric": [">", 1, ">", 5]},
    {"numeric": [">", 5, "<", 1]},
    {"numeric": [">=", 5, "<", 5]},
    {"numeric": [">", 5, "<=", 5]},
    {"numeric": [">", 5, "<", 5]},
    {"numeric": (">", 5)},
    {"numeric": [">", math.inf]},
    {"numeric": [">", math.nan]},
    {"numeric": [">", 9007199254740993]},
    {"numeric": [">", 123456789012345678901234567890]},
    {"numeric": [">", 10**400]},
    {"numeric": [">", 10**5000]},
    {"cidr": 5},
    {"cidr": "10.0.0.0"},
    {"cidr": "10.0.0.0/"},
    {"cidr": "10.0.0.0/33"},
    {"cidr": "10.0.0.0/+8"},
    {"cidr": "10.0.0.0/-1"},
    {"cidr": "10.0.0.0/8/8"},
    {"cidr": "10.0.0.0/" + "9" * 5000},
    {"cidr": "10.0.0/8"},
    {"cidr": "300.0.0.0/8"},
    {"cidr": "::/129"},
    {"cidr": "::ffff:10.0.0.0/96"},
    {"cidr": "fe80::1%eth0/64"},
    {"cidr": "10.0.0.0/٨"},
    {"anything-but": None},
    {"anything-but": True},
    {"anything-but": []},
    {"anything-but": ["x", 5]},
    {"anything-but": [True]},
    {"anything-but": [None]},
    {"anything-but": [["x"]]},
    {"anything-but": ("x",)},
    {"anything-but": math.inf},
    {"anything-but": {}},
    {"anything-but": {"cidr": "10.0.0.0/8"}},
    {"anything-but": {"exactly": "x"}},
    {"anything-but": {"numeric": [">", 5]}},
    {"anything-but": {"prefix": ""}},
    {"anything-but": {"suffix": ["a", ""]}},
    {"anything-but": {"prefix": []}},
    {"anything-but": {"prefix": [5]}},
    {"anything-but": {"prefix": None}},
    {"anything-but": {"prefix": {"equals-ignore-case": "a"}}},
    {"anything-but": {"prefix": "a", "suffix": "b"}},
    {"all-of": []},
    {"all-of": "x"},
    {"all-of": [{"all-of": ["x"]}]},
    {"all-of": [{"exists": False}]},
    {"all-of": [["x"]]},
    {"any-of": ["x"]},
    {"all-of": [{"any-of": []}]},
    {"all-of": [{"any-of": [{"any-of": ["x"]}]}]},
    {"all-of": [{"any-of": [{"all-of": ["x"]}]}]},
    {"all-of": [{"any-of": [{"exists": False}]}]},
    {"none-of": []},
    {"none-of": "x"},
    {"none-of": [{"none-of": ["x"]}]},
    {"none-of": [{"any-of": ["x"]}]},
    {"none-of": [{"all-of": ["x"]}]},
    {"none-of": [{"exists": False}]},
]


@pytest.mark.parametrize("condition", REFUSED_CONDITIONS, ids=lambda condition: repr(type(condition)))
def test_a_condition_that_the_language_does_not_have_is_refused_at_its_path(condition: Any) -> None:
    with pytest.raises(InvalidPattern) as refused:
        Pattern({"data": {"total": ["x", condition]}})
    assert refused.value.path == "data.total"
    assert refused.value.reason


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (None, ""),
        (5, ""),
        ([], ""),
        ({}, ""),
        ({"a": {}}, "a"),
        ({"a": []}, "a"),
        ({"a": "x"}, "a"),
        ({"a": None}, "a"),
        ({"a": ("x",)}, "a"),
        ({"a": {"exists": True}}, "a.exists"),
        ({"a": {"b": {"c": 5}}}, "a.b.c"),
        ({1: ["x"]}, ""),
        ({"a": {None: ["x"]}}, "a"),
        ({"a.b": ["x"], "a": {"b": ["y"]}}, "a.b"),
        ({"a": {"b.c": ["x"]}, "a.b": {"c": ["y"]}}, "a.b.c"),
        ({"$or": []}, "$or"),
        ({"$or": [{"a": ["x"]}]}, "$or"),
        ({"$or": {"a": ["x"]}}, "$or"),
        ({"$or": ["x", "y"]}, ""),
        ({"$or": [{}, {"a": ["x"]}]}, ""),
        ({"a": {"$or": [{"b": ["x"]}, {"c": "x"}]}}, "a.c"),
        ({"a": ["x"], "$or": [{"a": ["y"]}, {"b": ["x"]}]}, "a"),
        ({"a.b": ["x"], "a": {"$or": [{"b": ["y"]}, {"c": ["x"]}]}}, "a.b"),
        ({"$or": [{"a": ["x"]}, {"$or": [{"b": ["x"]}, {"c": ["x"]}], "c": ["y"]}]}, "c"),
        ({"a.$or": [{"c": ["x"]}, {"d": ["x"]}]}, "a.$or"),
        ({"$or": [{"a": ["x"]}, {"prefix": ["x"]}]}, "prefix"),
        ({"$or": [{"a": {"b": {"numeric": ["x"]}}}, {"c": ["x"]}]}, "a.b.numeric"),
        ({"$or": [{"a.exists": ["x"]}, {"c": ["x"]}]}, "a.exists"),
        ({"$or": [{"regex": ["x"]}, {"c": ["x"]}]}, "regex"),
        ({"$or": [{"=": ["x"]}, {"c": ["x"]}]}, "="),
        ({"$or": [{"ip-address-not-in-range": ["x"]}, {"c": ["x"]}]}, "ip-address-not-in-range"),
    ],
)
def test_a_malformed_pattern_is_refused_at_its_path(pattern: Any, path: str) -> None:
    with pytest.raises(InvalidPattern) as refused:
        Pattern(pattern)
    assert refused.value.path == path


def test_the_same_path_in_two_parallel_choices_is_refused() -> None:
    with pytest.raises(InvalidPattern) as refused:
        Pattern({"a": {"$or": [{"x": ["1"]}, {"y": ["1"]}]}, "$or": [{"a.x": ["2"]}, {"z": ["1"]}]})
    assert refused.value.path == "a.x"


def test_a_dollar_or_within_a_dotted_key_is_a_name_like_any_other() -> None:
    assert Pattern({"a.$or": ["x"]}).matches({"a": {"$or": "x"}})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a": [NaN]}',
        '{"a": [-Infinity]}',
        '{"a": [1e400]}',
        '{"a": ["x"], "a": ["x"]}',
        '{"b": {"a": ["x"], "a": ["x"]}}',
        '{"a": [{"prefix": "x", "prefix": "x"}]}',
        '{"a": [{"anything-but": {"prefix": "x", "prefix": "x"}}]}',
        '{"$or": [{"a": ["x"], "a": ["x"]}, {"b": ["x"]}]}',
        '{"a": [{"numeric": [">", 1E-325]}]}',
        '{"a": [{"numeric": [">", -0.0001e-330]}]}',
        '{"a": [{"numeric": [">", 1e400]}]}',
        '{"a": [' + "9" * 5000 + "]}",
        b'{"a": ["\xff"]}',
        "[" * 60_000,
        '{"a":' * 10_000,
    ],
    ids=lambda text: repr(text[:40]),
)
def test_a_text_that_is_no_pattern_is_refused(text: str | bytes) -> None:
    with pytest.raises(InvalidPattern):
        Pattern(text)


def test_a_key_that_stands_twice_is_named_with_its_path() -> None:
    with pytest.raises(InvalidPattern, match='the key "a" stands twice') as refused:
        Pattern('{"b": {"a": ["x"], "a": ["y"]}}')
    assert refused.value.path == "b"


def test_a_number_too_small_for_a_double_is_zero_where_it_is_compared_for_equality() -> None:
    assert Pattern('{"a": [1E-325]}').matches({"a": 0})


def test_zero_written_in_any_way_is_a_bound() -> None:
    assert Pattern('{"a": [{"numeric": [">", -0.00e-400]}]}').matches({"a": 1})


@pytest.mark.parametrize(
    "source", ['{"a": ["x"]}', b'{"a": ["x"]}', bytearray(b'{"a": ["x"]}'), '{"a": ["x"]}'.encode("utf-16")]
)
def test_a_pattern_may_be_a_text(source: str | bytes) -> None:
    assert Pattern(source).matches({"a": "x"})


def test_a_pattern_may_be_any_kind_of_dict() -> None:
    assert Pattern(OrderedDict(a=["x"])).matches({"a": "x"})


@pytest.mark.parametrize(
    ("pattern", "document"),
    [
        ({"a.b": ["x"]}, {"a": {"b": "x"}}),
        ({"a": {"b": ["x"]}}, {"a.b": "x"}),
        ({"a": {"b.c": ["x"]}}, {"a.b": {"c": "x"}}),
        ({"": ["x"]}, {"": "x"}),
        ({".": ["x"]}, {"": {"": "x"}}),
        ({"a": {"": {"b": ["x"]}}}, {"a..b": "x"}),
        ({"a": ["x"], "a.b": ["y"]}, {"a": "x", "a.b": "y"}),
        ({"prefix": ["x"], "exists": {"numeric": ["y"]}}, {"prefix": "x", "exists": {"numeric": "y"}}),
        ({"prefix": {"$or": [{"a": ["x"]}, {"b": ["x"]}]}}, {"prefix": {"b": "x"}}),
    ],
)
def test_keys_are_joined_with_dots_in_pattern_and_document(pattern: dict[str, Any], document: dict[str, Any]) -> None:
    assert Pattern(pattern).matches(document)


@pytest.mark.parametrize(
    ("document", "matched"),
    [
        ({"a": "x", "b": "y", "c": "z"}, True),
        ({"a": "x", "d": "w", "e": "v"}, True),
        ({"a": "x", "d": "w"}, False),
        ({"b": "y", "c": "z"}, False),
    ],
)
def test_choices_nest_and_hold_beside_fields(document: dict[str, Any], matched: bool) -> None:
    pattern = {"a": ["x"], "$or": [{"b": ["y"], "c": ["z"]}, {"$or": [{"e": ["v"]}, {"f": ["u"]}], "d": ["w"]}]}
    assert Pattern(pattern).matches(document) is matched


def test_branches_of_one_choice_may_name_the_same_path() -> None:
    pattern = Pattern({"$or": [{"a": ["x"]}, {"a": ["y"], "b": ["z"]}]})
    assert pattern.matches({"a": "y", "b": "z"})


def test_an_error_is_a_detent_error_and_a_value_error() -> None:
    assert issubclass(InvalidPattern, DetentError)
    assert issubclass(InvalidPattern, ValueError)


def test_an_error_names_path_branch_and_reason() -> None:
    with pytest.raises(InvalidPattern) as refused:
        Pattern({"$or": [{"a": ["x"]}, {"b": [{"regex": "x"}]}]})
    assert str(refused.value).startswith("Invalid pattern, at 'b': \"regex\" is not an operator")
    assert refused.value.reason.endswith("(in branch 2 of $or)")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["$or", "numeric", "all-of"]), inner),
    max_leaves=20,
)


def is_refused(source: Any) -> bool:
    try:
        Pattern(source)
    except InvalidPattern as error:
        return bool(str(error).encode())
    return False


@given(json_values)
def test_any_json_value_is_taken_or_refused_alike_as_value_and_as_text(value: Any) -> None:
    assert is_refused(value) is is_refused(json.dumps(value))


def test_a_pattern_of_every_operator_is_not_refused() -> None:
    conditions = [{"prefix": "x"}, {"numeric": [">", 5]}, {"all-of": [{"none-of": ["x"]}]}]
    assert not is_refused({"$or": [{"a": conditions}, {"b": conditions}]})
