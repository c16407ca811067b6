"""`event.created_objects()`: all that an event created, whatever it is and wherever it points from."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections, models
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from detent.trigger import TriggerEvent
from detent.trigger.created import created_by
from pipeline.models import Run
from tests.till.models import PaperReceipt, PostedReceipt, Receipt

pytestmark = pytest.mark.django_db


def make_event() -> TriggerEvent:
    """Make an event without a rule."""
    return TriggerEvent.objects.create_trigger_event("USER", None, {}, datetime(2026, 11, 22, tzinfo=UTC))


@pytest.fixture
def second_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open an SQLite file as a second database, with the table of receipts."""
    settings = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "second.sqlite3")}
    monkeypatch.setitem(connections.settings, "second", connections.settings["default"] | settings | {"OPTIONS": {}})
    # Django keeps tests from connecting to databases that they do not name, which this one cannot before it is there.
    connections["second"].connect()
    with connections["second"].schema_editor() as schema:
        schema.create_model(Receipt)
    yield
    connections["second"].close()
    del connections["second"]


class ReceiptsInSecond:
    """A router that keeps receipts, and nothing else, in the second database."""

    def db_for_read(self, model: type[models.Model], **hints: object) -> str | None:
        return "second" if model is Receipt else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, model: type[models.Model] | None = None, **_: object) -> bool:
        return model is not Run and (db == "second") == (model is Receipt)


def test_a_key_that_is_hidden_from_events_leads_to_its_object_too() -> None:
    """A relation whose reverse side has no name is a relation."""
    event = make_event()
    receipt = Receipt.objects.create(event=event)
    assert list(event.created_objects()) == [receipt]


def test_an_object_with_two_keys_to_an_event_is_there_once() -> None:
    """And for each event at which one of its keys points."""
    event, other = make_event(), make_event()
    both = Receipt.objects.create(event=event, copied_by=event)
    copied = Receipt.objects.create(event=other, copied_by=event)
    assert sorted(found.pk for found in event.created_objects()) == [both.pk, copied.pk]
    assert list(other.created_objects()) == [copied]


def test_a_child_of_several_tables_is_there_once() -> None:
    """As the child, if the child's own key points there; else as the row of its parent that does."""
    event = make_event()
    posted = PostedReceipt.objects.create(event=event, posted_by=event)
    by_parent = PostedReceipt.objects.create(event=event)
    assert list(event.created_objects()) == [posted, Receipt.objects.get(pk=by_parent.pk)]


def test_a_model_without_a_table_is_passed_over() -> None:
    """As one that Django does not manage may be; the caller's transaction goes on."""
    event = make_event()
    receipt = Receipt.objects.create(event=event)
    assert PaperReceipt._meta.db_table not in connection.introspection.table_names()
    assert list(event.created_objects()) == [receipt]
    assert TriggerEvent.objects.count() == 1


def test_an_error_of_a_table_that_is_there_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is passed over for another reason, such as a column that is missing."""
    event = make_event()
    monkeypatch.setattr(PaperReceipt._meta, "db_table", "trigger_ruleset")
    with pytest.raises(DatabaseError):
        list(event.created_objects())


@pytest.mark.usefixtures("second_database")
def test_objects_are_found_where_the_routers_read_them(settings: Settings) -> None:
    """In another database than the event; a model that they allow nowhere is passed over."""
    event = make_event()
    Run.objects.create(event=event, folder="files")
    settings.DATABASE_ROUTERS = [ReceiptsInSecond()]
    receipt = Receipt.objects.create(event_id=event.pk)
    assert receipt._state.db == "second"
    assert list(event.created_objects()) == [receipt]


def test_many_events_cost_as_many_statements_as_one() -> None:
    """One for each foreign key to events."""
    events = [make_event() for _ in range(30)]
    receipts = [Receipt.objects.create(event=event) for event in events]
    with CaptureQueriesContext(connection) as of_one:
        list(events[0].created_objects())
    with CaptureQueriesContext(connection) as of_all:
        found = created_by(events)
    assert found == {event.pk: [receipt] for event, receipt in zip(events, receipts, strict=True)}
    assert len(of_all) == len(of_one)
