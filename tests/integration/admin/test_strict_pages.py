"""Every page of the trigger floor's admin under a strict policy, and as a screen reader has it."""

import itertools
import json

import pytest
from django.test import Client

from detent.testing import deliver_all
from detent.trigger import emit
from detent.trigger.models import Delivery, TriggerEvent, TriggerRule
from tests.integration.admin.pages import Inline, admin_url, text_of
from tests.integration.admin.test_lists import LISTS, fill
from tests.integration.trigger.factories import event_rule, note_action

pytestmark = pytest.mark.django_db


def rows() -> dict[str, int]:
    """Make a rule with two revisions, something that happened, and a delivery that is dead."""
    with note_action() as note:
        rule = event_rule(name="orders", actions=[note])
        rule = rule.revise({**rule.configuration, "pattern": {"$or": [{"type": ["order.paid"]}, {"source": ["x"]}]}})
        event_rule("order.sent", name="others")
        emit("order.paid", {"order": 1}, source="shop")
        deliver_all()
    Delivery.objects.update(state="dead", error="no")
    event = TriggerEvent.objects.get()
    assert event.occurrence_id
    return {
        "triggerrule": rule.pk,
        "triggerevent": event.pk,
        "occurrence": event.occurrence_id,
        "delivery": Delivery.objects.get().pk,
    }


def pages(client: Client) -> dict[str, str]:
    """Return every kind of page by what it is."""
    keys = rows()
    shown = {page: text_of(client, admin_url(page)) for page in ["trigger_triggerrule_add"]}
    for model, key in keys.items():
        shown[model] = text_of(client, admin_url(f"trigger_{model}_change", key))
    for page in ("test", "revise", "history"):
        shown[page] = text_of(client, admin_url(f"trigger_triggerrule_{page}", keys["triggerrule"]))
    shown["archive"] = text_of(client, admin_url("trigger_triggerrule_act", keys["triggerrule"], "archive"))
    shown["cancel"] = text_of(client, admin_url("trigger_delivery_act", keys["delivery"], "cancel"))
    sample = {"sample": json.dumps({"type": "order.paid", "data": {"order": 1}})}
    tested = client.post(admin_url("trigger_triggerrule_test", keys["triggerrule"]), sample)
    refused = client.post(admin_url("trigger_triggerrule_add"), {"configuration": "{"})
    redriving = {"action": "redrive_selected", "_selected_action": [keys["delivery"]]}
    look = client.post(admin_url("trigger_delivery_changelist"), redriving)
    answers = {"tested": tested, "refused": refused, "look": look}
    return {**shown, **{name: answer.content.decode() for name, answer in answers.items()}}


def test_no_page_holds_styles_scripts_or_handlers(admin_client: Client) -> None:
    """So that a policy of `default-src 'self'` lets all of them work."""
    faults = {name: Inline(page).faults for name, page in pages(admin_client).items()}

    assert {name: found for name, found in faults.items() if found} == {}


def test_every_control_has_a_label_and_every_label_its_control(admin_client: Client) -> None:
    """A screen reader says what is asked for."""
    read = {name: Inline(page) for name, page in pages(admin_client).items()}

    assert {name: page.unlabelled for name, page in read.items() if page.unlabelled} == {}
    assert {name: page.dangling for name, page in read.items() if page.dangling} == {}


def test_headings_leave_no_level_out(admin_client: Client) -> None:
    """From the one first heading downwards."""
    for name, page in pages(admin_client).items():
        levels = Inline(page).headings
        steps = [after - before for before, after in itertools.pairwise(levels)]
        assert max(steps, default=0) <= 1, (name, levels)


@pytest.mark.parametrize("page", LISTS)
def test_no_list_holds_styles_scripts_or_handlers(admin_client: Client, page: str) -> None:
    """Django's own lists have none, and what is added has none either."""
    fill(1)
    assert TriggerRule.objects.exists()

    assert [fault for fault in Inline(text_of(admin_client, admin_url(page))).faults if "scope" not in fault] == []
