"""CLOCK configurations: what they take, when they tick, and the pattern of their ticks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from detent.schedules import Cron, Misfire, Period
from detent.trigger import InvalidTriggerRule
from detent.trigger.types.clock import ClockConfiguration

NOW = datetime(2026, 11, 22, 10, 17, tzinfo=UTC)


def clock(**parts: Any) -> ClockConfiguration:
    """Make a CLOCK configuration of the newest version."""
    return ClockConfiguration("CLOCK", {"version": "1.1", "event_type": "METRICS", **parts})


def original(schedule: str) -> ClockConfiguration:
    """Make a CLOCK configuration as the original's."""
    return ClockConfiguration("CLOCK", {"version": "1.0", "event_type": "DAILY_METRICS", "schedule": schedule})


def test_it_is_triggered_by_its_own_ticks() -> None:
    """Their subject is the lineage of the rule."""
    assert original("PT1H").pattern_of_lineage("17") == {
        "type": [{"exactly": "DAILY_METRICS"}],
        "source": ["clock"],
        "subject": ["17"],
    }


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [("PT24H0M0S", "2026-11-23T00:00Z"), ("PT1H0M0S", "2026-11-22T11:00Z"), ("PT15M", "2026-11-22T10:30Z")],
)
def test_it_ticks_when_its_period_says(schedule: str, expected: str) -> None:
    """Counted from midnight."""
    start = datetime(2015, 9, 22, tzinfo=UTC)
    assert original(schedule).next_after(NOW, start) == datetime.fromisoformat(expected)


def test_it_ticks_when_its_cron_expression_says() -> None:
    """In its time zone, whenever the rule began."""
    configuration = clock(cron="0 2 * * *", timezone="Europe/Stockholm")
    assert configuration.schedule == Cron("0 2 * * *", "Europe/Stockholm")
    assert configuration.next_after(NOW, NOW) == datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_what_is_not_said_of_misfires_is_the_originals_way() -> None:
    """Missed ticks are made up for by one."""
    for configuration in (original("PT1H"), clock(schedule="PT1H")):
        assert configuration.misfire is Misfire.ONCE


def test_slots_may_be_late_by_a_minute_or_as_it_says() -> None:
    assert clock(schedule="PT1H", misfire="skip").tolerance == timedelta(minutes=1)
    assert clock(schedule="PT1H", misfire="skip", tolerance="PT5M").tolerance == timedelta(minutes=5)


def test_without_a_version_it_is_of_the_newest() -> None:
    """It is stored with it; one of the original's stays as it is."""
    unversioned = {"event_type": "METRICS", "schedule": "PT1H", "misfire": "all"}
    assert ClockConfiguration("CLOCK", unversioned).get_dict() == {"version": "1.1", **unversioned}
    assert original("PT24H0M0S").get_dict() == {
        "version": "1.0",
        "event_type": "DAILY_METRICS",
        "schedule": "PT24H0M0S",
    }


def test_it_takes_actions() -> None:
    assert clock(schedule="PT1H", actions=[{"action": "create"}]).actions == [{"action": "create"}]


HOURLY = {"event_type": "A", "schedule": "PT1H"}
NIGHTLY = {"event_type": "A", "cron": "0 2 * * *", "timezone": "UTC"}


@pytest.mark.parametrize(
    ("configuration", "path", "reason"),
    [
        ([], "", "must be an object"),
        ({"schedule": "PT1H"}, "", "'event_type' is a required property"),
        ({**HOURLY, "event_type": ""}, "event_type", "non-empty"),
        ({**HOURLY, "event_type": "A" * 51}, "event_type", "long"),
        ({**HOURLY, "event_type": "A\0"}, "event_type", "NUL"),
        ({**HOURLY, "version": "2.0"}, "version", "'2.0' is not one of"),
        ({**HOURLY, "every": "hour"}, "every", "'every' is not a key here"),
        ({"event_type": "A"}, "schedule", "is missing"),
        ({**HOURLY, "schedule": ""}, "schedule", "non-empty"),
        ({**HOURLY, "schedule": "PT"}, "schedule", "longer than zero"),
        ({**HOURLY, "schedule": "PT0S"}, "schedule", "longer than zero"),
        ({**HOURLY, "schedule": "P1M"}, "schedule", "write days"),
        ({**HOURLY, "schedule": 3600}, "schedule", "is not of type 'string'"),
        ({**HOURLY, "cron": "* * * * *", "timezone": "UTC"}, "cron", "beside schedule"),
        ({**HOURLY, "timezone": "UTC"}, "timezone", "without cron"),
        ({"event_type": "A", "cron": "* * * * *"}, "timezone", "missing beside cron"),
        ({**NIGHTLY, "timezone": "Mars/Olympus"}, "timezone", "'Mars/Olympus': is no time zone"),
        ({**NIGHTLY, "timezone": "Europe"}, "timezone", "is no time zone"),
        ({**NIGHTLY, "cron": "0 2 * *"}, "cron", "write minute, hour"),
        ({**NIGHTLY, "cron": "0 25 * * *"}, "cron", "bad hour"),
        ({**NIGHTLY, "cron": "0 0 30 2 *"}, "cron", "bad day-of-month"),
        ({**NIGHTLY, "cron": "0 0 */30 2 MON#5"}, "cron", "no date fits"),
        ({**NIGHTLY, "cron": "* " * 500}, "cron", "long"),
        ({**NIGHTLY, "version": "1.0"}, "cron", 'not in version "1.0"'),
        ({**HOURLY, "version": "1.0", "misfire": "once"}, "misfire", 'not in version "1.0"'),
        ({**HOURLY, "misfire": "sometimes"}, "misfire", "is not one of"),
        ({**HOURLY, "tolerance": "PT5M"}, "tolerance", 'without "misfire": "skip"'),
        ({**HOURLY, "misfire": "skip", "tolerance": "PT0S"}, "tolerance", "longer than zero"),
    ],
)
def test_what_is_wrong_is_named_with_path_and_reason(configuration: Any, path: str, reason: str) -> None:
    with pytest.raises(InvalidTriggerRule, match=reason) as caught:
        ClockConfiguration("CLOCK", configuration)
    assert caught.value.path == path


@pytest.mark.parametrize("period", ["P3000000D", "P999999999D"])
def test_a_rule_that_would_never_tick_is_refused(period: str) -> None:
    """No date has a year of five digits."""
    with pytest.raises(InvalidTriggerRule, match=r"^schedule: its next moment .* is out of reach"):
        clock(schedule=period).validate()


def test_a_period_is_read() -> None:
    assert clock(schedule="PT1.5H").schedule == Period(timedelta(minutes=90))
