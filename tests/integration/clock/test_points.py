"""What the original's clock did, with its defects gone: the moments at which its rules tick, look by look."""

from datetime import datetime, timedelta

import pytest

from detent.trigger import InvalidTriggerRule, TriggerEvent, TriggerRule
from detent.trigger.clock import perform_tick
from tests.integration.clock.conftest import NOON, FakeClock
from tests.integration.clock.factories import told
from tests.integration.trigger.factories import make_rule

pytestmark = pytest.mark.django_db

MIDNIGHT = NOON.replace(hour=0, minute=0, second=0)
ONE_MINUTE = timedelta(minutes=1)


def original_rule(schedule: str) -> TriggerRule:
    """Make a rule as the original's fixtures have it."""
    configuration = {"version": "1.0", "event_type": "DAILY_METRICS", "schedule": schedule}
    return make_rule("CLOCK", configuration, "scale-daily-metrics")


def look(clock: FakeClock, *moments: datetime) -> None:
    """Tick at each of some moments."""
    for moment in moments:
        clock.set(moment)
        perform_tick()


def each_hour(days: int) -> list[datetime]:
    """Return when a clock looks that never misses the boundary minute of a schedule in full hours."""
    return [MIDNIGHT + timedelta(hours=number) for number in range(1, 24 * days + 1)]


@pytest.mark.parametrize(
    ("schedule", "days", "slots"),
    [
        ("PT1H", 1, [f"04 {hour:02}:00" for hour in range(1, 24)] + ["05 00:00"]),
        ("PT24H0M0S", 3, ["05 00:00", "06 00:00", "07 00:00"]),
        ("PT7H", 2, ["04 07:00", "04 14:00", "04 21:00", "05 04:00", "05 11:00", "05 18:00"]),
        ("PT48H", 5, ["06 00:00", "08 00:00"]),
        ("P1DT12H", 4, ["05 12:00", "07 00:00"]),
    ],
)
def test_a_period_is_kept_across_midnight(clock: FakeClock, schedule: str, days: int, slots: list[str]) -> None:
    """The original began anew each midnight: seven hours were four ticks a day, forty-eight were one a day."""
    clock.set(MIDNIGHT)
    rule = original_rule(schedule)
    look(clock, *each_hour(days))
    assert [tick.slot for tick in told(rule, "%d %H:%M")] == slots


def test_a_missed_boundary_minute_shifts_nothing(clock: FakeClock) -> None:
    """It is made up for, and the next tick is at its time."""
    clock.set(MIDNIGHT)
    rule = original_rule("PT1H")
    look(clock, MIDNIGHT + timedelta(hours=2, minutes=1), MIDNIGHT + timedelta(hours=3))
    assert told(rule) == [("02:00", 1), ("03:00", 0)]


def test_a_quarter_of_an_hour_goes_on_after_a_missed_minute(clock: FakeClock) -> None:
    """The original's never fired again."""
    clock.set(MIDNIGHT)
    rule = original_rule("PT15M")
    look(clock, *(MIDNIGHT + minutes * ONE_MINUTE for minutes in (15, 31, 45, 60)))
    assert told(rule) == [("00:15", 0), ("00:30", 0), ("00:45", 0), ("01:00", 0)]


def test_an_event_has_occurred_at_the_scheduled_time(clock: FakeClock) -> None:
    """The original's had occurred when it was written; its type is the rule's `event_type`."""
    clock.set(MIDNIGHT)
    original_rule("PT1H")
    look(clock, MIDNIGHT + timedelta(hours=1, seconds=40))
    event = TriggerEvent.objects.get()
    assert (event.type, event.occurred) == ("DAILY_METRICS", MIDNIGHT + timedelta(hours=1))


def test_a_rule_of_the_originals_goes_on_from_its_last_event(clock: FakeClock) -> None:
    """In a database that was taken over: the slots since are made up for by one tick, none before are told again."""
    rule = original_rule("PT1H")
    TriggerRule.objects.filter(pk=rule.pk).update(created=NOON - timedelta(days=4000))
    TriggerEvent.objects.create(type="DAILY_METRICS", rule=rule, occurred=NOON - timedelta(hours=2), description={})
    look(clock, NOON)
    assert told(rule) == [("12:00", 1)]


@pytest.mark.parametrize(
    ("configuration", "complaint"),
    [
        ({"schedule": "PT1H"}, "'event_type' is a required property"),
        ({"event_type": "A"}, "schedule: is missing"),
        ({"event_type": "A", "schedule": "P"}, "schedule: a period must be longer than zero"),
        ({"event_type": "A", "schedule": "P1M"}, "schedule: write days, hours, minutes and seconds"),
    ],
)
def test_what_the_original_found_out_when_it_ticked_is_refused_when_the_rule_is_made(
    configuration: dict[str, str], complaint: str
) -> None:
    """Two of its messages failed themselves."""
    with pytest.raises(InvalidTriggerRule, match=complaint):
        make_rule("CLOCK", {"version": "1.0", **configuration})
    assert not TriggerRule.objects.exists()
