"""What counts as a document, as a dict and as a text."""

import json
import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.errors import DetentError
from detent.patterns import InvalidDocument, Pattern, PatternIndex

ANY = {"a": [{"exists": True}]}


@pytest.mark.parametrize(
    "document", [None, [], "{}", 5, b"{}", {1: 2}, {"a": {None: 1}}, {"a": (1,)}, {"b": Decimal(1)}]
)
def test_what_json_does_not_know_is_no_document(document: Any) -> None:
    with pytest.raises(InvalidDocument):
        Pattern(ANY).matches(document)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "[]",
        "{",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": -Infinity}',
        b'{"a": "\xff"}',
        '{"a":' + "9" * 5000 + "}",
        '{"a":' + "[" * 1000 + "]" * 1000 + "}",
        "[" * 100_000,
        None,
    ],
    ids=lambda text: repr(text)[:30],
)
def test_a_text_that_is_no_document_is_refused(text: Any) -> None:
    with pytest.raises(InvalidDocument) as refused:
        PatternIndex({"rule": ANY}).match_json(text)
    assert refused.value.reason in str(refused.value)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ({"a": ["y"]}, '{"a": "x", "a": "y"}'),
        ({"a": [{"numeric": [">", 1e308]}]}, '{"a": 1e400}'),
        ({"a": [18446744073709551617]}, '{"a": 18446744073709551617}'),
        ({"a": ["\ud800"]}, '{"a": "\\ud800"}'),
        ({"a": [18446744073709551617]}, '{"a": [1, 18446744073709551617]}'),
        ({"a": [{"none-of": [18446744073709551616]}]}, '{"a": 18446744073709551617}'),
        ({"a": [10**30]}, b'{"a": 1' + b"0" * 30 + b"}"),
        ({"a": [{"numeric": [">", 9223372036854775808]}]}, b'{"a": 9223372036854775809}'),
        ({"a": {"b": [18446744073709551617]}}, b'{"a": [{"b": 18446744073709551617}]}'),
        ({"a": [-0.0]}, b'{"a": -0}'),
        ({"a": [0]}, b'{"a": 1e-400}'),
        ({"a": ["ä"]}, '{"a": "ä"}'.encode("utf-16")),
        ({"a": ["ä"]}, '{"a": "ä"}'.encode("utf-8-sig")),
    ],
)
def test_a_text_is_read_as_the_json_module_reads_it(pattern: dict[str, Any], text: str | bytes) -> None:
    assert PatternIndex({"rule": pattern}).match_json(text) == {"rule"}


def test_a_text_nested_too_deep_is_refused_whatever_the_patterns_ask_for() -> None:
    text = '{"b":' + "[" * 500 + "]" * 500 + "}"
    with pytest.raises(InvalidDocument, match="500"):
        PatternIndex({"rule": ANY}).match_json(text)
    assert PatternIndex({"rule": ANY}).match_json(text.replace("[[", "[", 1).replace("]]", "]", 1)) == set()


@pytest.mark.parametrize("deep", [{"a": {"x": 1}}, {"a": []}, {"a": [[1], {"a": Decimal(1)}]}, {"a": Decimal(1)}])
def test_an_index_refuses_what_the_pattern_refuses_where_it_asks_for_something(deep: dict[str, Any]) -> None:
    for _ in range(499):
        deep["a"] = {"a": deep["a"]} if isinstance(deep["a"], dict) else [deep["a"]]
    with pytest.raises(InvalidDocument) as refused:
        Pattern(ANY).matches(deep)
    with pytest.raises(InvalidDocument, match=refused.value.reason[:20]):
        PatternIndex({"rule": ANY}).match(deep)


def test_an_index_looks_only_at_what_its_patterns_ask_for() -> None:
    assert PatternIndex({"rule": ANY}).match({"a": 1, "b": Decimal(1)}) == {"rule"}


def test_nan_in_a_dict_exists_and_equals_nothing() -> None:
    document = {"a": math.nan}
    assert Pattern(ANY).matches(document)
    assert Pattern({"a": [{"anything-but": [1]}]}).matches(document)
    assert not Pattern({"a": [1, {"numeric": ["<", 1]}, {"numeric": [">=", 1]}]}).matches(document)


def test_an_error_is_a_detent_error_and_a_value_error() -> None:
    assert issubclass(InvalidDocument, DetentError)
    assert issubclass(InvalidDocument, ValueError)


def test_long_paths_that_no_pattern_names_cost_no_memory() -> None:
    """Five hundred levels of long keys, with a value at each: as paths they would be 2.5 GB."""
    document: Any = "x"
    for _ in range(499):
        document = {"k" * 20_000: document, "v": 1}
    assert not Pattern(ANY).matches(document)


def test_a_path_of_very_many_keys_costs_no_more_memory_than_its_text() -> None:
    pattern = {".".join("a" * 30_000): ["x"]}
    assert PatternIndex({1: pattern, 2: {"a": ["x"]}}).match({"a": "x"}) == {2}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), anything))
def test_any_json_object_is_a_document(document: dict[str, Any]) -> None:
    pattern = Pattern({next(iter(document), "a"): [{"exists": True}]})
    explained = pattern.explain(document)
    assert explained.matched is pattern.matches(document)
    assert json.dumps(explained.as_data())
    assert str(explained).encode()
