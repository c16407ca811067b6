"""Clock rules tick when they are due: at the moments that were scheduled, whenever somebody looks."""

from datetime import timedelta
from typing import Any

import pytest

from detent.schedules import Period
from detent.trigger.clock.turn import tick
from detent.trigger.delivery.database_clock import DatabaseNow, database_now
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import ClockSchedule, Occurrence, TriggerEvent, TriggerRule
from detent.trigger.ruleset import current_ruleset
from tests.integration.clock.conftest import FakeClock
from tests.integration.clock.factories import Told, clock_rule, told
from tests.integration.trigger.factories import event_rule

pytestmark = pytest.mark.django_db


def test_a_rule_that_is_not_due_does_not_tick(clock: FakeClock) -> None:
    clock_rule()
    clock.set("12:59")
    assert tick("default") == 0
    assert not Occurrence.objects.exists()


def test_a_tick_happens_at_the_moment_that_was_scheduled_not_when_somebody_looked(clock: FakeClock) -> None:
    rule = clock_rule()
    clock.set("13:02")
    assert tick("default") == 1
    occurrence = Occurrence.objects.get()
    assert (occurrence.type, occurrence.source, occurrence.subject) == ("METRICS", "clock", str(rule.lineage))
    assert occurrence.time.isoformat() == "2026-05-04T13:00:00+00:00"
    assert occurrence.identifier == f"{rule.lineage}:2026-05-04T13:00:00+00:00"


def test_a_tick_says_its_slot_how_many_were_missed_and_which_policy_holds(clock: FakeClock) -> None:
    """In its data, which patterns and templates see, and in the description of the event."""
    rule = clock_rule(misfire="once")
    clock.set("15:10")
    tick("default")
    event = TriggerEvent.objects.get(rule=rule)
    expected = {"slot": "2026-05-04T15:00:00Z", "missed": 2, "misfire": "once"}
    assert event.description == expected
    assert event.occurrence is not None
    assert event.occurrence.data == expected
    assert event.occurred == event.occurrence.time


def test_ticked_it_does_not_tick_again_for_the_same_slot(clock: FakeClock) -> None:
    rule = clock_rule()
    clock.set("13:02")
    assert [tick("default"), tick("default")] == [1, 0]
    clock.set("14:00")
    assert tick("default") == 1
    assert told(rule) == [Told("13:00", 0), Told("14:00", 0)]


def test_a_slot_has_one_event_though_its_row_is_lost(clock: FakeClock) -> None:
    """As when somebody empties the table, or puts a row back from a backup."""
    rule = clock_rule()
    clock.set("13:02")
    tick("default")
    ClockSchedule.objects.update(told=rule.created, due=rule.created)
    tick("default")
    assert told(rule) == [Told("13:00", 0)]


def test_each_rule_has_its_own_ticks_though_the_type_is_the_same(clock: FakeClock) -> None:
    hourly, daily = clock_rule(), clock_rule("P1D")
    clock.set("13:00")
    tick("default")
    assert [event.rule for event in TriggerEvent.objects.all()] == [hourly]
    assert told(daily) == []


def test_a_tick_triggers_other_rules_that_ask_for_its_type(clock: FakeClock) -> None:
    clock_rule()
    other = event_rule("METRICS", pattern={"data": {"missed": [{"numeric": [">", 0]}]}})
    for time in ("13:00", "15:00"):
        clock.set(time)
        tick("default")
    assert [event.occurred.hour for event in TriggerEvent.objects.filter(rule=other)] == [15]


def test_the_actions_of_the_rule_get_what_the_tick_says(clock: FakeClock) -> None:
    rule = clock_rule(actions=[{"action": "emit", "input": {"type": "told", "data": {"slot": "${data.slot}"}}}])
    clock.set("13:00")
    tick("default")
    event = TriggerEvent.objects.get(rule=rule)
    assert [delivery.action for delivery in event.deliveries.all()] == ["emit"]


def test_more_rules_than_one_transaction_takes_all_tick(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detent.trigger.clock.turn.RULES_AT_ONCE", 2)
    rules = [clock_rule() for _ in range(5)]
    clock.set("13:00")
    assert tick("default") == 5
    assert all(told(rule) == [Told("13:00", 0)] for rule in rules)


def test_a_transaction_with_many_ticks_takes_no_further_rule(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one does, in the same call."""
    monkeypatch.setattr("detent.trigger.clock.turn.TICKS_AT_ONCE", 3)
    rules = [clock_rule(misfire="all") for _ in range(3)]
    clock.set("15:00")
    assert tick("default") == 9
    assert all(len(told(rule)) == 3 for rule in rules)


def break_slots_of(rule: TriggerRule, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a period of seven hours, which a rule has, fail as no schedule should."""
    slots = Period.slots

    def slots_or_fail(period: Period, *arguments: Any, **options: Any) -> object:
        if period == Period.parse("PT7H"):
            raise ZeroDivisionError
        return slots(period, *arguments, **options)

    monkeypatch.setattr(Period, "slots", slots_or_fail)


def test_a_rule_that_cannot_tick_stops_neither_the_others_nor_the_worker(
    clock: FakeClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = clock_rule("PT7H"), clock_rule()
    break_slots_of(broken, monkeypatch)
    clock.set("15:00")
    Worker().run_once()
    assert (told(broken), told(sound)) == ([], [Told("15:00", 2)])
    assert "cannot tick; revise or archive it" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_rule_that_cannot_tick_is_asked_again_when_the_rules_change(
    clock: FakeClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then it is not logged again and again; nothing of what it owes is lost."""
    rule = clock_rule("PT7H")
    with monkeypatch.context() as patched:
        break_slots_of(rule, patched)
        clock.set("15:00")
        tick("default")
        tick("default")
    assert caplog.text.count("cannot tick") == 1
    event_rule()
    tick("default")
    assert told(rule) == [Told("14:00", 0)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("age", [1000.0], ids=["a snapshot that is trusted for long"])
def test_a_rule_made_a_moment_ago_ticks_though_the_snapshot_does_not_have_it_yet(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, age: float
) -> None:
    monkeypatch.setattr("detent.trigger.ruleset.current._max_age", lambda: age)
    current_ruleset("default")
    rule = clock_rule()
    # As it is for a process that did not make the rule itself.
    monkeypatch.setattr("detent.trigger.ruleset.current.has_changed", lambda using: False)
    clock.set("13:00")
    assert tick("default") == 1
    assert told(rule) == [Told("13:00", 0)]


def test_the_clock_is_the_databases() -> None:
    """Whatever this process takes for the time."""
    rule = clock_rule()
    now = DatabaseNow()
    ClockSchedule.objects.create(
        rule=rule, lineage=rule.lineage, rule_modified=now, revised=now, start=now, told=now, due=now
    )
    stored = ClockSchedule.objects.get().told
    assert stored <= database_now("default") <= stored + timedelta(minutes=5)
