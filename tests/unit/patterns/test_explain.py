"""What an operator is told about a document and a pattern."""

from typing import Any

from detent.patterns import Pattern

ROWS = {"e": [{"f": "A", "t": "x"}, {"f": "A", "t": "y"}]}


def condition(written: Any, *, met: bool, parts: tuple[Any, ...] = ()) -> dict[str, Any]:
    return {"condition": written, "met": met, "parts": parts}


def test_every_field_shows_its_conditions_and_the_values_seen() -> None:
    pattern = Pattern({"type": ["order.paid"], "data": {"total": [{"numeric": [">", 50]}, {"exists": False}]}})
    assert pattern.explain({"type": "order.paid", "data": {"total": 20}}).as_data() == {
        "matched": False,
        "note": "",
        "pattern": {
            "met": False,
            "fields": (
                {
                    "path": "type",
                    "met": True,
                    "values": ("order.paid",),
                    "conditions": (condition("order.paid", met=True),),
                },
                {
                    "path": "data.total",
                    "met": False,
                    "values": (20,),
                    "conditions": (
                        condition({"numeric": [">", 50]}, met=False),
                        condition({"exists": False}, met=False),
                    ),
                },
            ),
            "choices": (),
        },
    }


def test_the_text_is_a_tree_of_what_is_met() -> None:
    pattern = Pattern(
        {
            "tags": [{"all-of": ["new", {"any-of": ["red", "blue"]}, {"none-of": ["old"]}]}],
            "$or": [{"city": ["Graz"]}, {"zip": [8010], "city": [None]}],
        }
    )
    assert str(pattern.explain({"tags": ["new", "red"], "city": "Wien"})) == "\n".join(
        [
            "does not match",
            '  [met]     "tags" is "new", "red"',
            '    [met]     {"all-of": ["new", {"any-of": ["red", "blue"]}, {"none-of": ["old"]}]}',
            '      [met]     "new"',
            '      [met]     {"any-of": ["red", "blue"]}',
            '        [met]     "red"',
            '        [not met] "blue"',
            '      [met]     {"none-of": ["old"]}',
            '        [not met] "old"',
            "  [not met] one of:",
            "    [not met] branch 1:",
            '      [not met] "city" is "Wien"',
            '        [not met] "Graz"',
            "    [not met] branch 2:",
            '      [not met] "zip" is absent',
            "        [not met] 8010",
            '      [not met] "city" is "Wien"',
            "        [not met] null",
        ]
    )


def test_in_a_match_the_values_are_those_in_the_chosen_elements() -> None:
    explained = Pattern({"e": {"f": ["A"], "t": [{"none-of": ["x"]}]}}).explain(ROWS)
    assert explained.matched
    assert explained.pattern.fields[1].values == ("y",)
    assert explained.pattern.met


def test_fields_that_are_met_by_different_elements_only_are_told_apart_from_unmet_ones() -> None:
    explained = Pattern({"e": {"f": ["A"], "t": ["x"], "u": ["z"]}}).explain({"e": [{"f": "A", "t": "x"}, {"u": "z"}]})
    assert not explained.matched
    assert explained.pattern.met
    assert "not by the same elements" in explained.note
    assert explained.note in str(explained)


def test_conditions_are_shown_as_they_were_written() -> None:
    written: list[Any] = [
        "x",
        "10.0.0.1",
        5,
        1.5,
        True,
        None,
        {"exactly": "x"},
        {"exists": True},
        {"exists": False},
        {"prefix": "x"},
        {"prefix": {"equals-ignore-case": "x"}},
        {"suffix": "x"},
        {"suffix": {"equals-ignore-case": "x"}},
        {"equals-ignore-case": "x"},
        {"wildcard": "x*\\*"},
        {"numeric": [">", 1, "<=", 5]},
        {"cidr": "10.0.0.1/8"},
        {"anything-but": ["x", "y"]},
        {"anything-but": [1]},
        {"anything-but": {"prefix": ["x"]}},
        {"none-of": ["x"]},
        {"all-of": ["x", {"any-of": ["y", {"none-of": ["z"]}]}]},
    ]
    explained = Pattern({"a": written}).explain({})
    assert [shown.condition for shown in explained.pattern.fields[0].conditions] == written


def test_many_and_long_values_are_cut_in_the_text_only() -> None:
    explained = Pattern({"a": ["x"]}).explain({"a": ["y" * 200, *range(20)]})
    assert len(explained.pattern.fields[0].values) == 21
    assert "…, 0, 1" in str(explained)
    assert "and 11 more" in str(explained)


def test_what_cannot_be_encoded_is_escaped_in_the_text() -> None:
    text = str(Pattern({"a": ["\ud800"]}).explain({"a": ["\udfff", 10**5000]}))
    assert "\\ud800" in text
    assert "a very large integer" in text
    assert text.encode()
