"""Replays: what happened before triggers the rules of today, each at most once."""

from datetime import timedelta
from typing import Any

import pytest

from detent.testing import deliver_all
from detent.trigger import Delivery, TriggerEvent, TriggerRule, replay
from detent.trigger.errors import TriggerError
from detent.trigger.models import Ruleset
from detent.trigger.replaying import InvalidReplay, RuleNotInForce
from tests.integration.replay.factories import NOON, happened, paid_configuration, paid_rule, triggered_by
from tests.integration.trigger.factories import event_rule, make_rule, note_action, statements, stored_rule
from tests.shop.models import Order

pytestmark = pytest.mark.django_db


def test_a_rule_is_triggered_by_what_happened_before_it_was_made() -> None:
    """A backfill: events at the time at which it happened, and deliveries that are due now."""
    happened(3)
    with note_action() as note:
        rule = paid_rule(actions=[note])
        report = replay(types=["order.paid"])
        assert (report.looked_at, report.triggered) == (3, 3)
        assert triggered_by(rule) == [0, 1, 2]
        assert [event.occurred for event in TriggerEvent.objects.order_by("pk")] == [
            NOON + timedelta(hours=hours) for hours in range(3)
        ]
        assert deliver_all() == 3


def test_what_triggered_a_rule_does_not_trigger_it_again() -> None:
    """Neither what came while it was in force, nor what an earlier replay found."""
    happened(2)
    rule = paid_rule()
    happened(1, source="till")
    first, second = replay(types=["order.paid"]), replay(types=["order.paid"])
    assert (first.rules[0].triggered, first.rules[0].already) == (2, 1)
    assert (second.rules[0].triggered, second.rules[0].already) == (0, 3)
    assert triggered_by(rule) == [0, 1, 0]


def test_a_revision_is_not_triggered_by_what_triggered_the_rule_before_it() -> None:
    """The rule is one through all its revisions; what only the new one matches is new."""
    happened(4)
    rule = paid_rule(order=[{"numeric": ["<", 2]}])
    replay(types=["order.paid"])
    revised = rule.revise(paid_configuration())
    (found,) = replay(types=["order.paid"]).rules
    assert (found.rule, found.triggered, found.already) == (revised.pk, 2, 2)
    assert triggered_by(revised) == [0, 1, 2, 3]


def test_a_dry_run_writes_nothing_and_says_what_would_be() -> None:
    """The same numbers and samples as the replay that follows it."""
    happened(7)
    rule = paid_rule("review")
    with statements() as asked:
        tried = replay(types=["order.paid"], dry_run=True)
    assert all(sql.startswith("SELECT") for sql in asked)
    assert (tried.triggered, len(tried.rules[0].samples), triggered_by(rule)) == (7, 5, [])
    done = replay(types=["order.paid"])
    assert done.rules == tried.rules


def test_a_dry_run_says_of_samples_what_their_actions_lack() -> None:
    """A template that asks for what a document does not have would make dead letters of all of them."""
    happened(1)
    with note_action():
        paid_rule(actions=[{"action": "test.note", "input": {"order": "${data.number}"}}])
        report = replay(types=["order.paid"], dry_run=True)
    assert "data.number" in report.rules[0].samples[0].complaint


@pytest.mark.parametrize(
    ("selection", "orders"),
    [
        ({"types": ["order.sent"]}, []),
        ({"types": ["order.paid", "order.sent"]}, [0, 1, 2, 3]),
        ({"sources": ["till"]}, []),
        ({"since": NOON + timedelta(hours=1)}, [1, 2, 3]),
        ({"until": NOON + timedelta(hours=1)}, [0]),
        ({"since": NOON + timedelta(hours=1), "until": NOON + timedelta(hours=3)}, [1, 2]),
    ],
)
def test_a_replay_takes_what_is_of_a_type_a_source_and_a_time(selection: dict[str, Any], orders: list[int]) -> None:
    """What happened at `since` is taken, what happened at `until` is not."""
    happened(4)
    rule = event_rule("order.paid", "order.sent")
    assert replay(**selection).triggered == len(orders)
    assert triggered_by(rule) == orders


def test_a_replay_may_be_for_some_rules_only() -> None:
    """By name or by key; the others are not asked."""
    happened(1)
    first, second, third = (paid_rule(name) for name in ("first", "second", "third"))
    report = replay(rules=["first", str(third.pk)])
    assert [found.name for found in report.rules] == ["first", "third"]
    assert (triggered_by(first), triggered_by(second), triggered_by(third)) == ([0], [], [0])


def test_only_rules_in_force_are_replayed() -> None:
    """Neither paused nor archived ones are; asked for by name, the error says which it is."""
    happened(1)
    paused, archived = paid_rule("paused"), paid_rule("archived")
    TriggerRule.objects.filter(pk=paused.pk).update(is_active=False)
    archived.archive()
    assert replay().rules == []
    for name, reason in (("paused", "not active"), ("archived", "is archived"), ("none", "there is none")):
        with pytest.raises(RuleNotInForce, match=reason) as raised:
            replay(rules=[name])
        assert raised.value.name == name
    assert not TriggerEvent.objects.exists()


