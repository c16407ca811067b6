"""An emission is checked before anything is written."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from django.test import override_settings

from detent.trigger.errors import InvalidOccurrence
from detent.trigger.occurrences.emission import Emission, checked

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


class NoOffset(tzinfo):
    """A time zone that does not say how far it is from UTC."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None

    dst = tzname = utcoffset


def emission(**changes: Any) -> Emission:
    """Make an emission that is all right but for the changes."""
    return Emission(**{"type": "order.paid", "data": {"order": 17}, "source": "shop", "id": "1", **changes})


def test_it_becomes_the_document_that_patterns_see() -> None:
    """The document has the names of CloudEvents, and its time in UTC."""
    stockholm = timezone(timedelta(hours=1))
    occurred = datetime(2026, 11, 22, 11, tzinfo=stockholm)
    assert checked(emission(subject="17", occurred=occurred), NOW).document == {
        "type": "order.paid",
        "source": "shop",
        "subject": "17",
        "id": "1",
        "time": "2026-11-22T10:00:00Z",
        "data": {"order": 17},
    }


def test_without_an_id_each_is_another() -> None:
    """An omitted id is a new one each time."""
    first, second = checked(emission(id=None), NOW), checked(emission(id=None), NOW)
    assert first.key != second.key


def test_without_a_time_it_is_now() -> None:
    """An omitted time is the present, which all emissions of a batch share."""
    assert checked(emission(), NOW).time == NOW


def test_a_mapping_with_the_same_keys_will_do() -> None:
    """`emit_many` takes mappings too."""
    assert checked({"type": "order.paid", "data": {}, "source": "shop", "id": "1"}, NOW).key == ("shop", "1")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"type": ""}, "type"),
        ({"type": 5}, "type"),
        ({"source": ""}, "source"),
        ({"source": "s" * 256}, "source"),
        ({"id": ""}, "id"),
        ({"id": 17}, "id"),
        ({"id": "a\0b"}, "id"),
        ({"subject": "\udc80"}, "subject"),
        ({"occurred": datetime(2026, 11, 22)}, "occurred"),  # noqa: DTZ001
        ({"occurred": datetime(2026, 11, 22, tzinfo=NoOffset())}, "occurred"),
        ({"occurred": date(2026, 11, 22)}, "occurred"),
        ({"occurred": 0}, "occurred"),
        ({"occurred": datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))}, "occurred"),
        ({"data": [1]}, "data"),
        ({"data": {"a": {"b": float("nan")}}}, "data.a.b"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_its_path(changes: dict[str, Any], path: str) -> None:
    """The error names the part of the emission that is wrong."""
    with pytest.raises(InvalidOccurrence) as caught:
        checked(emission(**changes), NOW)
    assert caught.value.path == path


def test_a_mapping_with_other_keys_is_refused() -> None:
    """A misspelt key is named."""
    with pytest.raises(InvalidOccurrence, match="sourc"):
        checked({"type": "order.paid", "data": {}, "sourc": "shop"}, NOW)


@pytest.mark.parametrize("value", [None, "order.paid", [1]])
def test_what_is_no_emission_is_refused(value: Any) -> None:
    """`emit_many` may be given anything."""
    with pytest.raises(InvalidOccurrence, match="must be an Emission or a mapping"):
        checked(value, NOW)


@override_settings(DETENT={"MAX_DATA_BYTES": 20})
def test_data_beyond_the_limit_are_refused() -> None:
    """The limit counts bytes of JSON, not characters."""
    assert checked(emission(data={"a": "x" * 12}), NOW).data_text == '{"a":"xxxxxxxxxxxx"}'
    with pytest.raises(InvalidOccurrence, match="is 21 bytes of JSON"):
        checked(emission(data={"a": "x" * 11 + "é"}), NOW)
