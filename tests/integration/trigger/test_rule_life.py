"""A rule's life: archived, revised, paused and resumed, and what its history says of all that."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from detent.testing import deliver_all
from detent.trigger import Delivery, InvalidTriggerRule, TriggerRule, emit
from detent.trigger.errors import RuleIsArchived
from detent.trigger.models import RuleSwitch
from detent.workflow import acting
from tests.integration.trigger.factories import event_rule, make_rule, note_action

pytestmark = pytest.mark.django_db
PAID: dict[str, Any] = {"version": "1.0", "pattern": {"type": ["order.paid"]}}
PLACED: dict[str, Any] = {"version": "1.0", "pattern": {"type": ["order.placed"]}}


@pytest.fixture
def alice() -> User:
    """One user."""
    return User.objects.create(username="alice")


@pytest.fixture
def bob() -> User:
    """Another."""
    return User.objects.create(username="bob")


def fires() -> bool:
    """Tell whether some rule is triggered by `order.paid`."""
    return bool(emit("order.paid", {}, source="shop").events)


def test_archiving_ends_a_rule_and_keeps_the_row(alice: User) -> None:
    """It is no longer active, and says since when and by whom."""
    rule = event_rule()
    rule.archive(by=alice)
    stored = TriggerRule.objects.get(pk=rule.pk)
    assert (stored.is_active, stored.archived_by) == (False, alice)
    assert (rule.is_active, rule.archived) == (False, stored.archived)
    assert rule.archived is not None
    assert timezone.now() - rule.archived < timedelta(minutes=1)


def test_archiving_by_key_does_the_same() -> None:
    """The seed's manager method; twice is as good as once."""
    rule = event_rule()
    TriggerRule.objects.archive_trigger_rule(rule.pk)
    archived = TriggerRule.objects.get(pk=rule.pk).archived
    TriggerRule.objects.archive_trigger_rule(rule.pk)
    assert archived
    assert TriggerRule.objects.get(pk=rule.pk).archived == archived


def test_a_revision_supersedes_its_rule(alice: User) -> None:
    """The old row is archived; the new one has its type, name and lineage, and knows its author."""
    rule = make_rule("EVENT", PAID, "orders")
    successor = rule.revise(PLACED, by=alice)
    rule.refresh_from_db()
    assert (rule.is_active, rule.configuration, rule.superseded_by) == (False, PAID, successor)
    assert (successor.type, successor.name, successor.configuration) == ("EVENT", "orders", PLACED)
    assert (successor.lineage, successor.author, successor.is_active) == (rule.uuid, alice, True)
    assert successor.uuid != rule.uuid


def test_a_paused_rule_stays_paused_when_revised() -> None:
    """A revision changes what a rule says, not whether it is active."""
    assert make_rule("EVENT", PAID, is_active=False).revise(PLACED).is_active is False


def test_a_revision_that_is_invalid_changes_nothing() -> None:
    """The rule stays in force."""
    rule = make_rule("EVENT", PAID)
    with pytest.raises(InvalidTriggerRule):
        rule.revise({"version": "1.0"})
    assert TriggerRule.objects.get().is_active


def test_history_is_not_revised() -> None:
    """Only the newest revision has a successor."""
    rule = make_rule("EVENT", PAID)
    rule.revise(PLACED)
    with pytest.raises(RuleIsArchived) as caught:
        TriggerRule.objects.get(pk=rule.pk).revise(PAID)
    assert caught.value.rule_id == rule.pk


def test_a_revision_made_from_a_stale_copy_is_paused_if_the_rule_is() -> None:
    """What is stored counts, not what was read a while ago."""
    rule = make_rule("EVENT", PAID)
    stale = TriggerRule.objects.get(pk=rule.pk)
    rule.pause()
    assert stale.revise(PLACED).is_active is False


def test_a_superseded_revision_says_what_superseded_it() -> None:
    """So that the right one can be taken."""
    rule = make_rule("EVENT", PAID)
    successor = rule.revise(PLACED)
    with pytest.raises(RuleIsArchived, match=f"rule {successor.pk} superseded it") as caught:
        rule.pause()
    assert caught.value.successor_id == successor.pk


def test_who_acts_makes_and_ends_rules(alice: User, bob: User) -> None:
    """As in transitions: where nobody is named, it is who acts."""
    with acting(user=alice):
        rule = make_rule("EVENT", PAID)
        successor = rule.revise(PLACED)
    with acting(user=bob):
        successor.archive()
    assert (rule.author, rule.archived_by, successor.author, successor.archived_by) == (alice, alice, alice, bob)


def test_who_is_named_goes_before_who_acts(alice: User, bob: User) -> None:
    """The nearer word counts."""
    with acting(user=alice):
        assert make_rule("EVENT", PAID).revise(PLACED, by=bob).author == bob