def test_a_rule_whose_configuration_is_broken_is_said_to_be_so() -> None:
    """It is in force, and nothing triggers it."""
    stored_rule("EVENT", {}, "broken")
    with pytest.raises(RuleNotInForce, match="configuration is invalid"):
        replay(rules=["broken"])


def test_transitions_are_replayed_as_everything_else() -> None:
    """Those that were kept, as another rule matched them."""
    make_rule("TRANSITION", {"version": "1.0"})
    order = Order.objects.create(customer="C7", total=1)
    order.place()
    late = make_rule("TRANSITION", {"version": "1.0", "to": ["placed"]}, "late")
    replay(types=["detent.transition"])
    assert TriggerEvent.objects.filter(rule=late).count() == 1


def test_batches_make_no_difference() -> None:
    """However small they are, each occurrence is looked at once."""
    happened(7)
    rule = paid_rule(order=[{"numeric": [">", 2]}])
    seen: list[int] = []
    report = replay(batch_size=2, progress=lambda so_far: seen.append(so_far.looked_at))
    assert (seen, report.triggered, report.passed) == ([2, 4, 6, 7], 4, 1.0)
    assert triggered_by(rule) == [3, 4, 5, 6]


def test_a_batch_costs_six_statements_and_passes_over_no_rows() -> None:
    """Token, occurrences, their events, their lock, events and deliveries: the next batch is found by its key."""
    happened(40)
    happened(60, source="till")
    with note_action() as note:
        paid_rule(actions=[note])
        replay(types=["nothing"])
        with statements() as of_four:
            replay(sources=["shop"], batch_size=10)
        with statements() as of_six:
            replay(sources=["till"], batch_size=10)
    assert len(of_six) - len(of_four) == 2 * 6
    assert not [sql for sql in of_six if "OFFSET" in sql]


def test_a_replay_may_go_on_after_a_key() -> None:
    """That which an earlier one has reached."""
    made = happened(4)
    rule = paid_rule()
    report = replay(after=made[1].pk)
    assert (report.looked_at, triggered_by(rule)) == (2, [2, 3])


def test_what_comes_in_while_a_replay_runs_is_left_to_the_rules_as_it_comes() -> None:
    """So that a replay comes to an end."""
    happened(2)
    paid_rule()

    def go_on_happening(_: object) -> None:
        happened(1, source=f"till {TriggerEvent.objects.count()}")

    assert replay(batch_size=1, progress=go_on_happening).looked_at == 2


def test_a_rule_that_is_archived_meanwhile_is_left_out_from_then_on() -> None:
    """Nobody expects an archived rule to be triggered; the report says so, and the others go on."""
    happened(4)
    archived, other = paid_rule("archived"), paid_rule("other")

    def archive(_: object) -> None:
        archived.archive()

    report = replay(batch_size=2, progress=archive)
    assert (triggered_by(archived), triggered_by(other)) == ([0, 1], [0, 1, 2, 3])
    assert report.rules_changed
    assert [rule.withdrawn for rule in report.rules] == [True, False]


def test_a_rule_that_is_made_meanwhile_is_for_the_next_replay() -> None:
    """The report names the ruleset that was asked, and says that there is another now."""
    happened(4)
    paid_rule("first")
    token = Ruleset.objects.token("default")

    def make_another(_: object) -> None:
        if not TriggerRule.objects.filter(name="second").exists():
            paid_rule("second")

    report = replay(batch_size=2, progress=make_another)
    assert (report.ruleset, report.rules_changed, len(report.rules)) == (token, True, 1)
    assert replay(rules=["second"]).triggered == 4


def test_a_replay_inside_a_transaction_is_part_of_it() -> None:
    """Its deliveries stand where everything else of the transaction does."""
    happened(1)
    with note_action() as note:
        paid_rule(actions=[note])
        replay()
        assert Delivery.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("asked", "name"),
    [({"since": NOON.replace(tzinfo=None)}, "since"), ({"until": "2026-11-01"}, "until"), ({"batch_size": 0}, "batch")],
)
def test_what_cannot_be_replayed_is_refused_by_name(asked: dict[str, Any], name: str) -> None:
    """Before anything is looked at."""
    happened(1)
    paid_rule()
    with pytest.raises(InvalidReplay, match=name) as raised:
        replay(**asked)
    assert isinstance(raised.value, TriggerError)
    assert not TriggerEvent.objects.exists()


def test_a_replay_stops_after_as_many_as_it_may_look_at() -> None:
    """However they are divided into batches; the report says where the next goes on, and whether there is more."""
    happened(5)
    rule = paid_rule()
    first = replay(most=3, batch_size=2)
    assert (first.looked_at, first.is_complete, triggered_by(rule)) == (3, False, [0, 1, 2])
    second = replay(most=3, after=first.reached)
    assert (second.looked_at, second.is_complete, triggered_by(rule)) == (2, True, [0, 1, 2, 3, 4])


def test_a_replay_of_nothing_cannot_be_asked_for() -> None:
    """The error names the argument."""
    for name in ("most", "batch_size"):
        with pytest.raises(InvalidReplay) as caught:
            replay(**{name: 0})
        assert caught.value.name == name
