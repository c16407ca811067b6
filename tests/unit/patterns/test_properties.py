"""Random patterns against random documents: the definition, the index and the explanation say the same."""

import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detent.patterns import Pattern, PatternIndex
from tests.unit.patterns import languages, oracle
from tests.unit.patterns.agreement import assert_agreement, one_by_one
from tests.unit.patterns.strategies import documents, patterns


@settings(max_examples=300, deadline=None)
@given(patterns(), documents)
def test_a_pattern_matches_exactly_what_the_definition_says(pattern: dict[str, Any], document: dict[str, Any]) -> None:
    assert Pattern(pattern).matches(document) is oracle.matches(pattern, document)


@settings(max_examples=300, deadline=None)
@given(st.lists(patterns(), max_size=12), st.lists(documents, min_size=1, max_size=3))
def test_an_index_finds_exactly_the_patterns_that_match_rows(
    several: list[dict[str, Any]], asked: list[dict[str, Any]]
) -> None:
    assert_agreement(several, asked)


@settings(max_examples=300, deadline=None)
@given(st.lists(languages.patterns(), max_size=12), st.lists(languages.documents, min_size=1, max_size=3))
def test_an_index_finds_exactly_the_patterns_that_match(
    several: list[dict[str, Any]], asked: list[dict[str, Any]]
) -> None:
    assert_agreement(several, asked)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(languages.patterns(), max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.none() | languages.patterns()), max_size=12),
    languages.documents,
)
def test_an_index_after_replacements_is_the_index_of_what_remains(
    several: list[dict[str, Any]],
    replacements: list[tuple[int, dict[str, Any] | None]],
    document: dict[str, Any],
) -> None:
    remaining = dict(enumerate(several))
    index = PatternIndex(remaining)
    for key, pattern in replacements:
        if pattern is not None:
            index = index.replace(added={key: pattern})
            remaining[key] = pattern
        elif key in remaining:
            index = index.replace(removed=[key])
            del remaining[key]
    assert index.match(document) == one_by_one(remaining, document)


@settings(max_examples=200, deadline=None)
@given(st.lists(languages.patterns(), max_size=5), languages.documents)
def test_a_text_finds_what_its_decoded_form_finds(several: list[dict[str, Any]], document: dict[str, Any]) -> None:
    text = json.dumps(document)
    assume("NaN" not in text and "Infinity" not in text)
    index = PatternIndex(dict(enumerate(several)))
    assert index.match_json(text) == index.match_json(text.encode()) == index.match(json.loads(text))


@settings(max_examples=100, deadline=None)
@given(patterns(), documents)
def test_an_explanation_agrees_with_the_match(pattern: dict[str, Any], document: dict[str, Any]) -> None:
    compiled = Pattern(pattern)
    explained = compiled.explain(document)
    assert explained.matched is compiled.matches(document)
    assert explained.matched is (explained.pattern.met and not explained.note)
