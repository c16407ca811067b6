"""What patterns ask of some fields of a document."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.patterns import Pattern
from detent.trigger.ruleset.narrowing import NarrowedPatterns, narrow

FIELDS = {"type": None, "data": {"model": None, "to": None}}


@pytest.mark.parametrize(
    ("pattern", "narrowed"),
    [
        ({"type": ["a"], "subject": ["b"]}, {"type": ["a"]}),
        ({"data": {"model": ["a"], "pk": [1]}}, {"data": {"model": ["a"]}}),
        ({"data": {"pk": [1]}}, {}),
        ({"type": ["a"], "$or": [{"subject": ["b"]}, {"subject": ["c"]}]}, {"type": ["a"]}),
        (
            {"type": ["a"], "data": {"model": [{"exists": False}]}},
            {"type": ["a"], "data": {"model": [{"exists": False}]}},
        ),
        ({"data": {"context": {"model": ["a"]}}}, {}),
    ],
)
def test_only_the_conditions_on_the_fields_are_left(pattern: dict[str, Any], narrowed: dict[str, Any]) -> None:
    assert narrow(pattern, FIELDS) == narrowed


def test_a_pattern_that_asks_nothing_of_the_fields_may_always_be_met() -> None:
    narrowed = NarrowedPatterns.of([{"type": ["a"]}, {"subject": ["b"]}], FIELDS)
    assert narrowed.may_be_met({"type": "c"})


def test_no_pattern_may_be_met_where_each_asks_for_something_else() -> None:
    narrowed = NarrowedPatterns.of([{"type": ["a"]}, {"data": {"to": ["b"]}, "subject": ["c"]}], FIELDS)
    assert not narrowed.may_be_met({"type": "x", "data": {"to": "y"}})
    assert not NarrowedPatterns.of([], FIELDS).may_be_met({"type": "x"})


words = st.sampled_from(["a", "b"])
conditions = st.lists(
    st.one_of(
        words, st.just({"exists": True}), st.just({"exists": False}), st.builds(lambda w: {"anything-but": w}, words)
    ),
    min_size=1,
    max_size=2,
)
inner = st.dictionaries(st.sampled_from(["model", "to", "pk"]), conditions, min_size=1)
patterns = st.fixed_dictionaries({}, optional={"type": conditions, "data": inner}).filter(bool)
documents = st.fixed_dictionaries(
    {"type": words, "subject": words, "data": st.dictionaries(st.sampled_from(["model", "to", "pk"]), words)}
)


@given(pattern=patterns, alternatives=st.lists(conditions, min_size=2, max_size=2), document=documents)
def test_a_document_that_meets_a_pattern_meets_what_is_left_of_it(
    pattern: dict[str, Any], alternatives: list[Any], document: dict[str, Any]
) -> None:
    pattern = {**pattern, "$or": [{"subject": each} for each in alternatives]}
    if Pattern(pattern).matches(document):
        assert NarrowedPatterns.of([pattern], FIELDS).may_be_met(document)
