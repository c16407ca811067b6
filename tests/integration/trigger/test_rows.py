"""Bulk inserts say which rows they made, on every database."""

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.db import DataError, connection, transaction

from detent.trigger import Delivery, Emission, Occurrence, TriggerEvent, emit, emit_many
from detent.trigger.occurrences import rows as rows_module
from detent.trigger.occurrences.records import OCCURRENCES, Circumstances
from tests.integration.trigger.factories import event_rule, note_action, taken_in

pytestmark = pytest.mark.django_db


def test_a_database_that_returns_no_rows_is_written_row_by_row() -> None:
    """As MySQL: the keys are read off the connection, and rows that exist are still left out."""
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL always returns rows, and its connection does not tell the last key.")
    with note_action() as note:
        event_rule(actions=[note])
    with patch.object(type(connection.features), "can_return_rows_from_bulk_insert", new=False):
        emit("order.paid", {"order": 1}, source="shop", id="1")
        emitted = emit_many(Emission("order.paid", {"order": n}, source="shop", id=str(n)) for n in (2, 1, 3))
    assert [one.duplicate for one in emitted] == [False, True, False]
    for one in (emitted[0], emitted[2]):
        (event,) = one.events
        occurrence = taken_in(one)
        assert occurrence == Occurrence.objects.get(identifier=str(occurrence.data["order"]))
        assert TriggerEvent.objects.get(occurrence=occurrence) == event
        assert event.deliveries.count() == 1


TEXTS = (
    "'",
    '"',
    "\\",
    "\\n",
    "\\u0000",
    "%s",
    "{}",
    "null",
    "ä",
    "\U0001f600",
    "\u2028",
    "\x01",
    " padded ",
    "a,b",
    "[1]",
)


@pytest.mark.parametrize("copies", [1, 200])
def test_whatever_a_text_holds_is_stored_as_it_is(copies: int) -> None:
    """However many rows are written at once, by values or by columns."""
    with note_action() as note:
        event_rule(actions=[{**note, "input": {"order": "${data.order}"}}])
    said = {f"{text}{copy}": {"order": 1, text: [text, None, 1.5, True]} for text in TEXTS for copy in range(copies)}
    emitted = emit_many(Emission("order.paid", data, source="shop", id=key) for key, data in said.items())
    stored = Occurrence.objects.in_bulk(field_name="pk")
    assert {occurrence.identifier: occurrence.data for occurrence in stored.values()} == said
    for one in emitted:
        assert stored[taken_in(one).pk].document() == taken_in(one).document()
    assert {str(delivery.settings) for delivery in Delivery.objects.all()} == {"{'order': '${data.order}'}"}


@pytest.mark.parametrize("number", [1, 50])
def test_of_rows_that_exist_the_others_are_written(number: int) -> None:
    """What a unique constraint does not let in is left out, whichever way the rows are sent."""
    event_rule()
    emit_many(Emission("order.paid", {}, source="shop", id=str(n)) for n in range(0, number, 2))
    emitted = emit_many(Emission("order.paid", {}, source="shop", id=str(n)) for n in range(number))
    assert [one.duplicate for one in emitted] == [n % 2 == 0 for n in range(number)]
    assert Occurrence.objects.count() == TriggerEvent.objects.count() == number


@pytest.mark.parametrize("number", [1, 50])
def test_a_text_that_its_column_does_not_take_is_an_error(number: int) -> None:
    """Not a text that is cut."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's columns take texts of any length.")
    rows = [("t" * 256, "shop", str(n), "", datetime.now(UTC), "{}") for n in range(number)]
    with pytest.raises(DataError), transaction.atomic():
        OCCURRENCES.rows(rows, "default", Circumstances(datetime.now(UTC), "", 0, None, "").row())


def test_more_rows_than_a_statement_takes_are_written_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """And still belong together."""
    monkeypatch.setattr(rows_module, "ROWS_AT_ONCE", 7)
    event_rule()
    emitted = emit_many(Emission("order.paid", {"order": n}, source="shop", id=str(n)) for n in range(20))
    for number, one in enumerate(emitted):
        assert Occurrence.objects.get(identifier=str(number)) == taken_in(one)
        assert [event.occurrence_id for event in one.events] == [taken_in(one).pk]
