"""Rules in the admin: how they fare, and how they are made, revised, tested, paused and archived."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from detent.testing import deliver_all
from detent.trigger import emit
from detent.trigger.models import Delivery, Lane, TriggerEvent, TriggerRule
from tests.integration.admin.pages import admin_url, staff, text_of
from tests.integration.trigger.factories import event_rule, note_action, stored_rule

pytestmark = pytest.mark.django_db

LIST = "trigger_triggerrule_changelist"
PAID = {"version": "1.0", "pattern": {"type": ["order.paid"]}, "actions": []}


def rule_form(**said: object) -> dict[str, object]:
    """Return what the form of a new rule sends."""
    return {"name": "orders", "type": "EVENT", "configuration": json.dumps(PAID), "is_active": "on", **said}


def test_a_row_says_how_the_rule_fares(admin_client: Client) -> None:
    """State, matches in 24 hours, when it fired last, and that nothing fails."""
    event_rule(name="orders")
    emit("order.paid", {}, source="shop")
    emit("order.paid", {}, source="shop")
    page = text_of(admin_client, admin_url(LIST))

    row = page[page.index("orders") :]
    assert "in force" in row
    assert ">2</a>" in row
    assert timezone.now().strftime("%Y") in row
    assert "failing:" not in row


def test_matches_are_those_of_all_revisions_and_of_the_last_day(admin_client: Client) -> None:
    """A revision goes on where the one before it ended; what is older than a day is not counted."""
    rule = event_rule(name="orders")
    emit("order.paid", {}, source="shop")
    emit("order.paid", {}, source="shop")
    rule.revise({**PAID, "pattern": {"type": ["order.paid", "order.sent"]}})
    old = TriggerEvent.objects.order_by("pk")[0]
    TriggerEvent.objects.filter(pk=old.pk).update(occurred=timezone.now() - timezone.timedelta(days=2))

    assert ">1</a>" in text_of(admin_client, admin_url(LIST))


def test_a_rule_with_dead_letters_is_marked_as_failing(admin_client: Client) -> None:
    """In words, and with the way to them."""
    with note_action() as note:
        rule = event_rule(name="orders", actions=[note])
        emit("order.paid", {"order": 1}, source="shop")
    Delivery.objects.update(state="dead")
    page = text_of(admin_client, admin_url(LIST))

    assert "failing: 1 dead" in page
    dead = text_of(admin_client, admin_url("trigger_delivery_changelist"), state="dead", lineage=str(rule.lineage))
    assert "test.note" in dead


def test_archived_rules_are_listed_when_asked_for(admin_client: Client) -> None:
    """By default those in force or paused are."""
    event_rule(name="old one").archive()

    assert "old one" not in text_of(admin_client, admin_url(LIST))
    assert "old one" in text_of(admin_client, admin_url(LIST), standing="archived")


def test_a_rule_is_made_by_a_form(admin_client: Client) -> None:
    """It is in force, and its author is named."""
    response = admin_client.post(admin_url("trigger_triggerrule_add"), rule_form())
    rule = TriggerRule.objects.get()

    assert response.headers["Location"] == admin_url("trigger_triggerrule_change", rule.pk)
    assert (rule.name, rule.is_active, str(rule.author)) == ("orders", True, "admin")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"configuration": "{"}, "not JSON"),
        ({"configuration": "[1]"}, "begins with {"),
        ({"configuration": '{"a": NaN}'}, "NaN"),
        ({"configuration": '{"a": "\\u0000"}'}, "NUL"),
        ({"configuration": '{"a": "\\ud800"}'}, "surrogate"),
        ({"configuration": "[" * 100_000}, "not JSON"),
        ({"configuration": '{"version": "1.0", "pattern": {"type": [{"is": 1}]}}'}, "pattern.type"),
        ({"configuration": '{"version": "1.0", "pattern": {}, "actions": [{"action": "fly"}]}'}, "fly"),
        ({"configuration": '{"version": "1.0", "pattern": {}, "api_key": "********"}'}, "stands for a secret"),
        ({"type": "NONE"}, "NONE"),
        ({"name": "x" * 51}, "50"),
        ({"name": "a\0b"}, "Null characters"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_the_reason(
    admin_client: Client, said: dict[str, object], reason: str
) -> None:
    """The form comes back with what was written, and nothing is stored."""
    response = admin_client.post(admin_url("trigger_triggerrule_add"), rule_form(**said))

    assert response.status_code == 200
    assert reason in response.content.decode().replace("&#x27;", "'")
    assert not TriggerRule.objects.exists()


def test_a_rule_is_revised_by_a_form(admin_client: Client) -> None:
    """The form begins with what the rule says; the revision takes its place."""
    rule = event_rule(name="orders")
    url = admin_url("trigger_triggerrule_revise", rule.pk)
    assert "order.paid" in text_of(admin_client, url)
    admin_client.post(url, {"configuration": json.dumps({**PAID, "pattern": {"type": ["order.sent"]}})})

    revision = TriggerRule.objects.get(archived=None)
    assert revision.supersedes == rule
    assert str(revision.author) == "admin"
    assert revision.configuration["pattern"] == {"type": ["order.sent"]}


def test_a_rule_that_was_revised_meanwhile_is_not_revised_again(admin_client: Client) -> None:
    """The form says so, and nothing is lost."""
    rule = event_rule(name="orders")
    rule.revise({**PAID, "pattern": {"type": ["order.sent"]}})
    response = admin_client.post(admin_url("trigger_triggerrule_revise", rule.pk), {"configuration": json.dumps(PAID)})

    assert "archived" in response.content.decode()
    assert TriggerRule.objects.count() == 2


def test_a_secret_is_neither_shown_nor_lost_by_a_revision(admin_client: Client) -> None:
    """It is masked on the page, in the form and in the history; sent back masked it stays what it was."""
    sale = {"action": "emit", "input": {"type": "sale", "data": {"api_key": "hush", "n": 1}}}
    rule = event_rule(name="orders", actions=[sale])
    revise = admin_url("trigger_triggerrule_revise", rule.pk)
    shown = text_of(admin_client, revise)
    assert "hush" not in shown + text_of(admin_client, admin_url("trigger_triggerrule_change", rule.pk))
    masked = {"action": "emit", "input": {"type": "sale", "data": {"api_key": "********", "n": 2}}}
    admin_client.post(revise, {"configuration": json.dumps({**PAID, "actions": [masked]})})

    revision = TriggerRule.objects.get(archived=None)
    assert revision.configuration["actions"][0]["input"]["data"] == {"api_key": "hush", "n": 2}
    assert "hush" not in text_of(admin_client, admin_url("trigger_triggerrule_history", revision.pk))


def test_the_history_shows_in_what_each_revision_differs(admin_client: Client) -> None:
    """Line by line, with what kind of change it is in words."""
    rule = event_rule(name="orders").revise({**PAID, "pattern": {"type": ["order.sent"]}})
    page = text_of(admin_client, admin_url("trigger_triggerrule_history", rule.pk))

    assert "Revision 2" in page
    assert '<th scope="row">changed</th>' in page
    assert "order.paid" in page
    assert "order.sent" in page


def test_a_rule_is_tested_against_a_sample(admin_client: Client) -> None:
    """Each clause is met or not, and the input of the action is filled in; nothing is written."""
    with note_action() as note:
        rule = event_rule(name="orders", actions=[note], pattern={"data": {"order": [{"numeric": [">", 5]}]}})
        url = admin_url("trigger_triggerrule_test", rule.pk)
        good = admin_client.post(url, {"sample": '{"type": "order.paid", "data": {"order": 7}}'}).content.decode()
        bad = admin_client.post(url, {"sample": '{"type": "order.paid", "data": {"order": 4}}'}).content.decode()

    assert "The rule would be triggered" in good
    assert "&quot;order&quot;: 7" in good
    assert "The rule would not be triggered" in bad
    assert "not met" in bad
    assert not TriggerEvent.objects.exists()


def test_a_rule_is_tested_against_something_that_happened(admin_client: Client) -> None:
    """What happened lately is offered, and an address may name what happened long ago."""
    rule = event_rule(name="orders")
    occurrence = emit("order.paid", {}, source="shop").occurrence
    assert occurrence
    url = admin_url("trigger_triggerrule_test", rule.pk)
    offered = text_of(admin_client, url, occurrence=occurrence.pk)
    tested = admin_client.post(url, {"occurrence": occurrence.pk}).content.decode()

    assert f'<option value="{occurrence.pk}" selected>' in offered
    assert "taken in before" in tested


@pytest.mark.parametrize(
    "sample", ["", "[]", "{", '{"type": 1}', '{"type": "a", "time": "yesterday"}', '{"type": "a\\u0000"}', '{"x": 1}']
)
def test_what_is_no_sample_is_told_so(admin_client: Client, sample: str) -> None:
    """The form says what is wrong."""
    rule = event_rule(name="orders")
    response = admin_client.post(admin_url("trigger_triggerrule_test", rule.pk), {"sample": sample})

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()


def test_a_rule_that_cannot_be_used_has_its_pages(admin_client: Client) -> None:
    """They say why, and do not fail."""
    rule = stored_rule("GONE", {"whatever": 1}, "gone")
    for page in ("change", "test", "history", "revise"):
        text_of(admin_client, admin_url(f"trigger_triggerrule_{page}", rule.pk))
    tested = admin_client.post(admin_url("trigger_triggerrule_test", rule.pk), {"sample": '{"type": "a"}'})

    assert "cannot be used" in tested.content.decode()


def test_a_rule_is_paused_resumed_and_archived_by_buttons(admin_client: Client) -> None:
    """Each is a POST; archiving, which is for good, is asked about first."""
    rule = event_rule(name="orders")

    def act(name: str) -> TriggerRule:
        admin_client.post(admin_url("trigger_triggerrule_act", rule.pk, name))
        return TriggerRule.objects.get(pk=rule.pk)

    assert not act("pause").is_active
    assert act("resume").is_active
    question = text_of(admin_client, admin_url("trigger_triggerrule_act", rule.pk, "archive"))
    assert "for good" in question
    assert TriggerRule.objects.get().archived is None
    assert str(act("archive").archived_by) == "admin"


def test_the_deliveries_of_a_rule_are_held_back_and_go_on(admin_client: Client) -> None:
    """As operators do it: the lane is paused, logged, and what waited waits on."""
    with note_action() as note:
        rule = event_rule(name="orders", actions=[note])
        emit("order.paid", {"order": 1}, source="shop")
        admin_client.post(admin_url("trigger_triggerrule_act", rule.pk, "hold"))
        assert Lane.objects.get().state.is_paused
        assert Delivery.objects.get().state.is_held
        admin_client.post(admin_url("trigger_triggerrule_act", rule.pk, "flow"))
        deliver_all()

    assert Delivery.objects.get().state.is_done


def test_who_may_only_view_rules_changes_none(client: Client) -> None:
    """Neither buttons nor forms are there, and their addresses refuse."""
    rule = event_rule(name="orders")
    staff(client, "trigger.view_triggerrule")
    page = text_of(client, admin_url("trigger_triggerrule_change", rule.pk))

    assert "Revise" not in page
    assert "/act/" not in page
    assert client.post(admin_url("trigger_triggerrule_act", rule.pk, "archive")).status_code == 404
    assert client.post(admin_url("trigger_triggerrule_revise", rule.pk), {}).status_code == 403
    assert client.post(admin_url("trigger_triggerrule_add"), rule_form()).status_code == 403


def test_who_may_add_rules_may_not_have_any_action_run(client: Client) -> None:
    """An action asks its author for a permission of its own."""
    staff(client, "trigger.add_triggerrule", "trigger.view_triggerrule")
    configuration = {**PAID, "actions": [{"action": "emit", "input": {"type": "sale", "data": {}}}]}
    response = client.post(admin_url("trigger_triggerrule_add"), rule_form(configuration=json.dumps(configuration)))

    assert "trigger.use_emit_action" in response.content.decode()
    assert not TriggerRule.objects.exists()


def test_who_may_not_view_rules_sees_none(client: Client) -> None:
    """Their own pages refuse as Django's do."""
    rule = event_rule(name="orders")
    staff(client, "trigger.view_delivery")

    for page in ("test", "history", "revise"):
        assert client.get(admin_url(f"trigger_triggerrule_{page}", rule.pk)).status_code in (302, 403)


def test_a_form_without_its_token_is_refused(admin_user: object) -> None:
    """The acts are guarded against requests from other sites."""
    rule = event_rule(name="orders")
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)  # type: ignore[arg-type]

    assert client.post(admin_url("trigger_triggerrule_act", rule.pk, "pause")).status_code == 403
    assert TriggerRule.objects.get().is_active
