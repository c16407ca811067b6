"""Slots that passed while nobody ticked, or the rule was not in force: each policy accounts for all of them."""

from datetime import timedelta

import pytest

from detent.trigger.clock.turn import tick
from detent.trigger.models import TriggerEvent, TriggerRule
from detent.trigger.types import clock as clock_type
from tests.integration.clock.conftest import FakeClock
from tests.integration.clock.factories import Told, clock_rule, told
from tests.integration.trigger.factories import stored_rule

pytestmark = pytest.mark.django_db

EACH_FROM_13_TO_16 = [Told("13:00", 0), Told("14:00", 0), Told("15:00", 0), Told("16:00", 0)]

after_four_slots = pytest.mark.parametrize(
    ("misfire", "ticks"),
    [("skip", []), ("once", [Told("16:00", 3)]), ("all", EACH_FROM_13_TO_16)],
)


@after_four_slots
def test_while_no_worker_ran(clock: FakeClock, misfire: str, ticks: list[Told]) -> None:
    """Not even when the rule was made."""
    rule = clock_rule(misfire=misfire)
    clock.set("16:10")
    tick("default")
    assert told(rule) == ticks


@after_four_slots
def test_while_the_rule_was_paused(clock: FakeClock, misfire: str, ticks: list[Told]) -> None:
    """It does not tick before it is resumed."""
    rule = clock_rule(misfire=misfire)
    tick("default")
    TriggerRule.objects.filter(pk=rule.pk).update(is_active=False)
    clock.set("16:10")
    tick("default")
    assert told(rule) == []
    TriggerRule.objects.filter(pk=rule.pk).update(is_active=True)
    tick("default")
    assert told(rule) == ticks


@after_four_slots
def test_while_the_rule_was_archived_and_then_brought_back(clock: FakeClock, misfire: str, ticks: list[Told]) -> None:
    rule = clock_rule(misfire=misfire)
    clock.set("12:00")
    tick("default")
    TriggerRule.objects.filter(pk=rule.pk).update(is_active=False, archived=rule.created)
    clock.set("16:10")
    tick("default")
    assert told(rule) == []
    TriggerRule.objects.filter(pk=rule.pk).update(is_active=True, archived=None)
    tick("default")
    assert told(rule) == ticks


@pytest.mark.parametrize("misfire", ["skip", "once", "all"])
def test_a_rule_made_anew_in_the_place_of_an_archived_one_owes_nothing_from_before(
    clock: FakeClock, misfire: str
) -> None:
    """It is another rule, whose slots begin when it is made; those of the archived one end with it."""
    first = clock_rule(misfire=misfire, name="totals")
    clock.set("15:10")
    first.archive()
    second = clock_rule(misfire=misfire, name="totals")
    tick("default")
    assert (told(first), told(second)) == ([], [])
    clock.set("16:00")
    tick("default")
    assert told(second) == [Told("16:00", 0)]


@pytest.mark.parametrize(
    ("misfire", "ticks"),
    [
        ("skip", []),
        ("once", [Told("15:30", 3)]),
        ("all", [Told("13:00", 0), Told("14:00", 0), Told("15:00", 0), Told("15:30", 0)]),
    ],
)
def test_under_an_earlier_revision_they_are_counted_by_its_schedule(
    clock: FakeClock, misfire: str, ticks: list[Told]
) -> None:
    """Up to when it was revised; what is done about them, the revision in force says."""
    rule = clock_rule(misfire="skip")
    clock.set("15:10")
    newest = rule.revise({"event_type": "NEWER", "schedule": "PT30M", "misfire": misfire})
    clock.set("15:50")
    tick("default")
    assert told(rule) == ticks
    events = TriggerEvent.objects.filter(lineage=rule.lineage)
    assert {(event.rule, event.type) for event in events} <= {(newest, "NEWER")}


def test_a_revision_that_changes_no_schedule_shifts_no_slot(clock: FakeClock) -> None:
    """A period that does not divide a day is counted from the first revision's midnight."""
    rule = clock_rule("P2D")
    clock.forward(timedelta(days=1))
    tick("default")
    rule.revise({**rule.configuration, "misfire": "all"})
    clock.forward(timedelta(days=4))
    tick("default")
    assert told(rule, "%d") == [Told("06", 0), Told("08", 0)]


def test_a_slot_that_is_late_within_the_tolerance_is_not_skipped(clock: FakeClock) -> None:
    """A minute, unless the rule says otherwise."""
    strict, patient = clock_rule(misfire="skip"), clock_rule(misfire="skip", tolerance="PT10M")
    clock.set("13:05")
    tick("default")
    assert (told(strict), told(patient)) == ([], [Told("13:00", 0)])


def test_skipped_slots_are_told_of_by_the_next_tick(clock: FakeClock) -> None:
    rule = clock_rule(misfire="skip")
    for time in ("15:10", "16:00", "17:00"):
        clock.set(time)
        tick("default")
    assert told(rule) == [Told("16:00", 3), Told("17:00", 0)]


def test_of_more_slots_than_are_made_up_the_oldest_are_counted_as_missed(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the first tick that there is."""
    monkeypatch.setattr(clock_type, "MOST_MADE_UP", 3)
    rule = clock_rule(misfire="all")
    clock.set("22:10")
    tick("default")
    assert told(rule) == [Told("20:00", 7), Told("21:00", 0), Told("22:00", 0)]


def test_missed_slots_are_logged(clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    rule = clock_rule(misfire="skip")
    clock.set("15:10")
    with caplog.at_level("INFO", logger="detent.trigger"):
        tick("default")
    assert f"Clock rule {rule.pk}: 3 slots up to 2026-05-04 15:10:00+00:00 have no tick of their own" in caplog.text


def test_what_an_earlier_revision_missed_that_cannot_be_read_any_more_is_left_out(clock: FakeClock) -> None:
    rule = stored_rule("CLOCK", {"event_type": "A", "schedule": "sometimes"})
    clock.set("14:10")
    rule.revise({"event_type": "A", "schedule": "PT1H"})
    clock.set("16:10")
    tick("default")
    assert told(rule) == [Told("16:00", 1)]
