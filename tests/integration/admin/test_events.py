"""Events and occurrences in the admin: what was triggered, why other rules were not, and what came of it."""

import pytest
from django.test import Client

from detent.testing import deliver_all
from detent.trigger import emit
from detent.trigger.models import TriggerEvent
from tests.integration.admin.pages import admin_url, text_of
from tests.integration.trigger.factories import event_rule, note_action, taken_in

pytestmark = pytest.mark.django_db


def test_the_timeline_tells_rules_deliveries_and_what_was_created(admin_client: Client) -> None:
    """From the event down to the attempts."""
    from tests.till.models import Receipt

    with note_action() as note:
        event_rule(name="first", actions=[note])
        event_rule(name="second")
        emit("order.paid", {"order": 1}, source="shop")
        deliver_all()
    event = TriggerEvent.objects.get(rule__name="first")
    Receipt.objects.create(event=event)
    page = text_of(admin_client, admin_url("trigger_triggerevent_change", event.pk))

    assert "test.note" in page
    assert "attempt 1" in page
    assert "till.Receipt" in page
    assert "second" in page


@pytest.mark.parametrize("page", ["triggerevent", "occurrence"])
def test_rules_that_were_not_triggered_say_why_not(admin_client: Client, page: str) -> None:
    """The clause that is not met, what stood there, and the way to the whole explanation."""
    event_rule(name="met")
    small = event_rule(name="large orders", pattern={"data": {"total": [{"numeric": [">", 100]}]}})
    other = event_rule("order.sent", name="sent orders")
    occurrence = taken_in(emit("order.paid", {"total": 7}, source="shop"))
    event_rule(name="too late")
    key = occurrence.pk if page == "occurrence" else TriggerEvent.objects.get().pk
    text = text_of(admin_client, admin_url(f"trigger_{page}_change", key))

    assert "not met: data.total is 7" in text
    assert "not met: type is &#x27;order.paid&#x27;" in text
    assert "made after it had happened" in text
    for rule in (small, other):
        assert f"{admin_url('trigger_triggerrule_test', rule.pk)}?occurrence={occurrence.pk}" in text


def test_an_occurrence_says_which_rules_it_triggered(admin_client: Client) -> None:
    """With the revision."""
    event_rule(name="orders")
    occurrence = taken_in(emit("order.paid", {}, source="shop"))
    page = text_of(admin_client, admin_url("trigger_occurrence_change", occurrence.pk))

    assert "orders</a> (revision 1)" in page


def test_an_event_without_an_occurrence_has_its_page(admin_client: Client) -> None:
    """As the predecessor made them."""
    from django.utils import timezone

    event = TriggerEvent.objects.create_trigger_event("MANUAL", None, {"by": "hand"}, timezone.now())

    assert "by" in text_of(admin_client, admin_url("trigger_triggerevent_change", event.pk))


@pytest.mark.parametrize("term", ["order.paid", "shop"])
def test_an_occurrence_is_found_by_type_or_source(admin_client: Client, term: str) -> None:
    """By the whole of it."""
    event_rule()
    taken_in(emit("order.paid", {}, source="shop", subject="the one"))
    url = admin_url("trigger_occurrence_changelist")

    assert "the one" in text_of(admin_client, url, q=term)
    assert "the one" not in text_of(admin_client, url, q=term[:-1])
