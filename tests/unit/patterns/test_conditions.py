"""What each condition means, on a field that holds one value."""

import math
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.patterns import Pattern
from detent.patterns.letter_case import fold


def meets(condition: Any, value: Any) -> bool:
    return Pattern({"a": [condition]}).matches({"a": value})


MET = [
    ("x", "x"),
    (5, 5.0),
    (5.0, 5),
    (0, -0.0),
    (10**400, 10**400),
    (True, True),
    (None, None),
    ("10.0.0.1", "10.0.0.01"),
    ("010.0.0.1", "10.0.0.1"),
    ("10.0.0.0001", "10.0.0.1"),
    ("2001:DB8::1", "2001:db8:0:0::1"),
    ("::", "0:0:0:0:0:0:0:0"),
    ({"exactly": "10.0.0.1"}, "10.0.0.1"),
    ({"exists": True}, ""),
    ({"exists": True}, math.nan),
    ({"prefix": "ab"}, "abc"),
    ({"prefix": {"equals-ignore-case": "ÄB"}}, "äbc"),
    ({"prefix": {"equals-ignore-case": ""}}, "abc"),
    ({"suffix": "bc"}, "abc"),
    ({"suffix": {"equals-ignore-case": "BC"}}, "abc"),
    ({"suffix": {"equals-ignore-case": ""}}, "abc"),
    ({"equals-ignore-case": "Straße"}, "STRAßE"),
    ({"equals-ignore-case": "ПРИВЕТ"}, "привет"),
    ({"equals-ignore-case": ""}, ""),
    ({"wildcard": "a*c"}, "ac"),
    ({"wildcard": "a*c"}, "a\nb\nc"),
    ({"wildcard": "*b*"}, "abc"),
    ({"wildcard": "ab*ba"}, "abba"),
    ({"wildcard": "a*b*b*c"}, "abbc"),
    ({"wildcard": "a\\*c"}, "a*c"),
    ({"wildcard": "a\\\\c"}, "a\\c"),
    ({"wildcard": "\\**"}, "*x"),
    ({"wildcard": "*"}, ""),
    ({"wildcard": ""}, ""),
    ({"numeric": ["=", 5]}, 5.0),
    ({"numeric": [">", 0, "<=", 5]}, 5),
    ({"numeric": [">=", 5, "<=", 5]}, 5),
    ({"numeric": ["<", 0.1]}, -(10**400)),
    ({"numeric": [">", 9007199254740992]}, 9007199254740993),
    ({"numeric": [">", 0]}, math.inf),
    ({"cidr": "10.0.0.7/8"}, "10.255.0.1"),
    ({"cidr": "0.0.0.0/0"}, "255.255.255.255"),
    ({"cidr": "2001:db8::/32"}, "2001:db8:1::"),
    ({"cidr": "::/0"}, "::ffff:a00:1"),
    ({"cidr": "10.0.0.1/032"}, "10.0.0.01"),
    ({"anything-but": "x"}, "y"),
    ({"anything-but": ["x", "y"]}, None),
    ({"anything-but": 5}, True),
    ({"anything-but": [1]}, True),
    ({"anything-but": [5]}, math.nan),
    ({"anything-but": [5, 6.5]}, "5"),
    ({"anything-but": {"prefix": "x"}}, "yx"),
    ({"anything-but": {"suffix": ["x", "y"]}}, "xz"),
    ({"anything-but": {"wildcard": "*"}}, 5),
    ({"anything-but": {"equals-ignore-case": ["a", "b"]}}, "c"),
    ({"all-of": [{"prefix": "a"}, {"suffix": "c"}]}, "abc"),
    ({"all-of": [{"exists": True}]}, None),
    ({"none-of": ["x", 5]}, "5"),
    ({"none-of": [{"prefix": "x"}]}, 5),
]

