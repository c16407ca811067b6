"""The examples of the specification: pattern and document as JSON texts, and what comes of them."""

import json
from pathlib import Path

import pytest

from detent.patterns import InvalidDocument, InvalidPattern, Pattern, PatternIndex
from detent.patterns.decoding import decode_document

EXAMPLES = json.loads(Path(__file__).with_name("pattern-examples.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["name"] for example in EXAMPLES])
def test_an_example_has_the_outcome_that_the_specification_gives(example: dict[str, str]) -> None:
    pattern, document = example["pattern"], example["document"]
    match example["outcome"]:
        case "invalid":
            with pytest.raises(InvalidPattern):
                Pattern(pattern)
        case "invalid document":
            with pytest.raises(InvalidDocument):
                PatternIndex({"rule": pattern}).match_json(document)
        case outcome:
            expected = outcome == "match"
            decoded = decode_document(document)
            assert Pattern(pattern).matches(decoded) is expected
            assert Pattern(pattern).explain(decoded).matched is expected
            assert PatternIndex({"rule": pattern}).match_json(document.encode()) == ({"rule"} if expected else set())
