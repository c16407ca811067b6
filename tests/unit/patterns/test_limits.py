"""One bad pattern or document must not harm the others: every limit is named with its figure."""

from typing import Any

import pytest

from detent.patterns import InvalidDocument, InvalidPattern, Pattern


def nested(levels: int, innermost: Any) -> Any:
    for _ in range(levels):
        innermost = {"a": innermost}
    return innermost


def choice(branches: int, name: str = "a") -> list[dict[str, Any]]:
    return [{f"{name}{number}": [number]} for number in range(branches)]


WITHIN = [
    pytest.param({"$or": choice(1000)}, id="1000 alternatives"),
    pytest.param(
        {"a": {"$or": choice(10)}, "b": {"$or": choice(10)}, "$or": choice(10)}, id="10 x 10 x 10 alternatives"
    ),
    pytest.param({"a": [{"wildcard": "a*" * 20}]}, id="20 stars"),
    pytest.param({"a": [{"wildcard": "a*" * 20 + "\\*" * 20}]}, id="escaped stars"),
    pytest.param({"a": [{"wildcard": f"{number}*"} for number in range(64)]}, id="64 wildcards"),
    pytest.param(nested(49, ["x"]), id="depth 50"),
    pytest.param({"a": [str(number) for number in range(1000)]}, id="1000 conditions"),
    pytest.param({"a": [{"anything-but": [str(number) for number in range(1001)]}]}, id="one long list"),
    pytest.param({"a": ["x" * (64 * 1024 - 10)]}, id="64 KB"),
]

BEYOND = [
    pytest.param({"$or": choice(1001)}, "1000", id="1001 alternatives"),
    pytest.param({"a": {"$or": choice(11)}, "b": {"$or": choice(10)}, "$or": choice(10)}, "1000", id="11 x 10 x 10"),
    pytest.param({f"b{n}": {"$or": choice(2)} for n in range(500)}, "1000", id="2 to the power of 500 alternatives"),
    pytest.param({"a": [{"wildcard": "a*" * 21}]}, "20", id="21 stars"),
    pytest.param(
        {"a": [{"wildcard": f"{n}*"} for n in range(60)], "b": [{"anything-but": {"wildcard": list("abcde")}}]},
        "64",
        id="65 wildcards",
    ),
    pytest.param(nested(50, ["x"]), "50", id="depth 51"),
    pytest.param({"a": [str(number) for number in range(1001)]}, "1000", id="1001 conditions"),
    pytest.param(
        {"a": ["x", {"all-of": [str(number) for number in range(1000)]}]}, "1000", id="1001 nested conditions"
    ),
    pytest.param({"a": ["x" * (64 * 1024 - 9)]}, "65536", id="64 KB and a byte"),
    pytest.param('{"a": ["' + "ä" * 33_000 + '"]}', "65536", id="64 KB of UTF-8"),
    pytest.param('{"a": ["x"]}' + " " * 70_000, "65536", id="64 KB of blanks"),
]


@pytest.mark.parametrize("pattern", WITHIN)
def test_a_pattern_at_a_limit_is_taken(pattern: Any) -> None:
    assert not Pattern(pattern).matches({})


@pytest.mark.parametrize(("pattern", "figure"), BEYOND)
def test_a_pattern_beyond_a_limit_is_refused_with_the_figure(pattern: Any, figure: str) -> None:
    with pytest.raises(InvalidPattern, match=figure):
        Pattern(pattern)


def test_a_dict_that_contains_itself_is_refused() -> None:
    pattern: dict[str, Any] = {}
    pattern["a"] = pattern
    with pytest.raises(InvalidPattern, match="50"):
        Pattern(pattern)


def test_a_dict_that_contains_one_dict_very_often_is_refused() -> None:
    pattern: dict[str, Any] = {"a": ["x"]}
    for _ in range(45):
        pattern = {"a": pattern, "b": pattern}
    with pytest.raises(InvalidPattern, match="65536"):
        Pattern(pattern)


def test_a_document_at_the_depth_limit_is_taken() -> None:
    assert Pattern({".".join("a" * 500): ["x"]}).matches(nested(500, "x"))


def test_a_document_beyond_the_depth_limit_is_refused_whatever_the_pattern_asks_for() -> None:
    with pytest.raises(InvalidDocument, match="500"):
        Pattern({"b": ["x"]}).matches(nested(501, "x"))


def test_arrays_that_can_be_combined_in_too_many_ways_are_refused() -> None:
    """Dotted keys lead to eight arrays at one path: nine guests want a room of their own in a house of eight."""
    room = [{f"guest{number}": "in"} for number in range(9)]
    house: dict[str, Any] = {
        "a.b.c.d": room,
        "a": {"b.c.d": list(room), "b": {"c.d": list(room), "c": {"d": list(room)}}, "b.c": {"d": list(room)}},
        "a.b": {"c.d": list(room), "c": {"d": list(room)}},
        "a.b.c": {"d": list(room)},
    }
    eight = {"a.b.c.d": {f"guest{number}": ["in"] for number in range(8)}}
    nine = {"a.b.c.d": {f"guest{number}": ["in"] for number in range(9)}}
    assert Pattern(eight).matches(house)
    with pytest.raises(InvalidDocument, match="too many ways"):
        Pattern(nine).matches(house)
