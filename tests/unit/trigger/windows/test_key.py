"""The keys of windows."""

from datetime import UTC, datetime
from typing import Any

import pytest

from detent.trigger.document import Document, document_of
from detent.trigger.windows.key import LONGEST_KEY, NoWindowKey, key_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def document(subject: str = "", **data: Any) -> Document:
    return document_of(type="a", source="b", subject=subject, id="1", time=NOON, data=data)


@pytest.mark.parametrize(
    ("by", "key"),
    [
        ("${subject}", '"S"'),
        ("${data.text}", '"17"'),
        ("${data.number}", "17"),
        ("${data.decimal}", "17"),
        ("${data.flag}", "true"),
        ("${data.zero}", "0"),
        ("${data.empty}", '""'),
        ("${data.text}/${data.number}", '"17/17"'),
        ("all", '"all"'),
        ("${data.missing || 'nobody'}", '"nobody"'),
    ],
)
def test_a_key_is_a_text_a_number_or_a_truth_value_as_json(by: str, key: str) -> None:
    """So that the text "17" and the number 17 are two keys, while 17.0 is the number."""
    assert key_of(by, document("S", text="17", number=17, decimal=17.0, flag=True, zero=0, empty="")) == key


@pytest.mark.parametrize("by", ["${data.missing}", "${data.nothing}", "${data.object}", "${data.list}", "${data}"])
def test_without_a_key_there_is_an_error_that_shows_the_expression(by: str) -> None:
    with pytest.raises(NoWindowKey, match="by: ") as caught:
        key_of(by, document(nothing=None, object={"a": 1}, list=[1]))
    assert caught.value.by == by
    assert caught.value.reason


def test_keys_that_are_too_long_for_the_table_stay_apart() -> None:
    keys = {key_of("${data.text}", document(text="x" * 1000 + end)) for end in "ab"}
    assert len(keys) == 2
    assert {len(key) for key in keys} == {LONGEST_KEY}