def test_a_visitor_without_an_account_is_nobody() -> None:
    """There is no row to refer to."""
    with acting(user=AnonymousUser()):
        assert make_rule("EVENT", PAID).author is None


def test_nothing_triggers_a_paused_rule_until_it_is_resumed() -> None:
    """What happens meanwhile does not trigger it later, and it is not archived."""
    rule = event_rule()
    assert rule.pause()
    assert not fires()
    assert TriggerRule.objects.get(pk=rule.pk).archived is None
    assert rule.resume()
    assert fires()
    assert rule.triggerevent_set.count() == 1


def test_what_a_rule_was_triggered_for_before_it_was_paused_is_still_done() -> None:
    """Its deliveries go on."""
    with note_action() as note:
        rule = event_rule(actions=[note])
        emit("order.paid", {"order": 1}, source="shop")
        rule.pause()
        deliver_all()
    assert Delivery.objects.get().state == "done"


def test_pausing_says_who_and_when(alice: User, bob: User) -> None:
    """Each time a row."""
    rule = event_rule()
    rule.pause(by=alice)
    with acting(user=bob):
        rule.resume()
    assert list(rule.switches.order_by("pk").values_list("is_active", "by__username")) == [
        (False, "alice"),
        (True, "bob"),
    ]
    assert all(timezone.now() - switch.at < timedelta(minutes=1) for switch in rule.switches.all())


def test_pausing_twice_is_as_good_as_once() -> None:
    """The first time counts, and says so."""
    rule = event_rule()
    assert (rule.pause(), rule.pause(), rule.resume(), rule.resume()) == (True, False, True, False)
    assert RuleSwitch.objects.count() == 2


def test_a_rule_made_inactive_is_put_into_force_by_resuming_it() -> None:
    """As the original's `is_active=False` makes one."""
    rule = make_rule("EVENT", PAID, is_active=False)
    assert rule.resume()
    assert fires()


def test_an_archived_rule_is_neither_paused_nor_put_into_force_again() -> None:
    """Neither by a method nor by saving it: two revisions of a rule must not be in force at once."""
    rule = event_rule()
    rule.archive()
    for call in (rule.pause, rule.resume):
        with pytest.raises(RuleIsArchived):
            call()
    rule.archived, rule.is_active = None, True
    with pytest.raises(RuleIsArchived):
        rule.save()
    assert not fires()


def test_the_history_of_a_rule_tells_who_when_and_what_differed(alice: User, bob: User) -> None:
    """The oldest revision first; pauses stand where they were."""
    rule = event_rule(pattern={"data": {"total": [5]}})
    rule.pause(by=bob)
    rule.resume(by=alice)
    changed = json.loads(json.dumps(rule.configuration).replace("5", "7"))
    successor = rule.revise(changed, by=bob)
    first, second = successor.history()
    assert [revision.rule for revision in rule.history()] == [rule, successor]
    assert (first.number, first.rule.archived_by, first.is_superseded, first.differences) == (1, bob, True, ())
    assert [(switch.is_active, switch.by) for switch in first.switches] == [(False, bob), (True, alice)]
    assert (second.number, second.rule.author, second.is_superseded, second.switches) == (2, bob, False, ())
    assert [str(difference) for difference in second.differences] == ["pattern.data.total.0: 5 → 7"]


def test_a_history_is_data_and_text(alice: User) -> None:
    """For a page and for a command."""
    rule = event_rule(name="orders")
    rule.pause(by=alice)
    rule.archive()
    (revision,) = rule.history()
    data = json.loads(json.dumps(revision.as_data()))
    assert (data["id"], data["author"], data["switches"][0]["by"], data["archived_by"]) == (
        rule.pk,
        None,
        "alice",
        None,
    )
    lines = str(revision).splitlines()
    assert lines[0].startswith(f"revision 1 (rule {rule.pk}): made ")
    assert lines[1].startswith("  paused ")
    assert lines[1].endswith(" by alice")
    assert lines[2].startswith("  archived ")


def test_a_history_costs_the_same_however_long_it_is(django_assert_num_queries: Any) -> None:
    """One query for the revisions with who made and ended them, one for the pauses."""
    rule = event_rule()
    for number in range(4):
        rule = rule.revise({"version": "1.0", "pattern": {"data": {"a": [number]}}})
        rule.pause()
        rule.resume()
    with django_assert_num_queries(2):
        assert len([revision.as_data() for revision in rule.history()]) == 5


def test_a_rule_that_was_paused_can_be_deleted() -> None:
    """Its pauses go with it."""
    rule = event_rule()
    rule.pause()
    rule.delete()
    assert not RuleSwitch.objects.exists()