UNMET = [
    ("x", "X"),
    (5, "5"),
    ("5", 5),
    (1, True),
    (0, False),
    (True, 1),
    (False, 0),
    (None, "null"),
    (0.1, math.nan),
    (9007199254740993, 9007199254740992),
    (9007199254740993, 9007199254740992.0),
    ("10.0.0.1", "::ffff:10.0.0.1"),
    ("10.0.0.1", "::ffff:a00:1"),
    ("10.0.0.1", "10.0.0.1 "),
    ("10.0.0.256", "10.0.0.0256"),
    ("fe80::1", "fe80::1%eth0"),
    ({"exactly": "10.0.0.1"}, "10.0.0.01"),
    ({"prefix": ""}, 5),
    ({"prefix": {"equals-ignore-case": "ab"}}, "a"),
    ({"suffix": {"equals-ignore-case": "ab"}}, "b"),
    ({"suffix": ""}, None),
    ({"equals-ignore-case": "STRASSE"}, "straße"),
    ({"equals-ignore-case": "i"}, "İ"),
    ({"equals-ignore-case": "k"}, "\N{KELVIN SIGN}"),
    ({"equals-ignore-case": "σ"}, "ς"),
    ({"equals-ignore-case": "ß"}, "ẞ"),
    ({"wildcard": "a*c"}, "acd"),
    ({"wildcard": "aba*aba"}, "ababa"),
    ({"wildcard": "ab*ba"}, "aba"),
    ({"wildcard": ""}, "x"),
    ({"wildcard": "*"}, 5),
    ({"wildcard": "a"}, "a\n"),
    ({"numeric": [">", 0]}, "5"),
    ({"numeric": [">", 0]}, True),
    ({"numeric": ["<", 0]}, math.nan),
    ({"numeric": [">=", 0]}, math.nan),
    ({"numeric": ["=", 9007199254740992]}, 9007199254740993),
    ({"cidr": "10.0.0.0/8"}, "11.0.0.0"),
    ({"cidr": "10.0.0.0/8"}, "10.0.0"),
    ({"cidr": "10.0.0.0/8"}, "::ffff:a00:1"),
    ({"anything-but": "x"}, "x"),
    ({"anything-but": [5]}, 5.0),
    ({"anything-but": {"prefix": ["x", "y"]}}, "yx"),
    ({"anything-but": {"wildcard": "*"}}, ""),
    ({"anything-but": {"equals-ignore-case": "Ä"}}, "ä"),
    ({"all-of": [{"prefix": "a"}, {"suffix": "b"}]}, "abc"),
    ({"none-of": [{"prefix": "x"}]}, "xy"),
    ({"none-of": [{"exists": True}]}, None),
]


@pytest.mark.parametrize(("condition", "value"), MET)
def test_a_value_meets_the_condition(condition: Any, value: Any) -> None:
    assert meets(condition, value)


@pytest.mark.parametrize(("condition", "value"), UNMET)
def test_a_value_does_not_meet_the_condition(condition: Any, value: Any) -> None:
    assert not meets(condition, value)


@pytest.mark.parametrize("condition", ["x", None, {"exists": True}, {"anything-but": "x"}, {"all-of": ["x"]}])
def test_an_absent_field_meets_no_condition_that_needs_a_value(condition: Any) -> None:
    assert not Pattern({"a": [condition]}).matches({"b": "x"})


@pytest.mark.parametrize("condition", [{"exists": False}, {"none-of": ["x"]}, {"all-of": [{"none-of": ["x"]}]}])
def test_an_absent_field_meets_what_only_forbids(condition: Any) -> None:
    assert Pattern({"a": [condition]}).matches({"b": "x"})


def _each_others_case(one: str, other: str) -> bool:
    return (one.upper() == other and other.lower() == one) or (one.lower() == other and other.upper() == one)


def test_letters_are_equal_ignoring_case_if_each_is_the_others_other_case() -> None:
    """For every code point against its own upper and lower case, and theirs."""
    for character in map(chr, range(sys.maxunicode + 1)):
        related = {character.upper(), character.lower(), character.upper().lower(), character.lower().upper()}
        for other in related:
            expected = character == other or (len(other) == 1 and _each_others_case(character, other))
            assert (fold(character) == fold(other)) is expected, (character, other)


@given(st.text(), st.text())
def test_folding_keeps_the_length_and_works_letter_by_letter(left: str, right: str) -> None:
    assert len(fold(left)) == len(left)
    assert fold(left + right) == "".join(map(fold, left + right))


@given(st.text(alphabet="ab"), st.lists(st.text(alphabet="ab"), min_size=1, max_size=4))
def test_a_wildcard_matches_what_fills_its_stars(filling: str, runs: list[str]) -> None:
    wildcard = "*".join(run or "a" for run in runs)
    assert meets({"wildcard": wildcard}, filling.join(run or "a" for run in runs))
