"""Points 36 to 43 of Scale's triggers: which files an INGEST or PARSE rule is for."""

from typing import Any, NamedTuple

import pytest

from detent.patterns import Pattern
from detent.trigger.types.file_condition import FileCondition
from trigger.handler import get_trigger_rule_handler


class File(NamedTuple):
    """A file as Scale stored it: its tags in one column of text, divided by commas."""

    media_type: str = "text/plain"
    data_type: str = ""


def condition_of(rule_type: str, **condition: Any) -> FileCondition:
    """Return the condition of a rule that says this."""
    data = {"input_data_name": "file", "workspace_name": "raw"}
    configuration: Any = get_trigger_rule_handler(rule_type).create_configuration(
        {"condition": condition, "data": data}
    )
    made: FileCondition = configuration.get_condition()
    return made


def is_met(file: File, **condition: Any) -> bool:
    """Tell whether a file is met by INGEST and by PARSE rules that say this, as a condition and as a pattern."""
    tags = file.data_type.split(",") if file.data_type else []
    answers = set()
    for rule_type in ("INGEST", "PARSE"):
        made = condition_of(rule_type, **condition)
        document = {"type": rule_type, "data": {"media_type": file.media_type, "data_types": tags}}
        answers |= {made.is_condition_met(file), Pattern(made.pattern()).matches(document)}
    (answer,) = answers
    return answer


@pytest.mark.parametrize(
    ("asked", "media_type", "answer"),
    [
        ("text/plain", "text/plain", True),
        ("text/plain", "TEXT/PLAIN", False),
        ("text/plain", "text/plain; charset=utf-8", False),
        ("text/*", "text/plain", False),
        ("text", "text/plain", False),
        ("", "text/plain", True),
        ("", "", True),
        ("text/plain", "", False),
    ],
)
def test_the_media_type_is_compared_as_it_is(asked: str, media_type: str, answer: bool) -> None:
    """Point 36: letter by letter, no wildcard; an empty one asks for nothing."""
    assert is_met(File(media_type), media_type=asked) is answer


@pytest.mark.parametrize(
    ("tags", "answer"), [("a,b", True), ("c,b,a", True), ("a", False), ("", False), ("ab", False), ("A,B", False)]
)
def test_a_file_must_have_all_data_types(tags: str, answer: bool) -> None:
    """Point 37: in any order, among others."""
    assert is_met(File(data_type=tags), data_types=["a", "b"]) is answer


@pytest.mark.parametrize(("tags", "answer"), [("a", True), ("x,b", True), ("a,b", True), ("x", False), ("", False)])
def test_a_file_must_have_one_of_the_any_of_data_types(tags: str, answer: bool) -> None:
    """Point 38: one is enough."""
    assert is_met(File(data_type=tags), any_of_data_types=["a", "b"]) is answer


@pytest.mark.parametrize(("tags", "answer"), [("", True), ("x", True), ("a", False), ("x,b", False), ("a,b", False)])
def test_a_file_must_have_none_of_the_not_data_types(tags: str, answer: bool) -> None:
    """Point 39: one is too much."""
    assert is_met(File(data_type=tags), not_data_types=["a", "b"]) is answer


@pytest.mark.parametrize(
    ("file", "answer"),
    [
        (File("image/tiff", "a,b"), True),
        (File("image/tiff", "a,c"), True),
        (File("image/png", "a,b"), False),
        (File("image/tiff", "b"), False),
        (File("image/tiff", "a"), False),
        (File("image/tiff", "a,b,d"), False),
    ],
)
def test_all_groups_must_be_met(file: File, answer: bool) -> None:
    """Point 40: an empty one is skipped, as in the other tests."""
    everything = {"data_types": ["a"], "any_of_data_types": ["b", "c"], "not_data_types": ["d"]}
    assert is_met(file, media_type="image/tiff", **everything) is answer


@pytest.mark.parametrize("tag", ["a", "A", "landsat 8", "landsat_8", "8"])
def test_tags_stand_between_commas(tag: str) -> None:
    """Point 41: letters, digits, underscores and blanks, each as it is."""
    assert is_met(File(data_type=f"x,{tag},y"), data_types=[tag])
    assert not is_met(File(data_type=f"x{tag},{tag}y"), data_types=[tag])


@pytest.mark.parametrize(
    ("rule_type", "condition", "message"),
    [
        ("INGEST", {}, "Ingest rule for all media types was triggered"),
        ("PARSE", {"media_type": "text/plain"}, "Parse rule for media type text/plain was triggered"),
        (
            "INGEST",
            {"data_types": ["a", "b"], "any_of_data_types": ["c", "d"], "not_data_types": ["e", "f"]},
            "Ingest rule for all media types and data type(s) [a, b] and [c or d] and not [e or f] was triggered",
        ),
    ],
)
def test_the_message_says_what_was_asked_for(rule_type: str, condition: dict[str, Any], message: str) -> None:
    """Point 42: the last group with its "not", and "all media types" once."""
    assert condition_of(rule_type, **condition).get_triggered_message() == message


@pytest.mark.parametrize("file", [File(), File("image/tiff", "a,b"), File("", "")])
def test_without_a_condition_every_file_is_met(file: File) -> None:
    """Point 43: be it absent or empty."""
    assert is_met(file)
    assert is_met(file, media_type="", data_types=[], any_of_data_types=[], not_data_types=[])
