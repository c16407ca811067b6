"""Which files an INGEST or PARSE rule is for: the original's semantics, and the same as an event pattern."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.patterns import Pattern
from detent.trigger.types.file_condition import FileCondition


@dataclass
class StoredFile:
    """A file as a project stores it."""

    media_type: str = "text/plain"
    data_type: str = ""


TAGS = st.lists(st.sampled_from(["a", "b", "c", "d e", "10.0.0.1", "10.0.0.01"]), max_size=4)
MEDIA_TYPES = st.sampled_from(["text/plain", "TEXT/plain", "image/tiff", ""])
CONDITIONS = st.builds(
    FileCondition,
    kind=st.just("INGEST"),
    media_type=st.none() | MEDIA_TYPES.filter(bool),
    data_types=TAGS.map(tuple),
    any_of_data_types=TAGS.map(tuple),
    not_data_types=TAGS.map(tuple),
)


def test_an_empty_condition_lets_every_file_pass() -> None:
    """No group, no restriction."""
    assert FileCondition("INGEST").is_condition_met(StoredFile())
    assert FileCondition("INGEST").is_condition_met(StoredFile("image/tiff", "a,b"))


@pytest.mark.parametrize(
    ("condition", "met", "not_met"),
    [
        (FileCondition("INGEST", "text/plain"), StoredFile("text/plain"), StoredFile("TEXT/plain")),
        (FileCondition("INGEST", "text/plain"), StoredFile("text/plain"), StoredFile("text/x-python")),
        (FileCondition("INGEST", "text/*"), StoredFile("text/*"), StoredFile("text/plain")),
        (FileCondition("INGEST", data_types=("a", "b")), StoredFile(data_type="b,c,a"), StoredFile(data_type="a")),
        (FileCondition("INGEST", data_types=("d e",)), StoredFile(data_type="d e"), StoredFile(data_type="d,e")),
        (
            FileCondition("INGEST", any_of_data_types=("a", "b")),
            StoredFile(data_type="b"),
            StoredFile(data_type="c"),
        ),
        (FileCondition("INGEST", any_of_data_types=("a",)), StoredFile(data_type="a"), StoredFile()),
        (FileCondition("INGEST", not_data_types=("a", "b")), StoredFile(), StoredFile(data_type="c,b")),
        (
            FileCondition("INGEST", "text/plain", ("a",), ("b", "c"), ("d",)),
            StoredFile("text/plain", "a,c"),
            StoredFile("text/plain", "a,c,d"),
        ),
    ],
)
def test_each_group_of_a_condition_has_to_be_met(
    condition: FileCondition, met: StoredFile, not_met: StoredFile
) -> None:
    """The media type exactly, all of one list, one of the next, none of the last."""
    assert condition.is_condition_met(met)
    assert not condition.is_condition_met(not_met)


@given(CONDITIONS, MEDIA_TYPES, TAGS)
def test_its_pattern_means_the_same(condition: FileCondition, media_type: str, tags: list[str]) -> None:
    """What the index of patterns says of a file's document is what the condition says of the file."""
    document = {"type": "INGEST", "data": {"media_type": media_type, "data_types": tags}}
    file = StoredFile(media_type, ",".join(tags))
    assert Pattern(condition.pattern()).matches(document) == condition.is_condition_met(file)


def test_its_pattern_is_for_documents_of_its_own_type() -> None:
    """A file that was parsed triggers no INGEST rule."""
    assert not Pattern(FileCondition("INGEST").pattern()).matches({"type": "PARSE", "data": {}})


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (FileCondition("INGEST"), "Ingest rule for all media types was triggered"),
        (FileCondition("PARSE", "text/plain"), "Parse rule for media type text/plain was triggered"),
        (
            FileCondition("INGEST", None, ("a", "b"), ("c", "d"), ("e", "f")),
            "Ingest rule for all media types and data type(s) [a, b] and [c or d] and not [e or f] was triggered",
        ),
    ],
)
def test_its_message_says_what_was_asked_for(condition: FileCondition, message: str) -> None:
    """Each group once, the last one with its "not"."""
    assert condition.get_triggered_message() == message


def test_a_tag_that_is_wanted_and_not_wanted_is_a_contradiction() -> None:
    """Tags of either list of wanted ones count; the same tag twice in one list does not."""
    assert FileCondition("INGEST", None, ("a", "a"), ("b",), ("b", "c", "a")).contradictions() == ["b", "a"]
    assert FileCondition("INGEST", None, ("a",), ("b",), ("c",)).contradictions() == []
