"""Events say which rule was triggered, and lead to what they created."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from detent.trigger import Occurrence, TriggerEvent, emit
from detent.trigger.errors import NotInTransaction
from pipeline.models import PurgeResults, Run
from tests.integration.trigger.factories import event_rule, note_action

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_an_event_needs_no_rule() -> None:
    """Some things happen without one."""
    event = TriggerEvent.objects.create_trigger_event("USER", None, {"user": "Anonymous"}, WHEN)
    stored = TriggerEvent.objects.get(pk=event.pk)
    assert (stored.type, stored.rule, stored.description, stored.occurred) == (
        "USER",
        None,
        {"user": "Anonymous"},
        WHEN,
    )


def test_an_event_knows_its_rule_and_the_rule_its_events() -> None:
    """As the seed has it, with the default name of the reverse side."""
    rule = event_rule()
    event = TriggerEvent.objects.create_trigger_event("EVENT", rule, {}, WHEN)
    assert list(rule.triggerevent_set.all()) == [event]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, None, {}, WHEN), "Trigger event must have a type"),
        (("USER", None, None, WHEN), "Trigger event must have a JSON description"),
        (("USER", None, {}, None), "Trigger event must have a timestamp"),
    ],
)
def test_an_event_must_have_its_parts(arguments: tuple[Any, ...], message: str) -> None:
    """With the original's words; nothing is written."""
    with pytest.raises(Exception, match=f"^{message}$"):
        TriggerEvent.objects.create_trigger_event(*arguments)
    assert not TriggerEvent.objects.exists()


def test_what_is_empty_is_not_missing() -> None:
    """An empty type and an empty description pass, as in the original."""
    assert TriggerEvent.objects.create_trigger_event("", None, {}, WHEN).pk


def test_an_event_is_locked_inside_a_transaction() -> None:
    """The row comes back, without related rows."""
    event = TriggerEvent.objects.create_trigger_event("USER", None, {}, WHEN)
    with transaction.atomic():
        assert TriggerEvent.objects.get_locked_event(event.pk) == event


@pytest.mark.django_db(transaction=True)
def test_an_event_cannot_be_locked_outside_a_transaction() -> None:
    """On every database alike, and the error says what to do."""
    event = TriggerEvent.objects.create_trigger_event("USER", None, {}, WHEN)
    with pytest.raises(NotInTransaction, match=r"transaction\.atomic\(\)"):
        TriggerEvent.objects.get_locked_event(event.pk)


def test_an_event_has_neighbours_in_time() -> None:
    """Django's own accessors, which the seed lists."""
    first = TriggerEvent.objects.create_trigger_event("USER", None, {}, WHEN)
    second = TriggerEvent.objects.create_trigger_event("USER", None, {}, WHEN.replace(hour=11))
    assert first.get_next_by_occurred() == second
    assert second.get_previous_by_occurred() == first


def test_an_event_that_is_referred_to_cannot_be_deleted() -> None:
    """A delivery holds it, and it holds its occurrence."""
    with note_action() as note:
        event_rule(actions=[note])
        (event,) = emit("order.paid", {"order": 17}, source="shop").events
    with pytest.raises(ProtectedError):
        event.delete()
    with pytest.raises(ProtectedError):
        Occurrence.objects.all().delete()


def test_an_event_leads_to_all_that_refers_to_it() -> None:
    """Rows of any model with a foreign key to events, whatever that is called."""
    event = TriggerEvent.objects.create_trigger_event("USER", None, {}, WHEN)
    other = TriggerEvent.objects.create_trigger_event("USER", None, {}, WHEN)
    run = Run.objects.create(event=event, folder="files")
    purge = PurgeResults.objects.create(trigger_event=event, source_file_id=1)
    Run.objects.create(event=other, folder="others")
    assert set(event.created_objects()) == {run, purge}


def test_an_event_that_created_nothing_says_so() -> None:
    """Deliveries are how it creates, not what."""
    with note_action() as note:
        event_rule(actions=[note])
        (event,) = emit("order.paid", {"order": 17}, source="shop").events
    assert event.deliveries.count() == 1
    assert list(event.created_objects()) == []
